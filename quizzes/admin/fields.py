"""What the form of a question is made of: fields, and rows of fields, read from a page and shown on it.

A form's values are plain data: a text for each field, "on" or "" for a tick, a list of texts where
several are chosen, and a list of dictionaries for rows. Each row has a `ref`, made once and kept, by
which the key speaks of it; its author never sees it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Values = dict[str, Any]
Words = str | Promise
Choice = tuple[str, Words]  # what is sent, and what is read
Choices = Callable[[Values], Sequence[Choice]] | Sequence[Choice]

REF = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
INDEX = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `required` is what is said where it was left blank; `more` shows it on request only."""

    name: str
    label: Words
    help: Words = ""
    required: Words = ""
    more: bool = False
    default: str = ""
    kind: str = "text"

    def read(self, post: QueryDict, name: str) -> Any:
        return post.get(name, self.default).replace("\r\n", "\n").replace("\r", "\n")

    def is_blank(self, value: Any) -> bool:
        """Whether nothing was written here that a row would be kept for."""
        return not value.strip() or value.strip() == self.default

    def is_missing(self, value: Any) -> bool:
        return not value.strip()

    def offered(self, _values: Values) -> Sequence[Choice]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Words on one line, or on several."""

    lines: int = 1

    def read(self, post: QueryDict, name: str) -> str:
        value: str = super().read(post, name)
        return value if self.lines > 1 else " ".join(value.split("\n")).strip()


@dataclass(frozen=True, kw_only=True)
class Number(Text):
    """A number, as it was typed: what is wrong with it is said beside it."""

    kind: str = "number"


@dataclass(frozen=True, kw_only=True)
class Kept(Field):
    """What the form carries along unseen."""

    label: Words = ""
    kind: str = "kept"

    def is_blank(self, value: Any) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Pick(Field):
    """One of several; what may be chosen can hang on what the form holds."""

    choices: Choices
    kind: str = "pick"

    def offered(self, values: Values) -> Sequence[Choice]:
        return self.choices(values) if callable(self.choices) else self.choices


@dataclass(frozen=True, kw_only=True)
class Search(Pick):
    """One row of many, looked for by typing: `choices` has the chosen one, the rest comes by autocomplete.

    `attrs` are those of the admin's own widget (`quizzes.admin.sources.quoting`).
    """

    attrs: Mapping[str, Any]
    kind: str = "search"


@dataclass(frozen=True, kw_only=True)
class Several(Pick):
    """Any number of several, in the order in which they were chosen."""

    kind: str = "several"

    def read(self, post: QueryDict, name: str) -> list[str]:
        return list(dict.fromkeys(post.getlist(name)))[:100]

    def is_blank(self, value: Any) -> bool:
        return not value

    is_missing = is_blank


@dataclass(frozen=True, kw_only=True)
class Tick(Field):
    """Yes or no."""

    kind: str = "tick"

    def read(self, post: QueryDict, name: str) -> str:
        return "on" if post.get(name) else ""

    def is_blank(self, value: Any) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class OneRow(Tick):
    """The one row among its fellows, by a round button that they share."""

    kind: str = "one"

    def read(self, post: QueryDict, name: str) -> str:
        rows, index, own = name.rsplit("-", 2)
        return "on" if post.get(f"{rows}-{own}") == post.get(f"{rows}-{index}-ref", "") != "" else ""


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """Rows of fields. An empty row is none; `least` of them are shown, empty or not, and `most` taken."""

    fields: tuple[Field, ...]
    noun: Words
    add: Words
    least: int = 2
    most: int = 12
    moves: bool = True
    kind: str = "rows"

    def read(self, post: QueryDict, name: str) -> list[Values]:
        start = f"{name}-"
        found = {key[len(start) :].partition("-")[0] for key in post if key.startswith(start)}
        indices = sorted(int(index) for index in found if INDEX.fullmatch(index))
        rows = [self.read_row(post, f"{name}-{index}") for index in indices]
        return named(name, rows)

    def read_row(self, post: QueryDict, name: str) -> Values:
        row = {one.name: one.read(post, f"{name}-{one.name}") for one in self.fields}
        return {**row, "ref": post.get(f"{name}-ref", "")}

    def is_blank_row(self, row: Values) -> bool:
        return all(
            all(map(one.is_blank_row, row[one.name]))
            if isinstance(one, Rows)
            else one.is_blank(row[one.name])
            for one in self.fields
        )

    def is_blank(self, value: Any) -> bool:
        return not value

    is_missing = is_blank

    def empty_row(self, name: str, rows: Sequence[Values]) -> Values:
        row = {one.name: blank(one) for one in self.fields}
        return {**row, "ref": fresh(name, (other["ref"] for other in rows))}

    def padded(self, name: str, rows: Sequence[Values]) -> list[Values]:
        """The rows, and as many empty ones as belong below them."""
        shown = list(rows)
        while len(shown) < self.least:
            shown.append(self.empty_row(name, shown))
        return shown


def blank(one: Field) -> Any:
    """The value of a field on which nothing was written yet."""
    return [] if isinstance(one, Rows | Several) else one.default


def fresh(name: str, taken: Iterable[str]) -> str:
    """A ref for a new row: the rows' name and the first number that is free."""
    used = set(taken)
    stem = name.rpartition("-")[2].replace("_", "-")
    return next(ref for number in range(1, len(used) + 2) if (ref := f"{stem}-{number}") not in used)


