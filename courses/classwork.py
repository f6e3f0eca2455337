"""The assignments that a class's courses make: one of each graded quiz step, kept in step with the lessons.

The only writer of `CohortCourseItem`. The assignments themselves `quizzes.assigning` writes.
"""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from accounts.models import User
from courses.models import CohortCourse, CohortCourseItem, Course, Step
from quizzes import assigning
from quizzes.models import Assignment, Quiz


def keep_in_step(given: CohortCourse) -> None:
    """Assign what the published lessons of `given` ask and the class has not got; widen what fewer have.

    A quiz that the class has already keeps its terms; a class that is over gets nothing more. In the
    caller's transaction.
    """
    if given.cohort.archived_at is not None:
        return
    learners = _learners(given)
    steps = list(_graded_steps(given))
    live: dict[int | None, Assignment] = {
        assignment.quiz_id: assignment
        for assignment in Assignment.objects.live()
        .filter(cohort=given.cohort, quiz__in=[step.quiz_id for step in steps])
        .select_related("cohort", "quiz")
    }
    for step in steps:
        if step.quiz is None:
            continue
        if step.quiz_id not in live:
            live[step.quiz_id] = _assign(given, step, learners)
        elif not live[step.quiz_id].everyone and learners != []:
            assigning.widen(assignment=live[step.quiz_id], learners=learners)


def on_lesson_published(course: Course) -> None:
    """Every class that takes the course gets what its lessons now ask."""
    for given in CohortCourse.objects.filter(
        course=course, archived_at=None, cohort__archived_at=None
    ).select_related("cohort"):
        keep_in_step(given)


def follow(given: CohortCourse, by: User | None) -> None:
    """Let the assignments of `given` open and be due when it does, and be for whom it is now.

    Raises AssignmentRefused.
    """
    learners = _learners(given)
    for item in given.items.filter(assignment__archived_at=None).select_related("assignment__cohort"):
        dates = {"opens_at": given.opens_at, "due_at": given.due_at}
        changed = assigning.change(assignment=item.assignment, by=by, **dates)
        assigning.address(assignment=changed, by=by, learners=learners)
    others = CohortCourse.objects.filter(cohort=given.cohort_id, course=given.course_id, archived_at=None)
    for other in others.exclude(pk=given.pk).select_related("cohort"):
        keep_in_step(other)


def take_back(given: CohortCourse, by: User | None) -> None:
    """Take back the assignments that `given` made, but for those that something else given to the class holds."""
    for item in given.items.filter(assignment__archived_at=None).select_related(
        "assignment__cohort", "lesson"
    ):
        others = CohortCourse.objects.filter(
            Q(module=None, lesson=None) | Q(module=item.lesson.module_id) | Q(lesson=item.lesson),
            cohort=given.cohort_id,
            course=given.course_id,
            archived_at=None,
        ).exclude(pk=given.pk)
        heir = others.order_by("pk").first()
        if heir is None:
            assigning.archive(assignment=item.assignment, by=by)
        else:
            item.cohort_course = heir
            item.save(update_fields=["cohort_course"])


def _assign(given: CohortCourse, step: Step, learners: list[User] | None) -> Assignment:
    assert step.quiz is not None  # noqa: S101 - only quiz steps are asked for
    assignment = assigning.assign(
        quiz=step.quiz,
        cohort=given.cohort,
        by=None,
        learners=learners,
        tell=given.due_at is not None,  # what has no date is met with its lesson
        opens_at=given.opens_at,
        due_at=given.due_at,
    )
    CohortCourseItem.objects.update_or_create(
        cohort_course=given,
        lesson=step.lesson_revision.lesson,
        step_key=step.key,
        defaults={"assignment": assignment},
    )
    return assignment


def _learners(given: CohortCourse) -> list[User] | None:
    """Whom it is for: None for the whole class."""
    if given.everyone:
        return None
    return list(User.objects.filter(pk__in=given.named.values("learner")))


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
