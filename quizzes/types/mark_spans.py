"""Mark words, or whole sentences, in a passage; a passage may also hold nothing to mark.

Scored on the set of marked words (`quizzes.scoring.spans`). Every sentence is evidence, the unmarked
ones too, because the passage is answered as a whole. One skill is judged in `mark_judging`.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from math import fsum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from articles.text.positions import Span
from quizzes.overlay import Own
from quizzes.scoring.spans import merge, snap
from quizzes.types.base import Count, Outcome, Passage, Position, Prose, Ref, Schema, twice_named
from quizzes.types.mark_findings import Place, SkillKey, in_text_order
from quizzes.types.mark_judging import SkillJudge
from quizzes.types.registry import (
    ANSWERS_KEPT,
    Example,
    Fault,
    Form,
    Judge,
    QuestionType,
    ResponseRefused,
    register,
)

WORDING = "loaded-language"  # readers agree poorly on wording: a required span needs two readings
READINGS_FOR_WORDING = 2


class Prompt(Schema):
    """The task, the skills asked, each once, what a mark takes, and the passage."""

    task: Prose
    skills: Annotated[tuple[Ref, ...], Field(min_length=1, max_length=12)]
    granularity: Literal["words", "sentences"]
    passage: Passage

    @model_validator(mode="after")
    def _asks_for_each_skill_once(self) -> Self:
        if skill := twice_named(self.skills):
            raise ValueError(f"skills: “{skill}” is asked twice")
        return self

    @property
    def takes_sentences(self) -> bool:
        """Whether a mark takes whole sentences; else it takes words."""
        return self.granularity == "sentences"

    def own_spans(self, response: "Response") -> list[Own]:
        """What the response takes of the passage, in whole units, skill by skill."""
        layout = self.passage.layout
        return [
            Own(layout.span(words), skill)
            for skill in self.skills
            for words in snap(
                [mark.span for mark in response.marks if mark.skill == skill], layout, self.granularity
            )
        ]


class Stretch(Schema):
    """A skill and a half-open [start, end), in code points of the passage."""

    skill: Ref
    start: Position
    end: Position

    @property
    def span(self) -> Span:
        """Where it is."""
        return self.start, self.end


class KeySpan(Stretch):
    """One judged place: to find, readers differ, or fine as written (a foil).

    `rationale` says why, `instead` what sound reporting would say, `minority` what some readers say;
    `readings` counts the independent readings behind it.
    """

    ref: Ref
    kind: Literal["required", "acceptable", "foil"]
    rationale: str = ""
    instead: str = ""
    minority: str = ""
    readings: Annotated[Count, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts; this one is [{self.start}, {self.end})")
        return self


class Key(Schema):
    """The judged places, and the praise for a passage in which nothing is to be marked."""

    spans: tuple[KeySpan, ...]
    praise: str = ""


class Mark(Stretch):
    """One mark of the learner. That it has a length is checked at the door, for there may be thousands."""


class Response(Schema):
    """The learner's marks, or "nothing to mark"."""

    marks: Annotated[tuple[Mark, ...], Field(max_length=20_000)] = ()
    nothing_to_mark: bool = False

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.nothing_to_mark and self.marks:
            raise ValueError("mark something or say “Nothing to mark”, not both")
        return self


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    faults = [
        Fault(f"spans[{index}].{field}", f"“{span.ref}”: {message}")
        for index, span in enumerate(key.spans)
        for field, message in _faults_of_span(prompt, key, span)
    ]
    if ref := twice_named(span.ref for span in key.spans):
        faults.append(Fault("spans", f"Two spans are named “{ref}”."))
    asked = {span.skill for span in key.spans if span.kind == "required"}
    if not asked.issuperset(prompt.skills) and not key.praise.strip():
        faults.append(Fault("praise", "Nothing is to be marked: say why that is right."))
    return faults


def _faults_of_span(prompt: Prompt, key: Key, span: KeySpan) -> Iterator[tuple[str, str]]:
    if span.skill not in prompt.skills:
        yield "skill", f"the question does not ask about {span.skill}."
    if span.end > len(prompt.passage.text):
        yield "end", f"the passage ends at {len(prompt.passage.text)}."
    words = _words_of(prompt, span)
    if not words:
        yield "start", "the span takes no word."
    if span.kind == "foil":
        for other in key.spans:
            if other.kind != "foil" and other.skill == span.skill and words & _words_of(prompt, other):
                yield (
                    "start",
                    f"a foil may share no word with “{other.ref}”, which is {other.kind}.",
                )
    if span.kind != "acceptable" and not span.rationale.strip():
        yield "rationale", "say why."
    if span.kind == "required" and span.skill == WORDING and span.readings < READINGS_FOR_WORDING:
        yield (
            "readings",
            "wording that must be found needs two readings; else make it acceptable.",
        )


