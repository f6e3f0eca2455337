"""The API's schema as a person reads it: operations by resource, fields in rows, and a line to paste."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from pydantic import BaseModel

from config.openapi import built
from quizzes.api.shapes import named
from quizzes.types import registry
from quizzes.types.registry import Part, QuestionType

_TEXT = MarkdownIt("commonmark", {"html": False})

Shape = dict[str, Any]
_DEEPEST = 4
_ROOT = "/api/v1"


@dataclass(frozen=True)
class Row:
    """A parameter or field: `depth` says how far inside another it stands."""

    name: str
    kind: str
    said: str
    required: bool
    depth: int = 0


@dataclass(frozen=True)
class Answer:
    code: str
    said: str
    rows: list[Row]
    example: str


@dataclass(frozen=True)
class Operation:
    """`media` are the types of its body; `sent` is an example of what we send (a webhook)."""

    name: str
    method: str
    path: str
    summary: str
    said: list[str]
    parameters: list[Row]
    headers: list[Row]
    media: list[str]
    body: list[Row]
    sent: str
    curl: str
    answers: list[Answer]
    refusals: list[Answer]


@dataclass(frozen=True)
class TypePart:
    """The prompt or the response of a question type: what it is, its fields, and an example."""

    name: str
    said: str
    rows: list[Row]
    example: str


@dataclass(frozen=True)
class TypeShown:
    slug: str
    parts: list[TypePart]


def question_types() -> list[TypeShown]:
    """What is asked and what may be answered, for each type of question."""
    return [
        TypeShown(
            kind.slug,
            [_part(kind, "prompt", kind.example.prompt), _part(kind, "response", kind.example.right)],
        )
        for kind in registry.all_types()
    ]


def _part(kind: QuestionType, part: Part, example: BaseModel) -> TypePart:
    shape: Shape = built()["components"]["schemas"][named(kind, part)]
    shown = json.dumps(example.model_dump(mode="json"), indent=2, ensure_ascii=False)
    shown = re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", shown)  # a stretch of text on one line
    return TypePart(part, _told(shape.get("description", "")), list(_fields(shape)), shown)


@cache
def resources() -> dict[str, list[Operation]]:
    """The operations of each resource, in the order of their addresses; webhooks last."""
    found: dict[str, list[Operation]] = {}
    for part in ("paths", "webhooks"):
        for path, methods in built()[part].items():
            for method, operation in methods.items():
                found.setdefault(operation["tags"][0], []).append(_operation(path, method.upper(), operation))
    return found


def _operation(path: str, method: str, operation: Shape) -> Operation:
    parameters = [_resolved(one) for one in operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {})
    answers = [_answer(code, _resolved(one)) for code, one in operation["responses"].items()]
    return Operation(
        name=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        said=[_told(one) for one in operation["description"].split("\n\n")],
        parameters=[_parameter(one) for one in parameters if one["in"] != "header"],
        headers=[_parameter(one) for one in parameters if one["in"] == "header"],
        media=list(body),
        body=next(filter(None, (list(_fields(one["schema"])) for one in body.values())), []),
        sent="" if path.startswith("/") else _example(next(iter(body.values()))),
        curl=_curl(path, method, operation) if path.startswith("/") else "",
        answers=[one for one in answers if one.code < "400"],
        refusals=[one for one in answers if one.code >= "400"],
    )


def _answer(code: str, response: Shape) -> Answer:
    content: Shape = next(iter(response.get("content", {}).values()), {})
    fields = list(_fields(content["schema"])) if content and code < "400" else []
    return Answer(code, _told(response["description"]), fields, _example(content))


def _example(content: Shape) -> str:
    given = [one["value"] for one in content.get("examples", {}).values()] + [content.get("example")]
    return "" if given[0] is None else json.dumps(given[0], indent=2, ensure_ascii=False)


def _parameter(one: Shape) -> Row:
    said = _told(one.get("description", ""))
    return Row(one["name"], _kind(one["schema"]), said, bool(one.get("required")))


def _told(text: str) -> str:
    """A description with its code and links as HTML."""
    return str(mark_safe(_TEXT.renderInline(text)))  # noqa: S308 - written by us, and HTML is off


def _curl(path: str, method: str, operation: Shape) -> str:
    """The request as one may paste it; `$API` is the address of the API, version too, and `$TOKEN` a token."""
    words = ["curl"] if method == "GET" else [f"curl -X {method}"]
    if {"clientBasic": []} not in operation.get("security", []):
        words.append('-H "Authorization: Bearer $TOKEN"')
    required = {
        _resolved(one)["name"] for one in operation.get("parameters", []) if _resolved(one).get("required")
    }
    if "If-Match" in required:
        words.append("-H 'If-Match: \"…\"'")
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        example = json.loads(_example(content) or "{}")
        if media_type == "application/json":
            words.append(
                f"-H 'Content-Type: application/json' -d '{json.dumps(example, ensure_ascii=False)}'"
            )
        elif "form" in media_type:
            words += [f"-d {name}='{value}'" for name, value in example.items()]
        else:
            words.append(f"-H 'Content-Type: {media_type}' --data-binary @file")
        break
    return " \\\n  ".join([*words, f'"$API{path.removeprefix(_ROOT)}"'])


def _fields(shape: Shape, depth: int = 0) -> Iterator[Row]:
    """The fields of an object, each followed by those inside it."""
    shape = _resolved(shape)
    for inner in (
        shape.get("items"),
        *shape.get("allOf", []),
        *shape.get("oneOf", []),
        *shape.get("anyOf", []),
    ):
        if inner:
            yield from _fields(inner, depth)
    required = shape.get("required", [])
    for name, inner in shape.get("properties", {}).items():
        said = inner.get("description") or _resolved(inner).get("description", "")
        yield Row(name, _kind(inner), _told(said), name in required, depth)
        if depth < _DEEPEST and len(_choices(inner)) < 2:
            yield from _fields(inner, depth + 1)


def _choices(shape: Shape) -> list[Shape]:
    resolved = _resolved(shape)
    given: list[Shape] = resolved.get("oneOf") or resolved.get("anyOf") or []
    return [one for one in given if _resolved(one).get("type") != "null"]


def _kind(shape: Shape) -> str:
    """The kind of a value in a few words: "moment or null", "list of UUID", "one of: a, b"."""
    resolved = _resolved(shape)
    if resolved.get("allOf") and "type" not in resolved:
        resolved = {**_resolved(resolved["allOf"][0]), **resolved}
    if "enum" in resolved:
        return "one of: " + ", ".join("null" if one is None else str(one) or '""' for one in resolved["enum"])
    if "const" in resolved:
        return "always " + (str(resolved["const"]) or '""')
    if choices := resolved.get("oneOf") or resolved.get("anyOf"):
        return " or ".join(dict.fromkeys(_kind(one) for one in choices))
    kinds = resolved.get("type", "anything")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " or ".join(_one_kind(kind, resolved) for kind in kinds)


def _one_kind(kind: str, shape: Shape) -> str:
    if kind == "array" and "prefixItems" in shape:
        return "[" + ", ".join(_kind(one) for one in shape["prefixItems"]) + "]"
    if kind == "array":
        return "list of " + _kind(shape.get("items", {}))
    if kind == "object":
        patterns = list(shape.get("patternProperties", {}).values())
        inner = patterns[0] if patterns else shape.get("additionalProperties")
        return f"object of {_kind(inner)}" if inner and isinstance(inner, dict) else kind
    if kind == "string":
        words = {"uuid": "UUID", "date-time": "moment", "uri": "address", "decimal": "decimal in quotes"}
        kind = words.get(shape.get("format", "")) or str(shape.get("format", "text"))
        return f"{kind}, up to {shape['maxLength']} characters" if "maxLength" in shape else kind
    if kind in {"integer", "number"}:
        words = {"integer": "whole number", "number": "number"}
        low, high = shape.get("minimum"), shape.get("maximum")
        bounds = f" {low} to {high}" if low is not None and high is not None else ""
        return words[kind] + (bounds or (f" from {low}" if low is not None else ""))
    return kind


def _resolved(shape: Shape) -> Shape:
    while "$ref" in shape:
        found: Any = built()
        for part in shape["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        shape = found
    return shape
