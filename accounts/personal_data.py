"""Every table that says something of a person: how to hand it out, and how to forget it.

personal_data.register(Attempt, "learner", fields=["started_at"], erase=keep("numbers of the class"))
personal_data.excuse(Skill, "shared by everybody")

Each room registers its tables when the apps are ready; a test walks all models and fails at one that is
in neither list, or whose way to a person nobody named. Erasing is in `accounts.erasing`, the file that a
person may have in `accounts.exporting`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Stamped, User

Export = Callable[[User], Iterator[dict[str, Any]]]
Erase = Callable[["Table", User], None]


@dataclass(frozen=True)
class Table:
    """A table with personal data. `whose` leads from a row to the person that it is about ('' if none),
    `by` are the foreign keys that say who wrote, graded or decided it.
    """

    model: type[Model]
    whose: str
    by: tuple[str, ...]
    export: Export
    erase: Erase

    def of(self, person: User) -> "QuerySet[Any]":
        """The rows about `person`, oldest first."""
        return self.model._default_manager.filter(**{self.whose: person.pk}).order_by("pk")


_TABLES: dict[type[Model], Table] = {}
_EXCUSED: dict[type[Model], str] = {}


def register(
    model: type[Model],
    whose: str,
    *,
    erase: Erase,
    by: Sequence[str] = (),
    fields: Sequence[str] = (),
    export: Export | None = None,
) -> None:
    """Hand out `fields` (lookups of `model`) of a person's rows, or what `export` yields; forget by `erase`."""

    def from_fields(person: User) -> Iterator[dict[str, Any]]:
        if fields:
            yield from table.of(person).values(*fields).iterator(chunk_size=1000)

    table = Table(model, whose, tuple(by), export or from_fields, erase)
    _TABLES[model] = table


def excuse(model: type[Model], why: str) -> None:
    """Say that `model` holds nothing about anybody, and why."""
    _EXCUSED[model] = why


def tables() -> list[Table]:
    return list(_TABLES.values())


def excused() -> dict[type[Model], str]:
    return dict(_EXCUSED)


def delete(table: Table, person: User) -> None:
    """The rows go."""
    table.of(person).order_by().delete()


def blank(**empty: Any) -> Erase:
    """The rows stay; these fields get these values, and `updated_at`, where there is one, tells of it."""

    def erase(table: Table, person: User) -> None:
        moved = {"updated_at": timezone.now()} if issubclass(table.model, Stamped) else {}
        table.of(person).order_by().update(**empty, **moved)

    return erase


def keep(why: str) -> Erase:
    """The rows stay as they are: whose they are, nobody can tell once the account has no name. `why` is for
    the reader of the code.
    """
    if not why:
        raise ValueError("a reason for keeping it is wanted")

    def erase(table: Table, person: User) -> None:
        return None

    return erase
