"""Make a class with four weeks behind it: pupils, tries, late work, work to grade."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from accounts.models import Cohort, CohortMember, Organisation, User
from courses.demo.history import CannotBegin, live_through


class Command(BaseCommand):
    help = "Make a class with pupils and four weeks of work; the same --seed makes the same class."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--learners", type=int, default=24)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--name", default="", help="the class; one of this name is gone on with")
        parser.add_argument("--teacher", default="teacher", help="the user name of who teaches it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEV:
            raise CommandError(
                "Pupils who do not exist are for development only: set CAVEAT_DEV=1, never on a real site."
            )
        if options["learners"] < 1:
            raise CommandError("--learners is 1 or more.")
        name = options["name"] or f"Demo class {options['seed']}"
        teacher = User.objects.filter(username=options["teacher"]).first()
        if teacher is None:
            raise CommandError(f"There is no user “{options['teacher']}”. First: manage.py demo --prepare")
        cohort = _class(name, teacher)
        try:
            joined = live_through(
                cohort=cohort, teacher=teacher, learners=options["learners"], seed=options["seed"]
            )
        except CannotBegin as error:
            raise CommandError(f"{cohort.name}: {error}") from error
        self.stdout.write(f"  {cohort.name}: {joined} pupils, four weeks of work")


def _class(name: str, teacher: User) -> Cohort:
    """The class of that name which the teacher leads, made in their school if there is none."""
    found = Cohort.objects.led_by(teacher).active().filter(name=name).first()
    if found is not None:
        return found
    school = Organisation.objects.filter(members__user=teacher).order_by("pk").first()
    if school is None:
        raise CommandError(f"“{teacher}” belongs to no organisation. First: manage.py demo --prepare")
    cohort: Cohort = Cohort.objects.create(
        organisation=school, name=name, external_id=f"demo-{slugify(name)}", timezone=school.timezone
    )
    CohortMember.objects.create(cohort=cohort, user=teacher, role=CohortMember.Role.TEACHER)
    return cohort
