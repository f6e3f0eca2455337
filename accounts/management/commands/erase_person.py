from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import erasing
from accounts.models import User


class Command(BaseCommand):
    help = "Erase a person for good: names, password, typed texts. Marks stay as nobody's. Asks for the name twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--sure", default="", help="the user name once more, in place of being asked")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(options["username"])
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody has the user name {options['username']}.") from error
        again = options["sure"] or input(f"Erases {person.username} for good. Type the user name again: ")
        if again != person.username:
            raise CommandError("That was another name: nobody was erased.")
        try:
            erasing.erase(person=person)
        except erasing.EraseRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("Erased.")
