"""The class's marks on a passage: how many marked each word, and how warm that makes it.

Words are indices of a `Layout`. A word counts once for each learner who marked it, however often. It
is never known which learner that was.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from articles.text.positions import Span
from articles.text.segments import line_spans
from quizzes.scoring.layout import Layout

#: Fewer answers than this are never laid over each other: one could be told from another.
FEWEST = 5
#: The warmest level.
HOTTEST = 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring words on one line that are equally warm: `level` 1 to 5, marked by `fewest` to `most`."""

    words: range
    level: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under one level; 0 is plain."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that stand side by side; `here` says that they are what is being looked at."""

    here: bool
    pieces: tuple[Piece, ...]


def tally(answers: Iterable[Collection[int]], words: int) -> tuple[int, ...]:
    """How many of the answers hold each of the `words` words. Raises ValueError for a word beyond them."""
    counts = Counter(word for answer in answers for word in set(answer))
    if counts and not 0 <= min(counts) <= max(counts) < words:
        raise ValueError("an answer marks a word that the passage has not")
    return tuple(counts[word] for word in range(words))


def level(marked: int, of: int) -> int:
    """0 where nobody marked it; else in fifths of the `of` answers.

    1: under a fifth (a few); 2: under two fifths (about a quarter); 3: under three fifths (about half);
    4: under four fifths (most); 5: nearly all. Raises ValueError unless 0 <= marked <= of.
    """
    if not 0 <= marked <= of:
        raise ValueError(f"{marked} of {of} cannot have marked it")
    return min(HOTTEST, 1 + 5 * marked // of) if marked else 0


def stretches(counts: Sequence[int], of: int, layout: Layout) -> tuple[Stretch, ...]:
    """The warm words in text order, neighbours of one level on one line taken together."""
    found: list[Stretch] = []
    for line in layout.line_words:
        for warmth, words in groupby(line, key=lambda word: level(counts[word], of)):
            run = list(words)
            if warmth:
                marked = [counts[word] for word in run]
                found.append(Stretch(range(run[0], run[-1] + 1), warmth, min(marked), max(marked)))
    return tuple(found)


def marked_by(answers: Iterable[Collection[int]], place: Collection[int]) -> int:
    """How many of the answers hold at least half of the words of `place`, as a place counts as found."""
    wanted = frozenset(place)
    return sum(2 * len(wanted.intersection(answer)) >= len(wanted) for answer in answers) if wanted else 0


def heat_lines(
    text: str, found: Sequence[Stretch], layout: Layout, here: Sequence[Span] = ()
) -> list[list[Group]]:
    """Each line of `text` as pieces; joined they are the line again. `here` are spans to point at."""
    warm = [(layout.span(stretch.words), stretch.level) for stretch in found]
    return [_line(text, line, warm, here) for line in line_spans(text)]


def _line(text: str, line: Span, warm: Sequence[tuple[Span, int]], here: Sequence[Span]) -> list[Group]:
    start, end = line
    on_line = [(span, warmth) for span, warmth in warm if span[0] < end and start < span[1]]
    spans = [span for span, _warmth in on_line] + [span for span in here if span[0] < end and start < span[1]]
    cuts = sorted({start, end, *(edge for span in spans for edge in span if start < edge < end)})

    def under(stretch: Span) -> tuple[bool, int]:
        warmth = next((warmth for span, warmth in on_line if _holds(span, stretch)), 0)
        return any(_holds(span, stretch) for span in here), warmth

    runs = [(key, list(parts)) for key, parts in groupby(pairwise(cuts), key=under)]
    pieces = [(key[0], Piece(text[parts[0][0] : parts[-1][1]], key[1])) for key, parts in runs]
    return [
        Group(pointed, tuple(piece for _here, piece in group))
        for pointed, group in groupby(pieces, key=lambda one: one[0])
    ]


def _holds(span: Span, stretch: Span) -> bool:
    return span[0] <= stretch[0] and stretch[1] <= span[1]
