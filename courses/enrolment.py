"""Who takes which course: the only writer of enrolments and of the courses of a class."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Cohort, CohortMember, User
from courses.models import CohortCourse, Course, Enrolment, Lesson
from courses.signals import enrolment_changed


@transaction.atomic
def enrol(*, learner: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """The learner's live enrolment in `course`, alone or under `cohort`. Twice is once."""
    enrolment, made = Enrolment.objects.get_or_create(
        learner=learner, course=course, cohort=cohort, ended_at=None
    )
    if made:
        enrolment_changed.send(sender=Enrolment, enrolment=enrolment)
    return enrolment


@transaction.atomic
def end(*, enrolment: Enrolment) -> Enrolment:
    """End an enrolment now. What was learnt under it stays. Twice is once."""
    if enrolment.ended_at is None:
        enrolment.ended_at = timezone.now()
        enrolment.save(update_fields=["ended_at", "updated_at"])
        enrolment_changed.send(sender=Enrolment, enrolment=enrolment)
    return enrolment


@transaction.atomic
def give_course(*, cohort: Cohort, course: Course) -> CohortCourse:
    """Let a class take a course: its learners now, and whoever joins later. Twice is once."""
    given, _made = CohortCourse.objects.get_or_create(cohort=cohort, course=course, archived_at=None)
    for member in cohort.members.filter(role=CohortMember.Role.LEARNER, left_at=None).select_related("user"):
        enrol(learner=member.user, course=course, cohort=cohort)
    return given


@transaction.atomic
def take_back_course(*, given: CohortCourse) -> CohortCourse:
    """End what `give_course` began: nobody who joins is enrolled, and its enrolments end. Twice is once."""
    if given.archived_at is None:
        given.archived_at = timezone.now()
        given.save(update_fields=["archived_at", "updated_at"])
        for enrolment in Enrolment.objects.live().filter(cohort=given.cohort_id, course=given.course_id):
            end(enrolment=enrolment)
    return given


def follow_cohort(member: CohortMember) -> None:
    """Enrol whoever came into a class in its courses; end that for whoever left it."""
    if member.left_at is None and member.role == CohortMember.Role.LEARNER:
        taken = CohortCourse.objects.filter(cohort=member.cohort_id, archived_at=None)
        for given in taken.select_related("course", "cohort"):
            enrol(learner=member.user, course=given.course, cohort=given.cohort)
        return
    for enrolment in Enrolment.objects.live().filter(learner=member.user_id, cohort=member.cohort_id):
        end(enrolment=enrolment)


def enrolment_of(user: User, course: Course) -> Enrolment | None:
    """The live enrolment under which `user` takes `course` now: the newest."""
    mine = Enrolment.objects.live().filter(learner=user, course=course)
    return mine.select_related("cohort").order_by("-enrolled_at", "-pk").first()


@transaction.atomic
def give_lesson(*, cohort: Cohort, lesson: Lesson) -> None:
    """Let a class take `lesson`, unless it takes some of its course already. Twice is once."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if CohortCourse.objects.filter(cohort=cohort, course=lesson.course_id, archived_at=None).exists():
        return
    CohortCourse.objects.create(cohort=cohort, course=lesson.course, lesson=lesson)
    for member in cohort.members.filter(role=CohortMember.Role.LEARNER, left_at=None).select_related("user"):
        enrol(learner=member.user, course=lesson.course, cohort=cohort)
