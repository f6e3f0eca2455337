"""Laying marks and findings on a passage, from stored offsets: what a page then only has to print.

Pure: positions in, pieces of text out. Lines are cut at line breaks, and every piece keeps its
punctuation, so that the pieces of all lines, joined, are the passage again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import NamedTuple

from articles.text.positions import Span
from articles.text.segments import line_spans


class Own(NamedTuple):
    """A place that the learner marked, and the skill that it was marked for (None: whichever is asked)."""

    span: Span
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A finding on the text: `number` from 1 in text order, `verdict` a code, `spans` its places."""

    number: int
    verdict: str
    spans: tuple[Span, ...]
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One box on the text: a stretch of a finding, marked by the learner for its skill (`mine`) or not.

    `first` and `last` say whether the finding begins or ends with it.
    """

    number: int
    verdict: str
    skill: str | None = None
    mine: bool = False
    first: bool = False
    last: bool = False

    @property
    def says_mine(self) -> bool:
        """Whether it must be said that the learner marked it: the verdict alone does not tell."""
        whole = self.first and self.last
        return self.mine and (self.verdict in {"partly", "differ"} or (self.verdict == "found" and not whole))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, the boxes that open before it, outermost first, and those that close after it.

    `mine`: the learner marked it, and no finding is there. Boxes are nested properly: one that another
    crosses is closed and opened again.
    """

    text: str
    opens: tuple[Part, ...] = ()
    closes: tuple[Part, ...] = ()
    mine: bool = False

    @property
    def refs(self) -> list[Part]:
        """The findings that end here, in order of number."""
        return sorted((part for part in self.closes if part.last), key=lambda part: part.number)


def overlay_lines(text: str, findings: Sequence[Laid], mine: Sequence[Own]) -> list[list[Piece]]:
    """Each line as pieces, with a box for every finding there, however they nest or cross."""
    begun: set[int] = set()
    return [_boxed(text, _runs(line, findings, mine), begun) for line in line_spans(text)]


class _Cover(NamedTuple):
    """A finding over a stretch, and whether the learner marked the stretch for its skill."""

    finding: Laid
    mine: bool


class _Run(NamedTuple):
    """A maximal stretch of a line under the same covers, outermost first."""

    start: int
    end: int
    covers: tuple[_Cover, ...]
    mine: bool


def _runs(line: Span, findings: Sequence[Laid], mine: Sequence[Own]) -> list[_Run]:
    spans = [span for finding in findings for span in finding.spans] + [own.span for own in mine]
    cuts = {line[0], line[1], *(edge for span in spans for edge in span if line[0] < edge < line[1])}

    def under(stretch: Span) -> tuple[tuple[_Cover, ...], bool]:
        marked = [own.skill for own in mine if _holds(own.span, stretch)]
        over = [(f, span) for f in findings for span in f.spans if _holds(span, stretch)]
        over.sort(key=lambda pair: (pair[1][0], -pair[1][1], pair[0].number))
        covers = tuple(_Cover(f, any(_same(f.skill, skill) for skill in marked)) for f, _span in over)
        return covers, bool(marked) and not covers

    grouped = groupby(pairwise(sorted(cuts)), key=under)
    runs = [(key, list(stretches)) for key, stretches in grouped]
    return [_Run(run[0][0], run[-1][1], covers, own) for (covers, own), run in runs]


def _holds(span: Span, stretch: Span) -> bool:
    return span[0] <= stretch[0] and stretch[1] <= span[1]


def _same(skill: str | None, other: str | None) -> bool:
    return skill is None or other is None or skill == other


def _boxed(text: str, runs: Sequence[_Run], begun: set[int]) -> list[Piece]:
    """Pieces of one line. A box stays open while nothing outside it changes; `begun` goes on to the next."""
    pieces: list[Piece] = []
    standing: list[Part] = []
    for index, run in enumerate(runs):
        before = runs[index - 1].covers if index else ()
        after = runs[index + 1].covers if index + 1 < len(runs) else ()
        kept = _shared(before, run.covers)
        opens: list[Part] = []
        for depth in range(kept, len(run.covers)):
            cover = run.covers[depth]
            end = next(
                one.end
                for one, following in zip(runs[index:], [*runs[index + 1 :], None], strict=True)
                if following is None or _shared(run.covers, following.covers) <= depth
            )
            opens.append(_part(cover, end, begun))
        standing[kept:] = opens
        left = _shared(run.covers, after)
        closes = tuple(reversed(standing[left:]))
        pieces.append(Piece(text[run.start : run.end], tuple(opens), closes, run.mine))
    return pieces


def _part(cover: _Cover, end: int, begun: set[int]) -> Part:
    finding = cover.finding
    first = finding.number not in begun
    begun.add(finding.number)
    last = end >= max(stop for _start, stop in finding.spans)
    return Part(finding.number, finding.verdict, finding.skill, cover.mine, first, last)


def _shared(one: Sequence[_Cover], other: Sequence[_Cover]) -> int:
    """How many covers, from the outermost, two neighbouring stretches have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
