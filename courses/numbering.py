"""A text in numbered lines for paper: the same lines, with the same numbers, on every printer.

Pure: a line ends where so many columns are full, not where the printer's paper does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from articles.text.positions import Span
from articles.text.segments import line_spans

#: Columns of a line; a wide letter, as Chinese has, takes two.
COLUMNS = 72
#: Every so many lines the number is printed.
EVERY = 5


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """One line: its number from 1, and where it is in the text, half-open, in code points."""

    number: int
    text: str
    start: int
    end: int

    @property
    def shows_number(self) -> bool:
        return self.number % EVERY == 0


def numbered(text: str, columns: int = COLUMNS) -> list[list[NumberedLine]]:
    """The paragraphs (lines of `text` that are not blank) as lines of at most `columns` columns.

    Broken after spaces; what is longer than a line is broken where the line is full. Numbers run on from
    paragraph to paragraph. Raises ValueError for fewer than 2 columns.
    """
    if columns < 2:
        raise ValueError("a line needs two columns at least")
    number = 0
    paragraphs: list[list[NumberedLine]] = []
    for start, end in line_spans(text):
        if not text[start:end].strip():
            continue
        lines: list[NumberedLine] = []
        for first, last in _broken(text, start, end, columns):
            number += 1
            lines.append(NumberedLine(number, text[first:last].rstrip(), first, last))
        paragraphs.append(lines)
    return paragraphs


def _broken(text: str, start: int, end: int, columns: int) -> list[Span]:
    found: list[Span] = []
    while start < end:
        stop = _full(text, start, end, columns)
        if stop < end:
            space = text.rfind(" ", start, stop + 1)
            stop = space + 1 if space > start else stop
        found.append((start, stop))
        start = stop
    return found


def _full(text: str, start: int, end: int, columns: int) -> int:
    """Where `columns` columns from `start` are full; at least one letter further."""
    left = columns
    for at in range(start, end):
        left -= 0 if combining(text[at]) else 2 if east_asian_width(text[at]) in "WF" else 1
        if left < 0:
            return max(at, start + 1)
    return end


def lines_at(paragraphs: Sequence[Sequence[NumberedLine]], span: Span) -> tuple[int, int] | None:
    """The numbers of the first and the last line that `span` touches; None where it touches none."""
    start, end = span
    touched = [line.number for lines in paragraphs for line in lines if line.start < end and start < line.end]
    return (touched[0], touched[-1]) if touched else None
