"""The verbs by which a class is run."""

import pytest
from django.contrib.auth.models import Group

from accounts import classes, roles
from accounts.classes import ClassRefused
from accounts.models import Cohort, CohortMember, JoinCode
from accounts.signals import cohort_member_changed
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Role = CohortMember.Role


@pytest.fixture
def school():
    return OrganisationFactory(timezone="Asia/Yerevan")


@pytest.fixture
def colleague(school):
    user = UserFactory(username="vera", email="vera@school.example")
    OrganisationMemberFactory(organisation=school, user=user)
    user.groups.add(Group.objects.get(name=roles.TEACHER))
    return user


@pytest.fixture
def cohort(school):
    return CohortFactory(organisation=school, name="7b")


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def heard():
    told = []

    def hear(sender, *, member, **_kwargs):
        told.append((member.user_id, member.role, member.left_at is None))

    cohort_member_changed.connect(hear)
    yield told
    cohort_member_changed.disconnect(hear)


def place(cohort, user):
    return CohortMember.objects.get(cohort=cohort, user=user, left_at=None)


def test_starting_a_class_makes_its_teacher_and_a_code(school, colleague, heard):
    made = classes.start_class(by=colleague, organisation=school, name="  7b   English ")
    assert (made.name, made.timezone, made.organisation) == ("7b English", "Asia/Yerevan", school)
    assert place(made, colleague).role == Role.TEACHER
    assert made.join_codes.live().count() == 1
    assert heard == [(colleague.pk, "teacher", True)]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "7b\u200b"])
def test_a_class_needs_a_name_that_can_be_read(school, colleague, name):
    with pytest.raises(ClassRefused) as refused:
        classes.start_class(by=colleague, organisation=school, name=name)
    assert refused.value.field == "name"
    assert not Cohort.objects.exists()


def test_a_class_is_started_only_where_one_works_and_may(school, colleague):
    elsewhere = OrganisationFactory()
    pupil = UserFactory()
    OrganisationMemberFactory(organisation=school, user=pupil)
    for by, where in ((colleague, elsewhere), (pupil, school)):
        with pytest.raises(ClassRefused) as refused:
            classes.start_class(by=by, organisation=where, name="7b")
        assert refused.value.field == "organisation"


@pytest.mark.parametrize("login", ["vera", "VERA", "vera@school.example"])
def test_a_colleague_is_added_by_name_or_address(cohort, teacher, colleague, heard, login):
    classes.add_staff(by=teacher, cohort=cohort, login=login, role=Role.ASSISTANT)
    assert place(cohort, colleague).role == Role.ASSISTANT
    classes.add_staff(by=teacher, cohort=cohort, login=login, role=Role.TEACHER)
    assert place(cohort, colleague).role == Role.TEACHER
    assert heard == [(colleague.pk, "assistant", True), (colleague.pk, "teacher", True)]


def test_nobody_from_elsewhere_becomes_staff(cohort, teacher):
    OrganisationMemberFactory(user=UserFactory(username="boris"))
    UserFactory(username="nadja")
    said = set()
    for login in ("boris", "nadja", "nobody", ""):
        with pytest.raises(ClassRefused) as refused:
            classes.add_staff(by=teacher, cohort=cohort, login=login, role=Role.TEACHER)
        said.add((refused.value.field, refused.value.message))
    assert len(said) == 1  # whether there is such an account, nobody learns here


def test_a_learner_is_not_made_staff(cohort, teacher, colleague):
    member = CohortMemberFactory(cohort=cohort, user=colleague)
    with pytest.raises(ClassRefused):
        classes.add_staff(by=teacher, cohort=cohort, login="vera", role=Role.TEACHER)
    with pytest.raises(ClassRefused):
        classes.change_role(by=teacher, member=member, role=Role.TEACHER)
    member.refresh_from_db()
    assert member.role == Role.LEARNER


def test_a_class_keeps_its_last_teacher(cohort, teacher, colleague):
    alone = place(cohort, teacher)
    for change in (
        lambda: classes.remove_member(by=teacher, member=alone),
        lambda: classes.change_role(by=teacher, member=alone, role=Role.ASSISTANT),
        lambda: classes.add_staff(by=teacher, cohort=cohort, login=teacher.username, role=Role.ASSISTANT),
    ):
        with pytest.raises(ClassRefused):
            change()
    assert place(cohort, teacher).role == Role.TEACHER
    classes.add_staff(by=teacher, cohort=cohort, login="vera", role=Role.TEACHER)
    classes.remove_member(by=colleague, member=alone)
    assert not CohortMember.objects.filter(cohort=cohort, user=teacher, left_at=None).exists()


def test_who_leaves_is_told_of_once(cohort, teacher, heard):
    member = CohortMemberFactory(cohort=cohort)
    classes.remove_member(by=teacher, member=member)
    left = CohortMember.objects.get(pk=member.pk).left_at
    classes.remove_member(by=teacher, member=member)
    assert CohortMember.objects.get(pk=member.pk).left_at == left
    assert heard == [(member.user_id, "learner", False)]


def test_names_are_tidied_and_the_nickname_is_one_of_its_own(cohort, teacher):
    member = CohortMemberFactory(cohort=cohort)
    CohortMemberFactory(cohort=cohort, user__display_name="Kim")
    classes.set_names(by=teacher, member=member, real_name=" Sam  Lindqvist ", nickname=" Blue   Heron ")
    member.refresh_from_db()
    assert (member.real_name, member.user.display_name) == ("Sam Lindqvist", "Blue Heron")
    for real_name, nickname, field in (
        ("x" * 201, "Blue Heron", "real_name"),
        ("Sam\u202e", "Blue Heron", "real_name"),
        ("Sam", "KIM", "nickname"),
        ("Sam", "", "nickname"),
        ("Sam", "a@b.example", "nickname"),
    ):
        with pytest.raises(ClassRefused) as refused:
            classes.set_names(by=teacher, member=member, real_name=real_name, nickname=nickname)
        assert refused.value.field == field
    member.refresh_from_db()
    assert (member.real_name, member.user.display_name) == ("Sam Lindqvist", "Blue Heron")


def test_archiving_closes_the_codes_and_can_be_taken_back(cohort, teacher):
    JoinCodeFactory(cohort=cohort)
    classes.set_archived(by=teacher, cohort=cohort, archived=True)
    assert (Cohort.objects.active().count(), JoinCode.objects.live().count()) == (0, 0)
    classes.set_archived(by=teacher, cohort=cohort, archived=False)
    assert (Cohort.objects.active().count(), JoinCode.objects.live().count()) == (1, 1)


def test_a_withdrawn_code_stays_withdrawn(cohort, teacher):
    code = JoinCodeFactory(cohort=cohort)
    classes.revoke_code(by=teacher, code=code)
    first = JoinCode.objects.get().revoked_at
    classes.revoke_code(by=teacher, code=code)
    assert JoinCode.objects.get().revoked_at == first is not None
