"""Answer in a few words, which are compared with what the author accepts."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from quizzes.scoring.text_answers import normalised
from quizzes.types.base import Finding, Outcome, Prose, Schema, twice_named, whole_item
from quizzes.types.registry import ANSWERS_KEPT, Example, Fault, Judge, QuestionType, register
from quizzes.types.typed import from_form, refuse_longer


class Prompt(Schema):
    """The task, a text quoted above ("" for none), and how many characters may be typed."""

    task: Prose
    specimen: str = ""
    longest: Annotated[int, Field(ge=1, le=200)] = 60


class Accepted(Schema):
    """An answer that scores, how much, and what is said to it."""

    text: str
    fraction: Annotated[float, Field(gt=0, le=1)] = 1.0
    feedback: str = ""


class Expected(Schema):
    """A wrong answer that many give, and what is said to it."""

    text: str
    feedback: Prose


class Key(Schema):
    """What is accepted, what is often given instead, whether accents count, and why."""

    accepted: Annotated[tuple[Accepted, ...], Field(min_length=1)]
    expected_wrong: tuple[Expected, ...] = ()
    accents: Literal["fold", "strict"] = "fold"
    rationale: Prose
    minority: str = ""


class Response(Schema):
    """What was typed."""

    text: Annotated[str, Field(max_length=1000)] = ""


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    listed = [
        *((f"accepted[{index}].text", answer.text) for index, answer in enumerate(key.accepted)),
        *((f"expected_wrong[{index}].text", answer.text) for index, answer in enumerate(key.expected_wrong)),
    ]
    faults = [fault for field, text in listed for fault in _faults_of_text(prompt, key, field, text)]
    if text := twice_named(filter(None, (normalised(text, key.accents) for _field, text in listed))):
        faults.append(Fault("accepted", f"“{text}” stands in the key twice, once spelling is evened out."))
    if all(answer.fraction < 1 for answer in key.accepted):
        faults.append(Fault("accepted", "No answer scores in full. Accept one with a fraction of 1."))
    return faults


def _faults_of_text(prompt: Prompt, key: Key, field: str, text: str) -> Iterator[Fault]:
    if not normalised(text, key.accents):
        yield Fault(field, f"Nothing of “{text}” is left to compare. Use letters or digits.")
    if len(text) > prompt.longest:
        yield Fault(field, f"“{text}” is longer than what may be typed: {prompt.longest} characters.")


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for a text that is longer than the prompt allows."""
    refuse_longer(response.text, prompt.longest)


def grader(_prompt: Prompt, key: Key) -> Judge:
    """The fraction of the accepted answer that is equal once spelling is evened out, else 0."""
    known = _by_answer(key)

    @lru_cache(ANSWERS_KEPT)
    def outcome(text: str) -> Outcome:
        given = normalised(text, key.accents)
        if not given:
            return Outcome(fraction=0.0, answered=False)
        fraction, ref = known.get(given, (0.0, ""))
        code = "right" if fraction == 1 else "partly" if fraction else "wrong"
        return Outcome(
            fraction=fraction,
            answered=True,
            units=whole_item(fraction),
            findings=(Finding(code=code, ref=ref, response=text),),
        )

    return lambda response: outcome(response.text)


def _by_answer(key: Key) -> dict[str, tuple[float, str]]:
    """What each answer in the key scores, the best of equal ones, and its name in the findings."""
    known: dict[str, tuple[float, str]] = {}
    for index, expected in enumerate(key.expected_wrong):
        known.setdefault(normalised(expected.text, key.accents), (0.0, f"wrong-{index}"))
    for index, accepted in enumerate(key.accepted):
        text = normalised(accepted.text, key.accents)
        known[text] = max(known.get(text, (0.0, "")), (accepted.fraction, f"accepted-{index}"))
    return known


EXAMPLE = Example(
    prompt=Prompt(
        task="Which party to the dispute does the report leave out?",
        specimen="The bakers want the market moved. The town council will decide in June.",
    ),
    key=Key(
        accepted=(
            Accepted(text="the market’s stallholders"),
            Accepted(text="the stallholders"),
            Accepted(text="the customers", fraction=0.5, feedback="They are missing too, and lose less."),
        ),
        expected_wrong=(Expected(text="the bakers", feedback="They stand in the first sentence."),),
        rationale="Those who would have to move are not asked.",
    ),
    right=Response(text=" The Stallholders. "),
    wrong=(
        Response(text="the customers"),
        Response(text="The bakers"),
        Response(text="a stallholder"),
        Response(text="…"),
        Response(),
    ),
)

SHORT_ANSWER = register(
    QuestionType(
        slug="short_answer",
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
