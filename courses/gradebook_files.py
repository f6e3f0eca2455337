"""The gradebook as a file: CSV, and a workbook of two sheets, the marks and how each came to be.

A name may begin with what a spreadsheet takes for a formula. In CSV such a cell gets an apostrophe;
in the workbook every text is stored as text.
"""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from courses.gradebook import Book, Column, is_late
from courses.mark_words import words_of
from quizzes.grade_steps import steps
from quizzes.grades import Mark, Total

Cell = str | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(book: Book) -> bytes:
    """UTF-8 with the mark at its start by which a spreadsheet knows it; one line a learner."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in _lines(book):
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in line])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(book: Book) -> bytes:
    """The marks, as numbers where they are numbers, and a second sheet that explains each of them."""
    workbook = Workbook(write_only=True)
    _write(workbook, pgettext("name of a sheet", "Marks"), _lines(book), first_width=32)
    _write(workbook, pgettext("name of a sheet", "How they came to be"), _explained(book), 32)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _lines(book: Book) -> Iterator[list[Cell]]:
    head: list[Cell] = [_("Name"), _("User name")]
    yield [*head, *(_heading(column, book) for column in book.columns), _("Total (%)"), _("Counted")]
    for row in book.rows:
        marks = [_cell(mark, column, book) for mark, column in zip(row.marks, book.columns, strict=True)]
        yield [row.name, row.username, *marks, _total(row.total), row.total.counted]


def _heading(column: Column, book: Book) -> str:
    if book.choice.as_points:
        return _("%(name)s (of %(points)g)") % {"name": column.name, "points": column.points}
    return _("%(name)s (%%)") % {"name": column.name}


def _cell(mark: Mark | None, column: Column, book: Book) -> Cell:
    """A number where there is a mark, else the word for how it stands; nothing where it was not given."""
    if mark is None:
        return None
    if mark.fraction is None:
        return words_of(mark)
    return round(mark.fraction * (column.points if book.choice.as_points else 100), 2)


def _total(total: Total) -> Cell:
    return None if total.fraction is None else round(total.fraction * 100, 2)


def _explained(book: Book) -> Iterator[list[Cell]]:
    for line in choices(book):
        yield [line]
    yield []
    yield [_("Name"), _("Assignment"), _("State"), _("Mark (%)"), _("Days late"), _("How it came to be")]
    for row in book.rows:
        for mark, column in zip(row.marks, book.columns, strict=True):
            if mark is not None:
                told = steps(mark, column.assignment, book.sheet.terms(column.assignment, row.pk))
                percent = None if mark.fraction is None else round(mark.fraction * 100, 2)
                late = mark.days_late if is_late(mark) else None
                yield [row.name, column.name, words_of(mark), percent, late, " ".join(told)]


def choices(book: Book) -> list[str]:
    """How the totals are made, in sentences."""
    said = [
        _(
            "The total is the mean of a pupil's marks; each counts the same. What is excused or dropped is left out."
        )
    ]
    said.append(_("So is what was due before a pupil came into the class, or after they left."))
    if book.choice.missing_counts:
        said.append(_("What is missing counts as 0 once it was due."))
    else:
        said.append(_("What is missing is left out."))
    if book.choice.drop_lowest:
        said.append(_("Lowest marks dropped: %(count)d.") % {"count": book.choice.drop_lowest})
    return said


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write(workbook: Workbook, title: str, lines: Iterator[list[Cell]], first_width: int) -> None:
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "B2"
    sheet.column_dimensions[get_column_letter(1)].width = first_width
    for number, line in enumerate(lines):
        sheet.append([_stored(sheet, cell, bold=number == 0) for cell in line])


def _stored(sheet: object, value: Cell, *, bold: bool) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # else what begins with "=" becomes a formula
    if bold:
        cell.font = Font(bold=True)
    return cell
