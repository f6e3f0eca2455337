"""What the templates of question types need: passages cut for marking, and feedback laid on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.text.positions import Span
from quizzes.feedback import Feedback
from quizzes.overlay import Laid, Piece, Segment, overlay_lines, segment_lines
from quizzes.scoring.spans import snap
from quizzes.types import mark_spans
from quizzes.types.base import Finding, Option, Passage
from quizzes.wording import VERDICTS

register = template.Library()


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under `key`, or '' where there is none."""
    return mapping.get(key, "")


@register.simple_tag
def in_order(options: Sequence[Option], order: Sequence[str]) -> list[Option]:
    """The options as this learner sees them; those that `order` does not name stand last."""
    place = {ref: index for index, ref in enumerate(order)}
    return sorted(options, key=lambda option: place.get(option.ref, len(place)))


@dataclass(frozen=True)
class MarkSegment:
    """A `Segment` that knows whether it is marked in the response at hand."""

    text: str
    index: int | None
    sentence: int
    checked: bool


@dataclass(frozen=True)
class MarkLine:
    segments: list[MarkSegment]
    kind: str = "p"


@register.simple_tag
def unit_lines(prompt: mark_spans.Prompt, response: mark_spans.Response) -> list[MarkLine]:
    """The passage as lines of units to mark, those of the response checked."""
    passage = prompt.passage
    units = passage.sentences if prompt.granularity == "sentences" else passage.words
    spans = marked_spans(prompt, response)
    marked = [any(start < m_end and m_start < end for m_start, m_end in spans) for start, end in units]

    def shown(segment: Segment) -> MarkSegment:
        checked = segment.index is not None and marked[segment.index]
        return MarkSegment(segment.text, segment.index, segment.sentence, checked)

    return [
        MarkLine([shown(segment) for segment in line])
        for line in segment_lines(passage.text, units, passage.sentences)
    ]


def marked_spans(prompt: mark_spans.Prompt, response: mark_spans.Response) -> list[Span]:
    """The response's marks as the units that they take, as spans of the passage."""
    layout = prompt.passage.layout
    marks = [(mark.start, mark.end) for mark in response.marks]
    return [layout.span(words) for words in snap(marks, layout, prompt.granularity)]


@dataclass(frozen=True)
class ShownFinding:
    """A finding with its words, as a reason beside the text."""

    number: int
    verdict: str
    label: str | Promise
    quote: str
    rationale: str
    instead: str
    minority: str


@dataclass(frozen=True)
class ShownLine:
    pieces: list[Piece]
    findings: list[ShownFinding]


@dataclass(frozen=True)
class Overlay:
    lines: list[ShownLine]
    left_alone: list[ShownFinding]
    praise: str
    verdicts: list[tuple[str, str | Promise]]


@register.simple_tag
def overlay(prompt: mark_spans.Prompt, judged: Feedback) -> Overlay:
    """The passage with every finding laid on it, numbered in text order, and the reasons a line."""
    text = prompt.passage.text
    on_text = sorted(
        (f for f in judged.outcome.findings if f.code in VERDICTS and f.spans), key=lambda f: f.spans
    )
    shown = [
        _shown(prompt.passage, judged, finding, number) for number, finding in enumerate(on_text, start=1)
    ]
    laid = [Laid(one.number, one.verdict, f.spans) for one, f in zip(shown, on_text, strict=True)]
    lines = [
        ShownLine(pieces, [shown[piece.number - 1] for piece in pieces if piece.last])
        for pieces in overlay_lines(text, laid, marked_spans(prompt, judged.response))
    ]
    alone = [_shown(prompt.passage, judged, f, 0) for f in judged.outcome.findings if f.code == "left_alone"]
    right_to_leave = judged.outcome.fraction == 1 and not any(
        span.kind == "required" for span in judged.key.spans
    )
    return Overlay(
        lines=lines,
        left_alone=alone,
        praise=judged.key.praise if right_to_leave else "",
        verdicts=[
            (code, label) for code, label in VERDICTS.items() if any(one.verdict == code for one in shown)
        ],
    )


def _shown(passage: Passage, judged: Feedback, finding: Finding, number: int) -> ShownFinding:
    words = next((span for span in judged.key.spans if span.ref == finding.ref), None)
    start, end = finding.spans[0][0], finding.spans[-1][1]
    rationale = words.rationale if words else ""
    if finding.code == "fine" and not rationale:
        # Not the praise: that is for whoever marked nothing.
        rationale = _("Nothing to find in these words: they are fine as written.")
    return ShownFinding(
        number=number,
        verdict=finding.code,
        label=VERDICTS.get(finding.code, ""),
        quote=passage.text[start:end],
        rationale=rationale,
        instead=words.instead if words else "",
        minority=words.minority if words else "",
    )
