"""A clock that can be set, for histories that begin weeks ago.

The verbs ask `django.utils.timezone.now()`, and columns keep that very function as their default. So it
is the `datetime` that this function looks at which is replaced, in this process and while the block
lasts. For commands only: a server that serves others must not live in the past.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from unittest import mock

from django.utils import timezone


class Clock:
    """What time it is in the block; `at` sets it, `forward` moves it on by seconds."""

    def __init__(self, moment: datetime) -> None:
        self.now = moment

    def at(self, moment: datetime) -> None:
        self.now = moment

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@contextmanager
def set_clock(moment: datetime) -> Iterator[Clock]:
    """Let it be `moment` (aware), until the clock is moved or the block ends."""
    clock = Clock(moment)

    class Kind(type(datetime)):  # type: ignore[misc]
        def __instancecheck__(cls, one: Any) -> bool:
            return isinstance(one, datetime)

    class Set(datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now.astimezone(tz or UTC)

    with mock.patch.object(timezone, "datetime", Set):
        yield clock
