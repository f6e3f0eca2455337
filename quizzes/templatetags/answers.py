"""What templates of question types ask of an answer that lies open: places, gaps, hints in one's own text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from django import template

from articles.text.segments import line_spans
from quizzes import wording
from quizzes.feedback import Feedback
from quizzes.scoring.order import places
from quizzes.types import hottext, inline_choice, number, order, short_answer
from quizzes.types.base import Finding, Option

register = template.Library()


@register.filter
def named(options: Sequence[Any], ref: str) -> Any:
    """The one of these whose name is `ref`, or None."""
    return next((option for option in options if option.ref == ref), None)


@register.filter
def numbers(items: Sequence[Any]) -> range:
    """1 to as many as there are."""
    return range(1, len(items) + 1)


@dataclass(frozen=True)
class Placed:
    """An item with its place as a form sends it ("" for none)."""

    ref: str
    text: str
    place: str


@register.simple_tag
def placed_items(
    prompt: order.Prompt,
    shown: Sequence[str],
    response: order.Response,
    given: Mapping[str, Sequence[str]] | None,
) -> list[Placed]:
    """The items in the learner's order, or as shown to them; places as typed where a form was refused."""
    standing = response.order or (*shown, *(ref for ref in prompt.refs if ref not in shown))
    own = {ref: str(at) for at, ref in enumerate(response.order, start=1)}
    if given is not None:
        own = {ref: (list(given.get(f"place-{ref}", ())) or [""])[-1] for ref in prompt.refs}
    texts = {option.ref: option.text for option in prompt.options}
    return [Placed(ref, texts[ref], own.get(ref, "")) for ref in standing]


@dataclass(frozen=True)
class JudgedPlace:
    """An item, where it was put (0: nowhere), and where right orders put it: from `first` to `last`."""

    ref: str
    text: str
    place: int
    first: int
    last: int
    feedback: str

    @property
    def right(self) -> bool:
        return self.first <= self.place <= self.last


@register.simple_tag
def judged_places(prompt: order.Prompt, judged: Feedback) -> list[JudgedPlace]:
    """The items in the learner's order; in the key's where they gave none."""
    ranks, texts = judged.key.ranks, {option.ref: option.text for option in prompt.options}
    given = judged.response.order
    standing = given or sorted(prompt.refs, key=ranks.__getitem__)
    found: list[JudgedPlace] = []
    for at, ref in enumerate(standing, start=1):
        allowed = places(ref, ranks)
        feedback = judged.key.feedback.get(ref, "")
        place = at if given else 0
        found.append(JudgedPlace(ref, texts[ref], place, allowed[0] + 1, allowed[-1] + 1, feedback))
    return found


@dataclass(frozen=True)
class GapPiece:
    """Text, or a gap with its number from 1; with feedback, what was chosen and what is right there."""

    text: str = ""
    number: int = 0
    ref: str = ""
    options: tuple[Option, ...] = ()
    chosen: Option | None = None
    right: tuple[Option, ...] = ()
    feedback: str = ""
    reasons: tuple[tuple[Option, str], ...] = ()
    minority: str = ""

    @property
    def verdict(self) -> str:
        return "found" if self.chosen in self.right else "fine" if self.chosen else "missed"


@register.simple_tag
def gap_lines(prompt: inline_choice.Prompt, judged: Feedback | None = None) -> list[list[GapPiece]]:
    """The text line by line, cut into words and numbered gaps; judged where there is feedback."""
    numbered = {
        piece.ref: number
        for number, piece in enumerate(
            (piece for line in prompt.lines for piece in line if isinstance(piece, inline_choice.Gap)),
            start=1,
        )
    }
    return [
        [
            GapPiece(text=piece)
            if isinstance(piece, str)
            else GapPiece(number=numbered[piece.ref], ref=piece.ref, options=piece.options)
            if judged is None
            else _judged_gap(piece, numbered[piece.ref], judged)
            for piece in line
        ]
        for line in prompt.lines
    ]


def _judged_gap(gap: inline_choice.Gap, number: int, judged: Feedback) -> GapPiece:
    key = next(one for one in judged.key.gaps if one.ref == gap.ref)
    chosen = named(gap.options, judged.response.chosen.get(gap.ref, ""))
    right = tuple(option for option in gap.options if option.ref in key.right)
    others = tuple((option, key.feedback.get(option.ref, "")) for option in gap.options if option != chosen)
    return GapPiece(
        number=number,
        ref=gap.ref,
        options=gap.options,
        chosen=chosen,
        right=right,
        feedback=key.feedback.get(chosen.ref, "") if chosen else "",
        reasons=others,
        minority=key.minority,
    )


@register.filter
def said_to(key: short_answer.Key, finding: Finding) -> str:
    """What the key says to the answer that a finding names ("accepted-0", "wrong-1"); "" for none."""
    kind, _dash, index = finding.ref.rpartition("-")
    lists = {"accepted": getattr(key, "accepted", ()), "wrong": key.expected_wrong}
    return str(lists[kind][int(index)].feedback) if kind in lists else ""


