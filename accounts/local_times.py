"""Times as people type them: on the clock on the wall of one zone, whose clocks go forward and back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

#: As every page of a learner tells a date; the year is this one.
_DAY_AND_TIME = "l j F, H:i"


class NoSuchTime(ValueError):
    """The clocks go forward over it: `after` is the first moment after the gap."""

    def __init__(self, after: datetime) -> None:
        super().__init__(after)
        self.after = after


@dataclass(frozen=True)
class Settled:
    """A moment that somebody typed; `twice`: the clocks went back, and the clock showed it two times."""

    moment: datetime
    twice: bool = False


def settle(wall: datetime, zone: str, *, later: bool = False) -> Settled:
    """The moment (in UTC) at which the clocks of `zone` show `wall`, a time without a zone.

    Where they show it twice, the first one, or the second if `later`. Raises NoSuchTime.
    """
    first = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    second = first.replace(fold=1)
    back = first.astimezone(UTC).astimezone(ZoneInfo(zone))
    if back.replace(tzinfo=None) != wall:
        offsets = first.utcoffset(), second.utcoffset()
        gap = abs((offsets[0] or timedelta()) - (offsets[1] or timedelta()))
        raise NoSuchTime(wall + gap)
    twice = first.utcoffset() != second.utcoffset()
    return Settled((second if later and twice else first).astimezone(UTC), twice)


def shifted(moment: datetime, days: int, zone: str) -> datetime:
    """`days` later at the same time on the wall of `zone`, in UTC; past a gap where there is no such time."""
    wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=days)
    try:
        return settle(wall, zone).moment
    except NoSuchTime as error:
        return settle(error.after, zone).moment


class WallTimeField(forms.Field):
    """A date and time on the wall of `zone`, as `<input type="datetime-local">` sends it; cleaned to UTC.

    `later`: which one is meant where the clock shows it twice. `settled` says how it was understood.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *, zone: str = "UTC", later: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zone, self.later = zone, later
        self.settled: Settled | None = None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or None) != (self.clean(data) if data else None))

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            wall = parse_datetime(str(value))
        except ValueError:
            wall = None
        if wall is None or wall.tzinfo is not None or not 2000 <= wall.year <= 2100:
            raise ValidationError(_("Write a day and a time, such as 2026-05-04T10:15."), code="invalid")
        try:
            self.settled = settle(wall, self.zone, later=self.later)
        except NoSuchTime as error:
            raise ValidationError(
                _(
                    "The clocks in %(zone)s go forward then, and there is no %(time)s on that day. "
                    "Choose %(after)s, or another time."
                )
                % {
                    "zone": self.zone,
                    "time": date_format(wall, "H:i"),
                    "after": date_format(error.after, "H:i"),
                },
                code="no-such-time",
            ) from error
        return self.settled.moment


def told(moment: datetime, zone: str = "") -> str:
    """The moment on the reader's clock, with its day; and on that of `zone`, where it shows another time."""
    here = timezone.localtime(moment)
    words = date_format(here, _DAY_AND_TIME)
    there = moment.astimezone(ZoneInfo(zone)) if zone else here
    if there.replace(tzinfo=None) == here.replace(tzinfo=None):
        return words
    shown = date_format(there, "H:i" if there.date() == here.date() else _DAY_AND_TIME)
    return _("%(here)s (in your class: %(there)s)") % {"here": words, "there": shown}
