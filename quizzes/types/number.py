"""Type a number, with a unit perhaps. What cannot be read as one is not judged: it is to be typed again."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from articles.text.positions import normalise
from quizzes.scoring.numbers import (
    Reading,
    in_key_unit,
    is_name_of_unit,
    is_near,
    read_number,
    score_number,
)
from quizzes.types.base import Finding, Outcome, Prose, Schema, twice_named, whole_item
from quizzes.types.registry import ANSWERS_KEPT, Example, Fault, Judge, QuestionType, register
from quizzes.types.typed import from_form

Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$")]
"""A number as an author writes it, in quotes, with a point: a decimal fraction that is kept exactly."""


class Prompt(Schema):
    """The task, a text quoted above ("" for none), and how the number may be typed.

    `units` are those that may be written behind it, in just this spelling.
    """

    task: Prose
    specimen: str = ""
    decimal_mark: Literal[".", ","] = "."
    units: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    unit_required: bool = False

    @model_validator(mode="after")
    def _names_units_that_can_be_read(self) -> Self:
        if unit := twice_named(self.units):
            raise ValueError(f"the unit “{unit}” stands here twice")
        for unit in self.units:
            if not is_name_of_unit(unit) or unit != normalise(unit).strip():
                raise ValueError(f"“{unit}” is no unit: begin with a letter or a sign such as % or €")
        if self.unit_required and not self.units:
            raise ValueError("a unit is required and none may be written: name the units")
        return self


class ExpectedValue(Schema):
    """A wrong value that many give, in the key's own unit, and what is said to it."""

    value: Amount
    feedback: Prose


class Key(Schema):
    """The value, how far off is still right, and what makes each unit the key's own (km to m: 1000)."""

    value: Amount
    abs_tol: Amount = "0"
    rel_tol: Amount = "0"
    factors: dict[str, Amount] = {}
    expected_wrong: tuple[ExpectedValue, ...] = ()
    rationale: Prose
    minority: str = ""


class Response(Schema):
    """What was typed."""

    text: Annotated[str, Field(max_length=100)] = ""


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    return [
        *(
            Fault(field, "This must not be below 0.")
            for field in ("abs_tol", "rel_tol")
            if Decimal(getattr(key, field)) < 0
        ),
        *_faults_of_factors(prompt, key),
        *(
            Fault(f"expected_wrong[{index}].value", f"{expected.value} is right by this key.")
            for index, expected in enumerate(key.expected_wrong)
            if _is_near(Decimal(expected.value), key.value, key)
        ),
    ]


def _faults_of_factors(prompt: Prompt, key: Key) -> Iterator[Fault]:
    for unit in prompt.units:
        if unit not in key.factors:
            yield Fault("factors", f"Say what a value in “{unit}” is multiplied by.")
        if read_number(f"1 {unit}", decimal_mark=prompt.decimal_mark, units=prompt.units).unit != unit:
            yield Fault("factors", f"“{unit}” cannot be read after a number. Write the unit more plainly.")
    for unit, factor in key.factors.items():
        if unit not in prompt.units:
            yield Fault("factors", f"“{unit}” is none of the units that may be written.")
        if Decimal(factor) <= 0:
            yield Fault("factors", f"The factor of “{unit}” must be above 0.")


def read(prompt: Prompt, response: Response) -> Reading:
    """What can be read in what was typed; needs no key."""
    return read_number(response.text, decimal_mark=prompt.decimal_mark, units=prompt.units)


def notice(prompt: Prompt, response: Response) -> str:
    """ "unreadable" or "unknown_unit" for what is to be typed again, else ""."""
    fault = read(prompt, response).fault
    return "" if fault == "blank" else fault


def grader(prompt: Prompt, key: Key) -> Judge:
    """1 for a value within the tolerance, 0.5 if a required unit is missing; else 0."""

    @lru_cache(ANSWERS_KEPT)
    def outcome(text: str) -> Outcome:
        return _outcome(prompt, key, Response(text=text))

    return lambda response: outcome(response.text)


def _outcome(prompt: Prompt, key: Key, response: Response) -> Outcome:
    reading = read(prompt, response)
    if reading.value is None:
        told = (Finding(code=reading.fault, response=response.text),) if reading.fault != "blank" else ()
        return Outcome(fraction=0.0, answered=False, findings=told)
    factor = Decimal(key.factors[reading.unit]) if reading.unit else Decimal(1)
    value = in_key_unit(reading.value, factor)
    right = _is_near(value, key.value, key)
    unit_missing = prompt.unit_required and not reading.unit
    fraction = score_number(right=right, unit_missing=unit_missing)
    code = "wrong" if not right else "unit_missing" if unit_missing else "right"
    ref = "" if right else _expected(key, value)
    return Outcome(
        fraction=fraction,
        answered=True,
        units=whole_item(fraction),
        findings=(Finding(code=code, ref=ref, response=response.text),),
    )


def _is_near(value: Decimal, target: str, key: Key) -> bool:
    return is_near(value, Decimal(target), abs_tol=Decimal(key.abs_tol), rel_tol=Decimal(key.rel_tol))


def _expected(key: Key, value: Decimal) -> str:
    """The name of the first expected wrong value that this is, within the key's tolerance; "" for none."""
    for index, expected in enumerate(key.expected_wrong):
        if _is_near(value, expected.value, key):
            return f"wrong-{index}"
    return ""


EXAMPLE = Example(
    prompt=Prompt(
        task="By how much did the fare rise?",
        specimen="A day ticket for the harbour tram cost 4 crowns last year. It costs 5 crowns now.",
        units=("%", "per cent", "crowns"),
        unit_required=True,
    ),
    key=Key(
        value="25",
        abs_tol="0.5",
        factors={"%": "1", "per cent": "1", "crowns": "25"},
        expected_wrong=(
            ExpectedValue(
                value="20", feedback="1 of 5 is a share of the new fare. Compare with the old one."
            ),
        ),
        rationale="1 crown more on 4 crowns is a quarter, 25 %.",
    ),
    right=Response(text="25 %"),
    wrong=(
        Response(text="25"),
        Response(text="20 per cent"),
        Response(text="100%"),
        Response(text="a quarter"),
        Response(text="25 euros"),
        Response(),
    ),
)

NUMBER = register(
    QuestionType(
        slug="number",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        grader=grader,
        notice=notice,
        from_form=from_form,
    )
)
