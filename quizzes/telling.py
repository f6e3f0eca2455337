"""When learners are told their marks and what is right: what holds both back after handing in.

Held marks wait for the teacher. Feedback after closing waits until the assignment has closed for this
learner and for everybody else that it was given to, so that nobody passes a key on. So does what
was handed in without an assignment, while the class has one of the same quiz. Others' later
dates are waited for up to `LONGEST_WAIT` after the class's own closing, and no longer. Where nothing
closes, there is nothing to wait for.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from quizzes.models import Accommodation, Assignment, Attempt, QuizRevision
from quizzes.terms import terms

LONGEST_WAIT = timedelta(days=14)
_AFTER_CLOSE = QuizRevision.Feedback.AFTER_CLOSE


@dataclass(frozen=True)
class Wait:
    """What a learner waits for: the teacher (`until` is None), or a moment."""

    until: datetime | None = None


class Standing(StrEnum):
    """How an attempt stands for its learner, as a word for programs. Only RELEASED has a fraction to tell."""

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"  # handed in, and there is no score to wait for
    WAITING = "waiting"  # a person has still to grade it
    HELD = "held"  # handed in; what it came to is told later
    RELEASED = "released"


class Closings:
    """When feedback that waits for the closing comes, under assignments that come with their class.

    Two queries, none for no assignments. Of `found`, each is an assignment with a revision of its quiz.
    """

    def __init__(self, found: Iterable[tuple[Assignment, QuizRevision]]) -> None:
        self._found = {assignment.pk: (assignment, revision) for assignment, revision in found}
        assignments = [assignment for assignment, _revision in self._found.values()]
        self._granted = _granted(assignments) if assignments else {}
        self._running = _running(self._found) if assignments else {}
        self._everyones: dict[int, datetime | None] = {}

    def told_at(self, assignment: Assignment, own: datetime | None) -> datetime | None:
        """When it comes for a learner for whom it closes at `own`; None: nothing closes."""
        if assignment.pk not in self._everyones:
            self._everyones[assignment.pk] = self._of_everybody(assignment.pk)
        everyones = self._everyones[assignment.pk]
        return own if own is None or everyones is None else max(own, everyones)

    def own(self, assignment: Assignment, learner: int) -> datetime | None:
        """When it closes for the learner."""
        found, revision = self._found[assignment.pk]
        return _closing(revision, found, self._granted[found.pk].get(learner, []))

    def _of_everybody(self, pk: int) -> datetime | None:
        assignment, revision = self._found[pk]
        given = _closing(revision, assignment, [])
        if given is None:
            return None
        theirs = [_closing(revision, assignment, granted) for granted in self._granted[pk].values()]
        others = [moment for moment in (*theirs, self._running.get(pk)) if moment is not None]
        return min(max([given, *others]), given + LONGEST_WAIT)


def waits(attempt: Attempt, reader: User | None = None) -> Wait | None:
    """What `reader` (None: the learner) of a submitted attempt has to wait for, or None.

    Without a query where its assignment (which comes with its class) holds nothing back, else in three;
    one more where it has none, in a class.
    """
    if reader is not None and reader.pk != attempt.learner_id:
        return None
    if attempt.assignment_id is None:
        [attempt] = _as_assigned([attempt])
    return _wait(attempt, _closings_of([attempt])) if _may_wait(attempt) else None


def withheld(learner: User) -> set[int]:
    """The learner's submitted attempts, by primary key, whose marks they may not know yet; at most five queries."""
    return withheld_from([learner.pk])


def withheld_from(learners: Iterable[int]) -> set[int]:
    """Those of all these learners, by their primary keys; at most five queries, however many they are."""
    return withheld_among(Attempt.objects.filter(learner__in=list(learners)))


def withheld_among(attempts: "QuerySet[Attempt]") -> set[int]:
    """Those of these that are handed in; at most five queries, however many they are."""
    asked = Q(assignment__release=Assignment.Release.HELD, assignment__released_at=None)
    asked |= Q(assignment__feedback=_AFTER_CLOSE)
    asked |= Q(assignment__feedback="", quiz_revision__feedback=_AFTER_CLOSE)
    theirs = Assignment.objects.filter(archived_at=None, cohort=OuterRef("cohort"), quiz=OuterRef("quiz"))
    found = list(
        attempts.filter(submitted_at__isnull=False)
        .filter((asked & Q(assignment__isnull=False)) | Q(Exists(theirs), assignment=None))
        .select_related("assignment__cohort", "quiz_revision")
        .order_by()
    )
    return set(waits_among(found))


