"""What waits for a teacher, on the first page of theirs. Each room registers what it knows.

todos.register(rewrites_to_grade)     rewrites_to_grade(user) yields `Todo`s, in at most two queries
todos.register_of_class(marks_held)   marks_held(cohort, user): what is left to do before the class is archived
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from accounts.models import Cohort, User


class Todo(NamedTuple):
    """One thing to do: a sentence that says how much it is, and the page on which it is done."""

    words: str
    url: str


_PROVIDERS: list[Callable[[User], Iterable[Todo]]] = []
_PROVIDERS_OF_CLASS: list[Callable[[Cohort, User], Iterable[Todo]]] = []


def register(provider: Callable[[User], Iterable[Todo]]) -> None:
    """Ask `provider` from now on. Twice is once."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def of(user: User) -> list[Todo]:
    return [todo for provider in _PROVIDERS for todo in provider(user)]


def register_of_class(provider: Callable[[Cohort, User], Iterable[Todo]]) -> None:
    """Ask `provider` before a class is archived. Twice is once."""
    if provider not in _PROVIDERS_OF_CLASS:
        _PROVIDERS_OF_CLASS.append(provider)


def left_in(cohort: Cohort, user: User) -> list[Todo]:
    """What `user` would leave unfinished in the class."""
    return [todo for provider in _PROVIDERS_OF_CLASS for todo in provider(cohort, user)]
