from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Cohort, Organisation, User
from integrations.oneroster.archives import OneRosterRefused
from integrations.oneroster.bringing_in import bring_in
from integrations.oneroster.results import with_results
from integrations.oneroster.writing import Sources, packed, rosters


class Command(BaseCommand):
    help = "Bring in a OneRoster zip (in), or write one (out), for an organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("way", choices=["in", "out"])
        parser.add_argument("organisation", help="its slug")
        parser.add_argument("file", type=Path, help="the zip")
        parser.add_argument("--by", default="", help="in: the user name of who does it, for the log")
        parser.add_argument("--results", action="store_true", help="out: with line items and results")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organisation = Organisation.objects.get(slug=options["organisation"])
        except Organisation.DoesNotExist as error:
            raise CommandError(f"There is no organisation {options['organisation']}.") from error
        if options["way"] == "in":
            self._bring_in(organisation, options["file"], options["by"])
        else:
            cohorts = list(Cohort.objects.active().filter(organisation=organisation).order_by("pk"))
            sources = Sources(organisation, cohorts)
            files = with_results(sources, now=timezone.now()) if options["results"] else rosters(sources)
            options["file"].write_bytes(packed(files))
            self.stdout.write(f"{len(cohorts)} classes, {len(sources.members)} places.")

    def _bring_in(self, organisation: Organisation, file: Path, name: str) -> None:
        try:
            by = User.objects.get_by_natural_key(name)
        except User.DoesNotExist as error:
            raise CommandError("Say who does it: --by and a user name.") from error
        try:
            report = bring_in(by=by, organisation=organisation, data=file.read_bytes())
        except OneRosterRefused as refused:
            raise CommandError(f"{refused} ({len(refused.faults)} faults; nothing was written.)") from refused
        self.stdout.write(f"classes: {dict(report.classes)}; places: {dict(report.places)}")
