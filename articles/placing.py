"""Where an annotation is to stand: what is chosen of a text, as a place that begins and ends where words do."""

from django.utils.translation import gettext as _

from articles.errors import NotPlaced, TextChanged
from articles.models import ArticleRevision
from articles.states import state_of
from articles.text.positions import QuoteNotFound, Span, find_quote, snap


def place_of_units(
    *, revision: ArticleRevision, first: int, last: int, sentences: bool = False, seen: str | None = None
) -> Span:
    """The place from unit `first` to `last`, both included, counted from 0 among words or sentences.

    It begins and ends where words do. `seen` is the `state_of` the text in which they were counted. Raises
    TextChanged if that is another now, and NotPlaced outside the text and across paragraphs.
    """
    if seen is not None and seen != state_of(revision, sentences=sentences):
        raise TextChanged
    units = revision.sentences if sentences else revision.words
    if not 0 <= first <= last < len(units):
        raise NotPlaced(_("These words are not in the text. Load the page again and choose anew."), "words")
    return _placed(revision, (units[first][0], units[last][1]))


def place_of_quote(
    *, revision: ArticleRevision, quote: str, occurrence: int = 1, seen: str | None = None
) -> Span:
    """The place of the `occurrence`-th (from 1) `quote`, counted in the text whose `state_of` is `seen`.

    Raises TextChanged, and NotPlaced, which says what was perhaps meant.
    """
    if seen is not None and seen != state_of(revision):
        raise TextChanged
    try:
        return _placed(
            revision, find_quote(revision.text, quote, within=(0, len(revision.text)), occurrence=occurrence)
        )
    except QuoteNotFound as missing:
        raise NotPlaced(str(missing), "quote") from missing


def _placed(revision: ArticleRevision, span: Span) -> Span:
    snapped = snap(span, [tuple(word) for word in revision.words])
    if snapped is None:
        raise NotPlaced(_("Nothing was chosen that holds a word."), "words")
    if "\n" in revision.text[snapped[0] : snapped[1]]:
        raise NotPlaced(_("An annotation stays within one paragraph. Make one for each."), "words")
    return snapped
