import pytest
from django.contrib.auth.models import Group, Permission

from accounts.roles import ROLES, sync_roles

pytestmark = pytest.mark.django_db


def test_roles_stand_after_migrate():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "author",
        "reviewer",
        "teacher",
        "site admin",
    }


def test_sync_roles_keeps_what_a_group_was_given():
    teacher = Group.objects.get(name="teacher")
    extra = Permission.objects.get(codename="delete_session")
    teacher.permissions.add(extra)
    Group.objects.filter(name="author").delete()
    sync_roles()
    sync_roles()
    assert Group.objects.filter(name__in=ROLES).count() == 4
    assert extra in teacher.permissions.all()
