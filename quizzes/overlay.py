"""Laying marks and findings on a passage, from stored offsets: what a page then only has to print.

Pure: positions in, pieces of text out. Lines are cut at line breaks, and every piece keeps its
punctuation, so that the pieces of all lines, joined, are the passage again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from articles.text.positions import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A unit that can be marked (`index` from 0), or the text between two units (`index` None).

    `sentence` is the number of the sentence that a unit begins in, from 0.
    """

    text: str
    index: int | None = None
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Laid:
    """A finding on the text: `number` from 1 in text order, `verdict` a code, `spans` its places."""

    number: int
    verdict: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under one verdict ('' for none), marked by the learner (`mine`) or not.

    `number` names its finding, 0 for none; `first` and `last` say whether it begins or ends it.
    """

    text: str
    verdict: str = ""
    number: int = 0
    mine: bool = False
    first: bool = False
    last: bool = False


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


def overlay_lines(text: str, findings: Sequence[Laid], mine: Sequence[Span]) -> list[list[Piece]]:
    """Each line as pieces under the findings' verdicts; where findings overlap, the earlier one shows."""
    ends = {finding.number: max(end for _start, end in finding.spans) for finding in findings}
    begun: set[int] = set()
    lines: list[list[Piece]] = []
    for line in line_spans(text):
        pieces: list[Piece] = []
        for start, end, finding, marked in _runs(line, findings, mine):
            if finding is None:
                pieces.append(Piece(text[start:end], mine=marked))
                continue
            first = finding.number not in begun
            begun.add(finding.number)
            last = end >= ends[finding.number]
            pieces.append(Piece(text[start:end], finding.verdict, finding.number, marked, first, last))
        lines.append(pieces)
    return lines


def _runs(
    line: Span, findings: Sequence[Laid], mine: Sequence[Span]
) -> Iterator[tuple[int, int, Laid | None, bool]]:
    """Maximal stretches of a line that lie under one finding, or none, and are marked, or not."""
    covers = [(span, finding) for finding in findings for span in finding.spans]
    edges = {edge for span, _finding in covers for edge in span} | {edge for span in mine for edge in span}
    cuts = sorted({line[0], line[1], *(edge for edge in edges if line[0] < edge < line[1])})

    def under(stretch: Span) -> tuple[Laid | None, bool]:
        finding = next((f for (start, end), f in covers if start <= stretch[0] and stretch[1] <= end), None)
        return finding, any(start <= stretch[0] and stretch[1] <= end for start, end in mine)

    stretches = list(pairwise(cuts))
    for (finding, marked), run in groupby(stretches, key=under):
        run_of = list(run)
        yield run_of[0][0], run_of[-1][1], finding, marked
