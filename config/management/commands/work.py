"""Do what waits: tasks that requests have left, and what is done again and again."""

import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from accounts import background, clock

#: Seconds between two looks.
PAUSE_S = 1.0


class Command(BaseCommand):
    help = "Do background work until stopped (Ctrl+C): one such process beside the site, or more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end: for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        self.worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=background.worker_id(),
            excluded_queue_names=[],
        )
        if options["once"]:
            self._look()
            return
        self.going = True
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        self.stdout.write("Working (Ctrl+C stops).")
        while self.going:
            self._look()
            if self.going:
                time.sleep(PAUSE_S)

    def _look(self) -> None:
        close_old_connections()
        background.requeue_lost()
        clock.run_due()
        self.worker.run()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        """End after the task at hand."""
        self.going = False
        self.worker.running = False
