"""The API's schema is complete: refusals, scopes, headers, examples; and every kind of problem is written down."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator
from rest_framework import exceptions

from accounts.api.schema_parts import PROBLEM
from config.management.commands import api_schema
from config.openapi import built
from config.problem_types import TYPES
from quizzes.types import read_response, registry
from tests.integrations.matrix import ROWS

ROOT = Path(__file__).resolve().parents[2]
#: Exceptions that are called with a field, a code and a sentence.
REFUSING = {"Refused", "RosterRefused", "LaunchRefused"}
NOBODY_ASKED = "/api/v1/token/"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in built()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = built()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    bodies = {**operation["responses"], "request": operation.get("requestBody", {})}
    for name, body in bodies.items():
        for media_type, content in resolved(body).get("content", {}).items():
            yield f"{name} {media_type}", content


def test_every_operation_lists_its_refusals() -> None:
    lacking = []
    for path, method, operation in operations():
        if path == NOBODY_ASKED:
            continue
        needed = {"401", "403", "429", "406"}
        needed |= {"404"} if "{" in path else set()
        needed |= {"400", "413", "415"} if "requestBody" in operation else set()
        needed |= {"409", "422"} if method == "post" else set()
        needed |= {"412", "409"} if method in {"patch", "delete"} else set()
        if missing := needed - operation["responses"].keys():
            lacking.append((method, path, missing))
    assert lacking == []


def test_every_answer_is_typed_and_every_refusal_is_a_problem() -> None:
    wrong = []
    for path, method, operation in operations():
        for code, response in operation["responses"].items():
            content = resolved(response).get("content", {})
            untyped = [name for name, one in content.items() if not one.get("schema")]
            no_problem = code >= "400" and path != NOBODY_ASKED and PROBLEM not in content
            if untyped or no_problem or not (content or code in {"204", "304"}):
                wrong.append((method, path, code))
    assert wrong == []


def test_every_body_has_an_example_that_fits() -> None:
    root, wrong = built(), []
    told = [(kind, "post", one["post"]) for kind, one in root["webhooks"].items()]
    for path, method, operation in [*operations(), *told]:
        for name, content in contents(operation):
            given = [one["value"] for one in content.get("examples", {}).values()]
            given += [content["example"]] if "example" in content else []
            shape = {**content.get("schema", {}), "components": root["components"]}
            faults = [
                str(fault.message) for one in given for fault in Draft202012Validator(shape).iter_errors(one)
            ]
            if faults or not (given or "json" not in name):
                wrong.append((method, path, name, faults))
    assert wrong == []


def test_the_example_of_a_roster_counts_its_rows() -> None:
    asked = built()["paths"]["/api/v1/roster-imports/"]["post"]
    (sent, told) = (
        next(iter(one["content"]["application/json"]["examples"].values()))["value"]
        for one in (asked["requestBody"], asked["responses"]["200"])
    )
    found = Counter(row["outcome"] for row in told["results"])
    assert len(told["results"]) == len(sent["rows"])
    assert {what: told[what] for what in ("created", "updated", "unchanged", "refused")} == {
        what: found[what] for what in ("created", "updated", "unchanged", "refused")
    }


def test_every_operation_says_which_scope_it_needs() -> None:
    """As the matrix of routes has it, whose every cell is asked for."""
    said = {(method.upper(), path): operation for path, method, operation in operations()}
    for asked, row in ROWS.items():
        method, name = asked.split()
        operation = next(
            one for (its, path), one in said.items() if its == method and addressed(path) == named(name)
        )
        scopes = {tuple(one["client"]) for one in operation["security"] if "client" in one}
        needed = (row.scope,) if isinstance(row.scope, str) else row.scope
        assert scopes == {(scope,) if scope else () for scope in needed}, asked
        assert all(f"`{scope}`" in operation["description"] for scope in needed if scope)


def addressed(path: str) -> str:
    return path.replace("{", "<").replace("}", ">")


def named(name: str) -> str:
    """The address of a route, with its parameters' names in angle brackets."""
    from django.urls import get_resolver

    for pattern, _defaults, _converters, *_rest in [get_resolver("config.api").reverse_dict[name]]:
        return "/api/v1/" + pattern[0][0].replace("%(", "<").replace(")s", ">")
    raise AssertionError(name)


def test_every_operation_has_a_name_and_says_what_it_does() -> None:
    found = list(operations())
    names = [operation["operationId"] for _path, _method, operation in found]
    assert len(set(names)) == len(names)
    assert [
        path for path, _method, one in found if not one.get("summary") or not one.get("description")
    ] == []


def test_every_kind_of_problem_is_written_down() -> None:
    """Those of our code, read from it; and those of the framework."""
    framework = {
        kind.default_code.replace("_", "-")
        for kind in vars(exceptions).values()
        if isinstance(kind, type)
        and issubclass(kind, exceptions.APIException)
        and hasattr(kind, "default_code")
    }
    found = {code for path in sources() for code in codes(path)} | framework - {"error"}
    assert found - TYPES.keys() == set()


def sources() -> list[Path]:
    rooms = ("accounts", "articles", "quizzes", "courses", "integrations", "config")
    return [
        path
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if not {"migrations", "views", "types", "admin"} & set(path.parts)
    ]


def codes(path: Path) -> Iterator[str]:
    """Codes of exceptions (`code`, `default_code` of a class), of `…Refused(…, code, …)` and `problem(code=…)`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    names = {target.id for target in line.targets if isinstance(target, ast.Name)}
                    if names & {"code", "default_code"}:
                        yield str(line.value.value).replace("_", "-")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSING:
            given = node.args[1] if len(node.args) > 1 else None
            if isinstance(given, ast.Constant):
                yield str(given.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "problem":
            yield from (
                str(one.value.value)
                for one in node.keywords
                if one.arg == "code" and isinstance(one.value, ast.Constant)
            )


def test_a_set_is_called_so_and_what_is_named_twice_is_not_refused() -> None:
    chosen = built()["components"]["schemas"]["MultipleChoiceResponse"]["properties"]["chosen"]
    assert "uniqueItems" not in chosen
    assert chosen["description"].startswith("A set")
    kind = registry.get("multiple_choice")
    once = [option.ref for option in kind.example.prompt.options][:1]  # type: ignore[attr-defined]
    response = read_response(kind, kind.example.prompt, {"chosen": once * 2})
    assert response.model_dump(mode="json")["chosen"] == once


def test_the_page_of_problems_is_as_the_code_has_it() -> None:
    page = (ROOT / "docs" / "guides" / "api-problems.md").read_text()
    assert page == api_schema.problems_page()


@pytest.mark.django_db
def test_the_schema_is_served_to_anybody(client: Client) -> None:
    served = client.get(reverse("api:schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    assert served.json()["openapi"] == "3.1.1"
    assert served.json()["paths"] == built()["paths"]
    kinds = served.json()["components"]["schemas"]["Problem"]["x-problem-types"]
    assert {kind.rpartition("/")[2] for kind in kinds} == set(TYPES)


def test_the_schema_tells_what_webhooks_send() -> None:
    from integrations.outbox import EVENTS

    assert built()["webhooks"].keys() == EVENTS.keys()
