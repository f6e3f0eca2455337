"""Marks that change although nobody writes anything: when they are due, when they close, and when they are told.

A job of the clock touches their rows, so that whoever asks what has changed is told of them as of any
change. It looks at rows that were not touched since such a moment: what was missed while it did not
run it finds later, and twice is once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from quizzes import score_rows
from quizzes.marksheet import MarkSheet
from quizzes.models import Accommodation, AssignmentScore
from quizzes.telling import LONGEST_WAIT

#: For so long after a class's closing it is looked whether marks that waited for others are told.
_LOOKED_BACK = LONGEST_WAIT + timedelta(days=1)


@transaction.atomic
def touch_passed(now: datetime | None = None) -> None:
    """Touch the marks that a date has passed for since they were touched last."""
    now = now or timezone.now()
    rows = AssignmentScore.objects.filter(_has_dates_of_its_own() | _may_be_told(now))
    found = rows.exclude(assignment__quiz__published=None).order_by("assignment", "learner")
    changed = _changed(found.select_related(*_READ), now)
    # All at once: two who touch the same rows lock them in one order.
    passed = _passed("assignment__due_at", now) | _passed("assignment__closes_at", now)
    score_rows.touch_all(passed | Q(pk__in=[row.pk for row in changed]))


_READ = ("assignment__cohort", "assignment__quiz__published")


def _passed(moment: str, now: datetime) -> Q:
    return Q(**{f"{moment}__lt": now}) & Q(updated_at__lte=F(moment))


def _has_dates_of_its_own() -> Q:
    """The learner was granted other dates in the class, or under the assignment."""
    granted = Accommodation.objects.filter(
        Q(extra_days__gt=0) | Q(due_at__isnull=False),
        Q(assignment=None) | Q(assignment=OuterRef("assignment")),
        cohort=OuterRef("assignment__cohort"),
        learner=OuterRef("learner"),
    )
    return Q(Exists(granted))


def _may_be_told(now: datetime) -> Q:
    ended = (now - _LOOKED_BACK, now)
    return score_rows.waits_for_closing() & (
        Q(assignment__closes_at__range=ended) | Q(assignment__due_at__range=ended)
    )


def _changed(rows: Iterable[AssignmentScore], now: datetime) -> list[AssignmentScore]:
    """The rows that a date has passed for since they were touched."""
    found = list(rows)
    assignments = {row.assignment_id: row.assignment for row in found}
    if not assignments:
        return []
    sheet = MarkSheet(list(assignments.values()), learners={row.learner_id for row in found}, now=now)
    return [
        row
        for row in found
        if any(
            row.updated_at <= one < now
            for one in sheet.moments(assignments[row.assignment_id], row.learner_id)
        )
    ]
