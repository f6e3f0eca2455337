"""When open attempts end: moved as terms change, and as a teacher adds time.

Whoever starts or hands in sets and meets the deadline in `quizzes.attempts`; what moves it later is here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import note
from accounts.models import User
from quizzes import score_rows
from quizzes.errors import GivenAlready
from quizzes.models import Accommodation, Attempt
from quizzes.terms import terms

#: The most time that can be added at once, in seconds: a day.
MOST_MORE_S = 86_400


def recompute_deadlines(*, attempts: "QuerySet[Attempt]") -> int:
    """Let the open ones among `attempts` end when their terms say now; how many ends have moved.

    Runs in the caller's transaction, and locks those attempts, in one order for everybody.
    """
    locked = list(_lock_open(attempts).select_related("quiz_revision", "assignment", "cohort"))
    granted = _granted_to(locked)
    moved = []
    for attempt in locked:
        held = terms(
            revision=attempt.quiz_revision,
            assignment=attempt.assignment,
            accommodations=[
                row
                for row in granted[(attempt.learner_id, attempt.cohort_id)]
                if row.assignment_id in (None, attempt.assignment_id)
            ],
            zone=attempt.cohort.timezone if attempt.cohort else "UTC",
        )
        ends = held.deadline(attempt.started_at, attempt.extra_s)
        if ends != attempt.deadline_at:
            attempt.deadline_at, attempt.updated_at = ends, timezone.now()
            moved.append(attempt)
    Attempt.objects.bulk_update(moved, ["deadline_at", "updated_at"])
    return len(moved)


@transaction.atomic
def give_more_time(*, attempts: Iterable[Attempt], seconds: int, by: User, seen: int | None = None) -> int:
    """Add `seconds` (1 to 86,400) to the open ones among `attempts` that have an end; how many there were.

    What is not handed in yet goes on, also if its time was just over; what would be over all the same
    is passed over. `seen`: how many seconds those that are open were known to have been given
    together; if it is another number by now, raises GivenAlready and gives nothing, so that a button
    that is pressed twice gives once. Raises ValueError for other seconds.
    """
    if not 1 <= seconds <= MOST_MORE_S:
        raise ValueError(f"{seconds} seconds cannot be given")
    asked = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).exclude(deadline_at=None)
    past = timezone.now() - timedelta(seconds=seconds)
    found = list(_lock_open(asked).select_related("learner", "quiz"))
    if seen is not None and sum(attempt.extra_s for attempt in found) != seen:
        raise GivenAlready(_("More time was given a moment ago. Look when they end now; then give more."))
    locked = [attempt for attempt in found if not attempt.was_overdue_at(past)]
    for attempt in locked:
        attempt.extra_s += seconds
        attempt.updated_at = timezone.now()
        if attempt.deadline_at is not None:
            attempt.deadline_at += timedelta(seconds=seconds)
    Attempt.objects.bulk_update(locked, ["extra_s", "deadline_at", "updated_at"])
    note(by, _("Given %(count)s more seconds.") % {"count": seconds}, *locked)
    # Everybody's whose marks wait for the last who is at it.
    given = {attempt.assignment_id for attempt in locked if attempt.assignment_id is not None}
    if given:
        score_rows.touch_all(Q(assignment__in=given) & score_rows.waits_for_closing())
    return len(locked)


def _lock_open(attempts: "QuerySet[Attempt]") -> "QuerySet[Attempt]":
    wanted = Attempt.objects.open().filter(pk__in=attempts.order_by().values("pk"))
    return wanted.select_for_update(of=("self",)).order_by("pk")


def _granted_to(attempts: Sequence[Attempt]) -> dict[tuple[int, int | None], list[Accommodation]]:
    """What the learners of `attempts` were granted, by learner and class. One query."""
    granted: dict[tuple[int, int | None], list[Accommodation]] = defaultdict(list)
    for row in Accommodation.objects.filter(
        learner__in={attempt.learner_id for attempt in attempts},
        cohort__in={attempt.cohort_id for attempt in attempts if attempt.cohort_id},
    ):
        granted[(row.learner_id, row.cohort_id)].append(row)
    return granted
