"""From places in a text to the quotes that name them, as an author would write them."""

from collections.abc import Sequence
from typing import Any

from articles.text.positions import QuoteNotFound, Span, find_quote, snap


def quote_of(text: str, words: Sequence[Span], place: Span, *, within: Span) -> dict[str, Any] | None:
    """`quote`, and `occurrence` if it is not the first, that lead to `place`; None if none does."""
    quote = text[place[0] : place[1]]
    if not within[0] <= place[0] < place[1] <= within[1] or "\n" in quote:
        return None
    occurrence = 0
    while True:
        occurrence += 1
        try:
            found = find_quote(text, quote, within=within, occurrence=occurrence)
        except QuoteNotFound:
            return None
        if found[0] >= place[0]:
            break
    if found != place or snap(found, words) != place:
        return None
    return {"quote": quote, **({"occurrence": occurrence} if occurrence > 1 else {})}
