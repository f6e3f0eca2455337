"""What the types share that give each row one of the same targets: prompt, key, response, judging."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from quizzes.types.base import Option, Prose, Ref, Schema, kind_of, twice_named
from quizzes.types.options import refuse_unknown
from quizzes.types.parts import Part, answers_from_form, parts_grader
from quizzes.types.registry import Fault, Form, Judge

Targets = Annotated[tuple[Option, ...], Field(min_length=2, max_length=12)]


class RowsPrompt(Schema):
    """The task, a text quoted above ("" for none), and the rows, each to be given a target.

    `problem` is the target that means a problem; "" for none. A type adds the targets themselves, in the field
    that `targets_in` names.
    """

    targets_in: ClassVar[str]

    task: Prose
    specimen: str = ""
    rows: Annotated[tuple[Option, ...], Field(min_length=1, max_length=40)]
    problem: Ref | Literal[""] = ""

    @property
    def targets(self) -> tuple[Option, ...]:
        """What a row can be given."""
        found: tuple[Option, ...] = getattr(self, self.targets_in)
        return found

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for plural, options in (("rows", self.rows), (self.targets_in, self.targets)):
            if ref := twice_named(option.ref for option in options):
                raise ValueError(f"two {plural} are named “{ref}”")
            if text := twice_named(option.text.strip() for option in options):
                raise ValueError(f"two {plural} say “{text}”")
        if self.problem and self.problem not in {target.ref for target in self.targets}:
            raise ValueError(f"problem: “{self.problem}” is none of the {self.targets_in}")
        return self


class RowKey(Schema):
    """One row's accepted targets, the majority's first, and why."""

    ref: Ref
    accepted: tuple[Ref, ...]
    rationale: str
    minority: str = ""


class Key(Schema):
    """What is accepted for every row, and why."""

    rows: tuple[RowKey, ...]


class Response(Schema):
    """The target of each row that was given one."""

    placed: dict[Ref, Ref] = {}


def check(prompt: RowsPrompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    asked = [row.ref for row in prompt.rows]
    keyed = [row.ref for row in key.rows]
    faults = [Fault("rows", f"Say what is accepted for row “{ref}”.") for ref in asked if ref not in keyed]
    if ref := twice_named(keyed):
        faults.append(Fault("rows", f"Row “{ref}” is in the key twice."))
    targets = {target.ref for target in prompt.targets}
    for index, row in enumerate(key.rows):
        faults.extend(
            Fault(f"rows[{index}].{field}", message)
            for field, message in _faults_of_row(row, set(asked), targets)
        )
    return faults


def _faults_of_row(row: RowKey, asked: set[str], targets: set[str]) -> Iterator[tuple[str, str]]:
    if row.ref not in asked:
        yield "ref", f"“{row.ref}” is none of the rows."
    if not row.accepted:
        yield "accepted", "Accept at least one."
    for target in row.accepted:
        if target not in targets:
            yield "accepted", f"“{target}” is not offered."
    if ref := twice_named(row.accepted):
        yield "accepted", f"“{ref}” is accepted twice."
    if not row.rationale.strip():
        yield "rationale", "Say why."


def check_response(prompt: RowsPrompt, response: Response) -> None:
    """Raise ResponseRefused for a row or a target that is not in the prompt."""
    refuse_unknown("placed", response.placed.keys(), {row.ref for row in prompt.rows})
    refuse_unknown("placed", set(response.placed.values()), {target.ref for target in prompt.targets})


def grader(prompt: RowsPrompt, key: Key) -> Judge:
    """Right rows / all rows; each row that was given a target is evidence by itself."""
    accepted = {row.ref: row.accepted for row in key.rows}
    judge = parts_grader(
        [
            Part(
                row.ref,
                accepted[row.ref],
                category=accepted[row.ref][0],
                kind=kind_of(accepted[row.ref][0], prompt.problem),
            )
            for row in prompt.rows
        ]
    )
    return lambda response: judge(response.placed)


def from_form(prompt: RowsPrompt, form: Form) -> dict[str, Any]:
    """Read one field `place-<row>` a row; no value, or an empty one, leaves the row blank."""
    return {"placed": answers_from_form(form, "place", (row.ref for row in prompt.rows))}
