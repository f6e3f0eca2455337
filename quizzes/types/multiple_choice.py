"""Choose every option that fits; "None of these" is always offered beside them."""

from functools import lru_cache
from typing import Any, Self

from pydantic import model_validator

from quizzes.scoring.choices import score_multiple
from quizzes.types.base import Finding, Option, Outcome, Ref, Refs, Schema, whole_item
from quizzes.types.options import (
    ChoicePrompt,
    choices_of,
    faults_of_key,
    findings_of_choice,
    refuse_unknown,
)
from quizzes.types.registry import ANSWERS_KEPT, Choice, Example, Fault, Form, Judge, QuestionType, register

NONE_OF_THESE = "none-of-these"


class Prompt(ChoicePrompt):
    """A task and the options, of which any number may fit."""


class Key(Schema):
    """The right options (perhaps none), a sentence about every option, and what some readers say."""

    right: Refs
    feedback: dict[Ref, str]
    minority: str = ""


class Response(Schema):
    """The options chosen, or "none of these"."""

    chosen: Refs = frozenset()
    none_of_these: bool = False

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.none_of_these and self.chosen:
            raise ValueError("choose options or “None of these”, not both")
        return self


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    return faults_of_key(prompt.options, key.right, key.feedback)


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for an option that is not offered."""
    refuse_unknown("chosen", response.chosen, {option.ref for option in prompt.options})


def grader(prompt: Prompt, key: Key) -> Judge:
    """Share of the right options chosen, less the share of the wrong ones chosen, never below 0."""
    wrong = frozenset(prompt.refs) - key.right

    @lru_cache(ANSWERS_KEPT)
    def outcome(chosen: frozenset[str], none_of_these: bool) -> Outcome:
        fraction = score_multiple(chosen, right=key.right, wrong=wrong, none_of_these=none_of_these)
        answered = bool(chosen) or none_of_these
        return Outcome(
            fraction=fraction,
            answered=answered,
            units=whole_item(fraction) if answered else (),
            findings=(
                *findings_of_choice(prompt.refs, chosen, key.right, one_is_enough=False),
                *_findings_of_none(key, none_of_these),
            ),
        )

    return lambda response: outcome(response.chosen, response.none_of_these)


def _findings_of_none(key: Key, none_of_these: bool) -> tuple[Finding, ...]:
    """Feedback on "none of these", which has no ref."""
    if none_of_these:
        return (Finding(code="wrong" if key.right else "right", response="none_of_these"),)
    return () if key.right else (Finding(code="right_missed"),)


def from_form(_prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read the checkboxes `chosen` and `none_of_these`."""
    return {
        "chosen": [value for value in form.get("chosen", ()) if value],
        "none_of_these": any(form.get("none_of_these", ())),
    }


def choices(prompt: Prompt, key: Key) -> tuple[Choice, ...]:
    """The options in the order shown, and "none of these" after them."""
    return (
        *choices_of(prompt.options, key.right),
        Choice(NONE_OF_THESE, "", None if key.right else True),
    )


def chosen(response: Response) -> frozenset[str]:
    """The options chosen, or "none of these"."""
    return frozenset({NONE_OF_THESE}) if response.none_of_these else response.chosen


EXAMPLE = Example(
    prompt=Prompt(
        task="Choose every sentence that names a source.",
        options=(
            Option(ref="minister", text="The road opens in May, the minister said."),
            Option(ref="report", text="According to the port’s yearly report, traffic fell."),
            Option(ref="observers", text="It is believed that prices will rise."),
            Option(ref="plain", text="The plan was meant to please investors."),
        ),
    ),
    key=Key(
        right=frozenset({"minister", "report"}),
        feedback={
            "minister": "The minister owns the claim.",
            "report": "A document can be a source.",
            "observers": "“It is believed” does not say by whom.",
            "plain": "A motive, and the text names nobody who could know it.",
        },
    ),
    right=Response(chosen=frozenset({"minister", "report"})),
    wrong=(
        Response(chosen=frozenset({"minister"})),
        Response(chosen=frozenset({"minister", "report", "observers", "plain"})),
        Response(none_of_these=True),
        Response(),
    ),
)

MULTIPLE_CHOICE = register(
    QuestionType(
        slug="multiple_choice",
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
