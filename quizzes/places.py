"""Where a quiz stands for a user, as an upper room knows it.

Quizzes know no lessons. Whoever teaches with them registers a function that says, for a user and a
quiz, where it is met, what comes after it, and under which class it counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import Cohort, User
from quizzes.models import Quiz


@dataclass(frozen=True)
class Onward:
    """What comes after a quiz; the title is "" where only a way back is left."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Place:
    """`enrolled`: attempts count, under `cohort` if there is one; else they are previews.

    `look_onward` finds what comes after, when a page asks for it: whoever starts does not.
    """

    title: str = ""
    url: str = ""
    cohort: Cohort | None = None
    enrolled: bool = False
    look_onward: Callable[[], Onward] = field(default=Onward, compare=False, repr=False)

    @cached_property
    def onward(self) -> Onward:
        return self.look_onward()


Provider = Callable[[User, Quiz], Place | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask `provider` from now on. Twice is once."""
    if provider not in _providers:
        _providers.append(provider)


def place_of(user: User, quiz: Quiz) -> Place:
    """The first place that a provider knows; nowhere, not enrolled, where none does."""
    return next((place for ask in _providers if (place := ask(user, quiz)) is not None), Place())
