"""Make the demo class and its three accounts. The only command that makes accounts with passwords.

With --pupils the class has four weeks behind it (`make_demo_class`).
"""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model

from accounts import roles
from accounts.models import Cohort, CohortMember, JoinCode, Organisation, OrganisationMember, User
from accounts.signals import cohort_member_changed
from courses.demo.history import has_lived
from courses.enrolment import give_course
from courses.models import Course

ROLES = ("learner", "teacher", "admin")


class Command(BaseCommand):
    help = "Make the demo class with the accounts learner, teacher and admin, once; print how to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000")
        parser.add_argument(
            "--prepare", action="store_true", help="first migrate, load the course, and so on"
        )
        parser.add_argument("--pupils", type=int, default=0, help="let so many live through four weeks")
        parser.add_argument("--accounts", type=Path, default=settings.BASE_DIR / ".demo-accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEV:
            raise CommandError(
                "The demo's accounts are for development only: set CAVEAT_DEV=1, never on a real site."
            )
        if options["prepare"]:
            self._prepare()
        plan = yaml.safe_load(
            (settings.BASE_DIR / "fixtures" / "demo-class.yaml").read_text(encoding="utf-8")
        )
        kept = read_accounts(options["accounts"])
        with transaction.atomic():
            passwords = make_demo(plan, kept)
        write_accounts(options["accounts"], passwords)
        if options["pupils"]:
            self._fill(plan, options["pupils"])
        self.stdout.write(f"\n  {options['address']}\n")
        for role in ROLES:
            name = plan[role]["username"]
            changed = not User.objects.get(username=name).check_password(passwords[name])
            self.stdout.write(
                f"  {name:<8}  {passwords[name]}{'  (changed on the site since)' if changed else ''}"
            )
        self.stdout.write(f"  class code  {plan['class']['code']}\n  (kept in {options['accounts'].name})\n")

    def _fill(self, plan: dict[str, Any], pupils: int) -> None:
        """A class that has worked; left as it is where it was filled before."""
        cohort = Cohort.objects.active().filter(external_id=plan["class"]["external_id"]).first()
        if cohort is not None and not has_lived(cohort):
            teacher = plan["teacher"]["username"]
            call_command(
                "make_demo_class", name=cohort.name, teacher=teacher, learners=pupils, stdout=self.stdout
            )

    def _prepare(self) -> None:
        """What a site needs before it can serve; in one process, because each start takes a second."""
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_course", str(settings.BASE_DIR / "fixtures" / "read-it-twice"), stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0)


def read_accounts(path: Path) -> dict[str, str]:
    """User names and passwords from the file, one pair a line; nothing where there is no file."""
    if not path.exists():
        return {}
    return dict(line.split(None, 1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def write_accounts(path: Path, passwords: dict[str, str]) -> None:
    text = "".join(f"{name} {password}\n" for name, password in passwords.items())
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")


def make_demo(plan: dict[str, Any], kept: dict[str, str]) -> dict[str, str]:
    """What is missing of the demo; its accounts' passwords. A known password is never changed."""
    organisation = _ensure(Organisation, {"slug": plan["organisation"].pop("slug")}, **plan["organisation"])
    people = {role: _person(plan[role], kept, admin=role == "admin") for role in ROLES}
    cohort = _ensure(
        Cohort,
        {"organisation": organisation, "external_id": plan["class"]["external_id"]},
        name=plan["class"]["name"],
        timezone=organisation.timezone,
    )
    _ensure(JoinCode, {"code": plan["class"]["code"]}, cohort=cohort)
    _ensure(OrganisationMember, {"organisation": organisation, "user": people["teacher"][0]})
    # A school with one teacher: she writes lessons, and publishes them too.
    for name in (roles.TEACHER, roles.AUTHOR, roles.REVIEWER):
        people["teacher"][0].groups.add(Group.objects.get_or_create(name=name)[0])
    for role in ("teacher", "learner"):
        _place(cohort, people[role][0], role, plan[role].get("real_name", ""))
    course = Course.objects.filter(bundle="read-it-twice").first()
    if course is None:
        raise CommandError("The course is not loaded. First: manage.py load_course fixtures/read-it-twice")
    give_course(cohort=cohort, course=course)
    return {user.username: password for user, password in people.values()}


def _ensure(model: type[Model], lookup: dict[str, Any], **defaults: Any) -> Any:
    return model._default_manager.get_or_create(**lookup, defaults=defaults)[0]


def _person(plan: dict[str, str], kept: dict[str, str], *, admin: bool) -> tuple[User, str]:
    """The account and its password; a new one only where the file knows none, not where it was changed."""
    user = User.objects.filter(username=plan["username"]).first() or User(username=plan["username"])
    user.display_name = plan["display_name"]
    user.is_staff = admin or plan["username"] == "teacher"
    user.is_superuser = admin
    password = kept.get(user.username, "")
    if not password or not user.pk:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        user.set_password(password)
        user.save()
    return user, password


def _place(cohort: Cohort, user: User, role: str, real_name: str) -> None:
    member, made = CohortMember.objects.get_or_create(
        cohort=cohort, user=user, left_at=None, defaults={"role": role, "real_name": real_name}
    )
    if made:
        cohort_member_changed.send(sender=CohortMember, member=member)
