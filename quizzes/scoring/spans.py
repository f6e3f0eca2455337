"""The span score of one skill: how well a learner's marks fit the key, counted in words.

Words are indices of a `Layout`. Partial overlap counts, in the spirit of SemEval-2020 task 11 (Da San
Martino et al. 2020), but on the set of marked words: how the marks were cut, joined, repeated or
ordered changes nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import fsum
from typing import Literal, NamedTuple

from articles.text.positions import Span
from quizzes.scoring.layout import Layout

Granularity = Literal["words", "sentences"]


@dataclass(frozen=True, slots=True)
class SpanKey:
    """What was to be marked, as words: to find, open to either, and sound though it looks wrong.

    Required spans that share a word become one, in text order; spans that touch stay apart.
    Acceptable words that are required too are only required. Raises ValueError for a span without a
    word, and for a foil that shares a word with a required or acceptable span.
    """

    required: tuple[frozenset[int], ...]
    acceptable: frozenset[int] = frozenset()
    foils: tuple[frozenset[int], ...] = ()
    words_to_find: frozenset[int] = field(init=False, repr=False, compare=False)  # all required words

    def __post_init__(self) -> None:
        if not all((*self.required, *self.foils)):
            raise ValueError("a key span must take at least one word")
        required = _join_overlapping(self.required)
        to_find = frozenset().union(*required)
        if any(foil & (to_find | self.acceptable) for foil in self.foils):
            raise ValueError("a foil may not share a word with a required or acceptable span")
        object.__setattr__(self, "required", required)
        object.__setattr__(self, "words_to_find", to_find)
        object.__setattr__(self, "acceptable", self.acceptable - to_find)


class SpanScore(NamedTuple):
    """The score of one skill. precision, recall, f1 and shares are in [0, 1]; the rest are counts.

    `joined` are the marks, joined where they overlap or touch, in text order. `shares` is the marked
    part of each required span in text order: found from 1/2, missed at 0, partly found between. Of the
    joined marks, `right` have at least 1/2 required words, `wide` fewer, `sound` none; `neutral` ones
    lie on acceptable words only and are not in `marks`. `foils_taken` are the indices of the key's
    foils with at least 1/2 of their words marked.
    """

    precision: float
    recall: float
    f1: float
    answered: bool
    joined: tuple[range, ...]
    shares: tuple[float, ...]
    found: int
    partly: int
    missed: int
    marks: int
    right: int
    wide: int
    sound: int
    neutral: int
    foils_taken: tuple[int, ...]


def snap(spans: Iterable[Span], layout: Layout, granularity: Granularity = "words") -> tuple[range, ...]:
    """Turn spans of positions into runs of words, each on one line, in the order given.

    A span takes every word that it touches, or every sentence that it touches a word of; it is cut at
    line breaks, and vanishes if it takes nothing.
    """
    return tuple(part for span in spans for part in _snap_one(span, layout, granularity))


def _snap_one(span: Span, layout: Layout, granularity: Granularity) -> tuple[range, ...]:
    taken = layout.words_touched(span)
    if taken and granularity == "sentences":
        taken = layout.whole_sentences(taken)
    return layout.cut_at_line_breaks(taken)


def merge(marks: Iterable[Iterable[int]], layout: Layout) -> tuple[range, ...]:
    """Join marks that overlap or touch (consecutive words on one line); in text order."""
    return runs(frozenset().union(*marks), layout)


def runs(words: Iterable[int], layout: Layout) -> tuple[range, ...]:
    """The longest stretches of consecutive words on one line, in text order."""
    found: list[range] = []
    line_of = layout.line_of
    start = stop = -1
    for word in sorted(words):
        if word == stop and line_of[word] == line_of[word - 1]:
            stop += 1
            continue
        if stop > 0:
            found.append(range(start, stop))
        start, stop = word, word + 1
    if stop > 0:
        found.append(range(start, stop))
    return tuple(found)


def score_spans(
    marks: Iterable[Iterable[int]], key: SpanKey, layout: Layout, *, nothing_to_mark: bool = False
) -> SpanScore:
    """Score the marks of one skill; f1 is the score, in [0, 1].

    precision is the mean, over the sentences that hold a judged word (marked and not acceptable), of
    the share of required words among them; recall is the mean, over the required spans, of the share
    of their words that is marked; f1 is their harmonic mean. Nothing marked where nothing is required
    is 1, and if just one of the two is empty all three are 0. No mark left without "nothing to mark"
    is not answered: 0. Raises ValueError for marks together with `nothing_to_mark`.
    """
    marked = frozenset().union(*marks)
    joined = runs(marked, layout)
    if joined and nothing_to_mark:
        raise ValueError("marks and “nothing to mark” exclude each other")
    judged = marked - key.acceptable
    answered = bool(judged) or nothing_to_mark
    shares = tuple([len(span & marked) / len(span) for span in key.required])
    precision, recall = _precision_and_recall(judged, shares, key, layout) if answered else (0.0, 0.0)
    found = sum([2 * share >= 1 for share in shares])
    missed = shares.count(0)
    verdicts = [_verdict(mark, key) for mark in joined]
    neutral = verdicts.count("neutral")
    return SpanScore(
        precision=precision,
        recall=recall,
        f1=_harmonic_mean(precision, recall),
        answered=answered,
        joined=joined,
        shares=shares,
        found=found,
        partly=len(shares) - found - missed,
        missed=missed,
        marks=len(joined) - neutral,
        right=verdicts.count("right"),
        wide=verdicts.count("wide"),
        sound=verdicts.count("sound"),
        neutral=neutral,
        foils_taken=tuple(
            [index for index, foil in enumerate(key.foils) if 2 * len(foil & marked) >= len(foil)]
        ),
    )


def _precision_and_recall(
    judged: frozenset[int], shares: tuple[float, ...], key: SpanKey, layout: Layout
) -> tuple[float, float]:
    if not judged and not shares:
        return 1.0, 1.0
    if not judged or not shares:
        return 0.0, 0.0
    place = layout.sentence_of.__getitem__
    marked_in = Counter(map(place, judged))
    right_in = Counter(map(place, judged & key.words_to_find))
    precision = fsum([right / marked_in[sentence] for sentence, right in right_in.items()]) / len(marked_in)
    return precision, fsum(shares) / len(shares)


def _harmonic_mean(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def _verdict(mark: range, key: SpanKey) -> Literal["right", "wide", "sound", "neutral"]:
    """Judge one joined mark by the words that are left when the acceptable ones are taken out."""
    judged = len(mark) - len(key.acceptable.intersection(mark))
    required = len(key.words_to_find.intersection(mark))
    if not judged:
        return "neutral"
    if not required:
        return "sound"
    return "right" if 2 * required >= judged else "wide"


def _join_overlapping(spans: Iterable[frozenset[int]]) -> tuple[frozenset[int], ...]:
    joined: list[frozenset[int]] = []
    for span in spans:
        apart = [other for other in joined if not other & span]
        joined = [*apart, span.union(*(other for other in joined if other & span))]
    return tuple(sorted(joined, key=min))
