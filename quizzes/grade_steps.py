"""How a mark came to be, in sentences that learner and teacher read alike; and figures as both see them."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from quizzes.grades import Counted, Mark, State
from quizzes.models import Assignment
from quizzes.terms import Terms


def figure(fraction: float) -> str:
    """A fraction (0 to 1) in per cent, to a tenth, as the reader's language writes it: 80, or 66.7."""
    return _figure(round(fraction * 1000), get_language())


@lru_cache(4096)
def _figure(tenths: int, _language: str | None) -> str:
    whole, tenth = divmod(tenths, 10)
    return number_format(tenths / 10, decimal_pos=1) if tenth else number_format(whole)


def percent(fraction: float) -> str:
    """The same with its sign; the blank before it does not break."""
    return _("%(figure)s\u00a0%%") % {"figure": figure(fraction)}


def steps(mark: Mark, assignment: Assignment, terms: Terms) -> list[str]:
    """Each step towards the mark, in order. Of a mark that is held the caller passes what the learner may see."""
    return list(_steps(mark, assignment, terms))


def _steps(mark: Mark, assignment: Assignment, terms: Terms) -> Iterator[str]:
    if mark.counted:
        yield from _of_tries(mark, assignment, terms)
    if mark.waiting:
        yield ngettext(
            "Try %(numbers)s waits to be graded by a person.",
            "Tries %(numbers)s wait to be graded by a person.",
            len(mark.waiting),
        ) % {"numbers": ", ".join(map(str, mark.waiting))}
    if mark.state is State.MISSING:
        yield _missing(terms)
    elif mark.state is State.ELSEWHERE:
        yield _(
            "It was due before the first day in this class, or after the last: it does not count in the total."
        )
    elif mark.state is State.OPEN:
        yield _("A try is begun and not handed in yet.")
    elif mark.state is State.NOT_DUE:
        yield _not_due(terms)
    elif mark.state is State.DROPPED:
        yield _("Every question of it was dropped: it counts for nobody.")
    elif mark.state is State.EXCUSED:
        yield _("Excused by the teacher: it does not count in the total.")
    if mark.by_hand and mark.fraction is not None:
        yield _("Set by the teacher: %(mark)s.") % {"mark": percent(mark.fraction)}
    if mark.state is State.HELD:
        yield _held(assignment, whole=bool(mark.counted) or mark.by_hand)


def _held(assignment: Assignment, *, whole: bool) -> str:
    """`whole`: as a teacher sees the mark."""
    if assignment.is_released:
        if whole:
            return _("Pupils do not see it before it has closed for everybody.")
        return _("The marks come when it has closed for everybody.")
    if whole:
        return _("Pupils do not see it before it is released.")
    return _("Your teacher has not shown the marks yet.")


def _of_tries(mark: Mark, assignment: Assignment, terms: Terms) -> Iterator[str]:
    if len(mark.counted) == 1:
        yield from _of_one(mark, assignment, terms)
        return
    for one in mark.counted:
        yield _("Try %(number)d: %(mark)s.") % {"number": one.number, "mark": percent(one.scored)}
        yield from _lateness(one, terms)
    yield _("The mean of %(count)d tries counts: %(mark)s.") % {
        "count": len(mark.counted),
        "mark": percent(mark.scored or 0.0),
    }


def _of_one(mark: Mark, assignment: Assignment, terms: Terms) -> Iterator[str]:
    only = mark.counted[0]
    said = {"number": only.number, "tries": mark.tries, "mark": percent(only.scored)}
    if mark.tries == 1:
        yield _("One try: %(mark)s.") % said
    elif assignment.attempt_rule == assignment.AttemptRule.FIRST:
        yield _("The first of %(tries)d tries counts: %(mark)s.") % said
    elif assignment.attempt_rule == assignment.AttemptRule.LAST:
        yield _("The last of %(tries)d tries counts: %(mark)s.") % said
    elif assignment.attempt_rule == assignment.AttemptRule.BEST:
        yield _("The best of %(tries)d tries counts, try %(number)d: %(mark)s.") % said
    else:
        yield _("Try %(number)d of %(tries)d is graded so far: %(mark)s.") % said
    yield from _lateness(only, terms)


def _lateness(one: Counted, terms: Terms) -> Iterator[str]:
    if not one.days_late:
        return
    late = ngettext("Handed in %(days)d day late", "Handed in %(days)d days late", one.days_late) % {
        "days": one.days_late
    }
    if not terms.late_percent:
        yield _("%(late)s: nothing is taken off.") % {"late": late}
        return
    off = min(100, terms.late_percent * one.days_late)
    yield _("%(late)s: %(off)s off, which leaves %(mark)s.") % {
        "late": late,
        "off": percent(off / 100),
        "mark": percent(one.fraction),
    }


def _missing(terms: Terms) -> str:
    if terms.due_at is None:
        return _("Nothing was handed in before it closed.")
    return _("Nothing was handed in. It was due on %(when)s.") % {"when": _when(terms.due_at)}


def _not_due(terms: Terms) -> str:
    if terms.due_at is None:
        return _("Nothing is handed in yet. There is no date by which it is due.")
    return _("Nothing is handed in yet. It is due on %(when)s.") % {"when": _when(terms.due_at)}


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")
