"""Positions in a text, and the quotes that name them.

A position counts code points of NFC text with \\n line ends; a span is half-open, [start, end).
A browser counts UTF-16 units instead: convert where the two meet. Position and quote are the
TextPositionSelector and TextQuoteSelector of the W3C Web Annotation model.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from operator import itemgetter
from typing import NamedTuple

from articles.text.words import Span as Span
from articles.text.words import words

CONTEXT = 32  # code points kept on each side of a quote
_FIRST_ASTRAL = 0x10000  # from here on a code point takes two UTF-16 units
_NEAR = 0.6  # similarity from which a wrong quote is taken for a slip


def normalise(text: str) -> str:
    """Return `text` as positions count it: NFC, every line end a single \\n."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def to_utf16(text: str, index: int) -> int:
    """UTF-16 units before code point `index`; raises ValueError outside 0..len(text)."""
    if not 0 <= index <= len(text):
        raise ValueError(f"code point {index} is outside the text, which has {len(text)}")
    return index + sum(ord(character) >= _FIRST_ASTRAL for character in text[:index])


def from_utf16(text: str, index: int) -> int:
    """Code points before UTF-16 unit `index`.

    Raises ValueError outside the text, and inside the two units of one character.
    """
    if not 0 <= index <= to_utf16(text, len(text)):
        raise ValueError(f"UTF-16 unit {index} is outside the text, which has {to_utf16(text, len(text))}")
    position = units = 0
    while units < index:
        units += 1 + (ord(text[position]) >= _FIRST_ASTRAL)
        position += 1
    if units > index:
        raise ValueError(f"UTF-16 unit {index} lies inside the character at {position - 1}")
    return position


def touched(span: Span, spans: Sequence[Span]) -> range:
    """Indices of the ordered, disjoint `spans` that share at least one code point with `span`."""
    start, end = span
    first = bisect_right(spans, start, key=itemgetter(1))
    return range(first, max(first, bisect_left(spans, end, key=itemgetter(0))))


def snap(span: Span, words: Sequence[Span]) -> Span | None:
    """Widen `span` to the words that it touches, and trim it to them; None if it touches none."""
    taken = touched(span, words)
    return (words[taken[0]][0], words[taken[-1]][1]) if taken else None


class Quote(NamedTuple):
    """The words of a place, and up to 32 code points before and after it."""

    exact: str
    prefix: str
    suffix: str


class QuoteNotFound(ValueError):
    """A quote names no place of the text; the message says why, and what was perhaps meant."""


def selector(text: str, start: int, end: int) -> Quote:
    """Return the quote for [start, end); raises ValueError if that is no stretch of `text`."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"[{start}, {end}) is no stretch of a text of {len(text)} code points")
    return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def occurrences(text: str, quote: str) -> tuple[int, ...]:
    """Every position at which `quote` begins, overlapping ones too; none for an empty quote."""
    return tuple(_positions(text, quote, (0, len(text)))) if quote else ()


def find_quote(text: str, quote: str, *, within: Span, occurrence: int = 1) -> Span:
    """Return the place of the `occurrence`-th (from 1) `quote` inside `within`.

    Only places that cut no word in two count, so "war" is never found in "warning". The span is the
    quote's own, punctuation included; `snap` trims it to words. Raises QuoteNotFound.
    """
    quote = normalise(quote)
    if not words(quote):
        raise QuoteNotFound(f"“{quote}” holds no word.")
    found = list(_positions(text, quote, within))
    whole = [start for start in found if not _cuts_a_word(text, start, start + len(quote))]
    if not whole:
        fault = "does not begin and end where words do" if found else "is not there"
        raise QuoteNotFound(f"“{quote}” {fault}.{_did_you_mean(text, quote, within)}")
    if not 1 <= occurrence <= len(whole):
        raise QuoteNotFound(f"“{quote}” has no occurrence {occurrence} there; the last is {len(whole)}.")
    start = whole[occurrence - 1]
    return start, start + len(quote)


def _positions(text: str, quote: str, within: Span) -> Iterator[int]:
    at = text.find(quote, *within)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1, within[1])


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Does a word of the line around begin before an edge of [start, end) and end after it?"""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    edges = (start - line_start, end - line_start)
    return any(first < edge < last for first, last in words(line) for edge in edges)


def _did_you_mean(text: str, quote: str, within: Span) -> str:
    """The stretch of as many words that is most like the quote, as a question; "" if none is near."""
    spans = words(text[within[0] : within[1]])
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)
    best, nearest = _NEAR, ""
    size = len(words(quote))
    for first, last in zip(spans, spans[max(0, size - 1) :], strict=False):
        candidate = text[within[0] + first[0] : within[0] + last[1]]
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, nearest = matcher.ratio(), candidate
    return f" Did you mean “{nearest}”?" if nearest else ""
