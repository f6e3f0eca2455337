"""Who takes which course: the only writer of enrolments and of the courses of a class."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Cohort, CohortMember, User
from courses import classwork
from courses.models import CohortCourse, CohortCourseLearner, Course, Enrolment, Lesson
from courses.models.given import meeting
from courses.signals import enrolment_changed
from quizzes.models import Assignment, Quiz
from quizzes.places import Within


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
    """Let a class take a whole course: its learners now, and whoever joins later. Twice is once.

    The simplest case of `courses.assigning.give`, for commands and the admin.
    """
    given, made = CohortCourse.objects.get_or_create(
        cohort=cohort, course=course, module=None, lesson=None, archived_at=None
    )
    for member in cohort.members.learning().select_related("user"):
        enrol(learner=member.user, course=course, cohort=cohort)
    if made:
        classwork.begin(given)
    else:
        classwork.keep_in_step(given)
    return given


@transaction.atomic
def take_back_course(*, given: CohortCourse) -> CohortCourse:
    """End what `give_course` began: nobody who joins is enrolled, and its enrolments end. Twice is once."""
    if given.archived_at is None:
        given.archived_at = timezone.now()
        given.save(update_fields=["archived_at", "updated_at"])
        classwork.take_back(given, None)
        end_what_is_not_given(cohort=given.cohort, course=given.course)
    return given


def end_what_is_not_given(*, cohort: Cohort, course: Course) -> None:
    """End the enrolments in `course` of those to whom nothing of it is given in this class any more."""
    for enrolment in Enrolment.objects.live().filter(cohort=cohort, course=course):
        if not given_to(enrolment.learner_id).filter(cohort=cohort, course=course).exists():
            end(enrolment=enrolment)


def given_to(learner: int) -> "QuerySet[CohortCourse]":
    """What classes were given for this learner too, open or not yet."""
    named = CohortCourseLearner.objects.filter(cohort_course=OuterRef("pk"), learner=learner)
    return CohortCourse.objects.filter(Q(everyone=True) | Exists(named), archived_at=None)


def follow_cohort(member: CohortMember) -> None:
    """Enrol whoever came into a class in its courses; end that for whoever left it."""
    if member.left_at is None and member.role == CohortMember.Role.LEARNER:
        taken = given_to(member.user_id).filter(cohort=member.cohort_id)
        for given in taken.select_related("course", "cohort"):
            enrol(learner=member.user, course=given.course, cohort=given.cohort)
        return
    for enrolment in Enrolment.objects.live().filter(learner=member.user_id, cohort=member.cohort_id):
        end(enrolment=enrolment)


def follow_cohorts(members: Iterable[CohortMember]) -> None:
    """What `follow_cohort` does, for many at once: six statements for each class, however many they are."""
    by_cohort: dict[Cohort, list[CohortMember]] = defaultdict(list)
    for member in members:
        by_cohort[member.cohort].append(member)
    for cohort, changed in by_cohort.items():
        coming = [one for one in changed if one.left_at is None and one.role == CohortMember.Role.LEARNER]
        leaving = [one.user_id for one in changed if one not in coming]
        _enrol_many(cohort, {one.user_id: one.user for one in coming})
        _end_many(Enrolment.objects.live().filter(cohort=cohort, learner__in=leaving))


def _enrol_many(cohort: Cohort, learners: dict[int, User]) -> None:
    given = list(CohortCourse.objects.filter(cohort=cohort, archived_at=None).select_related("course"))
    named = set(
        CohortCourseLearner.objects.filter(cohort_course__in=given, learner__in=learners).values_list(
            "cohort_course", "learner"
        )
    )
    live = Enrolment.objects.live().filter(cohort=cohort, learner__in=learners)
    taken = set(live.values_list("learner", "course"))
    courses = {
        (learner, one.course_id): one.course
        for one in given
        for learner in learners
        if one.everyone or (one.pk, learner) in named
    }
    made = Enrolment.objects.bulk_create(
        Enrolment(learner=learners[learner], course=course, cohort=cohort)
        for (learner, course_pk), course in courses.items()
        if (learner, course_pk) not in taken
    )
    for enrolment in made:
        enrolment_changed.send(sender=Enrolment, enrolment=enrolment)


def _end_many(enrolments: "QuerySet[Enrolment]") -> None:
    now = timezone.now()
    ended = list(enrolments)
    for enrolment in ended:
        enrolment.ended_at = enrolment.updated_at = now
    Enrolment.objects.bulk_update(ended, ["ended_at", "updated_at"])
    for enrolment in ended:
        enrolment_changed.send(sender=Enrolment, enrolment=enrolment)


def enrolment_of(user: User, course: Course) -> Enrolment | None:
    """The live enrolment under which `user` takes `course` now: the newest."""
    mine = Enrolment.objects.live().filter(learner=user, course=course)
    return mine.select_related("cohort").order_by("-enrolled_at", "-pk").first()


def enrolments_of(user: User, courses: Iterable[Course]) -> dict[int, Enrolment]:
    """As `enrolment_of`, of several courses: by the course's primary key. One query."""
    mine = Enrolment.objects.live().filter(learner=user, course__in=list(courses))
    newest_last = mine.select_related("cohort").order_by("enrolled_at", "pk")
    return {enrolment.course_id: enrolment for enrolment in newest_last}


@transaction.atomic
def give_lesson(*, cohort: Cohort, lesson: Lesson) -> None:
    """Let a class take `lesson`, unless it takes some of its course already. Twice is once."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if CohortCourse.objects.filter(cohort=cohort, course=lesson.course_id, archived_at=None).exists():
        return
    given = CohortCourse.objects.create(cohort=cohort, course=lesson.course, lesson=lesson)
    for member in cohort.members.learning().select_related("user"):
        enrol(learner=member.user, course=lesson.course, cohort=cohort)
    classwork.begin(given)


@dataclass(frozen=True)
class Meeting:
    """An enrolment under which a quiz is met. `yields`: another class of theirs has given it to them, not this."""

    enrolment: Enrolment
    yields: bool


def meeting_of(user: User, lesson: Lesson, quiz: Quiz, within: Within = None) -> Meeting | None:
    """The live enrolment under which `user` meets a quiz in a lesson: of a class that assigned it, else the newest.

    A class that assigns it, to them or not, comes before those that do not, and one that is over last.
    """
    mine = Enrolment.objects.live().filter(meeting(user, lesson), learner=user, course=lesson.course_id)
    if within is not None:
        mine = mine.filter(cohort__in=within)
    found = list(mine.select_related("cohort").order_by("-enrolled_at", "-pk"))
    if not found:
        return None
    mine_too = {one.cohort_id for one in found}
    asked = Assignment.objects.filter(quiz=quiz, cohort__in=mine_too, cohort__archived_at=None)
    asking = set(asked.order_by().values_list("cohort", flat=True))
    given = Assignment.objects.given_to(user).filter(quiz=quiz)
    giving = set(given.order_by().values_list("cohort", flat=True))

    def rank(one: Enrolment) -> tuple[bool, bool, bool]:
        over = one.cohort is not None and one.cohort.is_archived
        return one.cohort_id not in giving, one.cohort_id not in asking, over

    first = min(found, key=rank)
    return Meeting(first, yields=bool(giving) and first.cohort_id not in giving)
