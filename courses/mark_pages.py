"""One learner's marks, line by line, for the teacher's page and for the learner's own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import F

from accounts.models import Cohort, User
from courses.gradebook import Column, assignments_of, columns_of, with_terms
from quizzes.grade_steps import steps
from quizzes.grades import Mark, for_learner
from quizzes.marksheet import MarkSheet
from quizzes.models import Assignment, Attempt, GradeEntry
from quizzes.terms import Terms

_Row = TypeVar("_Row", Attempt, GradeEntry)


@dataclass(frozen=True)
class Line:
    """One assignment for one learner; `number` is the assignment's place in the gradebook, from 1.

    `attempts` are theirs under it, `entries` what teachers said of the mark, newest first.
    """

    number: int
    column: Column
    mark: Mark
    terms: Terms
    steps: list[str]
    attempts: Sequence[Attempt] = ()
    entries: Sequence[GradeEntry] = field(default=())


def taught_lines(cohort: Cohort, learner: User) -> list[Line]:
    """All that a teacher of the class sees of one learner's marks. Ten queries."""
    assignments = assignments_of(cohort)
    sheet = MarkSheet(assignments, learner=learner)
    attempts = _by_assignment(
        Attempt.objects.counting().filter(assignment__in=assignments, learner=learner).order_by("number")
    )
    said = GradeEntry.objects.filter(assignment__in=assignments, learner=learner).select_related("by")
    entries = _by_assignment(said.order_by("-at", "-pk"))
    return [
        Line(
            number=number,
            column=column,
            mark=mark,
            terms=sheet.terms(column.assignment, learner.pk),
            steps=steps(mark, column.assignment, sheet.terms(column.assignment, learner.pk)),
            attempts=attempts[column.assignment.pk],
            entries=entries[column.assignment.pk],
        )
        for number, column in enumerate(columns_of(assignments), start=1)
        if (mark := sheet.mark(column.assignment, learner.pk)) is not None
    ]


def own_lines(learner: User) -> list[Line]:
    """What learners may see of their own marks, in all their classes. Of a held one, only that it is held.

    What they handed in stays, also when it was taken back or given to others, and when the class is over.
    """
    known = Assignment.objects.given_to(learner) | Assignment.objects.done_by(learner)
    given = with_terms(known.exclude(quiz__published=None))
    assignments = list(given.order_by("cohort__name", "cohort", F("due_at").asc(nulls_last=True), "pk"))
    sheet = MarkSheet(assignments, learner=learner)
    lines = []
    for number, column in enumerate(columns_of(assignments), start=1):
        held = sheet.terms(column.assignment, learner.pk)
        made = sheet.mark(column.assignment, learner.pk)
        if made is not None and held.opened_at(sheet.now):
            mark = for_learner(made)
            lines.append(Line(number, column, mark, held, steps(mark, column.assignment, held)))
    return lines


def _by_assignment(rows: Iterable[_Row]) -> dict[int | None, list[_Row]]:
    found: dict[int | None, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.assignment_id].append(row)
    return found
