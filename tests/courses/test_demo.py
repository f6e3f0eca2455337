"""The demo class: three accounts, made once, and by this command alone."""

from io import StringIO

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from accounts.models import CohortMember, JoinCode, User
from courses.management.commands import demo
from courses.models import Enrolment
from tests.factories.courses import CourseFactory

pytestmark = pytest.mark.django_db


def run(path):
    out = StringIO()
    call_command("demo", accounts=path, stdout=out)
    return out.getvalue()


@pytest.fixture
def accounts(tmp_path):
    CourseFactory(bundle="read-it-twice")
    return tmp_path / "accounts"


def test_three_accounts_can_sign_in_and_are_printed(accounts):
    said = run(accounts)
    kept = demo.read_accounts(accounts)
    assert list(kept) == ["learner", "teacher", "admin"]
    for name, password in kept.items():
        assert password in said
        assert User.objects.get(username=name).check_password(password)
    assert JoinCode.objects.get().code in said
    assert accounts.stat().st_mode & 0o077 == 0
    people = User.objects.order_by("pk").values_list("username", "is_staff", "is_superuser")
    assert list(people) == [("learner", False, False), ("teacher", True, False), ("admin", True, True)]
    assert Enrolment.objects.live().get().learner.username == "learner"


def test_a_second_time_nothing_changes(accounts):
    first, kept = run(accounts), accounts.read_text()
    members = list(CohortMember.objects.values())
    assert run(accounts) == first
    assert (accounts.read_text(), list(CohortMember.objects.values())) == (kept, members)


def test_lost_file_gives_new_passwords_to_the_same_accounts(accounts):
    run(accounts)
    before = demo.read_accounts(accounts)
    accounts.unlink()
    run(accounts)
    after = demo.read_accounts(accounts)
    assert set(before) == set(after)
    assert not set(before.values()) & set(after.values())
    assert User.objects.count() == 3


def test_no_demo_on_a_real_site(accounts, settings):
    settings.DEV = False
    with pytest.raises(CommandError, match="development only"):
        run(accounts)
    assert not accounts.exists()
    assert not User.objects.exists()


def test_it_needs_the_course(tmp_path):
    with pytest.raises(CommandError, match="The course is not loaded"):
        run(tmp_path / "accounts")
    assert not User.objects.exists()


def test_shipped_accounts_file_is_ignored_by_git():
    assert ".demo-accounts" in (site.BASE_DIR / ".gitignore").read_text().splitlines()
