"""Reading data into schemas, and turning what pydantic finds into faults that an author can mend."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from courses.bundles.faults import Faults, Path
from courses.bundles.source import Document
from quizzes.types.base import Schema

#: What a small integer column holds, from 1.
Small = Annotated[int, Field(ge=1, le=32_767)]
SchemaT = TypeVar("SchemaT", bound=Schema)
Refuse = Callable[[Path, str], None]


def validated(model: type[SchemaT], document: Document, faults: Faults, path: Path = ()) -> SchemaT | None:
    """Read the value at `path` of a document; None after adding what does not fit."""
    return read_python(
        model, document.at(path), lambda loc, message: document.fault(faults, (*path, *loc), message)
    )


def read_python(model: type[SchemaT], data: Any, refuse: Refuse) -> SchemaT | None:
    """Read plain data (tuples for lists); None after `refuse(path, message)` for each fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        _refuse_all(model, error, refuse)
        return None


def read_json(model: type[SchemaT], data: Any, refuse: Refuse) -> SchemaT | None:
    """Read plain data as it will be stored, as JSON, so that a list may become a set."""
    try:
        return model.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        _refuse_all(model, error, refuse)
        return None


def unknown(noun: str, name: str, known: Sequence[str] | Mapping[str, Any] | frozenset[str]) -> str:
    """Say that `name` is no such thing, and what was perhaps meant."""
    near = get_close_matches(name, list(known), n=1)
    hint = f"Did you mean “{near[0]}”?" if near else f"There is: {', '.join(sorted(known)) or 'none'}."
    return f"there is no {noun} “{name}”. {hint}"


def listed(names: Sequence[object]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    words = [str(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _refuse_all(model: type[BaseModel], error: ValidationError, refuse: Refuse) -> None:
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic leaves faulty entries out of the count; they have their own faults
        refuse(_field_path(detail["loc"]), _sentence(model, detail))


def _field_path(loc: tuple[int | str, ...]) -> Path:
    # pydantic says "[key]" after the name when a key of a mapping is at fault.
    return tuple(step for step in loc if step != "[key]")


def _sentence(model: type[BaseModel], detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    wanted = _WANTED.get(kind)
    if wanted:
        return f"this must be {wanted}, and is {_kind_of(value)}.{_advice(wanted, value)}"
    match kind:
        case "missing":
            return "this field is missing."
        case "extra_forbidden":
            return _no_such_field(str(detail["loc"][-1]), _fields_at(model, detail["loc"][:-1]))
        case "literal_error" | "enum":
            return f"“{value}” is none of {context['expected'].replace(chr(39), '')}."
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            bound = next(iter(context.values()))
            return f"{value} is not {_BOUNDS[kind]} {int(bound):,}."
        case "string_too_long":
            return f"the text has {len(value)} characters; the most is {context['max_length']}."
        case "string_pattern_mismatch":
            return _misshapen(value, context["pattern"])
        case "too_short" | "too_long":
            bound = (
                f"at least {context['min_length']}"
                if kind == "too_short"
                else f"at most {context['max_length']}"
            )
            return f"there are {len(value)} entries; {bound} are wanted."
        case "value_error":
            return f"{context['error']}."
    return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}."


_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a day such as 2026-11-24",
    "date_from_datetime_inexact": "a day such as 2026-11-24",
    "tuple_type": "a list",
    "list_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping of fields",
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
}
_BOUNDS = {
    "greater_than_equal": "at least",
    "less_than_equal": "at most",
    "greater_than": "above",
    "less_than": "below",
}


def _kind_of(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {int: "the number", float: "the number", date: "the day", str: "the text"}
    for kind, noun in kinds.items():
        if isinstance(value, kind):
            return f"{noun} “{value}”"
    return "a list" if isinstance(value, tuple | list) else "a mapping of fields"


def _advice(wanted: str, value: Any) -> str:
    return " Put it in quotes." if wanted == "text" and isinstance(value, bool | int | float | date) else ""


def _misshapen(value: Any, pattern: str) -> str:
    if "a-z0-9-" in pattern:
        return f"“{value}” is no ref: lower case letters, digits and hyphens, at most 64."
    return f"“{value}” is not written as it should be ({pattern})."


def _no_such_field(name: str, fields: Sequence[str]) -> str:
    near = get_close_matches(name, fields, n=1)
    hint = f"Did you mean “{near[0]}”?" if near else f"There is: {', '.join(fields)}."
    return f"there is no such field. {hint}"


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The names of the fields of the schema that stands at `loc` inside `model`."""
    found: Any = model
    for step in loc:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = _named(found, step)
            found = _bare(field.annotation) if field else None
        else:
            found = (
                _bare(get_args(found)[-1 if get_origin(found) is dict else 0]) if get_args(found) else None
            )
    is_model = isinstance(found, type) and issubclass(found, BaseModel)
    return [field.alias or name for name, field in found.model_fields.items()] if is_model else []


def _named(model: type[BaseModel], step: int | str) -> Any:
    return next((field for name, field in model.model_fields.items() if step in {name, field.alias}), None)


def _bare(annotation: Any) -> Any:
    """An annotation without `Annotated[…]`, `| None` and `Literal`."""
    while get_origin(annotation) in {Union, UnionType} or hasattr(annotation, "__metadata__"):
        parts = [
            part
            for part in get_args(annotation)
            if part is not type(None) and get_origin(part) is not Literal
        ]
        annotation = parts[0]
    return annotation
