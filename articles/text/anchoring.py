"""Finding the places of an older text again in a newer one.

Texts are NFC with \\n line ends; positions are code points, half-open; the spans of the older text begin
and end where words do. A place in the newer text is valid only if it begins where a word begins, ends
where a word ends, and holds no line break. Four ways are tried in turn, from the surest to the boldest;
a span that none of them places is `Lost`, with the reason, and never dropped or guessed.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from articles.text.distance import levenshtein
from articles.text.positions import CONTEXT, Span, occurrences, selector
from articles.text.words import words

How = Literal["edge", "line", "quote", "inside"]
Reason = Literal["several", "gone"]

#: Typographic variants, one code point for one, so that positions stay.
FOLDED = str.maketrans(
    dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‘’‚ʼ′՚", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " ")
)
WORDS_ENOUGH = 5  # a quote of so many words that occurs once needs no context
NEAR = 16  # code points of the context on each side of words that changed
INSIDE_SLACK = 16  # how much more than twice the old length may lie between the two


class Anchored(NamedTuple):
    """A place in the newer text. `changed`: the words are not quite the same, so a teacher confirms it.

    `how`: at an untouched *edge* of the text, in an unchanged *line*, by the *quote* and its context,
    or by the context alone, the words having changed *inside*.
    """

    start: int
    end: int
    changed: bool
    how: How


class Lost(NamedTuple):
    """No place was found: the words are there *several* times and nothing tells which, or *gone*."""

    reason: Reason


class Quoted(NamedTuple):
    """A span of the older text with its context; None takes the 32 code points that stand around it."""

    start: int
    end: int
    prefix: str | None = None
    suffix: str | None = None


def reanchor(
    old: str, new: str, start: int, end: int, *, prefix: str | None = None, suffix: str | None = None
) -> Anchored | Lost:
    """Where [start, end) of `old` stands in `new`; raises ValueError if that is no stretch of `old`."""
    return Anchoring(old, new).place(Quoted(start, end, prefix, suffix))


def reanchor_all(old: str, new: str, spans: Iterable[Quoted]) -> list[Anchored | Lost]:
    """`reanchor` for many spans of one text, in their order."""
    pair = Anchoring(old, new)
    return [pair.place(span) for span in spans]


class Target:
    """A text in which quotes are looked for. `cut`: its words, where they are known already."""

    def __init__(self, text: str, cut: Sequence[Span] | None = None) -> None:
        self.text = text
        self._cut = cut

    @cached_property
    def words(self) -> Sequence[Span]:
        return words(self.text) if self._cut is None else self._cut

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _end in self.words]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _start, end in self.words]

    @cached_property
    def folded(self) -> str:
        return self.text.translate(FOLDED)

    def valid(self, start: int, end: int) -> bool:
        """Whether [start, end) begins and ends where words do, and holds no line break."""
        return (
            0 <= start < end
            and _holds(self._starts, start)
            and _holds(self._ends, end)
            and "\n" not in self.text[start:end]
        )

    def words_between(self, start: int, end: int) -> Sequence[Span]:
        """The whole words in [start, end)."""
        return self.words[bisect_left(self._starts, start) : _first_above(self._ends, end)]

    def find(self, exact: str, prefix: str, suffix: str) -> Anchored | Lost:
        """By the quote with its context, else by its context alone."""
        exact_folded, prefix, suffix = (part.translate(FOLDED) for part in (exact, prefix, suffix))
        found = self._by_quote(exact, exact_folded, prefix, suffix)
        return found or self._by_context(exact_folded, prefix, suffix) or Lost("gone")

    def _by_quote(self, exact: str, folded: str, prefix: str, suffix: str) -> Anchored | Lost | None:
        places = [at for at in occurrences(self.folded, folded) if self.valid(at, at + len(folded))]
        if not places:
            return None
        whole = 2 * max(1, len(prefix)) * max(1, len(suffix))
        ranked = sorted((self._context(at, at + len(folded), prefix, suffix), at) for at in places)
        best, start = ranked[-1]
        fits = 5 * best >= 2 * whole  # at least .4, in integers
        if len(ranked) > 1:
            if not fits:
                return None
            if 4 * (best - ranked[-2][0]) < whole:  # not .25 ahead
                return Lost("several")
        elif not fits and len(self.words_between(start, start + len(folded))) < WORDS_ENOUGH:
            return None
        end = start + len(folded)
        return Anchored(start, end, self.text[start:end] != exact, "quote")

    def _context(self, start: int, end: int, prefix: str, suffix: str) -> int:
        """How much of the context is there, as a share of 2 x the lengths of prefix and suffix multiplied.

        A missing side counts whole at that end of the text, and nothing elsewhere.
        """
        before = _common_tail(prefix, self.folded, start) if prefix else int(start == 0)
        after = _common_head(suffix, self.folded, end) if suffix else int(end == len(self.folded))
        return before * max(1, len(suffix)) + after * max(1, len(prefix))

    def _by_context(self, exact: str, prefix: str, suffix: str) -> Anchored | None:
        between = self._only_pair(prefix[-NEAR:], suffix[:NEAR], 2 * len(exact) + INSIDE_SLACK)
        inside = self.words_between(*between) if between else ()
        if not inside:
            return None
        start, end = inside[0][0], inside[-1][1]
        found = self.folded[start:end]
        longest = max(len(found), len(exact))
        near_enough = 5 * (longest - levenshtein(exact, found)) >= 3 * longest  # at least .6 alike
        return Anchored(start, end, True, "inside") if near_enough and self.valid(start, end) else None

    def _only_pair(self, prefix: str, suffix: str, furthest: int) -> Span | None:
        """Where `prefix` ends and `suffix` begins at most `furthest` apart; None unless that is just once."""
        begins = [at + len(prefix) for at in occurrences(self.folded, prefix)] if prefix else [0]
        found: Span | None = None
        for begin in begins:
            for end in self._suffixes(suffix, begin, begin + furthest):
                if found:
                    return None
                found = begin, end
        return found

    def _suffixes(self, suffix: str, first: int, last: int) -> Iterator[int]:
        """Where `suffix` begins in first..last, both included; without one, the end of the text."""
        if not suffix:
            if first <= len(self.folded) <= last:
                yield len(self.folded)
            return
        at = self.folded.find(suffix, first, last + len(suffix))
        while at >= 0:
            yield at
            at = self.folded.find(suffix, at + 1, last + len(suffix))


class Anchoring:
    """An older text and a newer one, with what all their spans share worked out once."""

    def __init__(self, old: str, new: str, cut: Sequence[Span] | None = None) -> None:
        """`cut`: the words of the newer text, where they are known already."""
        self.old = old
        self.target = Target(new, cut)
        self.head = _common_head(old, new, 0)
        rest = min(len(old), len(new)) - self.head
        self.tail = _common_tail(old[self.head :][-rest:] if rest else "", new, len(new))

    @cached_property
    def old_words(self) -> Sequence[Span]:
        return words(self.old)

    @cached_property
    def _old_lines(self) -> dict[str, list[int]]:
        return _lines(self.old)

    @cached_property
    def _new_lines(self) -> dict[str, list[int]]:
        return _lines(self.target.text)

    def place(self, span: Quoted) -> Anchored | Lost:
        """Where the span stands now; raises ValueError if it is no stretch of the older text."""
        start, end = span.start, span.end
        quote = selector(self.old, start, end)
        found = self._at_an_edge(start, end) or self._in_its_line(start, end)
        if found:
            return found
        prefix = quote.prefix if span.prefix is None else span.prefix[-CONTEXT:]
        suffix = quote.suffix if span.suffix is None else span.suffix[:CONTEXT]
        return self.target.find(quote.exact, prefix, suffix)

    def _at_an_edge(self, start: int, end: int) -> Anchored | None:
        if end <= self.head and self.target.valid(start, end):
            return Anchored(start, end, False, "edge")
        shift = len(self.target.text) - len(self.old)
        if start >= len(self.old) - self.tail and self.target.valid(start + shift, end + shift):
            return Anchored(start + shift, end + shift, False, "edge")
        return None

    def _in_its_line(self, start: int, end: int) -> Anchored | None:
        """The same place in the same line, if that is there as often as it was: the k-th stays the k-th."""
        line_start = self.old.rfind("\n", 0, start) + 1
        line_end = self.old.find("\n", start)
        line = self.old[line_start : line_end if line_end >= 0 else len(self.old)]
        before, now = self._old_lines[line], self._new_lines.get(line, [])
        if len(before) != len(now):
            return None
        shift = now[before.index(line_start)] - line_start
        if not self.target.valid(start + shift, end + shift):
            return None
        return Anchored(start + shift, end + shift, False, "line")


def _holds(ordered: Sequence[int], value: int) -> bool:
    at = bisect_left(ordered, value)
    return at < len(ordered) and ordered[at] == value


def _first_above(ordered: Sequence[int], value: int) -> int:
    return bisect_left(ordered, value + 1)


def _common_head(one: str, other: str, at: int) -> int:
    """Code points that `one` and `other` from `at` on have in common, by halving: slices compare fast."""
    return _longest(min(len(one), len(other) - at), lambda length: other.startswith(one[:length], at))


def _common_tail(one: str, other: str, until: int) -> int:
    """Code points at the end of `one` that also stand in `other` before `until`."""
    return _longest(min(len(one), until), lambda length: other.endswith(one[len(one) - length :], 0, until))


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest length up to `most` that holds, where every shorter one does too."""
    return bisect_left(range(1, most + 1), True, key=lambda length: not holds(length))


def _lines(text: str) -> dict[str, list[int]]:
    """Where each line of a text begins, by its words."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    start = 0
    for line in text.split("\n"):
        found[line].append(start)
        start += len(line) + 1
    return dict(found)
