"""Pick the one word of a sentence that a task asks for."""

from typing import Annotated, Any

from pydantic import Field

from quizzes.types.base import Finding, Outcome, Prose, Schema, whole_item
from quizzes.types.options import refuse_unknown
from quizzes.types.registry import Example, Fault, Form, Judge, QuestionType


class Prompt(Schema):
    """The task, and the words to pick from."""

    task: Prose
    words: Annotated[tuple[Prose, ...], Field(min_length=2)]


class Key(Schema):
    """The word that is right, and why."""

    right: str
    rationale: Prose


class Response(Schema):
    """The word picked; "" for none."""

    word: str = ""


def check(prompt: Prompt, key: Key) -> list[Fault]:
    return [] if key.right in prompt.words else [Fault("right", f"“{key.right}” is none of the words.")]


def check_response(prompt: Prompt, response: Response) -> None:
    refuse_unknown("word", {response.word} - {""}, set(prompt.words))


def grader(_prompt: Prompt, key: Key) -> Judge:
    def judge(response: Response) -> Outcome:
        if not response.word:
            return Outcome(fraction=0, answered=False)
        fraction = float(response.word == key.right)
        finding = Finding(code="right" if fraction else "wrong", response=response.word)
        return Outcome(fraction=fraction, answered=True, units=whole_item(fraction), findings=(finding,))

    return judge


def notice(_prompt: Prompt, response: Response) -> str:
    return "shouted" if response.word.isupper() else ""


def from_form(_prompt: Prompt, form: Form) -> dict[str, Any]:
    return {"word": (list(form.get("word", ())) or [""])[-1]}


PICK_WORD = QuestionType(
    slug="pick_word",
    schema_version=1,
    Prompt=Prompt,
    Key=Key,
    Response=Response,
    example=Example(
        prompt=Prompt(task="Which word judges?", words=("The", "whining", "mayor", "LEFT")),
        key=Key(right="whining", rationale="It turns a complaint into a noise."),
        right=Response(word="whining"),
        wrong=(Response(word="mayor"), Response()),
    ),
    check=check,
    check_response=check_response,
    grader=grader,
    notice=notice,
    from_form=from_form,
)
