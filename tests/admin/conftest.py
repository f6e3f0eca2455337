from typing import Any

import pytest

from accounts import roles
from accounts.models import Cohort, Organisation, User
from tests.admin.staff import site_admin, with_role
from tests.factories.accounts import CohortFactory, OrganisationFactory, StaffFactory, TeacherFactory


@pytest.fixture
def head(client: Any) -> Any:
    """A client of a superuser."""
    client.force_login(StaffFactory(is_superuser=True))
    return client


@pytest.fixture
def teacher(client: Any) -> User:
    """A teacher of one class, signed in."""
    teacher = with_role(TeacherFactory(cohort=CohortFactory()), roles.TEACHER)
    client.force_login(teacher)
    return teacher


@pytest.fixture
def taught(teacher: User) -> Cohort:
    return Cohort.objects.taught_by(teacher).get()


@pytest.fixture
def school(client: Any) -> Organisation:
    """An organisation, whose site admin is signed in."""
    organisation = OrganisationFactory()
    client.force_login(site_admin(organisation))
    return organisation
