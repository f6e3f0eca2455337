"""The marks of a class: learners down, assignments across. Reads only; a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Cohort, CohortMember, User
from accounts.naming import names_in
from courses.models import Step
from quizzes.grades import Mark, State, Total, total_of
from quizzes.marksheet import MarkSheet, Places
from quizzes.models import Assignment
from quizzes.scores import points_of


@dataclass(frozen=True)
class Choice:
    """How totals are made and marks shown: the lowest dropped, missing as 0 once due, points or per cent."""

    drop_lowest: int = 0
    missing_counts: bool = True
    as_points: bool = False


@dataclass(frozen=True)
class Column:
    """An assignment, the lesson that its quiz stands in ("" for none), and what all its questions weigh."""

    assignment: Assignment
    title: str
    lesson: str
    points: float

    @property
    def name(self) -> str:
        """Told apart from another quiz of the same title by its lesson."""
        return f"{self.lesson} · {self.title}" if self.lesson else self.title


@dataclass(frozen=True)
class Row:
    """A learner, as their teacher knows them, with a mark a column; None where it was not given to them."""

    pk: int
    uuid: UUID
    username: str
    name: str
    marks: tuple[Mark | None, ...]
    total: Total


@dataclass(frozen=True)
class Book:
    """A class's marks; `sheet` is what they were read with, for whoever asks how one came to be.

    `gone` are those with marks who have left or were erased: no lines, but part of the means, so that
    what a class came to does not change when somebody goes. What they did not do is left out.
    """

    choice: Choice
    sheet: MarkSheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    gone: tuple[Row, ...] = ()

    def means(self) -> list[Total]:
        """The mean of the marks that each column has; what is missing is no mark."""
        return [
            total_of(
                filter(None, (row.marks[index] for row in (*self.rows, *self.gone))),
                missing_counts=False,
            )
            for index in range(len(self.columns))
        ]

    def mean_of_totals(self) -> float | None:
        everybody = (*self.rows, *self.gone)
        totals = [row.total.fraction for row in everybody if row.total.fraction is not None]
        return sum(totals) / len(totals) if totals else None


def book_of(cohort: Cohort, choice: Choice | None = None, *, now: datetime | None = None) -> Book:
    """The gradebook of a class as it stands at `now`: its live learners by name. Nine queries."""
    choice = choice or Choice()
    assignments = assignments_of(cohort)
    learners, left, places = _learners(cohort)
    sheet = MarkSheet(assignments, places=places, now=now)
    names = names_in(cohort)
    rows = [
        _row(pk, uuid, username, names[pk], assignments, sheet, choice) for pk, uuid, username in learners
    ]
    done = replace(choice, missing_counts=False)
    gone = [_row(pk, uuid, username, names[pk], assignments, sheet, done) for pk, uuid, username in left]
    rows.sort(key=lambda row: (row.name.casefold(), row.pk))
    return Book(choice, sheet, columns_of(assignments), tuple(rows), tuple(filter(_has_marks, gone)))


def assignments_of(cohort: Cohort) -> list[Assignment]:
    """The class's assignments by due date, also taken back ones that have marks; with what terms need. One query."""
    found = Assignment.objects.marked().filter(cohort=cohort).exclude(quiz__published=None)
    return list(with_terms(found).order_by(F("due_at").asc(nulls_last=True), "pk"))


def with_terms(assignments: "QuerySet[Assignment]") -> "QuerySet[Assignment]":
    """With the rows that a MarkSheet reads, and the title for the page."""
    return assignments.select_related("cohort", "quiz__published")


def columns_of(assignments: Iterable[Assignment]) -> tuple[Column, ...]:
    """Titles, lessons and points. Two queries."""
    wanted = list(assignments)
    lessons = _lessons({assignment.quiz_id for assignment in wanted})
    points = points_of({assignment.quiz.published_id for assignment in wanted})
    return tuple(
        Column(
            assignment,
            _title(assignment),
            lessons.get(assignment.quiz_id, ""),
            points.get(assignment.quiz.published_id, 0.0),
        )
        for assignment in wanted
    )


def learner_of(cohort: Cohort, uuid: UUID) -> User | None:
    """Somebody who learns, or has learnt, in the class."""
    places = CohortMember.objects.filter(cohort=cohort, role=CohortMember.Role.LEARNER)
    found: User | None = User.objects.filter(uuid=uuid, pk__in=places.values("user")).first()
    return found


_Learner = tuple[int, UUID, str]


def _has_marks(row: Row) -> bool:
    return any(mark is not None and mark.fraction is not None for mark in row.marks)


def _learners(cohort: Cohort) -> tuple[list[_Learner], list[_Learner], Places]:
    """Who learns in the class now, who did and left, and when each of them was there. One query."""
    rows = CohortMember.objects.filter(cohort=cohort, role=CohortMember.Role.LEARNER).values_list(
        "user_id", "user__uuid", "user__username", "joined_at", "left_at"
    )
    learners: list[_Learner] = []
    gone: dict[int, _Learner] = {}
    places: Places = defaultdict(list)
    for pk, uuid, username, joined, left in rows:
        places[cohort.pk, pk].append((joined, left))
        if left is None:
            learners.append((pk, uuid, username))
        else:
            gone[pk] = (pk, uuid, username)
    live = {learner[0] for learner in learners}
    return learners, [gone[pk] for pk in gone if pk not in live], places


def _row(
    pk: int,
    uuid: UUID,
    username: str,
    name: str,
    assignments: list[Assignment],
    sheet: MarkSheet,
    choice: Choice,
) -> Row:
    marks = tuple([sheet.mark(assignment, pk) for assignment in assignments])
    total = total_of(
        filter(None, marks), drop_lowest=choice.drop_lowest, missing_counts=choice.missing_counts
    )
    return Row(pk, uuid, username, name, marks, total)


def _title(assignment: Assignment) -> str:
    title = assignment.quiz.published.title if assignment.quiz.published else ""
    return title if assignment.archived_at is None else _("%(title)s (taken back)") % {"title": title}


def _lessons(quizzes: set[int]) -> dict[int, str]:
    steps = Step.objects.filter(
        quiz__in=quizzes,
        lesson_revision__lesson__published=F("lesson_revision"),
        lesson_revision__lesson__archived_at=None,
    ).order_by("-pk")
    found = steps.values_list("quiz_id", "lesson_revision__title", "title")
    return {quiz: lesson for quiz, lesson, step in found if lesson != step}


def is_late(mark: Mark) -> bool:
    """Whether what counts came after its due date, and the mark is not the teacher's own."""
    return mark.days_late > 0 and not mark.by_hand and mark.state is not State.EXCUSED
