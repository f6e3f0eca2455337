"""The pupils of a table: which column holds what, and names as they are said."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.names import name_key
from accounts.roster.heads import meaning
from accounts.roster.tables import Line, RosterUnreadable, Table

#: In so many rows the heads are looked for: a title may stand above them.
_ROWS_ABOVE = 10


@dataclass(frozen=True)
class Row:
    """One pupil of the list: the line in the file, the school's id or '', and what they are called."""

    line: int
    id: str
    name: str
    nickname: str


@dataclass(frozen=True)
class Listed:
    """The pupils of a file; `ignored` are the heads of columns that say nothing we know."""

    rows: list[Row]
    ignored: list[str]
    how: str


def listed(table: Table) -> Listed:
    """The pupils that a table lists. The heads may stand below a title; a single column needs none.

    Raises RosterUnreadable if no column holds names.
    """
    if not table.lines:
        raise RosterUnreadable(_("There is nothing in this list."))
    for place, line in enumerate(table.lines[:_ROWS_ABOVE]):
        fields = _fields(line)
        if "name" in fields or {"first", "last"} <= fields.keys():
            ignored = [cell for at, cell in enumerate(line.cells) if cell and at not in fields.values()]
            below = table.lines[place + 1 :]
            if len(line.cells) == 1:  # commas in the only column stand in its names: Lindqvist, Sam
                below = [Line(row.number, (", ".join(row.cells),)) for row in below]
            family = _is_family(below, fields)
            return Listed([_row(row, fields, family) for row in below], ignored, table.how)
    if max(len(line.cells) for line in table.lines) == 1:
        return Listed([_row(row, {"name": 0}) for row in table.lines], [], table.how)
    raise RosterUnreadable(
        _(
            "No column holds names. Put “Name” above the names in the first row, or “First name” and "
            "“Last name”; “Student ID” and “Nickname” if you have them."
        )
    )


def _fields(head: Line) -> dict[str, int]:
    """What the columns under `head` say, by their place."""
    fields: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        if field := meaning(cell):
            fields.setdefault(field, place)
    # "Nom" or "Nome" may head the only column of names.
    if "name" not in fields and len({"first", "last"} & fields.keys()) == 1:
        fields["name"] = fields.pop("first" if "first" in fields else "last")
    return fields


def _cell(line: Line, fields: dict[str, int], field: str) -> str:
    place = fields.get(field, -1)
    return line.cells[place] if 0 <= place < len(line.cells) else ""


def _is_family(lines: list[Line], fields: dict[str, int]) -> bool:
    """Whether "Name" stands above family names, because most do not hold the given name beside them as a word."""
    pairs = [(_cell(line, fields, "first"), _cell(line, fields, "name")) for line in lines]
    known = [(name_key(first).split(), name_key(name).split()) for first, name in pairs if first and name]
    whole = [set(first) <= set(name) and len(name) > len(first) for first, name in known]
    return sum(whole) * 2 <= len(whole)


def _row(line: Line, fields: dict[str, int], name_is_family: bool = False) -> Row:
    first, last, name = (_cell(line, fields, field) for field in ("first", "last", "name"))
    number = _cell(line, fields, "id")
    if not name or (name_is_family and not last):
        name = f"{first} {last or name}".strip()
    family, comma, given = name.partition(",")
    if comma and given.strip() and "," not in given:  # Lindqvist, Sam
        name = f"{given.strip()} {family.strip()}"
    whole = re.fullmatch(r"(\d+)\.0+", number)
    return Row(line.number, whole[1] if whole else number, name, _cell(line, fields, "nickname"))


def given_name(row: Row) -> str:
    """What a pupil is called who has no nickname in the list: the first word of the name."""
    return row.name.split()[0] if row.name else ""
