"""Put each unit, mostly a sentence, into one of a few categories."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from quizzes.scoring.choices import score_classified
from quizzes.types.base import Finding, Option, Outcome, Prose, Ref, Schema, Unit, kind_of, twice_named
from quizzes.types.options import refuse_unknown
from quizzes.types.registry import Example, Fault, Form, QuestionType, register


class Prompt(Schema):
    """The task, the categories and the units. `problem` is the category that means one; "" for none."""

    task: Prose
    categories: Annotated[tuple[Option, ...], Field(min_length=2, max_length=12)]
    problem: Ref | Literal[""] = ""
    units: Annotated[tuple[Option, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for noun, options in (("categories", self.categories), ("units", self.units)):
            if ref := twice_named(option.ref for option in options):
                raise ValueError(f"two {noun} are named “{ref}”")
        if self.problem and self.problem not in {category.ref for category in self.categories}:
            raise ValueError(f"problem: “{self.problem}” is none of the categories")
        return self


class UnitKey(Schema):
    """One unit's accepted categories, the majority's first; None for a contested one, never scored."""

    ref: Ref
    accepted: tuple[Ref, ...] | None
    rationale: str
    minority: str = ""


class Key(Schema):
    """What is accepted for every unit, and why."""

    units: tuple[UnitKey, ...]


class Response(Schema):
    """The category of each unit that was placed."""

    placed: dict[Ref, Ref] = {}


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    asked = [unit.ref for unit in prompt.units]
    keyed = [unit.ref for unit in key.units]
    faults = [Fault("units", f"Say what is accepted for unit “{ref}”.") for ref in asked if ref not in keyed]
    if ref := twice_named(keyed):
        faults.append(Fault("units", f"Unit “{ref}” is in the key twice."))
    if all(unit.accepted is None for unit in key.units):
        faults.append(Fault("units", "No unit is scored. Accept a category for at least one."))
    categories = {category.ref for category in prompt.categories}
    for index, unit in enumerate(key.units):
        faults.extend(
            Fault(f"units[{index}].{field}", message)
            for field, message in _faults_of_unit(unit, set(asked), categories)
        )
    return faults


def _faults_of_unit(unit: UnitKey, asked: set[str], categories: set[str]) -> Iterator[tuple[str, str]]:
    if unit.ref not in asked:
        yield "ref", f"“{unit.ref}” is none of the units."
    if unit.accepted == ():
        yield "accepted", "Accept at least one category, or say null for a unit that is not scored."
    for category in unit.accepted or ():
        if category not in categories:
            yield "accepted", f"“{category}” is none of the categories."
    if ref := twice_named(unit.accepted or ()):
        yield "accepted", f"“{ref}” is accepted twice."
    if not unit.rationale.strip():
        yield "rationale", "Say why."


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for a unit or a category that is not in the prompt."""
    refuse_unknown("placed", response.placed.keys(), {unit.ref for unit in prompt.units})
    refuse_unknown("placed", set(response.placed.values()), {category.ref for category in prompt.categories})


def grade(prompt: Prompt, key: Key, response: Response) -> Outcome:
    """Right units / scored units; each scored unit that was placed is evidence by itself."""
    keys = {unit.ref: unit for unit in key.units}
    accepted = {ref: None if unit.accepted is None else set(unit.accepted) for ref, unit in keys.items()}
    answered = bool(response.placed)
    return Outcome(
        fraction=score_classified(response.placed, accepted) if answered else 0.0,
        answered=answered,
        units=tuple(_evidence(prompt, keys, response)),
        findings=tuple(_finding(keys[unit.ref], response.placed.get(unit.ref, "")) for unit in prompt.units),
    )


def _evidence(prompt: Prompt, keys: dict[str, UnitKey], response: Response) -> Iterator[Unit]:
    for ordinal, option in enumerate(prompt.units):
        accepted = keys[option.ref].accepted
        placed = response.placed.get(option.ref)
        if accepted is None or placed is None:
            continue
        correct = placed in accepted
        yield Unit(
            skill=None,
            unit=option.ref,
            ordinal=ordinal,
            kind=kind_of(accepted[0], prompt.problem),
            category=accepted[0],
            correct=correct,
            fraction=float(correct),
        )


def _finding(unit: UnitKey, placed: str) -> Finding:
    """right, wrong, missed (left blank), or differ for a contested unit."""
    if unit.accepted is None:
        code = "differ"
    elif not placed:
        code = "missed"
    else:
        code = "right" if placed in unit.accepted else "wrong"
    return Finding(code=code, ref=unit.ref, response=placed)


def from_form(prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read one field `place-<unit>` a unit; no value, or an empty one, leaves the unit blank."""
    placed = {unit.ref: form.get(f"place-{unit.ref}", ()) for unit in prompt.units}
    return {"placed": {ref: values[-1] for ref, values in placed.items() if values and values[-1]}}


EXAMPLE = Example(
    prompt=Prompt(
        task="Sort each sentence.",
        categories=(
            Option(ref="reports", text="Reports"),
            Option(ref="explains", text="Explains or forecasts"),
            Option(ref="urges", text="Says what should happen"),
        ),
        units=(
            Option(ref="vote", text="The council voted 9 to 4 for the tram."),
            Option(ref="cause", text="The vote fits a trend in the region."),
            Option(ref="must", text="The mayor must now act."),
            Option(ref="mixed", text="The council finally voted."),
        ),
    ),
    key=Key(
        units=(
            UnitKey(ref="vote", accepted=("reports",), rationale="A public record."),
            UnitKey(ref="cause", accepted=("explains", "reports"), rationale="It reads the vote as a sign."),
            UnitKey(ref="must", accepted=("urges",), rationale="“Must” tells the mayor what to do."),
            UnitKey(ref="mixed", accepted=None, rationale="“Finally” weighs, the rest reports."),
        )
    ),
    right=Response(placed={"vote": "reports", "cause": "reports", "must": "urges", "mixed": "urges"}),
    wrong=(
        Response(placed={"vote": "reports"}),
        Response(placed={"vote": "urges", "cause": "urges", "must": "reports"}),
        Response(placed={"mixed": "reports"}),
        Response(),
    ),
)

CLASSIFY = register(
    QuestionType(
        slug="classify",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grade=grade,
        from_form=from_form,
    )
)
