"""Reading what marks are made of, for many learners and assignments at once: four queries, whatever they are.

Two more where feedback waits for the closing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from quizzes.grades import Mark, Said, Try, mark_of
from quizzes.models import Accommodation, Assignment, AssignmentLearner, Attempt, GradeEntry, QuizRevision
from quizzes.telling import Closings
from quizzes.terms import Terms, terms

Place = tuple[int, int]  # primary keys of an assignment and a learner


class MarkSheet:
    """The marks under `assignments`, of everybody or of one `learner`, as they stand at `now`.

    `assignments` come with their class and their quiz's published revision. Rows are read as plain
    values: a school of 500 with 60 assignments has 30,000 attempts and more.
    """

    def __init__(
        self, assignments: Sequence[Assignment], *, learner: User | None = None, now: datetime | None = None
    ) -> None:
        self.now = now or timezone.now()
        self._only = Q(learner=learner) if learner is not None else Q()
        self._assignments = assignments
        self._named = self._read_named()
        self._granted = self._read_granted()
        self._tries = self._read_tries()
        self._said = self._read_said()
        self._plain: dict[int, Terms] = {}
        self._closings = self._read_closings()

    def mark(self, assignment: Assignment, learner: int) -> Mark | None:
        """The mark; None where the assignment was not given to the learner, and they did nothing in it."""
        place = assignment.pk, learner
        tries, said = self._tries.get(place, ()), self._said.get(place)
        if not (assignment.everyone or tries or said or place in self._named):
            return None
        held = self.terms(assignment, learner)
        return mark_of(
            assignment=assignment,
            terms=held,
            tries=tries,
            said=said,
            now=self.now,
            told_at=(
                self._closings.told_at(assignment, held.closes_at) if assignment.pk in self._closing else None
            ),
        )

    def terms(self, assignment: Assignment, learner: int) -> Terms:
        """The learner's dates and limits."""
        rows = self._granted.get(learner)
        if rows:
            fitting = [
                row
                for row in rows
                if row.cohort_id == assignment.cohort_id and row.assignment_id in (None, assignment.pk)
            ]
            if fitting:
                return _terms(assignment, fitting)
        if assignment.pk not in self._plain:
            self._plain[assignment.pk] = _terms(assignment, ())
        return self._plain[assignment.pk]

    def _read_named(self) -> set[Place]:
        rows = AssignmentLearner.objects.filter(self._only, assignment__in=self._assignments)
        return set(rows.values_list("assignment_id", "learner_id"))

    def _read_granted(self) -> dict[int, list[Accommodation]]:
        granted: dict[int, list[Accommodation]] = defaultdict(list)
        cohorts = {assignment.cohort_id for assignment in self._assignments}
        for row in Accommodation.objects.filter(self._only, cohort__in=cohorts):
            granted[row.learner_id].append(row)
        return granted

    def _read_tries(self) -> dict[Place, list[Try]]:
        tries: dict[Place, list[Try]] = defaultdict(list)
        rows = Attempt.objects.counting().filter(self._only, assignment__in=self._assignments)
        columns = (
            "number",
            "submitted_at",
            "fraction",
            "deadline_at",
            "quiz_revision__feedback",
            "graded_at",
        )
        found = rows.order_by("number").values_list("assignment_id", "learner_id", *columns)
        chosen = {assignment.pk: assignment.feedback for assignment in self._assignments}
        for (
            assignment,
            learner,
            number,
            submitted_at,
            fraction,
            deadline,
            feedback,
            graded_at,
        ) in found.iterator():
            given = chosen[assignment] or feedback
            dropped = fraction is None and graded_at is not None
            tries[assignment, learner].append(Try(number, submitted_at, fraction, deadline, given, dropped))
        return tries

    def _read_closings(self) -> Closings:
        """For those whose feedback waits for the closing, by what they say or any try of theirs."""
        after = QuizRevision.Feedback.AFTER_CLOSE
        self._closing = {
            place[0] for place, tries in self._tries.items() if any(one.feedback == after for one in tries)
        }
        self._closing |= {one.pk for one in self._assignments if _terms(one, ()).feedback == after}
        found = [one for one in self._assignments if one.pk in self._closing]
        return Closings((one, _revision(one)) for one in found)

    def _read_said(self) -> dict[Place, Said]:
        """The newest word on each mark: a later row replaces an earlier one."""
        rows = GradeEntry.objects.filter(self._only, assignment__in=self._assignments).order_by("at", "pk")
        found = rows.values_list("assignment_id", "learner_id", "kind", "fraction")
        return {(assignment, learner): Said(kind, fraction) for assignment, learner, kind, fraction in found}


def _terms(assignment: Assignment, accommodations: Sequence[Accommodation]) -> Terms:
    return terms(
        revision=_revision(assignment),
        assignment=assignment,
        accommodations=accommodations,
        zone=assignment.cohort.timezone,
    )


def _revision(assignment: Assignment) -> QuizRevision:
    revision = assignment.quiz.published
    assert revision is not None  # noqa: S101 - what was assigned is published, and stays so
    return revision
