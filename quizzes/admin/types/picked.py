"""Places picked on a passage, or typed as its words: read from the rows of a form, and shown in them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from articles.text.positions import QuoteNotFound, Span, find_quote, normalise, snap
from quizzes.admin.fields import Values
from quizzes.admin.forms import Errors
from quizzes.admin.types.parts import whole
from quizzes.types.base import Passage


def place_values(text: str, span: Span) -> Values:
    """The fields of a place: its words, and which of several like them it is."""
    quote = text[span[0] : span[1]]
    before = [at for at in range(span[0]) if text.startswith(quote, at)] if quote else []
    again = bool(before) or text.find(quote, span[0] + 1) >= 0
    return {
        "quote": quote,
        "start": str(span[0]),
        "end": str(span[1]),
        "nth": str(len(before) + 1) if again else "",
    }


def read_places(
    rows: Sequence[Values], passage: Passage | None, name: str, errors: Errors
) -> list[Span | None]:
    """Where each row's words are; None after saying beside them why they cannot be found.

    What was picked on the passage stays where it was picked while its words stand there.
    """
    places: list[Span | None] = []
    for index, row in enumerate(rows):
        place = _place(row, passage, f"{name}-{index}", errors) if passage else None
        if place:
            row["start"], row["end"] = map(str, place)
        places.append(place)
    return places


def _place(row: Values, passage: Passage, name: str, errors: Errors) -> Span | None:
    text, quote = passage.text, normalise(row["quote"])
    kept = whole(row["start"]), whole(row["end"])
    if _is_span(kept, len(text)) and text[kept[0] : kept[1]] == quote:
        return kept
    if not quote.strip():
        return None  # the field says so itself
    nth = whole(row["nth"]) if row["nth"].strip() else 0
    if not isinstance(nth, int) or nth < 0:
        errors.add(f"{name}-nth", _("Write a number: 1 for the first of them."))
        return None
    try:
        span = find_quote(text, quote.strip(), within=(0, len(text)), occurrence=nth or 1)
    except QuoteNotFound as error:
        errors.add(f"{name}-nth" if "occurrence" in str(error) else f"{name}-quote", str(error))
        return None
    if not nth and _stands_again(text, quote.strip(), span):
        errors.add(f"{name}-quote", _("These words stand there more than once. Pick them, or say which one."))
        return None
    return snap(span, passage.words)


def _is_span(kept: tuple[Any, Any], length: int) -> bool:
    return isinstance(kept[0], int) and isinstance(kept[1], int) and 0 <= kept[0] < kept[1] <= length


def _stands_again(text: str, quote: str, span: Span) -> bool:
    try:
        find_quote(text, quote, within=(span[0] + 1, len(text)))
    except QuoteNotFound:
        return False
    return True
