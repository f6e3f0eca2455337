"""Judge one statement: true or false."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from quizzes.scoring.choices import score_single
from quizzes.types.base import Outcome, Prose, Schema, kind_of, whole_item
from quizzes.types.options import findings_of_choice, one_from_form, the_one_chosen
from quizzes.types.registry import Choice, Example, Fault, Judge, QuestionType, register

Word = Literal["true", "false"]
VERDICTS: tuple[Word, Word] = ("true", "false")


def _spelt_out(value: Any) -> Any:
    """YAML reads an unquoted true or false as a truth value; the author meant the word."""
    return VERDICTS[not value] if isinstance(value, bool) else value


Verdict = Annotated[Word, BeforeValidator(_spelt_out)]


class Prompt(Schema):
    """The task, a text quoted above ("" for none), and the statement to judge.

    `problem` is the answer that means a problem; "" where neither does.
    """

    task: Prose
    specimen: str = ""
    statement: Prose
    problem: Annotated[Literal["true", "false", ""], BeforeValidator(_spelt_out)] = ""


class Key(Schema):
    """The right answer, a sentence about either answer, and what some readers say."""

    right: Verdict
    feedback: dict[Verdict, str]
    minority: str = ""


class Response(Schema):
    """The answer chosen; None for none."""

    chosen: Word | None = None


def check(_prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    silent = [verdict for verdict in VERDICTS if not key.feedback.get(verdict, "").strip()]
    return [Fault("feedback", f"Say about “{verdict}” why it is right or wrong.") for verdict in silent]


def grader(prompt: Prompt, key: Key) -> Judge:
    """1 for the right answer, else 0."""
    kind = kind_of(key.right, prompt.problem)

    @cache
    def outcome(chosen: Word | None) -> Outcome:
        fraction = score_single(chosen, {key.right})
        taken = {chosen} if chosen is not None else set()
        return Outcome(
            fraction=fraction,
            answered=bool(taken),
            units=whole_item(fraction, kind) if taken else (),
            findings=tuple(findings_of_choice(VERDICTS, taken, {key.right}, one_is_enough=True)),
        )

    return lambda response: outcome(response.chosen)


def choices(_prompt: Prompt, key: Key) -> tuple[Choice, ...]:
    """Either answer."""
    return tuple(Choice(verdict, "", verdict == key.right) for verdict in VERDICTS)


EXAMPLE = Example(
    prompt=Prompt(
        task="Is this true of the sentence?",
        specimen="The bridge will be closed on Sunday, according to the harbour office.",
        statement="The claim has no source.",
        problem="true",
    ),
    key=Key(
        right="false",
        feedback={
            "true": "Look at the end of the sentence: an office is named.",
            "false": "The harbour office owns the claim. A source may stand at the end.",
        },
    ),
    right=Response(chosen="false"),
    wrong=(Response(chosen="true"), Response()),
)

TRUE_FALSE = register(
    QuestionType(
        slug="true_false",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        grader=grader,
        from_form=one_from_form,
        choices=choices,
        chosen=the_one_chosen,
    )
)
