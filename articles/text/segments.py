"""A text cut into what a page prints: lines, sentences, units to mark, and what stands between them.

Pure: positions in, pieces of text out. Every piece keeps its punctuation, so that the pieces of all
lines, joined, are the text again.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.text.words import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A unit that can be marked (`index` from 0), or the text between two units (`index` None).

    `sentence` is the number of the sentence that a unit begins in, from 0.
    """

    text: str
    index: int | None = None
    sentence: int = 0


def line_spans(text: str) -> list[Span]:
    """The lines of `text` as half-open spans without their line breaks, empty lines included."""
    spans: list[Span] = []
    start = 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def segment_lines(text: str, units: Sequence[Span], sentences: Sequence[Span]) -> list[list[Segment]]:
    """Each line as units and the text between them. `units` are ordered, disjoint and on one line each."""
    sentence = 0
    index = 0
    lines: list[list[Segment]] = []
    for start, end in line_spans(text):
        line: list[Segment] = []
        at = start
        while index < len(units) and units[index][0] < end:
            first, last = units[index]
            while sentence + 1 < len(sentences) and sentences[sentence + 1][0] <= first:
                sentence += 1
            if at < first:
                line.append(Segment(text[at:first]))
            line.append(Segment(text[first:last], index, sentence))
            at = last
            index += 1
        if at < end:
            line.append(Segment(text[at:end]))
        lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class Group:
    """A sentence's segments (`sentence` from 0), or the text between two sentences (`sentence` None)."""

    sentence: int | None
    segments: list[Segment]


def sentence_lines(text: str, units: Sequence[Span], sentences: Sequence[Span]) -> list[list[Group]]:
    """Each line as its sentences, cut into units, and what stands between them."""
    starts = [start for start, _end in units]
    lines: list[list[Group]] = []
    numbered = iter([*enumerate(sentences), (len(sentences), (len(text) + 1, len(text) + 1))])
    number, (first, last) = next(numbered)
    for start, end in line_spans(text):
        line: list[Group] = []
        at = start
        while first < end:
            held = range(bisect_left(starts, first), bisect_left(starts, last))
            last = max([last, *(units[unit][1] for unit in held)])
            if at < first:
                line.append(Group(None, [Segment(text[at:first])]))
            line.append(Group(number, list(_cut(text, (first, last), units, held, number))))
            at = last
            number, (first, last) = next(numbered)
        if at < end:
            line.append(Group(None, [Segment(text[at:end])]))
        lines.append(line)
    return lines


def _cut(text: str, within: Span, units: Sequence[Span], held: range, sentence: int) -> Iterator[Segment]:
    at, end = within
    for unit in held:
        first, last = units[unit]
        if at < first:
            yield Segment(text[at:first])
        yield Segment(text[first:last], unit, sentence)
        at = last
    if at < end:
        yield Segment(text[at:end])
