"""Where words that were lost may stand now: the likeliest places, for a person to choose from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.text.anchoring import FOLDED
from articles.text.distance import levenshtein
from articles.text.positions import Span
from articles.text.words import words

AROUND = 60  # code points shown on each side
_LOOKED_AT = 40  # windows that are compared letter by letter
_LEAST = 0.5  # how alike a place must be, where its neighbours are other ones
_NEIGHBOURS = 3  # words on each side that speak for a place, and how many of them are enough


class Candidate(NamedTuple):
    """A stretch of whole words of one line, and up to 60 code points of that line on each side."""

    start: int
    end: int
    before: str
    text: str
    after: str


def candidates(
    text: str, cut: Sequence[Span], exact: str, prefix: str, suffix: str, most: int = 3
) -> list[Candidate]:
    """The likeliest places of `exact` in `text`, whose words are `cut`, the best first; perhaps none."""
    wanted, before, after = (_tokens(part) for part in (exact, prefix, suffix))
    if not wanted:
        return []
    here = [_fold(text[start:end]) for start, end in cut]
    ranked = sorted(_windows(here, wanted, before[-_NEIGHBOURS:], after[:_NEIGHBOURS]), reverse=True)
    chosen: list[tuple[float, Span]] = []
    for likeness, span in sorted(_compared(text, cut, exact, len(wanted), ranked[:_LOOKED_AT]), reverse=True):
        if all(span[1] <= other[0] or other[1] <= span[0] for _likeness, other in chosen):
            chosen.append((likeness, span))
        if len(chosen) == most:
            break
    return [_shown(text, *span) for _likeness, span in chosen]


def _windows(
    here: Sequence[str], wanted: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[int, int, int]]:
    """Each stretch of as many words with something in common: how much, how many neighbours, minus where."""
    size, need = len(wanted), Counter(wanted)
    have: Counter[str] = Counter()
    common = 0
    for at, word in enumerate(here):
        common += have[word] < need[word]
        have[word] += 1
        first = at - size + 1
        if first > 0:
            gone = here[first - 1]
            have[gone] -= 1
            common -= have[gone] < need[gone]
        if first >= 0:
            left = here[max(0, first - _NEIGHBOURS) : first]
            right = here[at + 1 : at + 1 + _NEIGHBOURS]
            near = sum(one == other for one, other in zip(reversed(left), reversed(before), strict=False))
            near += sum(one == other for one, other in zip(right, after, strict=False))
            if common or near > 1:
                yield 2 * common + near, near, -first


def _compared(
    text: str, cut: Sequence[Span], exact: str, size: int, ranked: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[float, Span]]:
    """How alike each window is; up to two words wider or narrower at its end where it is like the quote."""
    folded = _fold(exact)
    for score, near, minus_first in ranked:
        spans = _widths(text, cut, -minus_first, size)
        if not spans:
            continue
        alike, best = max((_likeness(folded, _fold(text[slice(*span)])), span) for span in spans)
        if alike < _LEAST:
            alike, best = _likeness(folded, _fold(text[slice(*spans[0])])), spans[0]
        if alike >= _LEAST or near >= _NEIGHBOURS:
            yield alike + score / (4 * size + 4 * _NEIGHBOURS), best


def _widths(text: str, cut: Sequence[Span], first: int, size: int) -> list[Span]:
    """Stretches of one line from a word on: as many words as wanted, then fewer and more."""
    lasts = [first + width - 1 for width in (size, size - 1, size - 2, size + 1, size + 2) if width > 0]
    spans = [(cut[first][0], cut[last][1]) for last in lasts if last < len(cut)]
    return [span for span in spans if "\n" not in text[slice(*span)]]


def _likeness(one: str, other: str) -> float:
    return 1 - levenshtein(one, other) / max(len(one), len(other))


def _shown(text: str, start: int, end: int) -> Candidate:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    return Candidate(
        start,
        end,
        text[max(line_start, start - AROUND) : start],
        text[start:end],
        text[end : min(line_end, end + AROUND)],
    )


def _tokens(text: str) -> list[str]:
    return [_fold(text[start:end]) for start, end in words(text)]


def _fold(text: str) -> str:
    return text.translate(FOLDED).casefold()
