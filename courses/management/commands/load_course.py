from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organisation
from accounts.models.organisation import SHARED
from courses.bundles.faults import BundleRefused
from courses.bundles.load import load


class Command(BaseCommand):
    help = "Load a course from a folder of plain text. A second time, only what has changed is loaded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder that holds course.yaml")
        parser.add_argument("--check", action="store_true", help="only say what is wrong; load nothing")
        parser.add_argument("--organisation", default=SHARED, help="slug of the owner (default: %(default)s)")

    def handle(self, *args: Any, path: Path, check: bool, organisation: str, **options: Any) -> None:
        if not path.is_dir():
            raise CommandError(f"{path} is no folder. Name the one that holds course.yaml.")
        try:
            self.stdout.write(_checked(path, organisation) if check else _loaded(path, organisation))
        except BundleRefused as refusal:
            raise CommandError(str(refusal)) from refusal


@transaction.atomic
def _checked(path: Path, slug: str) -> str:
    """Load it and take all of that back: only so is everything seen that would refuse a load."""
    bundle, _changes = load(path, _owner(slug) or Organisation.objects.shared())
    transaction.set_rollback(True)  # here, because it may have made the shared organisation too
    counts = bundle.counts()
    return f"OK: {', '.join(f'{count} {noun}' for noun, count in counts.items())}."


@transaction.atomic
def _loaded(path: Path, slug: str) -> str:
    bundle, changes = load(path, _owner(slug) or Organisation.objects.shared())
    title = bundle.course.file.title if bundle.course else ""
    return f"Loaded “{title}”: {changes}."


def _owner(slug: str) -> Organisation | None:
    """The organisation; None for the shared one before its first use."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None and slug != SHARED:
        raise CommandError(f"There is no organisation “{slug}”.")
    return found
