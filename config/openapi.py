"""The whole API's schema: what no single view can say, and where it is served and written from."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from accounts.api import schema_examples, schema_parts
from accounts.api.bodies import Strict
from accounts.problems import TYPE_BASE
from config.problem_types import TYPES
from integrations import schema as integrations_schema

Shape = dict[str, Any]


@cache
def built() -> Shape:
    """The schema as JSON holds it; made once in each process."""
    made: Shape = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def complete(result: Shape, generator: Any, request: Any, public: bool) -> Shape:
    """Spectacular's hook: shared parts, the token endpoint, webhooks, and an example of every body."""
    components = result["components"]
    for shared in (schema_parts.components(), integrations_schema.components()):
        for kind, parts in shared.items():
            components[kind] = {**components.get(kind, {}), **parts}
    problem = components["schemas"]["Problem"]
    components["schemas"]["Problem"] = {**problem, "x-problem-types": _problem_types()}
    result["paths"] = dict(sorted({**result["paths"], **integrations_schema.token_path()}.items()))
    result["webhooks"] = integrations_schema.webhooks()
    _Definitions(components["schemas"]).lift_all(result)
    _close(components["schemas"])
    schema_examples.fill(result)
    components["schemas"] = dict(sorted(components["schemas"].items()))
    return result


def _close(schemas: Shape) -> None:
    """Say of bodies that refuse unknown fields that they do."""
    pending = [Strict]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        name = kind.__name__.removesuffix("Serializer") + "Request"
        for one in (name, f"Patched{name}"):
            if one in schemas:
                schemas[one]["additionalProperties"] = False


def _problem_types() -> Shape:
    return {
        TYPE_BASE + code: {"status": kind.status, "when": str(kind.when), "mend": str(kind.mend)}
        for code, kind in sorted(TYPES.items())
    }


class _Definitions:
    """Definitions inside a schema become components: a `#/$defs/…` would be looked for at the top.

    One that has its name taken by another shape gets a number behind it.
    """

    def __init__(self, schemas: Shape) -> None:
        self.schemas = schemas
        self.lifted: Shape = {}

    def lift_all(self, result: Shape) -> None:
        for part in ("paths", "webhooks"):
            result[part] = self.without(result[part], {})
        for name, shape in list(self.schemas.items()):
            self.schemas[name] = self.without(shape, {})

    def without(self, node: Any, names: dict[str, str]) -> Any:
        if isinstance(node, list):
            return [self.without(one, names) for one in node]
        if not isinstance(node, dict):
            return node
        own = node.get("$defs", {})
        names = {**names, **{name: self._named(name, shape) for name, shape in own.items()}}
        for name, shape in own.items():
            self.schemas[names[name]] = self.without(shape, names)
        found = re.fullmatch(r"#/\$defs/(.+)", str(node.get("$ref", "")))
        if found:
            return {**node, "$ref": f"#/components/schemas/{names[found[1]]}"}
        if isinstance(node.get("type"), list):
            node = {**node, "type": list(dict.fromkeys(node["type"]))}  # spectacular may say "null" twice
        return {key: self.without(value, names) for key, value in node.items() if key != "$defs"}

    def _named(self, name: str, shape: Shape) -> str:
        number = 1
        while (tried := name if number == 1 else f"{name}{number}") in self.schemas:
            if self.lifted.get(tried) == shape:
                return tried
            number += 1
        self.lifted[tried], self.schemas[tried] = shape, {}
        return tried
