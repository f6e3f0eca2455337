"""Which lessons a class was given: a course, or a module or lesson of it, for all or for some, from a day on."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models.cohort_course import CohortCourse, CohortCourseLearner
from courses.models.enrolment import Enrolment
from courses.models.lesson import Lesson

Learner = User | int


def given_now(learner: Learner) -> "QuerySet[CohortCourse]":
    """What is open to a learner now of all that classes were given; whose class, the caller says."""
    named = CohortCourseLearner.objects.filter(cohort_course=OuterRef("pk"), learner=learner)
    return CohortCourse.objects.filter(
        Q(everyone=True) | Exists(named),
        Q(opens_at=None) | Q(opens_at__lte=timezone.now()),
        archived_at=None,
    )


def met_by(learner: Learner) -> Q:
    """For lessons: those that somebody meets now in the courses that they take. Several givings add up."""
    mine = Enrolment.objects.live().filter(learner=learner, course=OuterRef("course"))
    given = given_now(learner).filter(
        Exists(mine.filter(cohort=OuterRef("cohort"))),
        Q(module=None, lesson=None) | Q(module=OuterRef("module")) | Q(lesson=OuterRef("pk")),
        course=OuterRef("course"),
    )
    return Q(Exists(mine.filter(_of_the_whole_course()))) | Q(Exists(given))


def meeting(learner: Learner, lesson: Lesson) -> Q:
    """For enrolments of one learner in the course of `lesson`: those under which they meet it now."""
    given = given_now(learner).filter(
        Q(module=None, lesson=None) | Q(module=lesson.module_id) | Q(lesson=lesson),
        cohort=OuterRef("cohort"),
        course=OuterRef("course"),
    )
    return _of_the_whole_course() | Q(Exists(given))


def _of_the_whole_course() -> Q:
    """Enrolments that no giving narrows: taken alone, or made without one."""
    any_giving = CohortCourse.objects.filter(cohort=OuterRef("cohort"), course=OuterRef("course"))
    return Q(cohort=None) | ~Q(Exists(any_giving))
