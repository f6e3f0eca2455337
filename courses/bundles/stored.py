"""What is stored of a bundle: found by refs, compared with what is written, archived when it vanishes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.utils import timezone

ModelT = TypeVar("ModelT", bound=models.Model)


class Change(NamedTuple):
    """What a load did with one row: "new", "changed", "unchanged", "archived" or "restored"."""

    what: str
    row: Any
    title: str


@dataclass
class Changes:
    """What a load did, counted by the plural name of the thing: "articles", "quizzes"; and row by row."""

    revised: Counter[str] = field(default_factory=Counter)
    archived: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    rows: list[Change] = field(default_factory=list)

    def note(self, what: str, row: Any, title: str) -> None:
        self.rows.append(Change(what, row, title))

    def __str__(self) -> str:
        parts = [
            f"{count} {word} {noun}"
            for word, counter in (
                ("new or changed", self.revised),
                ("archived", self.archived),
                ("restored", self.restored),
            )
            for noun, count in counter.items()
        ]
        return ", ".join(parts) or "nothing has changed"


def matched(
    rows: "models.QuerySet[Any, Any]",
    wanted: Mapping[str, Mapping[str, Any]],
    changes: Changes,
    used: Mapping[str, Any] | None = None,
    **own: Any,
) -> dict[str, Any]:
    """Return the row of each ref in `wanted`: the one in `rows`, else the one that is `used` under this ref, else
    a new one with these columns and `own`.

    A row of `rows` that is not wanted is archived, and one that is wanted again is restored; columns that differ
    are set, nothing else is written.
    """
    noun = str(rows.model._meta.verbose_name_plural)
    found = {row.ref: row for row in rows}
    for ref, row in found.items():
        if ref not in wanted and row.archived_at is None:
            changed(row, archived_at=timezone.now())
            changes.archived[noun] += 1
            changes.note("archived", row, _title(row))
        elif ref in wanted and row.archived_at is not None:
            changed(row, archived_at=None)
            changes.restored[noun] += 1
            changes.note("restored", row, _title(row))
    found = {**(used or {}), **found}
    kept = {}
    for ref, columns in wanted.items():
        if ref not in found:
            kept[ref] = rows.model._default_manager.create(ref=ref, **columns, **own)
        else:
            kept[ref] = found[ref]
            changed(kept[ref], **columns)
    return kept


def _title(row: Any) -> str:
    revision = getattr(row, "published", None)
    return getattr(revision, "title", "") or getattr(row, "title", "") or str(row)


def changed(row: models.Model, **columns: Any) -> bool:
    """Set the columns that differ, with `updated_at`, and say whether any did."""
    differing = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, columns[name])
    if differing:
        row.save(update_fields=[*differing, "updated_at"])
    return bool(differing)


def same(row: models.Model, columns: Mapping[str, Any]) -> bool:
    """Does the row hold all of this? A foreign key is compared by its own key, without a query."""
    fields = {field.name: field.attname for field in row._meta.concrete_fields}
    return all(getattr(row, fields[name]) == _bare(value) for name, value in columns.items())


def _bare(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def same_rows(rows: Iterable[models.Model], wanted: Iterable[Mapping[str, Any]]) -> bool:
    """Are these rows all that is wanted, in this order?"""
    stored, columns = list(rows), list(wanted)
    return len(stored) == len(columns) and all(map(same, stored, columns))


def grouped(rows: "models.QuerySet[ModelT, ModelT]", by: str) -> dict[int, list[ModelT]]:
    """The rows of each foreign key `by`, in their order."""
    groups: dict[int, list[ModelT]] = {}
    for row in rows:
        groups.setdefault(getattr(row, f"{by}_id"), []).append(row)
    return groups
