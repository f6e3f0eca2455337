from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models.organisation import SHARED
from courses.bundles.archive import pack
from courses.bundles.export import ExportRefused, export, write
from courses.models import Course


class Command(BaseCommand):
    help = "Write what is published of a course as plain text, so that load_course reads it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("course", help="the name of its bundle, or its UUID")
        parser.add_argument("path", type=Path, help="an empty or new folder, or a file that ends in .zip")
        parser.add_argument("--organisation", default=SHARED, help="slug of the owner (default: %(default)s)")

    def handle(self, *args: Any, course: str, path: Path, organisation: str, **options: Any) -> None:
        found = _course(course, organisation)
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise CommandError(f"{path} is there already. Name a new folder, or a new .zip file.")
        try:
            files = export(found)
            if path.suffix == ".zip":
                path.write_bytes(pack(files))
            else:
                write(files, path)
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote “{found}”: {len(files)} files to {path}.")


def _course(name: str, slug: str) -> Course:
    try:
        found = Course.objects.filter(uuid=UUID(name)).first()
    except ValueError:
        found = Course.objects.filter(bundle=name, organisation__slug=slug).first()
    if found is None:
        raise CommandError(
            f"There is no course “{name}” of “{slug}”. Give the name of its bundle, or its UUID."
        )
    return found
