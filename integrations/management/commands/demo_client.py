"""Make the demo's API client, once, and print a line that uses it. Development only."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrations import demo


class Command(BaseCommand):
    help = "Make the API client of the demo's school, once; print its id, its secret and a line to paste."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000")
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / ".demo-client")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEV:
            raise CommandError(
                "The demo's client is for development only: set CAVEAT_DEV=1, never on a real site."
            )
        path: Path = options["file"]
        kept = path.read_text(encoding="utf-8").split() if path.exists() else []
        client_id, secret = demo.client(kept)
        if [client_id, secret] != kept:
            path.touch(mode=0o600)
            path.write_text(f"{client_id} {secret}\n", encoding="utf-8")
        address = options["address"]
        self.stdout.write(f"  API client  {client_id}\n  its secret  {secret}\n  (kept in {path.name})")
        self.stdout.write(f"  Paste this to list the classes; {address}/api/v1/docs/ says more:\n")
        self.stdout.write(f"  {demo.line(address, client_id, secret)}\n")