def named(name: str, rows: list[Values]) -> list[Values]:
    """The rows with a ref each; one that is no name, or that another row has, is made anew."""
    used: set[str] = {row["ref"] for row in rows}
    seen: set[str] = set()
    for row in rows:
        if not REF.fullmatch(row["ref"]) or row["ref"] in seen:
            row["ref"] = fresh(name, used)
            used.add(row["ref"])
        seen.add(row["ref"])
    return rows


def read(fields: Iterable[Field], post: QueryDict) -> Values:
    """The values of a form as a page sent it."""
    return {one.name: one.read(post, one.name) for one in fields}


def compact(fields: Iterable[Field], values: Values) -> Values:
    """The values without their empty rows."""
    return {
        one.name: [
            {**compact(one.fields, row), "ref": row["ref"]}
            for row in values[one.name]
            if not one.is_blank_row(row)
        ]
        if isinstance(one, Rows)
        else values[one.name]
        for one in fields
    }


def filled(fields: Iterable[Field], values: Mapping[str, Any], prefix: str = "") -> Values:
    """The values with a blank for each that is not given, in rows too, so that all of them can be read."""
    full: Values = {}
    for one in fields:
        given = values.get(one.name, blank(one))
        if isinstance(one, Rows):
            name = f"{prefix}{one.name}"
            given = [
                {**filled(one.fields, row, f"{name}-{index}-"), "ref": row.get("ref", "")}
                for index, row in enumerate(given)
            ]
            given = named(one.name, given)
        full[one.name] = given
    return full


# Acts on rows -----------------------------------------------------------------------------------
def act(fields: Sequence[Field], values: Values, what: str) -> str:
    """Do what a button of the rows says ("add:options", "up:options-2"); return the name to look at next.

    What names no row of the form changes nothing.
    """
    verb, _colon, name = what.partition(":")
    found = _rows_at(fields, values, name if verb == "add" else name.rpartition("-")[0])
    if found is None:
        return ""
    rows, held, path = found
    if verb == "add":
        if len(held) < rows.most:
            held.append(rows.empty_row(rows.name, held))
        return f"{path}-{len(held) - 1}"
    index = name.rpartition("-")[2]
    at = int(index) if INDEX.fullmatch(index) else -1
    if not 0 <= at < len(held):
        return path
    if verb == "remove":
        held.pop(at)
        return f"{path}-{min(at, len(held) - 1)}" if held else path
    to = {"up": at - 1, "down": at + 1}.get(verb, at)
    if 0 <= to < len(held):
        held[at], held[to] = held[to], held[at]
        return f"{path}-{to}"
    return f"{path}-{at}"


def _rows_at(fields: Sequence[Field], values: Values, name: str) -> tuple[Rows, list[Values], str] | None:
    own, _dash, rest = name.partition("-")
    rows = next((one for one in fields if one.name == own and isinstance(one, Rows)), None)
    if rows is None:
        return None
    held: list[Values] = values[own]
    if not rest:
        return rows, held, own
    index, _dash, inner = rest.partition("-")
    if not INDEX.fullmatch(index) or int(index) >= len(held) or not inner:
        return None
    found = _rows_at(rows.fields, held[int(index)], inner)
    return found and (found[0], found[1], f"{own}-{index}-{found[2]}")


#: Said of a character that no database keeps.
UNSTORABLE = _("This holds a character that cannot be kept. Delete it and type it again.")


def faults(fields: Iterable[Field], values: Values, prefix: str = "") -> "Iterable[tuple[str, Words]]":
    """What is missing, and what cannot be kept, by the name of its field."""
    for one in fields:
        name, value = f"{prefix}{one.name}", values[one.name]
        if one.required and one.is_missing(value):
            yield name, one.required
        if isinstance(one, Rows):
            if len(value) > one.most:
                yield (
                    name,
                    _("There are %(count)d here, and %(most)d at most.")
                    % {
                        "count": len(value),
                        "most": one.most,
                    },
                )
            for index, row in enumerate(value[: one.most]):
                yield from faults(one.fields, row, f"{name}-{index}-")
        elif "\0" in (value if isinstance(value, str) else "".join(value)):
            yield name, UNSTORABLE
