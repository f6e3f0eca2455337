"""What the templates of question types need: passages cut for marking, and feedback laid on them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.text.positions import Span, touched
from articles.text.segments import Segment, sentence_lines
from quizzes.feedback import Feedback
from quizzes.overlay import Laid, Own, Piece, overlay_lines
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
    """A `Segment` that knows for which skills it is marked in the response at hand."""

    text: str
    index: int | None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkGroup:
    """A sentence of the passage, or (`sentence` None) what stands between two."""

    sentence: int | None
    segments: list[MarkSegment]


@register.simple_tag
def unit_lines(prompt: mark_spans.Prompt, response: mark_spans.Response) -> list[list[MarkGroup]]:
    """The passage as lines of sentences of units to mark, with the marks of the response."""
    passage = prompt.passage
    units = passage.sentences if prompt.granularity == "sentences" else passage.words
    marked: dict[int, list[str]] = {}
    for own in prompt.own_spans(response):
        for index in touched(own.span, units):
            marked.setdefault(index, []).append(own.skill or "")

    def shown(segment: Segment) -> MarkSegment:
        skills = () if segment.index is None else tuple(dict.fromkeys(marked.get(segment.index, ())))
        return MarkSegment(segment.text, segment.index, skills)

    return [
        [MarkGroup(group.sentence, [shown(segment) for segment in group.segments]) for group in line]
        for line in sentence_lines(passage.text, units, passage.sentences)
    ]


@register.simple_tag
def in_text_order(response: mark_spans.Response) -> list[mark_spans.Mark]:
    """The marks as they are listed beside the passage."""
    return sorted(response.marks, key=lambda mark: mark.start)


class OnText(Protocol):
    """A prompt whose feedback can be laid on a passage: what `overlay` asks of a type.

    Its key has `spans`, each with a `ref`, a `kind` and the words for it. `own_spans` says where the
    learner's answer is in the passage.
    """

    @property
    def passage(self) -> Passage: ...

    def own_spans(self, response: Any) -> list[Own]: ...


@dataclass(frozen=True)
class ShownFinding:
    """A finding with its words, as a reason beside the text.

    `number` is that of its place on the text; one that has no place of its own `follows` the finding
    whose place it shares. `of` says whose it is: the learner's marks ("mine"), the key's, or both.
    """

    number: int
    verdict: str
    label: str | Promise
    quote: str
    rationale: str
    instead: str
    minority: str
    skill: str | None = None
    follows: bool = False
    of: str = ""


@dataclass(frozen=True)
class ShownLine:
    pieces: list[Piece]
    findings: list[ShownFinding]


@dataclass(frozen=True)
class Overlay:
    """`skills` are named where the question asks for several."""

    lines: list[ShownLine]
    left_alone: list[ShownFinding]
    praise: str
    verdicts: list[tuple[str, str | Promise]]
    skills: tuple[str, ...]
    count: int


@register.simple_tag
def overlay(prompt: OnText, judged: Feedback) -> Overlay:
    """The passage with every finding laid on it, numbered in text order, and the reasons a line."""
    placed, loose = _by_place(f for f in judged.outcome.findings if f.code in VERDICTS)
    own = prompt.own_spans(judged.response)
    laid = [Laid(n, f.code, f.spans, f.skill) for n, (f, *_followers) in enumerate(placed, start=1)]
    lines = [ShownLine(pieces, []) for pieces in overlay_lines(prompt.passage.text, laid, own)]
    words = _Words(prompt.passage, judged, own)
    if lines:
        lines[0].findings.extend(words.of(finding) for finding in loose)
    for line in lines:
        for part in (part for piece in line.pieces for part in piece.refs):
            line.findings.extend(words.at(part.number, placed[part.number - 1]))
        line.findings.sort(key=lambda finding: finding.number)
    shown = {finding.verdict for line in lines for finding in line.findings}
    skills: tuple[str, ...] = getattr(prompt, "skills", ())
    right_to_leave = judged.outcome.fraction == 1 and not any(
        span.kind == "required" for span in judged.key.spans
    )
    return Overlay(
        lines=lines,
        left_alone=[words.of(f) for f in judged.outcome.findings if f.code == "left_alone"],
        praise=getattr(judged.key, "praise", "") if right_to_leave else "",
        verdicts=[(code, label) for code, label in VERDICTS.items() if code in shown],
        skills=skills if len(skills) > 1 else (),
        count=len(laid),
    )


def _by_place(findings: Iterable[Finding]) -> tuple[list[list[Finding]], list[Finding]]:
    """Findings in text order, each with those that share its place; and those that have none to share.

    A finding without a place of its own shares that of the one before it of its skill.
    """
    placed: list[list[Finding]] = []
    loose: list[Finding] = []
    for finding in findings:
        if finding.spans:
            placed.append([finding])
        else:
            next((one for one in reversed(placed) if one[0].skill == finding.skill), loose).append(finding)
    return sorted(placed, key=lambda sharing: sharing[0].spans), loose


@dataclass(frozen=True)
class _Words:
    """What turns findings into reasons: the key's words, and the passage's."""

    passage: Passage
    judged: Feedback
    own: Sequence[Own]

    def at(self, number: int, sharing: Sequence[Finding]) -> Iterator[ShownFinding]:
        """The reasons of the findings that share place `number`."""
        place = sharing[0].spans
        for finding in sharing:
            yield self.of(finding, place, number=number, follows=finding is not sharing[0])

    def of(
        self, finding: Finding, place: Sequence[Span] = (), *, number: int = 0, follows: bool = False
    ) -> ShownFinding:
        span = next((span for span in self.judged.key.spans if span.ref == finding.ref), None)
        spans = finding.spans or place
        rationale = span.rationale if span else ""
        if finding.code == "fine" and not rationale:
            # Not the praise: that is for whoever marked nothing.
            rationale = _("Nothing to find in these words: they are fine as written.")
        return ShownFinding(
            number=number,
            verdict=finding.code,
            label=VERDICTS.get(finding.code, ""),
            quote=self.passage.text[spans[0][0] : spans[-1][1]] if spans else "",
            rationale=rationale,
            instead=span.instead if span else "",
            minority=span.minority if span else "",
            skill=finding.skill,
            follows=follows,
            of=self._whose(finding, spans),
        )

    def _whose(self, finding: Finding, spans: Sequence[Span]) -> str:
        mine = any(
            start < own.span[1] and own.span[0] < end
            for own in self.own
            if None in (own.skill, finding.skill) or own.skill == finding.skill
            for start, end in spans
        )
        return " ".join(["mine"] * mine + ["key"] * (finding.code != "fine"))
