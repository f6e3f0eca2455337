from datetime import UTC, datetime

import pytest
from django import forms
from django.utils import timezone

from accounts.local_times import NoSuchTime, Settled, WallTimeField, settle, shifted, told

pytestmark = pytest.mark.pure
LONDON, YEREVAN, LORD_HOWE = "Europe/London", "Asia/Yerevan", "Australia/Lord_Howe"


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - as typed, without a zone


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        (wall(2026, 1, 10, 12), LONDON, utc(2026, 1, 10, 12)),
        (wall(2026, 7, 10, 12), LONDON, utc(2026, 7, 10, 11)),
        (wall(2026, 7, 10, 12), YEREVAN, utc(2026, 7, 10, 8)),
    ],
)
def test_a_time_on_the_wall_is_settled_in_its_zone(typed: datetime, zone: str, moment: datetime) -> None:
    assert settle(typed, zone) == Settled(moment)


def test_a_time_that_the_clock_shows_twice_is_the_first_or_the_second() -> None:
    """London's clocks go back from 2 to 1 on 25 October 2026."""
    typed = wall(2026, 10, 25, 1, 30)
    assert settle(typed, LONDON) == Settled(utc(2026, 10, 25, 0, 30), twice=True)
    assert settle(typed, LONDON, later=True) == Settled(utc(2026, 10, 25, 1, 30), twice=True)


@pytest.mark.parametrize(
    ("typed", "zone", "after"),
    [
        (wall(2026, 3, 29, 1, 30), LONDON, wall(2026, 3, 29, 2, 30)),
        (wall(2026, 10, 4, 2, 15), LORD_HOWE, wall(2026, 10, 4, 2, 45)),  # half an hour
    ],
)
def test_a_time_that_there_is_not_is_refused_with_the_one_after(
    typed: datetime, zone: str, after: datetime
) -> None:
    with pytest.raises(NoSuchTime) as refused:
        settle(typed, zone)
    assert refused.value.after == after


@pytest.mark.parametrize(
    ("moment", "days", "later"),
    [
        pytest.param(utc(2026, 3, 27, 12), 3, utc(2026, 3, 30, 11), id="forward"),
        pytest.param(utc(2026, 10, 24, 11), 2, utc(2026, 10, 26, 12), id="back"),
        pytest.param(utc(2026, 3, 27, 1, 30), 2, utc(2026, 3, 29, 1, 30), id="into the gap"),
        pytest.param(utc(2026, 3, 27, 12), -364, utc(2025, 3, 28, 12), id="a year before"),
    ],
)
def test_shifted_keeps_the_time_on_the_wall(moment: datetime, days: int, later: datetime) -> None:
    assert shifted(moment, days, LONDON) == later


class Form(forms.Form):
    at = WallTimeField(zone=LONDON, later=True, required=False)


def test_field_cleans_to_utc_and_shows_the_wall() -> None:
    form = Form({"at": "2026-07-10T12:00"})
    assert form.is_valid()
    assert form.cleaned_data["at"] == utc(2026, 7, 10, 11)
    assert 'value="2026-07-10T12:00"' in str(Form(initial={"at": utc(2026, 7, 10, 11)})["at"])
    assert 'value="2026-07-10T12:00"' in str(form["at"])  # nothing typed is lost


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-29T01:30", "there is no 01:30 on that day. Choose 02:30"),
        ("soon", "Write a day and a time"),
        ("2026-02-30T10:00", "Write a day and a time"),
        ("2026-01-01T10:00+02:00", "Write a day and a time"),
        ("0001-01-01T00:00", "Write a day and a time"),
        ("9999-12-31T23:59", "Write a day and a time"),
    ],
)
def test_field_says_what_is_wrong_and_how_to_mend_it(typed: str, words: str) -> None:
    form = Form({"at": typed})
    assert not form.is_valid()
    assert words in form.errors["at"][0]


def test_field_says_which_of_two_is_meant() -> None:
    form = Form({"at": "2026-10-25T01:30"})
    assert form.is_valid()
    assert form.fields["at"].settled == Settled(utc(2026, 10, 25, 1, 30), twice=True)
    assert Form({"at": ""}).is_valid()


@pytest.mark.parametrize(
    ("reader", "zone", "words"),
    [
        ("Europe/London", "Europe/London", "Wednesday 2 December, 20:00"),
        ("Europe/London", "", "Wednesday 2 December, 20:00"),
        ("UTC", "Europe/London", "Wednesday 2 December, 20:00"),
        ("Europe/Berlin", "Europe/London", "Wednesday 2 December, 21:00 (in your class: 20:00)"),
        (
            "Asia/Tokyo",
            "Europe/London",
            "Thursday 3 December, 05:00 (in your class: Wednesday 2 December, 20:00)",
        ),
    ],
)
def test_a_moment_is_told_on_both_clocks_where_they_differ(reader, zone, words):
    with timezone.override(reader):
        assert told(datetime(2026, 12, 2, 20, tzinfo=UTC), zone) == words
