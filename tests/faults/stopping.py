"""Stops a request of the site where a test wants to kill it.

The file named by CAVEAT_STOP_AT holds the place: `commit`, between storing a response and committing
it, or `reply`, between the commit and the reply. Who stops there writes `stopped` into the file.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse

from quizzes.models import ItemResponse

LONG = 120  # seconds: the test kills us long before


def stop_at(place: str) -> None:
    file = Path(os.environ["CAVEAT_STOP_AT"])
    if file.read_text() == place:
        file.write_text("stopped")
        time.sleep(LONG)


def _before_commit(**_kwargs: Any) -> None:
    stop_at("commit")


class Stopping:
    """Outside of every other middleware: what it holds back, nobody has seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        post_save.connect(_before_commit, sender=ItemResponse)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST":
            stop_at("reply")
        return response
