"""How an assignment stands for one learner: its dates and limits, with what they were granted.

The one place where a time limit, a deadline or lateness is worked out. Arithmetic over rows that
the caller has read; only `accommodations_of` asks the database.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Cohort, User
from quizzes.models import Accommodation, Assignment, QuizRevision

_DAY_S = 86_400


@dataclass(frozen=True)
class Terms:
    """What holds for one learner. Null is no bound; `feedback` is one of QuizRevision.Feedback.

    `late_percent` is taken off for each day begun after `due_at`, 0 to 100. `granted_s` is by how much the
    time limit was lengthened for them: what the class's dates would cut of it is added to these.
    """

    attempts_allowed: int | None
    time_limit_s: int | None
    feedback: str
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late_percent: int = 0
    granted_s: int = 0

    def opened_at(self, moment: datetime) -> bool:
        return self.opens_at is None or moment >= self.opens_at

    def closed_at(self, moment: datetime) -> bool:
        return self.closes_at is not None and moment >= self.closes_at

    def deadline(self, started_at: datetime, extra_s: int = 0) -> datetime | None:
        """When an attempt ends: after its time, but no later than the assignment closes, plus `extra_s`.

        Who was granted more time has that much longer than the closing leaves the others.
        """
        ends = [self.closes_at + timedelta(seconds=self.granted_s)] if self.closes_at is not None else []
        if self.time_limit_s is not None:
            ends.append(started_at + timedelta(seconds=self.time_limit_s))
        return min(ends) + timedelta(seconds=extra_s) if ends else None

    def days_late(self, submitted_at: datetime, extra_s: int = 0) -> int:
        """Days begun after the due date, 0 in time. More time that was given, to try or learner, is never late."""
        if self.due_at is None:
            return 0
        due = self.due_at + timedelta(seconds=extra_s + self.granted_s)
        return max(0, math.ceil((submitted_at - due).total_seconds() / _DAY_S))

    def with_lateness(self, fraction: float, submitted_at: datetime, extra_s: int = 0) -> float:
        """The mark (0 to 1) that is left of `fraction` after what is taken off for lateness."""
        days = self.days_late(submitted_at, extra_s)
        return fraction * max(0.0, 1 - self.late_percent * days / 100)


def terms(
    *,
    revision: QuizRevision,
    assignment: Assignment | None = None,
    accommodations: Sequence[Accommodation] = (),
    zone: str = "UTC",
) -> Terms:
    """The quiz's own limits, what the assignment says in their place, and what the learner was granted.

    `accommodations` are the learner's for this class and this assignment, in any order; `zone` is the
    class's, in which days are added: midnight stays midnight over a change of the clocks.
    """
    granted = _Granted(accommodations)
    limit = _first(assignment and assignment.time_limit_s, revision.time_limit_s)
    allowed = _first(assignment and assignment.attempts_allowed, revision.attempts_allowed)
    usual = limit
    if limit is not None:
        limit = math.ceil(limit * (100 + (granted("extra_percent") or 0)) / 100) + (granted("extra_s") or 0)
    if allowed is not None:
        allowed += granted("extra_attempts") or 0
    if assignment is None:
        return Terms(allowed, limit, revision.feedback)
    days = granted("extra_days") or 0
    due = granted("due_at") or _later(assignment.due_at, days, zone)
    return Terms(
        attempts_allowed=allowed,
        time_limit_s=limit,
        feedback=assignment.feedback or revision.feedback,
        opens_at=assignment.opens_at,
        due_at=due,
        closes_at=_closing(assignment, due, _later(assignment.closes_at, days, zone)),
        late_percent=assignment.late_percent,
        granted_s=0 if limit is None or usual is None else limit - usual,
    )


def accommodations_of(
    *, learner: User | int, cohort: Cohort | int, assignment: Assignment | None
) -> list[Accommodation]:
    """What was granted to the learner in this class, and for this assignment. One query."""
    wanted = Q(assignment=None) if assignment is None else Q(assignment=None) | Q(assignment=assignment)
    return list(Accommodation.objects.filter(wanted, learner=learner, cohort=cohort))


class _Granted:
    """The accommodations as one: what was granted for the assignment stands before what holds in the class."""

    def __init__(self, rows: Iterable[Accommodation]) -> None:
        self._rows = sorted(rows, key=lambda row: row.assignment_id is None)

    def __call__(self, name: str) -> Any:
        return _first(*(getattr(row, name) for row in self._rows))


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _later(moment: datetime | None, days: int, zone: str) -> datetime | None:
    if moment is None or not days:
        return moment
    return (moment.astimezone(ZoneInfo(zone)) + timedelta(days=days)).astimezone(moment.tzinfo)


def _closing(assignment: Assignment, due: datetime | None, closes: datetime | None) -> datetime | None:
    """Where no late work is taken, due is closed; and nobody's work closes before it is due."""
    if due is not None and assignment.late_policy == Assignment.LatePolicy.NONE:
        return due
    if due is not None and closes is not None:
        return max(due, closes)
    return closes
