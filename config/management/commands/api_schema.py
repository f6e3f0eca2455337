"""Write down what the API says of itself; or, with --check, tell whether what is written down is still true."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.problem_types import TYPES

DOCS: Path = settings.BASE_DIR / "docs"
_HEAD = """# The API's refusals

Every refusal is a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status` and `detail`,
and with `errors` where there are several faults: each has a `pointer` to the field, a sentence and a code. Decide by
`type`; the sentences may change. The token endpoint alone answers as OAuth has it, `{"error": "invalid_client"}`.

Each `type` is `urn:read-it-twice:problem/` and one of these. Written by `make schema`.

| `type` ends in | status | when | what to do |
|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Write docs/openapi.yaml and docs/guides/api-problems.md; with --check, compare them only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where they are out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = {DOCS / "openapi.yaml": _schema(), DOCS / "guides" / "api-problems.md": problems_page()}
        old = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
        if not options["check"]:
            for path in old:
                path.write_text(made[path], encoding="utf-8")
        elif old:
            names = " and ".join(str(path.relative_to(settings.BASE_DIR)) for path in old)
            raise CommandError(f"{names}: not what the code says now. Renew with: make schema")


def problems_page() -> str:
    """Every kind of problem in one table, in Markdown."""
    rows = (
        f"| `{code}` | {kind.status} | {kind.when} | {kind.mend} |\n" for code, kind in sorted(TYPES.items())
    )
    return _HEAD + "".join(rows)


def _schema() -> str:
    """The schema in YAML; a warning or an invalid one is an error."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "openapi.yaml")
        call_command("spectacular", validate=True, fail_on_warn=True, file=str(path))
        return path.read_text("utf-8")