def waits_among(attempts: Iterable[Attempt]) -> dict[int, Wait]:
    """What the learners of these attempts have to wait for, by primary key of the attempt. Three queries at most.

    They come with their assignment, its class and their quiz revision.
    """
    handed_in = _as_assigned([attempt for attempt in attempts if not attempt.is_open])
    closings = _closings_of(handed_in)
    return {one.pk: wait for one in handed_in if (wait := _wait(one, closings)) is not None}


def standing(attempt: Attempt, withheld: Container[int]) -> Standing:
    """How it stands, where `withheld` are those of whose marks nothing is told; it comes with its quiz revision."""
    if attempt.is_open:
        return Standing.IN_PROGRESS
    if attempt.pk in withheld:
        return Standing.HELD
    if attempt.fraction is not None:
        return Standing.RELEASED
    practice = attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE
    return Standing.SUBMITTED if attempt.is_dropped or practice else Standing.WAITING


def _as_assigned(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Those without an assignment as if they were of the live one that their class has of the quiz: stand-ins."""
    bare = [one for one in attempts if one.assignment_id is None and one.cohort_id is not None]
    if not bare:
        return list(attempts)
    live = Assignment.objects.filter(
        archived_at=None, cohort__in={one.cohort_id for one in bare}, quiz__in={one.quiz_id for one in bare}
    )
    of_class = {(one.cohort_id, one.quiz_id): one for one in live.select_related("cohort")}
    found = []
    for attempt in attempts:
        theirs = of_class.get((attempt.cohort_id or 0, attempt.quiz_id))
        if attempt.assignment_id is None and theirs is not None:
            own = {"pk": attempt.pk, "learner_id": attempt.learner_id}
            found.append(Attempt(**own, quiz_revision=attempt.quiz_revision, assignment=theirs))
        else:
            found.append(attempt)
    return found


def _may_wait(attempt: Attempt) -> bool:
    assignment = attempt.assignment
    return assignment is not None and (not assignment.is_released or _after_close(attempt))


def _after_close(attempt: Attempt) -> bool:
    chosen = attempt.assignment.feedback if attempt.assignment else ""
    return (chosen or attempt.quiz_revision.feedback) == _AFTER_CLOSE


def _closings_of(attempts: Iterable[Attempt]) -> Closings:
    return Closings(
        (one.assignment, one.quiz_revision)
        for one in attempts
        if one.assignment is not None and one.assignment.is_released and _after_close(one)
    )


def _wait(attempt: Attempt, closings: Closings) -> Wait | None:
    assignment = attempt.assignment
    if assignment is None:
        return None
    if not assignment.is_released:
        return Wait()
    if not _after_close(attempt):
        return None
    closing = closings.told_at(assignment, closings.own(assignment, attempt.learner_id))
    return Wait(closing) if closing is not None and timezone.now() < closing else None


def _closing(
    revision: QuizRevision, assignment: Assignment, granted: Sequence[Accommodation]
) -> datetime | None:
    zone = assignment.cohort.timezone
    return terms(revision=revision, assignment=assignment, accommodations=granted, zone=zone).closes_at


def _granted(assignments: Iterable[Assignment]) -> dict[int, dict[int, list[Accommodation]]]:
    """What was granted to learners of the assignments, by assignment, then learner."""
    found = list(assignments)
    rows = Accommodation.objects.filter(cohort__in={one.cohort_id for one in found}).filter(
        Q(assignment=None) | Q(assignment__in=[one.pk for one in found])
    )
    granted: dict[int, dict[int, list[Accommodation]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for one in found:
            if row.cohort_id == one.cohort_id and row.assignment_id in (None, one.pk):
                granted[one.pk][row.learner_id].append(row)
    return granted


def _running(assignments: Iterable[int | None]) -> dict[int, datetime]:
    """When the last of the tries ends that are running in each assignment."""
    ends = Attempt.objects.open().filter(assignment__in=list(assignments), deadline_at__isnull=False)
    rows = ends.order_by().values_list("assignment").annotate(Max("deadline_at"))
    return {assignment: last for assignment, last in rows if assignment is not None}
