"""Members of staff with a role, as groups say it, in a place, as memberships say it."""

from django.contrib.auth.models import Group

from accounts import roles
from accounts.models import Organisation, User
from tests.factories.accounts import OrganisationMemberFactory, StaffFactory


def with_role(user: User, role: str) -> User:
    user.groups.add(Group.objects.get(name=role))
    return user


def site_admin(organisation: Organisation) -> User:
    user = with_role(StaffFactory(), roles.SITE_ADMIN)
    OrganisationMemberFactory(organisation=organisation, user=user)
    return user
