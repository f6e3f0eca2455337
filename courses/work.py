"""What a class is given, as its teachers see it, and what they may give."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import Cohort, CohortMember, User
from accounts.models.organisation import SHARED
from accounts.todos import Todo
from courses.models import CohortCourse, Course, Lesson, Module
from quizzes.models import Assignment, AssignmentLearner, Attempt, Quiz

#: The most quizzes that a search lists.
LISTED = 30


@dataclass(frozen=True)
class Line:
    """An assignment with how many of those it is for have begun it and handed it in.

    `others`: how many of the class handed it in for whom it is not any more; all who did, once it is taken back.
    """

    assignment: Assignment
    wanted: int
    handed_in: int
    begun: int
    others: int = 0

    @property
    def title(self) -> str:
        revision = self.assignment.quiz.published
        return revision.title if revision else str(self.assignment.quiz)

    @property
    def untouched(self) -> int:
        return max(0, self.wanted - self.handed_in - self.begun)


def lines(cohort: Cohort, *, archived: bool = False) -> list[Line]:
    """The assignments of a class, what is due first. Four queries, however many there are."""
    return lines_of(Assignment.objects.filter(cohort=cohort, archived_at__isnull=not archived))


def lines_of(assignments: "QuerySet[Assignment]") -> list[Line]:
    """Assignments of one or several classes, what is due first. Four queries, however many there are."""
    found = list(
        assignments.select_related("quiz__published", "cohort").order_by(
            F("due_at").asc(nulls_last=True), F("closes_at").asc(nulls_last=True), "pk"
        )
    )
    places = CohortMember.objects.learning().filter(cohort__in={one.cohort_id for one in found})
    members = _pairs(places.values_list("cohort", "user"))
    named = _pairs(
        AssignmentLearner.objects.filter(assignment__in=found).values_list("assignment", "learner")
    )
    made = Attempt.objects.counting().filter(assignment__in=found).order_by()
    handed_in: dict[int, set[int]] = {}
    touched: dict[int, set[int]] = {}
    rows = made.values_list("assignment", "learner").annotate(done=Count("pk", filter=_DONE))
    for assignment, learner, done in rows:
        if assignment is not None:
            touched.setdefault(assignment, set()).add(learner)
            if done:
                handed_in.setdefault(assignment, set()).add(learner)
    return [_line(one, members.get(one.cohort_id, set()), named, handed_in, touched) for one in found]


_DONE = Q(submitted_at__isnull=False)


def _pairs(rows: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return found


def _line(
    one: Assignment,
    members: set[int],
    named: dict[int, set[int]],
    handed_in: dict[int, set[int]],
    touched: dict[int, set[int]],
) -> Line:
    wanted = members if one.everyone else members & named.get(one.pk, set())
    if one.archived_at is not None:
        wanted = set()
    done = wanted & handed_in.get(one.pk, set())
    begun = (wanted & touched.get(one.pk, set())) - done
    others = (members & handed_in.get(one.pk, set())) - done
    return Line(one, len(wanted), len(done), len(begun), len(others))


def learners_in(cohort: Cohort) -> "QuerySet[User]":
    """Who learns there now."""
    places = CohortMember.objects.learning().filter(cohort=cohort)
    found: QuerySet[User] = User.objects.filter(pk__in=places.values("user"))
    return found


def courses_for(cohort: Cohort) -> "QuerySet[Course]":
    """What a class may be given: the open courses of its organisation, and the shared ones."""
    return Course.objects.live().filter(_of(cohort))


def quizzes_for(cohort: Cohort, search: str = "") -> "QuerySet[Quiz]":
    """The published quizzes of its organisation and the shared ones, whose title or ref holds `search`."""
    found: QuerySet[Quiz] = Quiz.objects.live().filter(_of(cohort)).select_related("published")
    if search:
        found = found.filter(Q(published__title__icontains=search) | Q(ref__icontains=search))
    return found.order_by("published__title", "pk")


def _of(cohort: Cohort) -> Q:
    return Q(organisation=cohort.organisation_id) | Q(organisation__slug=SHARED)


@dataclass(frozen=True)
class Part:
    """A course, or a module or lesson of it, that is given or may be."""

    course: Course
    module: Module | None = None
    lesson: Lesson | None = None

    @property
    def title(self) -> str:
        if self.lesson is not None and self.lesson.published is not None:
            return self.lesson.published.title
        return self.module.title if self.module is not None else self.course.title


def taken(cohort: Cohort) -> "QuerySet[CohortCourse]":
    """What the class was given and still has."""
    return (
        CohortCourse.objects.filter(cohort=cohort, archived_at=None)
        .select_related("course", "module", "lesson__published")
        .annotate(named_count=Count("named"))
        .order_by("course__title", "module__position", "lesson__position", "pk")
    )


def left_in(cohort: Cohort, _user: User) -> Iterator[Todo]:
    """What a teacher holds back in a class that is about to be archived. One query."""
    handed_in = Attempt.objects.submitted().counting().filter(assignment=OuterRef("pk"))
    held = Assignment.objects.filter(
        Exists(handed_in), cohort=cohort, archived_at=None, release=Assignment.Release.HELD, released_at=None
    )
    if count := held.count():
        words = ngettext(
            "The marks of %(count)s quiz are not released.",
            "The marks of %(count)s quizzes are not released.",
            count,
        )
        yield Todo(words % {"count": count}, reverse("courses:work", kwargs={"uuid": cohort.uuid}))
