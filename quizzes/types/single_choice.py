"""Choose one of several options; more than one may be accepted."""

from functools import cache
from typing import Annotated

from pydantic import Field

from quizzes.scoring.choices import score_single
from quizzes.types.base import Option, Outcome, Ref, Refs, Schema, whole_item
from quizzes.types.options import (
    ChoicePrompt,
    choices_of,
    faults_of_key,
    findings_of_choice,
    one_from_form,
    refuse_unknown,
    the_one_chosen,
)
from quizzes.types.registry import Choice, Example, Fault, Judge, QuestionType, register


class Prompt(ChoicePrompt):
    """A task and the options, of which one is chosen."""


class Key(Schema):
    """The accepted options, a sentence about every option, and what some readers say ("" for nothing)."""

    right: Annotated[Refs, Field(min_length=1)]
    feedback: dict[Ref, str]
    minority: str = ""


class Response(Schema):
    """The option chosen; None for none."""

    chosen: Ref | None = None


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    faults = faults_of_key(prompt.options, key.right, key.feedback)
    if key.right >= {option.ref for option in prompt.options}:
        faults.append(Fault("right", "Every option is right. Offer at least one that is not."))
    return faults


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for an option that is not offered."""
    chosen = {response.chosen} if response.chosen is not None else set()
    refuse_unknown("chosen", chosen, {option.ref for option in prompt.options})


def grader(prompt: Prompt, key: Key) -> Judge:
    """1 for an accepted option, else 0."""

    @cache
    def outcome(chosen: str | None) -> Outcome:
        fraction = score_single(chosen, key.right)
        taken = {chosen} if chosen is not None else set()
        return Outcome(
            fraction=fraction,
            answered=bool(taken),
            units=whole_item(fraction) if taken else (),
            findings=tuple(findings_of_choice(prompt.refs, taken, key.right, one_is_enough=True)),
        )

    return lambda response: outcome(response.chosen)


def choices(prompt: Prompt, key: Key) -> tuple[Choice, ...]:
    """The options in the order shown."""
    return tuple(choices_of(prompt.options, key.right))


EXAMPLE = Example(
    prompt=Prompt(
        task="Who makes the claim?",
        specimen="The bridge is safe, the engineer said.",
        options=(
            Option(ref="engineer", text="The engineer"),
            Option(ref="reporter", text="The reporter"),
            Option(ref="nobody", text="Nobody is named"),
        ),
    ),
    key=Key(
        right=frozenset({"engineer"}),
        feedback={
            "engineer": "“Said” gives the claim to the engineer.",
            "reporter": "The reporter passes the claim on, and says whose it is.",
            "nobody": "Look behind the comma: someone is named.",
        },
    ),
    right=Response(chosen="engineer"),
    wrong=(Response(chosen="reporter"), Response()),
)

SINGLE_CHOICE = register(
    QuestionType(
        slug="single_choice",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=one_from_form,
        choices=choices,
        chosen=the_one_chosen,
    )
)
