"""Marks in tables and sentences."""

from uuid import UUID

from django import template
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from courses.gradebook import Book, Column, Row, is_late
from courses.mark_words import words_of
from quizzes.grade_steps import figure, percent
from quizzes.grades import Mark, State

register = template.Library()
register.filter("percent", percent)
register.filter("figure", figure)
register.filter("state_words", words_of)
register.filter("is_late", is_late)


@register.simple_tag
def mark_cells(row: Row, book: Book) -> SafeString:
    """A learner's marks as cells of a table; each leads to its line on the learner's page.

    Made here and not in the template: a class of 500 with 60 assignments has 30,000 cells.
    """
    late, none = escape(_("late")), escape(_("not given"))
    cells = [
        _cell(row.uuid, number, mark, column, as_points=book.choice.as_points, late=late)
        if mark is not None
        else f'<td class="num quiet"><span class="hush">{none}</span></td>'
        for number, (mark, column) in enumerate(zip(row.marks, book.columns, strict=True), start=1)
    ]
    return mark_safe("\n".join(cells))  # noqa: S308 - every text in it was escaped


def _cell(learner: UUID, number: int, mark: Mark, column: Column, *, as_points: bool, late: str) -> str:
    said = _said(mark, column, as_points=as_points)
    note = ""
    if mark.fraction is not None and mark.state is not State.GRADED:
        note = f" <small>{escape(words_of(mark))}</small>"
    if is_late(mark):
        note += f" <small>{late}</small>"
    kind = "num" if mark.fraction is not None else f"num said {mark.state}"
    return f'<td class="{kind}"><a href="{learner}/#m{number}">{said}</a>{note}</td>'


def _said(mark: Mark, column: Column, *, as_points: bool) -> str:
    """The figure, or how it stands; a dash, and the words for who hears the page, for what is not due yet."""
    if mark.state is State.NOT_DUE:
        return f'–<span class="hush">{escape(words_of(mark))}</span>'
    if mark.fraction is None:
        return escape(words_of(mark))
    return points(mark.fraction, column) if as_points else figure(mark.fraction)


def points(fraction: float, column: Column) -> str:
    """What the mark comes to in the points of the quiz."""
    value = round(fraction * column.points, 1)
    return number_format(value, decimal_pos=0 if value == int(value) else 1)