@register.filter
def others(key: short_answer.Key, finding: Finding | None) -> list[short_answer.Accepted]:
    """The accepted answers, without the one that was given."""
    given = finding.ref if finding else ""
    return [answer for index, answer in enumerate(key.accepted) if f"accepted-{index}" != given]


DIGITS = 100  # more than any key holds


@dataclass(frozen=True)
class Amount:
    """A number as the question writes it, with the key's own unit; what is right lies from `least` to `most`."""

    value: str
    unit: str
    least: str
    most: str


@register.simple_tag
def amount(prompt: number.Prompt, key: number.Key) -> Amount:
    """The accepted number, in the unit that the key counts in, else in the first that may be written."""
    units = sorted(prompt.units, key=lambda unit: Decimal(key.factors[unit]) != 1)
    unit = units[0] if units and (prompt.unit_required or Decimal(key.factors[units[0]]) == 1) else ""
    with localcontext(prec=DIGITS):
        factor = Decimal(key.factors[unit]) if unit else Decimal(1)
        value = Decimal(key.value) / factor
        off = max(Decimal(key.abs_tol) / factor, Decimal(key.rel_tol) * abs(value))

        def written(this: Decimal) -> str:
            return f"{this.normalize():f}".replace(".", prompt.decimal_mark)

        return Amount(
            key.value.replace(".", prompt.decimal_mark) if factor == 1 else written(value),
            unit,
            written(value - off) if off else "",
            written(value + off) if off else "",
        )


@dataclass(frozen=True)
class Spot:
    """Text, or a place offered in it (`ref`), chosen or not."""

    text: str
    ref: str = ""
    chosen: bool = False


@register.simple_tag
def offered_lines(prompt: hottext.Prompt, response: hottext.Response) -> list[list[Spot]]:
    """The passage line by line, cut at the places that are offered; lines without text are left out."""
    text = prompt.passage.text
    lines: list[list[Spot]] = []
    for start, end in line_spans(text):
        line: list[Spot] = []
        at = start
        for place in prompt.offered:
            if start <= place.start < end:
                line.append(Spot(text[at : place.start]))
                line.append(Spot(text[place.start : place.end], place.ref, place.ref in response.chosen))
                at = place.end
        line.append(Spot(text[at:end]))
        if end > start:
            lines.append([spot for spot in line if spot.text])
    return lines


@dataclass(frozen=True)
class Stretch:
    """A run of a text of one's own; `marked` where a finding lies on it."""

    text: str
    marked: bool = False


@register.simple_tag
def own_text(judged: Feedback) -> list[Stretch]:
    """The learner's text, cut at the words that remain and judge."""
    spans = [
        span
        for finding in judged.outcome.findings
        if finding.code == "word_remains"
        for span in finding.spans
    ]
    return list(_stretches(judged.response.text, spans))


def _stretches(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        if at < start:
            yield Stretch(text[at:start])
        yield Stretch(text[start:end], marked=True)
        at = end
    if at < len(text):
        yield Stretch(text[at:])


@dataclass(frozen=True)
class Hint:
    """One finding of the check that is no grade, with the words of the key."""

    code: str
    said: str
    instead: str = ""

    @property
    def verdict(self) -> str:
        return {"fact_missing": "missed", "word_remains": "fine"}.get(self.code, "found")


@register.simple_tag
def hints(judged: Feedback) -> list[Hint]:
    """The hints in words: what is kept or missing, which word is gone or remains."""
    text = judged.response.text
    facts = {fact.ref: fact for fact in judged.key.keep}
    words = {judging.ref: judging for judging in judged.key.drop}
    found: list[Hint] = []
    for finding in judged.outcome.findings:
        if finding.code in {wording.LEVEL, wording.COMMENT}:
            continue
        if finding.ref in facts:
            found.append(Hint(finding.code, facts[finding.ref].text))
        elif finding.ref in words:
            word = words[finding.ref]
            said = text[slice(*finding.spans[0])] if finding.spans else word.any_of[0]
            found.append(Hint(finding.code, said, word.instead))
    return found


@dataclass(frozen=True)
class Given:
    """A criterion and the level that a person put the answer on."""

    criterion: str
    level: str
    points: int
    possible: int


@register.simple_tag
def levels_given(prompt: Any, judged: Feedback) -> list[Given]:
    """The rubric as a person filled it in, in its own order; nothing before that is released."""
    given = {one.ref: int(one.response) for one in judged.outcome.findings if one.code == wording.LEVEL}
    return [
        Given(one.text, one.levels[level].text, one.levels[level].points, one.levels[-1].points)
        for one in prompt.criteria
        for level in [given.get(one.ref)]
        if level is not None and level < len(one.levels)
    ]


@register.filter
def comment_given(judged: Feedback) -> str:
    """What whoever graded it says to the learner; "" for nothing."""
    said = (one.response for one in judged.outcome.findings if one.code == wording.COMMENT)
    return next(said, "")
