import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Static files by their plain names: nothing was collected."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def fresh_cache(transactional_db: None) -> None:
    """The table of limits belongs to no model, so that nothing empties it after a transactional test."""
    cache.clear()


class Clock:
    """time.time(), to be put forward."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.ahead = 0.0

    def __call__(self) -> float:
        return self.now() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    import time

    clock = Clock(time.time)
    monkeypatch.setattr("time.time", clock)
    return clock


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Runs calls in threads that start together; returns what each returned or raised."""

    def run(calls: list[Callable[[], Any]]) -> list[Any]:
        start = threading.Barrier(len(calls))
        outcomes: list[Any] = [None] * len(calls)

        def one(place: int, call: Callable[[], Any]) -> None:
            start.wait()
            try:
                outcomes[place] = call()
            except Exception as error:
                outcomes[place] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=each) for each in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    return run
