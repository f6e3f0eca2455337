"""Exporting and erasing a person, from the administration."""

import json

import pytest

from accounts import roles
from accounts.models import User
from tests.admin.pages import address, page_of
from tests.admin.staff import site_admin, with_role
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    StaffFactory,
    TeacherFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(organisation=OrganisationFactory())


@pytest.fixture
def pupil(cohort):
    return CohortMemberFactory(cohort=cohort, user__username="sam").user


def pages(person):
    return [address(User, name, person.pk) for name in ("export", "erase")]


def test_a_site_admin_exports_and_erases_a_pupil(client, cohort, pupil):
    client.force_login(site_admin(cohort.organisation))
    export, erase = pages(pupil)
    offered = client.get(page_of(pupil)).content.decode()
    assert export in offered
    assert erase in offered
    told = client.get(export)
    assert json.loads(told.getvalue())["tables"]["accounts.user"][0]["username"] == "sam"
    refused = client.post(erase, {"username": "somebody"})
    assert (refused.status_code, User.objects.get(pk=pupil.pk).erased_at) == (422, None)
    assert client.post(erase, {"username": "sam"}).status_code == 302
    assert User.objects.get(pk=pupil.pk).erased_at is not None


def test_nobody_else_does(client, cohort, pupil):
    teacher = with_role(TeacherFactory(cohort=cohort), roles.TEACHER)
    elsewhere = site_admin(OrganisationFactory())
    author = with_role(StaffFactory(), roles.AUTHOR)
    for somebody, status in ((teacher, 403), (elsewhere, 404), (author, 403)):
        client.force_login(somebody)
        for page in pages(pupil):
            assert client.get(page).status_code == status
            assert client.post(page, {"username": "sam"}).status_code == status
    assert User.objects.get(pk=pupil.pk).erased_at is None


def test_an_admin_is_not_erased_by_an_equal(client, cohort):
    admin = site_admin(cohort.organisation)
    client.force_login(admin)
    superuser = StaffFactory(is_superuser=True)
    CohortMemberFactory(cohort=cohort, user=superuser)
    for person in (admin, superuser):
        assert client.post(pages(person)[1], {"username": person.username}).status_code == 403


def test_a_superuser_is_told_why_another_superuser_stays(client):
    other = StaffFactory(is_superuser=True)
    client.force_login(StaffFactory(is_superuser=True))
    refused = client.post(pages(other)[1], {"username": other.username})
    assert refused.status_code == 422
    assert "A superuser is not erased" in refused.content.decode()
