"""Reading what marks are made of, for many learners and assignments at once: four queries, whatever they are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from quizzes.grades import Mark, Said, Try, mark_of
from quizzes.models import Accommodation, Assignment, AssignmentLearner, Attempt, GradeEntry
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

    def mark(self, assignment: Assignment, learner: int) -> Mark | None:
        """The mark; None where the assignment is not given to the learner (any more), and they did nothing in it."""
        place = assignment.pk, learner
        tries, said = self._tries.get(place, ()), self._said.get(place)
        is_given = assignment.archived_at is None and (assignment.everyone or place in self._named)
        if not (is_given or tries or said):
            return None
        return mark_of(
            assignment=assignment,
            terms=self.terms(assignment, learner),
            tries=tries,
            said=said,
            now=self.now,
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
            "assignment_id",
            "learner_id",
            "number",
            "submitted_at",
            "fraction",
            "deadline_at",
            "extra_s",
        )
        for assignment, learner, *rest in rows.order_by("number").values_list(*columns).iterator():
            tries[assignment, learner].append(Try(*rest))
        return tries

    def _read_said(self) -> dict[Place, Said]:
        """The newest word on each mark: a later row replaces an earlier one."""
        rows = GradeEntry.objects.filter(self._only, assignment__in=self._assignments).order_by("at", "pk")
        found = rows.values_list("assignment_id", "learner_id", "kind", "fraction")
        return {(assignment, learner): Said(kind, fraction) for assignment, learner, kind, fraction in found}


def _terms(assignment: Assignment, accommodations: Sequence[Accommodation]) -> Terms:
    revision = assignment.quiz.published
    assert revision is not None  # noqa: S101 - what was assigned is published, and stays so
    return terms(
        revision=revision,
        assignment=assignment,
        accommodations=accommodations,
        zone=assignment.cohort.timezone,
    )
