"""Put each unit, mostly a sentence, into one of a few categories."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from quizzes.types.base import Option, Prose, Ref, Schema, kind_of, twice_named
from quizzes.types.options import refuse_unknown
from quizzes.types.parts import Part, answers_from_form, parts_grader
from quizzes.types.registry import Example, Fault, Form, Judge, QuestionType, register


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


def grader(prompt: Prompt, key: Key) -> Judge:
    """Right units / scored units; each scored unit that was placed is evidence by itself."""
    accepted = {unit.ref: unit.accepted for unit in key.units}
    judge = parts_grader([_part(option.ref, accepted[option.ref], prompt.problem) for option in prompt.units])
    return lambda response: judge(response.placed)


def _part(ref: str, accepted: tuple[str, ...] | None, problem: str) -> Part:
    if accepted is None:
        return Part(ref, None)
    return Part(ref, accepted, category=accepted[0], kind=kind_of(accepted[0], problem))


def from_form(prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read one field `place-<unit>` a unit; no value, or an empty one, leaves the unit blank."""
    return {"placed": answers_from_form(form, "place", (unit.ref for unit in prompt.units))}


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
        grader=grader,
        from_form=from_form,
        sorts_sentences=True,
    )
)
