"""Fill each gap of a text from a list of its own. In the text a gap is written as its name in brackets."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from quizzes.types.base import (
    Option,
    Outcome,
    Prose,
    Ref,
    Refs,
    Schema,
    twice_named,
    whole_item,
)
from quizzes.types.options import faults_of_key, refuse_unknown
from quizzes.types.parts import Part, answers_from_form, parts_grader
from quizzes.types.registry import Choice, Example, Fault, Form, Judge, QuestionType, register

_IN_BRACKETS = re.compile(r"\[([a-z0-9][a-z0-9-]{0,63})\]")


class Gap(Schema):
    """A place to fill: its name and what can stand there."""

    ref: Ref
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]

    @model_validator(mode="after")
    def _names_each_option_once(self) -> Self:
        if ref := twice_named(option.ref for option in self.options):
            raise ValueError(f"two options of “{self.ref}” are named “{ref}”")
        if text := twice_named(option.text.strip() for option in self.options):
            raise ValueError(f"two options of “{self.ref}” say “{text}”")
        return self


class Prompt(Schema):
    """The task, the text, of several lines perhaps, and its gaps. Each stands once in the text, as [ref].

    Any other word in brackets is a part of the text.
    """

    task: Prose
    text: Prose
    gaps: Annotated[tuple[Gap, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _has_each_gap_once(self) -> Self:
        if ref := twice_named(gap.ref for gap in self.gaps):
            raise ValueError(f"two gaps are named “{ref}”")
        named = _IN_BRACKETS.findall(self.text)
        for gap in self.gaps:
            if named.count(gap.ref) != 1:
                raise ValueError(
                    f"[{gap.ref}] must stand once in the text; it stands there {named.count(gap.ref)} times"
                )
        return self

    @cached_property
    def lines(self) -> tuple[tuple[str | Gap, ...], ...]:
        """The text as a page lays it out: lines that are not blank, each cut into words and gaps."""
        lines = filter(str.strip, self.text.splitlines())
        return tuple(tuple(self._pieces(line)) for line in lines)

    def _pieces(self, line: str) -> Iterator[str | Gap]:
        gaps = {gap.ref: gap for gap in self.gaps}
        start = 0
        for match in _IN_BRACKETS.finditer(line):
            if match[1] in gaps:
                if start < match.start():
                    yield line[start : match.start()]
                yield gaps[match[1]]
                start = match.end()
        if start < len(line):
            yield line[start:]


class GapKey(Schema):
    """One gap's right options, a sentence about each of its options, and what some readers say."""

    ref: Ref
    right: Annotated[Refs, Field(min_length=1)]
    feedback: dict[Ref, str]
    minority: str = ""


class Key(Schema):
    """What is right in every gap."""

    gaps: tuple[GapKey, ...]


class Response(Schema):
    """The option chosen in each gap that was filled."""

    chosen: dict[Ref, Ref] = {}


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    gaps = {gap.ref: gap for gap in prompt.gaps}
    keyed = [gap.ref for gap in key.gaps]
    faults = [Fault("gaps", f"Say what is right in gap “{ref}”.") for ref in gaps if ref not in keyed]
    if ref := twice_named(keyed):
        faults.append(Fault("gaps", f"Gap “{ref}” is in the key twice."))
    for index, gap in enumerate(key.gaps):
        place = f"gaps[{index}]"
        if gap.ref not in gaps:
            faults.append(Fault(f"{place}.ref", f"“{gap.ref}” is none of the gaps."))
            continue
        options = gaps[gap.ref].options
        faults.extend(
            Fault(f"{place}.{field}", message)
            for field, message in faults_of_key(options, gap.right, gap.feedback)
        )
        if gap.right >= {option.ref for option in options}:
            faults.append(Fault(f"{place}.right", "Every option is right. Offer at least one that is not."))
    return faults


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for a gap that is not in the prompt, and an option that the gap does not offer."""
    gaps = {gap.ref: gap for gap in prompt.gaps}
    refuse_unknown("chosen", response.chosen.keys(), gaps.keys())
    for ref, chosen in response.chosen.items():
        refuse_unknown(f"chosen.{ref}", {chosen}, {option.ref for option in gaps[ref].options})


def grader(prompt: Prompt, key: Key) -> Judge:
    """Right gaps / gaps; each gap that was filled is evidence by itself, a single one the whole item."""
    right = {gap.ref: gap.right for gap in key.gaps}
    judge = parts_grader([Part(gap.ref, right[gap.ref]) for gap in prompt.gaps])
    if len(prompt.gaps) > 1:
        return lambda response: judge(response.chosen)
    return lambda response: _as_a_whole(judge(response.chosen))


def _as_a_whole(outcome: Outcome) -> Outcome:
    units = whole_item(outcome.fraction or 0.0) if outcome.answered else ()
    return outcome.model_copy(update={"units": units})


def from_form(prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read one field `gap-<gap>` a gap; no value, or an empty one, leaves the gap blank."""
    return {"chosen": answers_from_form(form, "gap", (gap.ref for gap in prompt.gaps))}


def choices(prompt: Prompt, key: Key) -> tuple[Choice, ...]:
    """The options of every gap, gap by gap; an option is named after its gap."""
    right = {gap.ref: gap.right for gap in key.gaps}
    return tuple(
        Choice(f"{gap.ref}/{option.ref}", option.text, option.ref in right[gap.ref])
        for gap in prompt.gaps
        for option in gap.options
    )


def chosen(response: Response) -> frozenset[str]:
    """The option of each gap that was filled."""
    return frozenset(f"{gap}/{option}" for gap, option in response.chosen.items())


EXAMPLE = Example(
    prompt=Prompt(
        task="Choose the wording that keeps the fact and does not judge.",
        text="The school board [said] that lessons begin at nine.\nThe [parents] had asked for it [1].",
        gaps=(
            Gap(
                ref="said",
                options=(
                    Option(ref="admitted", text="admitted"),
                    Option(ref="said", text="said"),
                    Option(ref="announced", text="announced"),
                ),
            ),
            Gap(
                ref="parents",
                options=(
                    Option(ref="noisy", text="noisy parents"),
                    Option(ref="forty", text="parents of forty pupils"),
                ),
            ),
        ),
    ),
    key=Key(
        gaps=(
            GapKey(
                ref="said",
                right=frozenset({"said", "announced"}),
                feedback={
                    "admitted": "“Admitted” hints at a fault that nobody named.",
                    "said": "The plainest word there is.",
                    "announced": "It was made known in public: that is what the word says.",
                },
                minority="“Announced” sounds a little grand.",
            ),
            GapKey(
                ref="parents",
                right=frozenset({"forty"}),
                feedback={
                    "noisy": "“Noisy” judges how they asked.",
                    "forty": "A number that can be checked.",
                },
            ),
        )
    ),
    right=Response(chosen={"said": "announced", "parents": "forty"}),
    wrong=(
        Response(chosen={"said": "said", "parents": "noisy"}),
        Response(chosen={"said": "said"}),
        Response(),
    ),
)

INLINE_CHOICE = register(
    QuestionType(
        slug="inline_choice",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=from_form,
        choices=choices,
        chosen=chosen,
    )
)
