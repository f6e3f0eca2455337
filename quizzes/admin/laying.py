"""Laying the fields of a question's form out: what its templates read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizzes.admin.fields import Field, OneRow, Pick, Rows, Several, Values, Words


@dataclass
class Shown:
    """A field as the page lays it out."""

    field: Field
    name: str
    value: Any
    errors: Sequence[Words] = ()
    choices: Sequence[tuple[str, Words, bool]] = ()
    rows: "Sequence[ShownRow]" = ()

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}_help"] * bool(self.field.help) + [f"{self.id}_error"] * bool(self.errors)
        return " ".join(parts)

    @property
    def lines(self) -> int:
        return getattr(self.field, "lines", 1)

    @property
    def can_grow(self) -> bool:
        return isinstance(self.field, Rows) and len(self.rows) < self.field.most


@dataclass
class ShownRow:
    """A row as the page lays it out; `number` counts from 1."""

    number: int
    name: str
    ref: str
    fields: Sequence[Shown]
    errors: Sequence[Words] = ()
    first: bool = False
    last: bool = False

    @property
    def visible(self) -> list[Shown]:
        return [one for one in self.fields if not one.field.more]

    @property
    def more(self) -> list[Shown]:
        return [one for one in self.fields if one.field.more]

    @property
    def more_is_open(self) -> bool:
        """Open where there is something to read, or to mend."""
        return is_open(self.more)


def is_open(fields: Iterable[Shown]) -> bool:
    """Whether fields that are shown on request hold something, or are at fault."""
    return any(one.errors or (one.value and one.value != one.field.default) for one in fields)


@dataclass
class Page:
    """Lays fields out: their values, the errors by name, and the whole form's values for choices."""

    fields: Sequence[Field]
    values: Values
    errors: Mapping[str, Sequence[Words]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Empty rows have their refs already, so that what is chosen among them can be chosen now.
        for one in self.fields:
            if isinstance(one, Rows):
                self.values = {**self.values, one.name: one.padded(one.name, self.values[one.name])}

    def lay(self, fields: Iterable[Field], values: Values | None = None, prefix: str = "") -> list[Shown]:
        values = self.values if values is None else values
        return [self.one(one, values[one.name], prefix) for one in fields]

    def one(self, one: Field, value: Any, prefix: str) -> Shown:
        row_wide = isinstance(one, OneRow)
        name = f"{prefix}{one.name}"
        shown = Shown(one, name, value, self.errors.get(name, ()))
        if isinstance(one, Rows):
            shown.rows = self.rows(one, one.padded(one.name, value), name)
        elif isinstance(one, Pick):
            offered = dict(one.offered(self.values))
            chosen = value if isinstance(one, Several) else [value]
            first = [key for key in chosen if key in offered and isinstance(one, Several)]
            order = [*first, *(key for key in offered if key not in first)]
            shown.choices = [(key, offered[key], key in chosen) for key in order]
        if row_wide:
            rows, _index, own = name.rsplit("-", 2)
            shown.choices = [(f"{rows}-{own}", "", bool(value))]
        return shown

    def rows(self, rows: Rows, values: Sequence[Values], name: str) -> list[ShownRow]:
        return [
            ShownRow(
                number=index + 1,
                name=f"{name}-{index}",
                ref=row["ref"],
                fields=self.lay(rows.fields, row, f"{name}-{index}-"),
                errors=self.errors.get(f"{name}-{index}", ()),
                first=index == 0,
                last=index + 1 == len(values),
            )
            for index, row in enumerate(values)
        ]