def _words_of(prompt: Prompt, stretch: Stretch) -> frozenset[int]:
    return frozenset().union(*snap([stretch.span], prompt.passage.layout, prompt.granularity))


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for a mark of another skill, without length, or outside the passage."""
    length = len(prompt.passage.text)
    for index, mark in enumerate(response.marks):
        if mark.end <= mark.start:
            message = f"A mark must end after it starts; this one is [{mark.start}, {mark.end})."
            raise ResponseRefused(f"marks.{index}", message)
        if mark.skill not in prompt.skills:
            raise ResponseRefused(f"marks.{index}.skill", f"“{mark.skill}” is not asked here.")
        if mark.end > length:
            raise ResponseRefused(f"marks.{index}.end", f"The passage ends at {length}, before this mark.")


def grader(prompt: Prompt, key: Key) -> Judge:
    """Mean over the skills asked of the F1 of marked words."""
    skills = [_skill_judge(prompt, key, skill) for skill in prompt.skills]

    @lru_cache(ANSWERS_KEPT)
    def judged(marked: tuple[frozenset[int], ...], nothing_to_mark: bool) -> Outcome:
        answered = nothing_to_mark or any(
            not words <= skill.key.words.acceptable for skill, words in zip(skills, marked, strict=True)
        )
        scores = [skill.score(words, answered=answered) for skill, words in zip(skills, marked, strict=True)]
        each = list(zip(skills, marked, scores, strict=True))
        return Outcome(
            fraction=min(1.0, fsum(score.f1 for score in scores) / len(scores)) if answered else 0.0,
            answered=answered,
            units=tuple(chain.from_iterable([skill.units(words) for skill, words, _ in each if answered])),
            tallies=tuple([skill.tally(score) for skill, _, score in each]),
            findings=in_text_order(
                chain.from_iterable([skill.findings.told(words, score) for skill, words, score in each])
            ),
        )

    def judge(response: Response) -> Outcome:
        marked = [
            skill.marked([(mark.start, mark.end) for mark in response.marks if mark.skill == skill.name])
            for skill in skills
        ]
        return judged(tuple(marked), response.nothing_to_mark)

    return judge


def _skill_judge(prompt: Prompt, key: Key, skill: str) -> SkillJudge:
    layout = prompt.passage.layout
    places = (
        (span.kind, Place(span.ref, frozenset(part)))
        for span in key.spans
        if span.skill == skill
        for part in snap([span.span], layout, prompt.granularity)
    )
    return SkillJudge(skill, SkillKey.of(places), layout, prompt.granularity)


def from_form(prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read `mark-<skill>`, indices of words (or sentences) of the passage, and `nothing_to_mark`.

    Raises ResponseRefused for what is no such index.
    """
    return {
        "marks": [mark for skill in prompt.skills for mark in _marks_from_form(prompt, form, skill)],
        "nothing_to_mark": any(form.get("nothing_to_mark", ())),
    }


def _marks_from_form(prompt: Prompt, form: Form, skill: str) -> Iterator[dict[str, Any]]:
    """Runs of consecutive units on one line become one mark each."""
    field = f"mark-{skill}"
    layout = prompt.passage.layout
    by_word = prompt.granularity == "words"
    units = [range(word, word + 1) for word in range(len(layout.words))] if by_word else layout.sentence_words
    chosen = {_index(field, value, len(units)) for value in form.get(field, ())}
    for run in merge((units[index] for index in chosen), layout):
        start, end = layout.span(run)
        yield {"skill": skill, "start": start, "end": end}


def _index(field: str, value: str, count: int) -> int:
    if value.isascii() and value.isdigit() and len(value) < 10 and int(value) < count:
        return int(value)
    raise ResponseRefused(field, "This names no word or sentence of the passage.")


_TEXT = (
    "The council met on Monday and voted 9 to 4 for the tram. The delay was meant as a warning to "
    "the shops.\nThe mayor said that work begins in May. Everyone secretly hopes that it never will."
)
_SKILL = "attribution"


def _place(quote: str) -> dict[str, Any]:
    start = _TEXT.index(quote)
    return {"skill": _SKILL, "start": start, "end": start + len(quote)}


_WARNING = _place("The delay was meant as a warning to the shops")
_HOPE = _place("Everyone secretly hopes that it never will")
_VOTE = _place("The council met on Monday and voted 9 to 4 for the tram")

EXAMPLE = Example(
    prompt=Prompt(
        task="Mark each sentence that makes a claim which needs a source and names none.",
        skills=(_SKILL,),
        granularity="sentences",
        passage=Passage.of(_TEXT),
    ),
    key=Key(
        spans=(
            KeySpan(
                **_WARNING,
                ref="warning",
                kind="required",
                rationale="A motive, and the text names nobody who could know it.",
                instead="…, the head of the shops’ union said",
            ),
            KeySpan(**_HOPE, ref="hope", kind="required", rationale="Nobody is named who counted hopes."),
            KeySpan(**_VOTE, ref="vote", kind="foil", rationale="A vote is on record and needs no source."),
        )
    ),
    right=Response(marks=(Mark(**_WARNING), Mark(**_HOPE))),
    wrong=(
        Response(marks=(Mark(**_WARNING),)),
        Response(marks=(Mark(skill=_SKILL, start=0, end=len(_TEXT)),)),
        Response(nothing_to_mark=True),
        Response(),
    ),
)

MARK_SPANS = register(
    QuestionType(
        slug="mark_spans",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=from_form,
    )
)
