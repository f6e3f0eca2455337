"""JSON of question types in the API's schema: every type there is, each under a name of its own.

The types are asked for when the schema is asked for: an app may add its own as late as it likes.
"""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from pydantic import BaseModel
from rest_framework import serializers

from quizzes.types import registry
from quizzes.types.registry import Part, QuestionType

_DEFINITIONS = "$defs"
_SET = "A set: what is named twice counts once, and the order says nothing."


class TypedField(serializers.JSONField):
    """A part of a question in the shape of its type: `part` is prompt, key or response. It judges no value."""

    def __init__(self, *, part: Part, **kwargs: Any) -> None:
        self.part = part
        super().__init__(**kwargs)


class ModelField(serializers.JSONField):
    """JSON in the shape of one pydantic model."""

    def __init__(self, *, model: type[BaseModel], **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)


class TypedSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Any of the types' schemas: which one, the question's `type` says."""

    target_class = TypedField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        shapes = [
            component(auto_schema, named(kind, self.target.part), model_of(kind, self.target.part))
            for kind in registry.all_types()
        ]
        return _described(self.target, {"anyOf": shapes})


class ModelSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = ModelField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        model = self.target.model
        return _described(self.target, {"allOf": [component(auto_schema, model.__name__, model)]})


def current(slug: str, part: Part, data: Any, schema_version: int) -> Any:
    """Stored JSON of a part of a question as the newest schema has it, which the API describes."""
    if schema_version == registry.get(slug).schema_version:
        return data
    return registry.load(slug, part, data, schema_version).model_dump(mode="json")


def named(kind: QuestionType, part: Part) -> str:
    """ "SingleChoicePrompt": the name of a part of a type in the schema."""
    words: Iterable[str] = (*kind.slug.split("_"), part)
    return "".join(word.capitalize() for word in words)


def model_of(kind: QuestionType, part: Part) -> type[BaseModel]:
    models: dict[Part, type[BaseModel]] = {"prompt": kind.Prompt, "key": kind.Key, "response": kind.Response}
    return models[part]


def component(auto_schema: AutoSchema, name: str, model: type[BaseModel]) -> dict[str, Any]:
    """A reference to the model's schema, which is registered under `name`; its own parts are, after it."""
    template = f"#/components/schemas/{name}.{{model}}"
    schema = _plain(model.model_json_schema(ref_template=template))
    for part, inner in schema.pop(_DEFINITIONS, {}).items():
        _register(auto_schema, f"{name}.{part}", inner)
    return _register(auto_schema, name, schema)


def _register(auto_schema: AutoSchema, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    kind = ResolvedComponent.SCHEMA
    made = ResolvedComponent(name=name, type=kind, schema=schema, object=name)  # type: ignore[no-untyped-call]
    auto_schema.registry.register_on_missing(made)
    return dict(made.ref)


def _plain(node: Any) -> Any:
    """Choices spelt out: spectacular would name an enum after its field, and many types share such names.

    Sets are called so: whoever sends something twice is not refused.
    """
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {name: _plain(inner) for name, inner in node.items() if name != "enum"}
    if isinstance(node.get("enum"), list):
        kept["oneOf"] = [{"const": choice} for choice in node["enum"]]
    if kept.get("uniqueItems") is True:
        del kept["uniqueItems"]
        kept["description"] = f"{kept.get('description', '')} {_SET}".strip()
    return kept


def _described(field: serializers.Field[Any, Any, Any, Any], schema: dict[str, Any]) -> dict[str, Any]:
    said = {"description": str(field.help_text)} if field.help_text else {}
    if field.allow_null:
        schema = {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}
    return {**schema, **said, **({"readOnly": True} if field.read_only else {})}
