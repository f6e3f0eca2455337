"""The assignments that a class's courses make: one of each graded quiz step, kept in step with the lessons.

The only writer of `CohortCourseItem`. The assignments themselves `quizzes.assigning` writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import F, QuerySet

from accounts.models import CohortMember, User
from courses.models import CohortCourse, CohortCourseItem, Course, Lesson, Step
from quizzes import assigning
from quizzes.assigning import AssignmentRefused
from quizzes.models import Assignment, Quiz

#: Whom something is for: the learners by primary key, or None for the whole class.
Audience = frozenset[int] | None
_NOBODY: Audience = frozenset()


@dataclass(frozen=True)
class Was:
    """What was said of something given, before it was changed."""

    opens_at: datetime | None
    due_at: datetime | None
    audience: Audience

    @classmethod
    def of(cls, given: CohortCourse) -> Self:
        return cls(given.opens_at, given.due_at, audience_of(given))


def audience_of(given: CohortCourse) -> Audience:
    if given.everyone:
        return None
    return frozenset(named.learner_id for named in given.named.all())


def begin(given: CohortCourse) -> None:
    """Assign all that the published lessons of `given` ask, and widen what the class has already.

    A quiz that the class has keeps its terms; and its learners, where a teacher chose them for it alone. In
    the caller's transaction, as all of these.
    """
    _settle(given, None, None)
    _assign_missing(given, anew=True)


def follow(given: CohortCourse, was: Was, by: User | None) -> None:
    """Let the assignments of `given` open, be due and be for whom it now says, where it says something else.

    What a teacher changed for one quiz alone, or took back, stays so. Raises AssignmentRefused.
    """
    _settle(given, was, by)
    _assign_missing(given)


def keep_in_step(given: CohortCourse) -> None:
    """Assign what the published lessons of `given` ask and the class has never had of it.

    What it has keeps its terms and learners, what was taken back stays so, and a class that is over gets
    nothing more.
    """
    _assign_missing(given)


def on_lesson_published(course: Course) -> None:
    """Every class that takes the course gets what its lessons now ask."""
    for given in CohortCourse.objects.filter(
        course=course, archived_at=None, cohort__archived_at=None
    ).select_related("cohort"):
        keep_in_step(given)


def take_back(given: CohortCourse, by: User | None) -> None:
    """Take back the assignments that `given` made, but for those that something else given to the class holds."""
    for item in given.items.select_related("assignment__cohort", "lesson"):
        heirs = [one for one in _givings(given) if one != given and _covers(one, item.lesson)]
        if not heirs:
            if item.assignment.archived_at is None:
                assigning.archive(assignment=item.assignment, by=by)
        elif not heirs[0].items.filter(lesson=item.lesson, step_key=item.step_key).exists():
            item.cohort_course = heirs[0]
            item.save(update_fields=["cohort_course"])


def _settle(given: CohortCourse, was: Was | None, by: User | None) -> None:
    """Let what the class has already of `given` follow it; `was`: None where it is new."""
    givings = _givings(given)
    members = _members(given)
    now = audience_of(given)
    steps = {step.quiz_id: step for step in _graded_steps(given)}
    for assignment in (
        Assignment.objects.live()
        .filter(cohort=given.cohort_id, quiz__in=steps.keys())
        .select_related("cohort", "quiz__published", "course_item__lesson")
        .prefetch_related("named")
    ):
        lesson = steps[assignment.quiz_id].lesson_revision.lesson
        others = [audience_of(one) for one in givings if one != given and _covers(one, lesson)]
        before = _within(_together([*others, was.audience if was else _NOBODY]), members)
        after = _within(_together([*others, now]), members)
        item = getattr(assignment, "course_item", None)
        try:
            if was is not None and item is not None and item.cohort_course_id == given.pk:
                _follow_dates(assignment, given, was, by)
            if before == after:
                continue
            if item is None:  # given by itself: never for fewer than the teacher chose
                assigning.widen(assignment=assignment, learners=_users(now))
            elif after != _NOBODY and _within(_assigned(assignment), members) == before:
                assigning.address(assignment=assignment, by=by, learners=_users(after))
        except AssignmentRefused as refused:
            revision = assignment.quiz.published
            title = revision.title if revision else str(assignment.quiz)
            raise AssignmentRefused(refused.field, f"{title}: {refused}") from refused


def _follow_dates(assignment: Assignment, given: CohortCourse, was: Was, by: User | None) -> None:
    dates = {
        name: getattr(given, name)
        for name in ("opens_at", "due_at")
        if not _same(getattr(was, name), getattr(given, name))
        and _same(getattr(was, name), getattr(assignment, name))
    }
    if dates:
        assigning.change(assignment=assignment, by=by, **dates)


def _same(one: datetime | None, other: datetime | None) -> bool:
    """To the minute: forms show no more."""
    if one is None or other is None:
        return one is other
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def _givings(given: CohortCourse) -> list[CohortCourse]:
    """All that the class has now of the same course."""
    live = CohortCourse.objects.filter(cohort=given.cohort_id, course=given.course_id, archived_at=None)
    return list(live.prefetch_related("named").order_by("pk"))


def _covers(given: CohortCourse, lesson: Lesson) -> bool:
    if given.lesson_id is not None:
        return given.lesson_id == lesson.pk
    return given.module_id in (None, lesson.module_id)


def _members(given: CohortCourse) -> frozenset[int]:
    places = CohortMember.objects.learning().filter(cohort=given.cohort_id)
    return frozenset(places.values_list("user", flat=True))


def _together(audiences: Iterable[Audience]) -> Audience:
    found: set[int] = set()
    for audience in audiences:
        if audience is None:
            return None
        found |= audience
    return frozenset(found)


def _within(audience: Audience, members: frozenset[int]) -> Audience:
    return None if audience is None else audience & members


def _assigned(assignment: Assignment) -> Audience:
    if assignment.everyone:
        return None
    return frozenset(named.learner_id for named in assignment.named.all())


def _users(audience: Audience) -> list[User] | None:
    return None if audience is None else list(User.objects.filter(pk__in=audience))


def _assign_missing(given: CohortCourse, *, anew: bool = False) -> None:
    """Assign what the class has not got; `anew`: also what a teacher has taken back."""
    if given.cohort.archived_at is not None:
        return
    steps = list(_graded_steps(given))
    has = set(
        Assignment.objects.live()
        .filter(cohort=given.cohort_id, quiz__in=[step.quiz_id for step in steps])
        .values_list("quiz", flat=True)
    )
    if not anew:
        items = CohortCourseItem.objects.filter(
            cohort_course__cohort=given.cohort_id, cohort_course__archived_at=None
        )
        has.update(items.values_list("assignment__quiz", flat=True))
    for step in steps:
        if step.quiz_id not in has:
            has.add(_assign(given, step).quiz_id)


def _assign(given: CohortCourse, step: Step) -> Assignment:
    """To all for whom the class has the lesson, by what was given of it."""
    assert step.quiz is not None  # noqa: S101 - only quiz steps are asked for
    lesson = step.lesson_revision.lesson
    audience = _together(audience_of(one) for one in _givings(given) if _covers(one, lesson))
    assignment = assigning.assign(
        quiz=step.quiz,
        cohort=given.cohort,
        by=None,
        learners=_users(audience),
        tell=given.due_at is not None,  # what has no date is met with its lesson
        opens_at=given.opens_at,
        due_at=given.due_at,
    )
    CohortCourseItem.objects.update_or_create(
        cohort_course=given,
        lesson=lesson,
        step_key=step.key,
        defaults={"assignment": assignment},
    )
    return assignment


def _graded_steps(given: CohortCourse) -> Iterable[Step]:
    return (
        steps_of(given)
        .filter(quiz__mode=Quiz.Mode.GRADED, quiz__published__isnull=False, quiz__archived_at=None)
        .select_related("quiz", "lesson_revision__lesson")
        .order_by(
            "lesson_revision__lesson__module__position", "lesson_revision__lesson__position", "position"
        )
    )


def steps_of(given: CohortCourse) -> "QuerySet[Step]":
    """The steps of the published lessons that a class was given with `given`."""
    steps = Step.objects.filter(
        lesson_revision__lesson__published=F("lesson_revision"),
        lesson_revision__lesson__course=given.course_id,
        lesson_revision__lesson__archived_at=None,
        lesson_revision__lesson__module__archived_at=None,
    )
    if given.lesson_id:
        return steps.filter(lesson_revision__lesson=given.lesson_id)
    if given.module_id:
        return steps.filter(lesson_revision__lesson__module=given.module_id)
    return steps
