"""Cutting a passage out of a text: whole paragraphs, or some of their sentences, with its words."""

from collections.abc import Sequence
from typing import NamedTuple

from articles.text.positions import Span


class NoSuchPlace(ValueError):
    """The text has fewer paragraphs or sentences than was asked for; `part` is "last" or "sentences"."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


class Cut(NamedTuple):
    """A passage: half-open [start, end) in the text; its sentences and words count from its own start."""

    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    words: tuple[Span, ...]


class Stretch(NamedTuple):
    """Paragraphs `first` to `last`, and of their sentences only those numbered so; all count from 1."""

    first: int
    last: int
    sentences: tuple[int, int] | None = None


def line_spans(text: str) -> tuple[Span, ...]:
    """The places of the paragraphs: lines, without their line breaks."""
    places, start = [], 0
    for line in text.split("\n"):
        places.append((start, start + len(line)))
        start += len(line) + 1
    return tuple(places)


def cut(text: str, sentences: Sequence[Span], words: Sequence[Span], stretch: Stretch) -> Cut:
    """Cut the stretch out of a text whose sentences and words are these; raises NoSuchPlace."""
    lines = line_spans(text)
    if not 1 <= stretch.first <= stretch.last <= len(lines):
        missing = stretch.last if stretch.last > len(lines) else stretch.first
        raise NoSuchPlace("last", f"has {len(lines)} paragraphs, so it has no paragraph {missing}.")
    start, end = lines[stretch.first - 1][0], lines[stretch.last - 1][1]
    if stretch.sentences:
        first, last = stretch.sentences
        inside = [span for span in sentences if start <= span[0] and span[1] <= end]
        if not 1 <= first <= last <= len(inside):
            missing = last if last > len(inside) else first
            message = f"there are {len(inside)} sentences there, so there is no sentence {missing}."
            raise NoSuchPlace("sentences", message)
        start, end = inside[first - 1][0], inside[last - 1][1]
    return cut_at(text, sentences, words, (start, end))


def cut_at(text: str, sentences: Sequence[Span], words: Sequence[Span], place: Span) -> Cut:
    """Cut [start, end) out of a text whose sentences and words are these."""
    start, end = place
    return Cut(start, end, text[start:end], _shifted(sentences, start, end), _shifted(words, start, end))


def _shifted(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple((span[0] - start, span[1] - start) for span in spans if start <= span[0] and span[1] <= end)


def stretch_of(text: str, sentences: Sequence[Span], place: Span) -> Stretch:
    """The paragraphs that [start, end) touches; with sentences where it does not take all of theirs."""
    start, end = place
    lines = line_spans(text)
    held = [number for number, line in enumerate(lines, start=1) if line[0] < end and start < line[1]]
    first, last = (held[0], held[-1]) if held else (1, 1)
    whole = lines[first - 1][0], lines[last - 1][1]
    if whole == place:
        return Stretch(first, last)
    inside = [span for span in sentences if whole[0] <= span[0] and span[1] <= whole[1]]
    taken = [number for number, span in enumerate(inside, start=1) if start <= span[0] and span[1] <= end]
    return Stretch(first, last, (taken[0], taken[-1]) if taken else None)
