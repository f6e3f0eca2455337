from typing import Any

from django.core.management.base import BaseCommand

from quizzes import attempts


class Command(BaseCommand):
    help = (
        "Hand in every attempt whose time is over, with what was saved. Run it from cron, every minute or so."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Overdue attempts handed in: {attempts.submit_overdue()}.")
