"""How many readers marked each word of a passage: which words to find were missed, which sound ones taken."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from articles.text.positions import Span
from quizzes.scoring.layout import Layout

Kind = Literal["missed", "taken"]

#: A word that fewer than one in so many went wrong at is not drawn.
ONE_IN = 10


class Stretch(NamedTuple):
    """Words that stand together and went wrong together: half-open positions, and the share of readers.

    *missed*: to be found, and left by this share. *taken*: fine as written, and marked by this share. The
    share, above 0 and at most 1, is that of the word in it where most went wrong; `readers` are they.
    """

    kind: Kind
    start: int
    end: int
    readers: int
    share: float


def marked_counts(answers: Iterable[tuple[Sequence[Span], int]], layout: Layout) -> list[int]:
    """For each word how many marked it; an answer is its spans, and how many gave it. A word counts once."""
    counts = [0] * len(layout.words)
    for spans, times in answers:
        for word in {word for span in spans for word in layout.words_touched(span)}:
            counts[word] += times
    return counts


def stretches(
    counts: Sequence[int],
    readers: int,
    *,
    required: frozenset[int],
    acceptable: frozenset[int],
    layout: Layout,
) -> list[Stretch]:
    """What at least a tenth of the readers missed or took, in text order; nothing for no readers.

    Neighbours in one sentence and line are one stretch if they are of one kind and within a tenth of each other.
    """
    found: list[tuple[Kind, list[int]]] = []
    wrong = [readers - count if word in required else count for word, count in enumerate(counts)]
    for word, count in enumerate(wrong):
        if word in acceptable - required or not readers or count * ONE_IN < readers or not count:
            continue
        kind: Kind = "missed" if word in required else "taken"
        if found and _belongs(found[-1], kind, word, wrong, readers, layout):
            found[-1][1].append(word)
        else:
            found.append((kind, [word]))
    return [_stretch(kind, words, wrong, readers, layout) for kind, words in found]


def _belongs(
    before: tuple[Kind, list[int]], kind: Kind, word: int, wrong: Sequence[int], readers: int, layout: Layout
) -> bool:
    last = before[1][-1]
    close = abs(wrong[word] - wrong[before[1][0]]) * ONE_IN <= readers
    together = last == word - 1 and layout.sentence_of[last] == layout.sentence_of[word]
    together = together and layout.line_of[last] == layout.line_of[word]
    return before[0] == kind and together and close


def _stretch(kind: Kind, words: list[int], wrong: Sequence[int], readers: int, layout: Layout) -> Stretch:
    start, end = layout.span(range(words[0], words[-1] + 1))
    count = max(wrong[word] for word in words)
    return Stretch(kind, start, end, count, count / readers)


def worst(found: Iterable[Stretch], kind: Kind, most: int = 10) -> list[Stretch]:
    """At most so many stretches of a kind, the largest share first, then in text order."""
    return sorted((one for one in found if one.kind == kind), key=lambda one: (-one.share, one.start))[:most]
