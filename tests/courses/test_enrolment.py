from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import CohortMember
from accounts.signals import cohort_member_changed
from courses import enrolment
from courses.models import CohortCourse, Course, Enrolment
from courses.signals import enrolment_changed
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    LearnerFactory,
    OrganisationMemberFactory,
    StaffFactory,
    TeacherFactory,
)
from tests.factories.courses import CohortCourseFactory, CourseFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Each change of an enrolment that was announced: the enrolment, and whether it is live."""
    changes = []

    def listen(sender, enrolment, **_kwargs):
        assert sender is Enrolment
        changes.append((enrolment.pk, enrolment.ended_at is None))

    enrolment_changed.connect(listen)
    yield changes
    enrolment_changed.disconnect(listen)


def live():
    """Who takes which course under which class now."""
    return set(Enrolment.objects.live().values_list("learner", "course", "cohort"))


# The database refuses by itself -------------------------------------------------------------------


def test_row_is_refused_twice_alone_and_twice_under_a_class():
    learner, course, cohort = LearnerFactory(), CourseFactory(), CohortFactory()
    for place in (None, cohort):
        EnrolmentFactory(learner=learner, course=course, cohort=place)
        with pytest.raises(IntegrityError), transaction.atomic():
            EnrolmentFactory(learner=learner, course=course, cohort=place)
    EnrolmentFactory(learner=learner, course=course, cohort=CohortFactory())
    assert Enrolment.objects.count() == 3


def test_row_may_come_again_after_the_first_ended():
    first = EnrolmentFactory()
    enrolment.end(enrolment=first)
    EnrolmentFactory(learner=first.learner, course=first.course)
    assert Enrolment.objects.count() == 2


def test_row_that_ends_before_it_starts_is_refused():
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentFactory(enrolled_at=now, ended_at=now - timedelta(seconds=1))


def test_class_takes_a_course_once():
    given = CohortCourseFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortCourseFactory(cohort=given.cohort, course=given.course)
    CohortCourse.objects.update(archived_at=timezone.now())
    CohortCourseFactory(cohort=given.cohort, course=given.course)


def test_course_taken_back_ends_what_it_began():
    given = CohortCourseFactory()
    pupil = CohortMemberFactory(cohort=given.cohort).user
    alone = EnrolmentFactory(course=given.course)
    enrolment.give_course(cohort=given.cohort, course=given.course)
    first = enrolment.take_back_course(given=given).archived_at
    assert enrolment.take_back_course(given=given).archived_at == first
    assert live() == {(alone.learner_id, given.course.pk, None)}
    CohortMemberFactory(cohort=given.cohort)
    assert live() == {(alone.learner_id, given.course.pk, None)}
    enrolment.give_course(cohort=given.cohort, course=given.course)
    assert (pupil.pk, given.course.pk, given.cohort.pk) in live()


# Verbs --------------------------------------------------------------------------------------------


def test_enrol_twice_is_once(heard):
    learner, course = LearnerFactory(), CourseFactory()
    first = enrolment.enrol(learner=learner, course=course)
    assert enrolment.enrol(learner=learner, course=course) == first
    assert (first.cohort, first.ended_at, live()) == (None, None, {(learner.pk, course.pk, None)})
    assert heard == [(first.pk, True)]


def test_enrol_alone_and_under_classes_are_enrolments_of_their_own(heard):
    learner, course, cohorts = LearnerFactory(), CourseFactory(), [CohortFactory(), CohortFactory()]
    for cohort in (None, *cohorts, cohorts[0]):
        enrolment.enrol(learner=learner, course=course, cohort=cohort)
    assert live() == {(learner.pk, course.pk, pk) for pk in (None, cohorts[0].pk, cohorts[1].pk)}
    assert len(heard) == 3


def test_end_twice_is_once(heard):
    taken = enrolment.enrol(learner=LearnerFactory(), course=CourseFactory())
    ended_at = enrolment.end(enrolment=taken).ended_at
    enrolment.end(enrolment=taken)
    taken.refresh_from_db()
    assert (taken.ended_at, live()) == (ended_at, set())
    assert heard == [(taken.pk, True), (taken.pk, False)]


def test_enrol_after_the_end_begins_anew():
    taken = EnrolmentFactory()
    enrolment.end(enrolment=taken)
    anew = enrolment.enrol(learner=taken.learner, course=taken.course)
    assert (anew != taken, live()) == (True, {(taken.learner_id, taken.course_id, None)})


def test_give_course_enrols_the_learners_that_a_class_has_now():
    cohort, course = CohortFactory(), CourseFactory()
    learners = [CohortMemberFactory(cohort=cohort).user for _number in range(2)]
    TeacherFactory(cohort=cohort)
    gone = timezone.now()
    CohortMemberFactory(cohort=cohort, joined_at=gone, left_at=gone)
    CohortMemberFactory()
    given = enrolment.give_course(cohort=cohort, course=course)
    assert (given.cohort, given.course) == (cohort, course)
    assert live() == {(learner.pk, course.pk, cohort.pk) for learner in learners}
    assert enrolment.give_course(cohort=cohort, course=course) == given
    assert Enrolment.objects.count() == 2


def changed(member):
    cohort_member_changed.send(sender=CohortMember, member=member)


def test_who_joins_a_class_is_enrolled_in_its_courses():
    cohort = CohortFactory()
    courses = [CohortCourseFactory(cohort=cohort).course for _number in range(2)]
    CohortCourseFactory(cohort=cohort, archived_at=timezone.now())
    CohortCourseFactory()
    member = CohortMemberFactory(cohort=cohort)
    for _time in range(2):
        changed(member)
    assert live() == {(member.user_id, course.pk, cohort.pk) for course in courses}
    assert Enrolment.objects.count() == 2


def test_teacher_who_joins_is_not_enrolled():
    given = CohortCourseFactory()
    changed(CohortMemberFactory(cohort=given.cohort, teacher=True))
    assert live() == set()


@pytest.mark.parametrize(
    "change", [{"left_at": timezone.now()}, {"role": "teacher"}], ids=["left", "teaches"]
)
def test_who_learns_there_no_longer_loses_that_enrolment_only(change):
    given, other = CohortCourseFactory(), CohortCourseFactory()
    member = CohortMemberFactory(cohort=given.cohort, joined_at=timezone.now() - timedelta(days=9))
    classmate = CohortMemberFactory(cohort=given.cohort)
    for each in (member, classmate, CohortMemberFactory(cohort=other.cohort, user=member.user)):
        changed(each)
    enrolment.enrol(learner=member.user, course=given.course)
    for name, value in change.items():
        setattr(member, name, value)
    member.save()
    changed(member)
    assert live() == {
        (member.user_id, given.course_id, None),
        (member.user_id, other.course_id, other.cohort_id),
        (classmate.user_id, given.course_id, given.cohort_id),
    }


def test_enrolment_of_is_the_newest_live_one():
    learner, course = LearnerFactory(), CourseFactory()
    assert enrolment.enrolment_of(learner, course) is None
    now = timezone.now()
    old, new, ended = (
        EnrolmentFactory(
            learner=learner, course=course, cohort=cohort, enrolled_at=now - timedelta(days=days)
        )
        for cohort, days in [(None, 3), (CohortFactory(), 2), (CohortFactory(), 1)]
    )
    enrolment.end(enrolment=ended)
    EnrolmentFactory(course=course)
    assert enrolment.enrolment_of(learner, course) == new
    enrolment.end(enrolment=new)
    assert enrolment.enrolment_of(learner, course) == old


# Seeing -------------------------------------------------------------------------------------------


def test_enrolment_is_visible_to_the_learner_and_the_teachers_of_its_class():
    cohort = CohortFactory()
    taken = EnrolmentFactory(cohort=cohort)
    alone = EnrolmentFactory(learner=taken.learner)
    classmate = EnrolmentFactory(cohort=cohort)
    assert set(Enrolment.objects.visible_to(taken.learner)) == {taken, alone}
    assert set(Enrolment.objects.visible_to(TeacherFactory(cohort=cohort))) == {taken, classmate}
    for nobody in (AnonymousUser(), LearnerFactory(), TeacherFactory(cohort=CohortFactory())):
        assert not Enrolment.objects.visible_to(nobody).exists()


def test_course_is_visible_to_who_takes_it_and_who_works_for_its_organisation():
    taken = EnrolmentFactory()
    draft = CourseFactory(published_at=None, organisation=OrganisationMemberFactory().organisation)
    EnrolmentFactory(learner=taken.learner, course=draft)
    archived = EnrolmentFactory(
        learner=taken.learner, course=CourseFactory(archived_at=timezone.now())
    ).course
    ended = EnrolmentFactory(learner=taken.learner)
    enrolment.end(enrolment=ended)
    author = draft.organisation.members.get().user
    assert set(Course.objects.visible_to(taken.learner)) == {taken.course}
    assert set(Course.objects.visible_to(author)) == {draft, taken.course, archived, ended.course}
    assert set(Course.objects.visible_to(StaffFactory(is_superuser=True))) == set(Course.objects.all())
    for nobody in (AnonymousUser(), StaffFactory()):
        assert not Course.objects.visible_to(nobody).exists()
