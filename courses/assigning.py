"""Giving courses to classes, or modules and lessons of them, with the assignments that come of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import note
from accounts.models import Cohort, CohortMember, User
from courses import classwork
from courses.enrolment import end_what_is_not_given, enrol
from courses.models import CohortCourse, CohortCourseLearner, Course, Lesson, Module
from quizzes.assigning import AssignmentRefused


@transaction.atomic
def give(
    *,
    cohort: Cohort,
    course: Course,
    by: User | None,
    module: Module | None = None,
    lesson: Lesson | None = None,
    learners: Iterable[User] | None = None,
    opens_at: datetime | None = None,
    due_at: datetime | None = None,
) -> CohortCourse:
    """Let a class, or some `learners` of it, take a course, or a module or lesson of it, from `opens_at` on.

    Its graded quizzes are assigned, due at `due_at`. What was given already is given anew: to these
    learners, with these dates; quizzes follow in what was changed, unless a teacher had changed that for
    the quiz alone. Raises AssignmentRefused.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    _refuse(cohort, course, module, lesson, opens_at, due_at)
    given, made = CohortCourse.objects.get_or_create(
        cohort=cohort,
        course=course,
        module=module,
        lesson=lesson,
        archived_at=None,
        defaults={"opens_at": opens_at, "due_at": due_at},
    )
    was = classwork.Was.of(given)
    _set_learners(given, None if learners is None else list(learners))
    if made:
        classwork.begin(given)
    else:
        given.opens_at, given.due_at = opens_at, due_at
        given.save(update_fields=["opens_at", "due_at", "updated_at"])
        classwork.follow(given, was, by)
        end_what_is_not_given(cohort=cohort, course=course)
    for learner in learners_of(given):
        enrol(learner=learner, course=course, cohort=cohort)
    note(by, _("Given to the class."), given)
    return given


@transaction.atomic
def take_back(*, given: CohortCourse, by: User | None) -> CohortCourse:
    """Take back what was given; what was done of it stays. Twice is once."""
    Cohort.objects.select_for_update(no_key=True).get(pk=given.cohort_id)
    if given.archived_at is None:
        given.archived_at = timezone.now()
        given.save(update_fields=["archived_at", "updated_at"])
        classwork.take_back(given, by)
        end_what_is_not_given(cohort=given.cohort, course=given.course)
        note(by, _("Taken back from the class."), given)
    return given


def learners_of(given: CohortCourse) -> list[User]:
    """The learners of the class for whom it is."""
    members = CohortMember.objects.learning().filter(cohort=given.cohort_id)
    learners = User.objects.filter(pk__in=members.values("user"))
    return list(learners if given.everyone else learners.filter(pk__in=given.named.values("learner")))


def _refuse(
    cohort: Cohort,
    course: Course,
    module: Module | None,
    lesson: Lesson | None,
    opens_at: datetime | None,
    due_at: datetime | None,
) -> None:
    if cohort.archived_at is not None:
        raise AssignmentRefused("", _("This class is over: nothing is given to it any more."))
    part = lesson or module
    if part is not None and part.course_id != course.pk:
        raise ValueError("The part belongs to another course.")
    if course.published_at is None or course.archived_at is not None:
        raise AssignmentRefused("what", _("This course is not open. Choose another one."))
    if opens_at and due_at and due_at < opens_at:
        raise AssignmentRefused("due_at", _("It is due before it opens. Choose a later day."))


def _set_learners(given: CohortCourse, learners: list[User] | None) -> None:
    everyone = learners is None
    if given.everyone != everyone:
        given.everyone = everyone
        given.save(update_fields=["everyone", "updated_at"])
    wanted = [] if learners is None else learners
    given.named.exclude(learner__in=wanted).delete()
    CohortCourseLearner.objects.bulk_create(
        [CohortCourseLearner(cohort_course=given, learner=learner) for learner in wanted],
        ignore_conflicts=True,
    )
    if not everyone and not learners_of(given):
        raise AssignmentRefused("learners", _("Choose somebody of this class, or the whole class."))
