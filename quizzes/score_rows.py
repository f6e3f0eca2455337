"""Which marks there are, and when each may have changed last: what other systems keep their copies by.

The only writer of `AssignmentScore`. Whoever writes what a mark is made of says so here, in the same
transaction and last of all: these rows are locked after all others, and in one order for everybody.
A touched row is also one of which other systems have to be told: who tells them takes it from here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import CohortMember
from quizzes.models import Assignment, AssignmentLearner, AssignmentScore, Attempt, QuizRevision

Place = tuple[int, int]  # primary keys of an assignment and a learner


def touch(places: Iterable[Place]) -> None:
    """The marks of these places may have changed; a row that is missing is made. One statement for 150 places."""
    rows = [
        AssignmentScore(assignment_id=assignment, learner_id=learner)
        for assignment, learner in sorted(set(places))
    ]
    if rows:
        AssignmentScore.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["assignment", "learner"],
            update_fields=["updated_at", "untold"],
        )


def touch_attempts(attempts: Iterable[Attempt]) -> None:
    """The marks that these attempts count for, if they count for any."""
    touch(place for attempt in attempts for place in places_of(attempt))


def touch_all(asked: Q) -> None:
    """All marks that there are of what is asked for may have changed. Two statements, however many.

    In the caller's transaction.
    """
    rows = AssignmentScore.objects.filter(asked).order_by("assignment", "learner")
    if list(rows.select_for_update(of=("self",)).values_list("pk", flat=True)):
        AssignmentScore.objects.filter(asked).update(updated_at=timezone.now(), untold=True)


def has_untold() -> bool:
    """Whether any mark may be another one than other systems were told. One statement, which locks nothing."""
    return _untold().exists()


def take_untold(most: int) -> list[AssignmentScore]:
    """Up to so many marks of which nobody was told since they were touched; from now on they count as told.

    In the caller's transaction, which tells. They stay as they are until it ends: whoever changes what one is
    made of waits to touch it. What somebody else holds is left to them, or for the next time. Three
    statements; the rows come with what `quizzes.scores` needs, and their learner.
    """
    locked = _untold().select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("pk")
    taken = list(locked.values_list("pk", flat=True)[:most])
    if not taken:
        return []
    AssignmentScore.objects.filter(pk__in=taken).update(untold=False)
    # Read only now: what came with the lock may be older than the lock.
    found = AssignmentScore.objects.filter(pk__in=taken).order_by("pk")
    return list(found.select_related("learner", "assignment__cohort", "assignment__quiz__published"))


def _untold() -> "QuerySet[AssignmentScore]":
    """Marks of a quiz that was never published come to nothing."""
    return AssignmentScore.objects.filter(untold=True, assignment__quiz__published__isnull=False)


def places_of(attempt: Attempt) -> list[Place]:
    """The place that an attempt counts for; none for a preview, and for what was done without an assignment."""
    if attempt.assignment_id is None or attempt.is_preview:
        return []
    return [(attempt.assignment_id, attempt.learner_id)]


def on_submitted(sender: Any, *, attempt: Attempt, **_signal: Any) -> None:
    """The learner's mark; and where feedback waited for the last who were at it, everybody's.

    Everybody's first: two who hand in at once would each hold their own row, and wait for the other's.
    """
    if attempt.assignment_id is not None and attempt.deadline_at is not None:
        ends = _has_closed(timezone.now()) | _closes_before(attempt.deadline_at)
        touch_all(Q(assignment=attempt.assignment_id) & waits_for_closing() & ends)
    touch_attempts([attempt])


def on_started(attempt: Attempt) -> None:
    """The learner's mark; and everybody's where feedback will wait for this try, which may end after the closing."""
    if attempt.assignment is not None and attempt.deadline_at is not None:
        closings = (attempt.assignment.closes_at, attempt.assignment.due_at)
        if any(moment is not None and moment < attempt.deadline_at for moment in closings):
            ends = _closes_before(attempt.deadline_at)
            touch_all(Q(assignment=attempt.assignment_id) & waits_for_closing() & ends)
    touch_attempts([attempt])


def on_member_changed(sender: Any, *, member: CohortMember, **_signal: Any) -> None:
    on_members_changed(sender, members=[member])


def on_members_changed(sender: Any, *, members: Sequence[CohortMember], **_signal: Any) -> None:
    """Who comes into a class gets a row for each thing that is given; whether a mark is missing hangs on their stay.

    Three statements to look, however many they are.
    """
    changed = {(one.cohort_id, one.user_id) for one in members}
    stay = {
        (one.cohort_id, one.user_id)
        for one in members
        if one.role == CohortMember.Role.LEARNER and one.left_at is None
    }
    cohorts, users = ({place[at] for place in changed} for at in (0, 1))
    of_class = ("assignment", "learner", "assignment__cohort")
    rows = AssignmentScore.objects.filter(assignment__cohort__in=cohorts, learner__in=users).order_by()
    touched = {(pk, user) for pk, user, cohort in rows.values_list(*of_class) if (cohort, user) in changed}
    live = Assignment.objects.live().filter(cohort__in=cohorts).order_by()
    named = AssignmentLearner.objects.filter(assignment__in=live, learner__in=users)
    touched |= {(pk, user) for pk, user, cohort in named.values_list(*of_class) if (cohort, user) in stay}
    for pk, cohort in live.filter(everyone=True).values_list("pk", "cohort"):
        touched |= {(pk, user) for of, user in stay if of == cohort}
    touch(touched)


def on_quiz_published(sender: Any, *, revision: QuizRevision, **_signal: Any) -> None:
    """Points, limits and when feedback is told are those of the published revision."""
    touch_all(Q(assignment__quiz=revision.quiz_id))


def waits_for_closing() -> Q:
    """Rows of assignments whose marks are told after they have closed, as far as the assignment or its quiz says."""
    after = QuizRevision.Feedback.AFTER_CLOSE
    begun = Attempt.objects.filter(assignment=OuterRef("assignment"), quiz_revision__feedback=after)
    as_the_quiz_says = Q(assignment__quiz__published__feedback=after) | Q(Exists(begun))
    return Q(assignment__feedback=after) | Q(assignment__feedback="") & as_the_quiz_says


def _closes_before(moment: datetime) -> Q:
    return Q(assignment__closes_at__lt=moment) | Q(
        assignment__due_at__lt=moment, assignment__late_policy=Assignment.LatePolicy.NONE
    )


def _has_closed(now: datetime) -> Q:
    return Q(assignment__closes_at__lte=now) | Q(
        assignment__due_at__lte=now, assignment__late_policy=Assignment.LatePolicy.NONE
    )
