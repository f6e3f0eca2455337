"""Accounts: who may change whose, and that passwords and names work as at the front door."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission

from accounts import limits, roles
from accounts.models import CohortMember, OrganisationMember, User
from accounts.signals import cohort_member_changed
from tests.admin.pages import act, address, form_data, page_of, rows_shown
from tests.admin.rows import authenticator
from tests.admin.staff import with_role
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NEW = "a quite different pass phrase"


def password_page(user):
    return f"{page_of(user).removesuffix('change/')}password/"


def set_password(client, user):
    response = client.post(
        password_page(user), {"password1": NEW, "password2": NEW, "usable_password": "true"}
    )
    user.refresh_from_db()
    return response.status_code, user.check_password(NEW)


def test_a_teacher_sets_the_password_of_a_pupil(client, taught):
    pupil = CohortMemberFactory(cohort=taught).user
    assert client.get(password_page(pupil)).status_code == 200
    assert set_password(client, pupil) == (302, True)


def test_a_new_password_lifts_the_lock(client, taught, monkeypatch):
    forgiven = []
    monkeypatch.setattr(limits, "forgive", forgiven.append)
    pupil = CohortMemberFactory(cohort=taught).user
    set_password(client, pupil)
    assert forgiven == [pupil]


def test_a_teacher_changes_no_more_than_the_nickname(client, taught):
    pupil = CohortMemberFactory(cohort=taught).user
    data = form_data(client.get(page_of(pupil)))
    tried = {"display_name": "Blue", "is_staff": "on", "is_superuser": "on", "email": "a@b.example"}
    assert client.post(page_of(pupil), data | tried).status_code == 302
    pupil.refresh_from_db()
    assert (pupil.display_name, pupil.is_staff, pupil.is_superuser, pupil.email) == ("Blue", False, False, "")


def colleague(cohort):
    return TeacherFactory(cohort=cohort)


def working_pupil(cohort):
    """Learns here, and works for another organisation."""
    user = CohortMemberFactory(cohort=cohort).user
    OrganisationMemberFactory(user=user)
    return user


def teaching_pupil(cohort):
    user = CohortMemberFactory(cohort=cohort).user
    CohortMemberFactory(user=user, teacher=True)
    return user


def superuser(cohort):
    return CohortMemberFactory(cohort=cohort, user=UserFactory(is_superuser=True)).user


def service(cohort):
    return CohortMemberFactory(cohort=cohort, user=UserFactory(kind=User.Kind.SERVICE)).user


@pytest.mark.parametrize("who", [colleague, working_pupil, teaching_pupil, superuser, service])
def test_a_teacher_gets_at_nobody_who_is_not_just_a_pupil(client, taught, who):
    user = who(taught)
    assert set_password(client, user) == (403, False)
    assert client.post(page_of(user), {"display_name": "Changed"}).status_code == 403


@pytest.mark.parametrize("who", [working_pupil, teaching_pupil, superuser, service])
def test_a_site_admin_gets_at_nobody_who_works_elsewhere_or_may_do_more(client, school, who):
    assert set_password(client, who(CohortFactory(organisation=school))) == (403, False)


def test_a_site_admin_gets_at_nobody_with_a_permission_that_they_lack(client, school):
    user = StaffFactory()
    OrganisationMemberFactory(organisation=school, user=user)
    user.user_permissions.add(Permission.objects.get(codename="change_group"))
    assert set_password(client, user) == (403, False)


def test_a_site_admin_sets_the_password_of_their_teachers(client, school):
    user = with_role(TeacherFactory(cohort=CohortFactory(organisation=school)), roles.TEACHER)
    assert set_password(client, user) == (302, True)


def test_nobody_but_a_superuser_changes_their_own_account_here(client, school):
    myself = User.objects.get(pk=client.session["_auth_user_id"])
    assert set_password(client, myself) == (403, False)


def test_a_site_admin_gives_only_groups_that_can_do_no_more_than_they(client, school):
    mighty = Group.objects.create(name="mighty")
    mighty.permissions.add(Permission.objects.get(codename="change_group"))
    user = TeacherFactory(cohort=CohortFactory(organisation=school))
    data = form_data(client.get(page_of(user)))
    refused = client.post(page_of(user), data | {"groups": [mighty.pk]})
    assert list(refused.context["adminform"].errors) == ["groups"]
    teachers = Group.objects.get(name=roles.TEACHER)
    assert client.post(page_of(user), data | {"groups": [teachers.pk]}).status_code == 302
    assert list(user.groups.all()) == [teachers]


def test_what_is_only_shown_leads_to_no_password(client, taught):
    user = colleague(taught)
    content = client.get(page_of(user)).content.decode()
    assert "password" not in content.split('id="content"')[1]


def test_an_erased_account_is_not_brought_back(head):
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(erased_at=user.created_at)
    assert set_password(head, user) == (403, False)


def new_account(**fields):
    return {
        "username": "blue-heron",
        "display_name": "Blue Heron",
        "usable_password": "true",
        "password1": NEW,
        "password2": NEW,
        **fields,
    }


def test_an_account_is_made_with_a_place_in_a_class(client, school):
    cohort = CohortFactory(organisation=school)
    told = []

    def hear(sender, member, **_kwargs):
        told.append(member)

    cohort_member_changed.connect(hear)
    try:
        response = client.post(address(User, "add"), new_account(cohort=cohort.pk, role="teacher"))
    finally:
        cohort_member_changed.disconnect(hear)
    user = User.objects.get(username="blue-heron")
    assert response["Location"] == page_of(user)
    assert client.get(page_of(user)).status_code == 200
    assert user.check_password(NEW)
    assert [(place.cohort, place.role) for place in user.cohort_memberships.all()] == [(cohort, "teacher")]
    assert told == list(user.cohort_memberships.all())


def test_a_site_admins_account_needs_a_class_of_theirs(client, school):
    for tried in {}, {"cohort": CohortFactory().pk}:
        response = client.post(address(User, "add"), new_account(**tried))
        assert list(response.context["adminform"].errors) == ["cohort"]
    assert not User.objects.filter(username="blue-heron").exists()


def test_a_superuser_makes_an_account_without_a_class(head):
    assert head.post(address(User, "add"), new_account()).status_code == 302
    assert User.objects.get(username="blue-heron").cohort_memberships.count() == 0


@pytest.mark.parametrize(
    ("taken", "tried", "field"),
    [
        pytest.param({"username": "Анна"}, {"username": "анна"}, "username", id="other case"),
        pytest.param({"username": "anna"}, {"username": "ａｎｎａ"}, "username", id="other width"),
        pytest.param(
            {"email": "a@school.example"}, {"email": "A@SCHOOL.example"}, "email", id="address in other case"
        ),
    ],
)
def test_a_name_that_reads_the_same_is_taken(head, taken, tried, field):
    UserFactory(**taken)
    response = head.post(address(User, "add"), new_account(**tried))
    assert list(response.context["adminform"].errors) == [field]
    other = UserFactory()
    response = head.post(page_of(other), form_data(head.get(page_of(other))) | tried)
    assert list(response.context["adminform"].errors) == [field]


@pytest.mark.parametrize("typed", ["анна", "АННА", "Анна"])
def test_a_search_finds_a_name_in_any_case(head, typed):
    anna = UserFactory(username="Анна")
    nick = UserFactory(display_name="Анна Каренина")
    UserFactory()
    assert set(rows_shown(head, User, f"?q={typed}")) == {anna, nick}


def test_a_page_of_a_person_links_to_their_work(head):
    user = UserFactory()
    content = head.get(page_of(user)).content.decode()
    for path in ("quizzes/attempt", "quizzes/evidence", "courses/enrolment"):
        assert f'<a href="/admin/{path}/?learner__id__exact={user.pk}">' in content


def test_an_old_address_gets_no_more_links_to_a_new_password(head):
    user = UserFactory(email="old@school.example")
    for address_of_user in "old@school.example", "New@school.example":
        EmailAddress.objects.create(user=user, email=address_of_user, verified=True)
    head.post(page_of(user), form_data(head.get(page_of(user))) | {"email": "new@school.example"})
    assert [row.email for row in EmailAddress.objects.filter(user=user)] == ["New@school.example"]


def test_a_second_factor_is_taken_away_and_never_shown(head):
    factor = authenticator()
    assert b"never shown" not in head.get(page_of(factor)).content
    head.post(address(Authenticator, "delete", factor.pk), {"post": "yes"})
    assert not Authenticator.objects.exists()


def test_people_are_not_deleted(head):
    assert head.post(address(User, "delete", UserFactory().pk), {"post": "yes"}).status_code == 403


def test_somebody_is_taken_out_of_an_organisation(client, school):
    member = OrganisationMemberFactory(organisation=school)
    other = OrganisationMemberFactory(organisation=OrganisationFactory())
    act(client, "delete_selected", member)
    client.post(address(OrganisationMember, "delete", member.pk), {"post": "yes"})
    client.post(address(OrganisationMember, "delete", other.pk), {"post": "yes"})
    assert other in OrganisationMember.objects.all()
    assert member not in OrganisationMember.objects.all()


def test_a_pupil_of_a_class_is_a_learner_there(head):
    cohort = CohortFactory()
    head.post(address(User, "add"), new_account(cohort=cohort.pk))
    assert CohortMember.objects.get().role == "learner"
