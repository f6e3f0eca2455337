"""How the words of a passage lie: which sentence and which line each one is in."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Self

from articles.text.positions import Span


@dataclass(frozen=True, slots=True)
class Layout:
    """The words of one passage, counted from 0, with their places.

    A word belongs to the sentence, and to the line, that it begins in. `starts` and `ends` are the
    words' own, to search in. The rest is indices: `sentence_words[s]` is the range of words that
    sentence s holds, `line_words[n]` that of line n.
    """

    words: tuple[Span, ...]
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)
    sentence_of: tuple[int, ...]
    sentence_words: tuple[range, ...]
    line_of: tuple[int, ...]
    line_words: tuple[range, ...]

    @classmethod
    def of(cls, text: str, sentences: Sequence[Span], words: Sequence[Span]) -> Self:
        """Lay out ordered, disjoint `sentences` and `words`; a word before the first sentence is its."""
        line_starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[:-1]
        sentence_of = _places(words, [start for start, _end in sentences])
        line_of = _places(words, line_starts)
        return cls(
            words=tuple(words),
            starts=tuple(start for start, _end in words),
            ends=tuple(end for _start, end in words),
            sentence_of=sentence_of,
            sentence_words=_members(sentence_of, len(sentences)),
            line_of=line_of,
            line_words=_members(line_of, len(line_starts)),
        )

    def words_touched(self, span: Span) -> range:
        """Words that share at least one code point with `span`."""
        start, end = span
        first = bisect_right(self.ends, start)
        return range(first, max(first, bisect_left(self.starts, end)))

    def whole_sentences(self, words: range) -> range:
        """Words of every sentence that `words`, a run that is not empty, has a word of."""
        first = self.sentence_words[self.sentence_of[words[0]]]
        last = self.sentence_words[self.sentence_of[words[-1]]]
        return range(first.start, last.stop)

    def cut_at_line_breaks(self, words: range) -> tuple[range, ...]:
        """The parts of a run of words that stand on one line each, in order; none is empty."""
        if words and words.stop <= self.line_words[self.line_of[words[0]]].stop:
            return (words,)
        parts: list[range] = []
        start = words.start
        while start < words.stop:
            stop = min(words.stop, self.line_words[self.line_of[start]].stop)
            parts.append(range(start, stop))
            start = stop
        return tuple(parts)

    def span(self, words: range) -> Span:
        """Positions of a run of words that is not empty."""
        return self.words[words[0]][0], self.words[words[-1]][1]


def _places(words: Sequence[Span], starts: Sequence[int]) -> tuple[int, ...]:
    return tuple(max(0, bisect_right(starts, start) - 1) for start in map(itemgetter(0), words))


def _members(place_of: Sequence[int], places: int) -> tuple[range, ...]:
    bounds = [bisect_right(place_of, place - 1) for place in range(places + 1)]
    return tuple(range(first, last) for first, last in pairwise(bounds))
