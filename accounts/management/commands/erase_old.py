from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts import retention


class Command(BaseCommand):
    help = "Erase pupils who left their last class longer ago than their organisation keeps people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many that are")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.stdout.write(f"{len(retention.due())} would be erased.")
        else:
            self.stdout.write(f"{retention.erase_due()} erased.")
