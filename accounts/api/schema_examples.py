"""An example of every body in the API's schema: made from its shape where nobody gave one.

The same shape gives the same example, so that the written schema changes only where the API does.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

Shape = dict[str, Any]
_DEEPEST = 12
_MADE_IN = uuid.UUID("6b1d5a6e-6a3c-4f6e-9a53-0c4a86d6f5d1")
#: What a string is like under these names.
_WORDS = {
    "name": "Class 8b",
    "title": "Who says so?",
    "display_name": "Blue Heron",
    "real_name": "Robin Field",
    "username": "blue-heron-27",
    "external_id": "sis-4711",
    "issuer": "https://lms.example.org",
    "subject": "4711",
    "language": "en",
    "timezone": "Europe/London",
    "reason": "Was ill that week",
    "detail": "Give a moment with its offset.",
    "pointer": "/name",
    "code": "invalid",
    "next": "https://lms.example.org/api/v1/cohorts/?cursor=eyJvcmRlcmluZyI6ImNyZWF0ZWRfYXQi",
}
#: What has mostly not happened.
_SELDOM = {"archived_at", "left_at", "voided_at", "erased_at", "disabled_at", "held"}
#: Of several choices, the ones that go with the numbers beside them.
_USUAL = {"override", "released"}
_FORMATS = {
    "date-time": "2026-09-01T08:00:00Z",
    "date": "2026-09-01",
    "time": "08:00:00",
    "uri": "https://lms.example.org/back",
    "email": "robin@example.org",
    "decimal": "1.00",
}
_TRIED = ("a", "example", "A", "1", "1.00", "0", "quotes", "EXAMPLE", "abc-1", "2026-09-01")


def fill(schema: Shape) -> None:
    """Give every JSON body in `schema` that has no example one."""
    for body, reads in _bodies(schema):
        for media_type, content in body.get("content", {}).items():
            shown = "json" in media_type or "form" in media_type
            if shown and "schema" in content and not content.keys() & {"example", "examples"}:
                content["example"] = of(content["schema"], schema, reads=reads)


def of(shape: Shape, schema: Shape, *, reads: bool, name: str = "", depth: int = 0) -> Any:
    """A value that fits `shape`; `reads` says whether the API gives it (else it takes it)."""
    shape = _resolved(shape, schema)
    for key in ("example", "const", "default"):
        if shape.get(key) is not None:
            return shape[key]
    if shape.get("examples"):
        return shape["examples"][0]
    if "enum" in shape:
        usual = [one for one in shape["enum"] if one in _USUAL]
        return next(one for one in usual + shape["enum"] if one not in (None, ""))
    for key in ("oneOf", "anyOf"):
        if key in shape:
            return of(_first(shape[key], schema), schema, reads=reads, name=name, depth=depth + 1)
    kind = shape.get("type", "object" if "properties" in shape else "")
    if isinstance(kind, list):
        if name in _SELDOM and "null" in kind:
            return None
        kind = next((one for one in kind if one != "null"), "null")
    if kind == "object":
        return _object(shape, schema, reads, depth)
    if kind == "array":
        inner = shape.get("items") or {}
        one = of(inner, schema, reads=reads, name=name.removesuffix("s"), depth=depth + 1)
        return [one] * int(shape.get("minItems", 1 if depth < _DEEPEST else 0))
    return _plain(kind, shape, name)


def _object(shape: Shape, schema: Shape, reads: bool, depth: int) -> Shape:
    unseen = "writeOnly" if reads else "readOnly"
    required = shape.get("required", [])
    return {
        name: of(inner, schema, reads=reads, name=name, depth=depth + 1)
        for name, inner in shape.get("properties", {}).items()
        if not _resolved(inner, schema).get(unseen) and (depth < _DEEPEST or name in required)
    }


def _plain(kind: str, shape: Shape, name: str) -> Any:
    if kind in {"integer", "number"}:
        low: Any = shape.get("minimum", shape.get("exclusiveMinimum", 0))
        high: Any = shape.get("maximum", low + 3)
        return low + (1 if high > low else 0) if kind == "integer" else min(high, low + 0.75)
    if kind == "boolean":
        return name not in _SELDOM
    if kind in {"null", ""}:
        return None if kind else {}
    return _string(shape, name)


def _string(shape: Shape, name: str) -> str:
    form = shape.get("format", "")
    if form == "uuid":
        return str(uuid.uuid5(_MADE_IN, name))
    if name in _WORDS and _fits(shape, _WORDS[name]):
        return _WORDS[name]
    if form in _FORMATS and _fits(shape, _FORMATS[form]):
        return _FORMATS[form]
    for tried in ("Some words", *_TRIED):
        if _fits(shape, tried):
            return tried
    return ("a" * int(shape.get("minLength", 1)))[: shape.get("maxLength")]


def _fits(shape: Shape, text: str) -> bool:
    long_enough = int(shape.get("minLength", 0)) <= len(text) <= int(shape.get("maxLength", 10_000))
    return long_enough and re.search(shape.get("pattern", ""), text) is not None


def _first(choices: list[Shape], schema: Shape) -> Shape:
    """The first that is something."""
    real = [one for one in choices if _resolved(one, schema).get("type") != "null"]
    return next((one for one in real if _resolved(one, schema).get("enum") != [None]), choices[0])


def _resolved(shape: Shape, schema: Shape) -> Shape:
    """Without references, and with what `allOf` adds."""
    while "$ref" in shape:
        found: Any = schema
        for part in shape["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        shape = {**found, **{key: value for key, value in shape.items() if key != "$ref"}}
    if "allOf" not in shape:
        return shape
    merged: Shape = {key: value for key, value in shape.items() if key != "allOf"}
    for part in shape["allOf"]:
        inner = _resolved(part, schema)
        both = {**inner.get("properties", {}), **merged.get("properties", {})}
        merged = {**inner, **merged, **({"properties": both} if both else {})}
    return merged


def _bodies(schema: Shape) -> Iterator[tuple[Shape, bool]]:
    """Every body of every operation, and whether it is what the API gives."""
    for methods in [*schema.get("paths", {}).values(), *schema.get("webhooks", {}).values()]:
        for operation in methods.values():
            if isinstance(operation, dict):
                if "requestBody" in operation:
                    yield operation["requestBody"], False
                yield from ((one, True) for one in operation.get("responses", {}).values())
