"""A file's bytes into rows of text, as Excel and its relatives really write them.

What the columns mean is `accounts.roster.columns`; their heads only help here to guess an encoding.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.roster.heads import meaning

#: The largest file, in bytes, and what a spreadsheet may unpack to.
LARGEST = 2_000_000
_LARGEST_UNPACKED = 20_000_000
_MOST_PARTS = 300
MOST_ROWS = 400
MOST_COLUMNS = 40
LONGEST_CELL = 300
#: What Windows writes that does not write Unicode, the likeliest first.
_CODE_PAGES = ("cp1252", "cp1250", "cp1251")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class RosterUnreadable(Exception):
    """The file cannot be read at all; the message says why, and how to mend it."""


@dataclass(frozen=True)
class Line:
    """One row: its number in the file, from 1, and its cells without blanks at the ends."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows that hold something; `how` says what was guessed about the file, for the preview."""

    lines: list[Line]
    how: str


def read(data: bytes) -> Table:
    """The rows of a CSV or XLSX file; raises RosterUnreadable."""
    if len(data) > LARGEST:
        raise RosterUnreadable(_("This file is too large: at most 2 MB. Is it the right one?"))
    if data.startswith(_OLD_EXCEL):
        raise RosterUnreadable(
            _("This is a file of an old Excel. Save it as .xlsx or as CSV, and try again.")
        )
    if data.startswith(b"PK"):
        return Table(_kept(_sheet(data)), _("an Excel file, its first sheet"))
    text, encoding = _decoded(data)
    return from_text(text, encoding)


def from_text(text: str, encoding: str = "") -> Table:
    """The rows of CSV, or of what was copied out of a spreadsheet; raises RosterUnreadable."""
    if "\0" in text:
        raise RosterUnreadable(_("This is no list: save yours as .xlsx or as CSV, and try again."))
    head, _newline, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\s*", head)
    delimiter = told[1] if told else _delimiter(text)
    skipped = 1 if told else 0
    rows = _csv_rows(rest if told else text, delimiter, skipped)
    names = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}
    between = names.get(delimiter, delimiter)
    how = _("text with %(between)s between the columns") % {"between": between}
    return Table(_kept(rows), f"{how}, {encoding}" if encoding else how)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. What is not Unicode is what looks most like a list."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _by(data, "utf-16"), "UTF-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return _by(data, "utf-8-sig"), "UTF-8"
    zeros = data[:200].count(0)
    if zeros and zeros * 3 > len(data[:200]):  # Latin letters in UTF-16 without its mark
        return _by(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _by_looks(data)


def _by_looks(data: bytes) -> tuple[str, str]:
    """In the code page of which the most heads are known, then the fewest words look odd."""
    texts: list[tuple[tuple[int, int], str, str]] = []
    for page in _CODE_PAGES:
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        heads = re.split(r'[\t;,|"\r\n]+', text[:2_000])
        known = sum(meaning(head) is not None for head in heads)
        texts.append(((known, -sum(map(_is_odd, text.split()))), text, page))
    if not texts:
        return _by(data, "utf-8"), ""
    _looks, text, page = max(texts, key=lambda one: one[0])
    return text, page.replace("cp", "Windows-")


def _is_odd(word: str) -> bool:
    """A sign among letters, letters of two scripts, or two accents in a row: what a wrong code page makes."""
    if not any(letter.isalpha() for letter in word):
        return False
    cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in word)
    latin = any(letter.isalpha() and letter < "\u0250" for letter in word)
    strange = any(letter > "\x7f" and not letter.isalpha() for letter in word)
    return strange or (cyrillic and latin) or re.search(r"[\u0080-\u024f]{2}", word) is not None


def _by(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RosterUnreadable(
            _("The letters of this file cannot be read. Save it as “CSV UTF-8” or .xlsx, and try again.")
        ) from error


def _delimiter(text: str) -> str:
    """The one that stands most often outside of quotation marks in the first lines."""
    lines = [line for line in text.splitlines() if line.strip()][:10]
    bare = re.sub(r'"[^"]*"', "", "\n".join(lines))
    counts = {mark: bare.count(mark) for mark in ("\t", ";", ",", "|")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _csv_rows(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    plain = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    reader = csv.reader(
        plain, delimiter=delimiter, strict=True
    )  # else an open quotation mark swallows the rest
    start = skipped + 1
    try:
        for cells in reader:
            yield Line(start, tuple(_unwrapped(cell) for cell in cells))
            start = skipped + reader.line_num + 1
    except csv.Error as error:
        raise RosterUnreadable(
            _("Line %(line)d cannot be read: is a quotation mark open?") % {"line": start}
        ) from error


def _unwrapped(cell: str) -> str:
    """Without the ="…" by which a figure keeps the zeros before it."""
    wrapped = re.fullmatch(r'\s*="([^"]*)"\s*', cell)
    return wrapped[1] if wrapped else cell


def _sheet(data: bytes) -> Iterator[Line]:
    """The rows of a workbook's first sheet, formulas as what they came to."""
    _refuse_bomb(data)
    formulas = False
    rows: list[Line] = []
    for number, cells in _sheet_rows(data, computed=False):
        formulas = formulas or any(cell.data_type == "f" for cell in cells)
        rows.append(Line(number, tuple(_cell_text(cell) for cell in cells)))
    if not formulas:
        return iter(rows)
    computed = []
    for number, cells in _sheet_rows(data, computed=True):
        computed.append(Line(number, tuple(_cell_text(cell) for cell in cells)))
    for written, found in zip(rows, computed, strict=True):
        for before, after in zip(written.cells, found.cells, strict=True):
            if before.startswith("=") and not after:
                raise RosterUnreadable(
                    _("Line %(line)d holds a formula without a result. Copy the cells, paste them as values.")
                    % {"line": written.number}
                )
    return iter(computed)


def _sheet_rows(data: bytes, *, computed: bool) -> Iterator[tuple[int, list[Any]]]:
    import openpyxl  # takes a while to load, and only this page needs it

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=computed, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong one
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > MOST_ROWS * 5:
                break
            yield number, list(row)
        book.close()
    except Exception as error:  # whatever a broken file makes of a parser: it is the file's fault
        raise RosterUnreadable(
            _("This Excel file cannot be read. Open it, save it as .xlsx or CSV, and try again.")
        ) from error


def _refuse_bomb(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise RosterUnreadable(
            _("This Excel file is damaged. Open it, save it again, and try again.")
        ) from error
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise RosterUnreadable(_("This is no Excel file. Save your list as .xlsx or as CSV, and try again."))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise RosterUnreadable(
            _("There is too much in this file. Copy the list into a new one, and try again.")
        )


def _cell_text(cell: Any) -> str:
    """A cell as somebody reads it in Excel: 123.0 is 123, and a format of zeros puts zeros before it."""
    value = cell.value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else repr(value)
    if isinstance(value, int):
        form = cell.number_format or ""
        return str(value).zfill(len(form)) if re.fullmatch("0+", form) else str(value)
    return str(value)


def _kept(rows: Iterator[Line]) -> list[Line]:
    """The rows that hold something, tidied; raises RosterUnreadable if they are too many or too wide."""
    kept: list[Line] = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row.cells]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in cells):
            raise RosterUnreadable(
                _("Line %(line)d is too long for a list of names. Is it the right file?")
                % {"line": row.number}
            )
        if len(kept) > MOST_ROWS:
            raise RosterUnreadable(
                _("This list has more than %(most)d rows. Bring it in class by class.") % {"most": MOST_ROWS}
            )
        kept.append(Line(row.number, tuple(cells)))
    return kept
