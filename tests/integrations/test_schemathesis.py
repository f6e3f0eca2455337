"""Schemathesis asks every operation whatever its schema allows and forbids, as each kind of caller.

Quick here: a few requests for each operation, always the same ones. `make fuzz` asks far more of them.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.case import Case
from schemathesis.generation.modes import GenerationMode
from schemathesis.openapi.checks import RejectedPositiveData

from accounts.models import Organisation, User
from accounts.problems import TYPE_BASE
from config.openapi import built
from config.problem_types import TYPES
from tests.contracts.canaries import every_type
from tests.contracts.stage import build
from tests.integrations.matrix import ROWS, World

pytestmark = pytest.mark.django_db
#: How many requests each operation gets from each caller; `make fuzz` makes all that cover the schema, and draws many.
LONG = int(os.environ.get("CAVEAT_FUZZ", "0"))
ASKED, DRAWN = (100_000, LONG) if LONG else (2, 1)
#: The operations are asked in so many tests, side by side.
PARTS = 2
#: What fits the schema may still be made from an old state, or be refused by a verb.
TAKEN = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
REFUSED = ["304", "400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]
CONFIG = {
    "generation": {"with-security-parameters": False},  # who asks is ours to say
    "checks": {
        "positive_data_acceptance": {"expected-statuses": TAKEN},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
}
FEW_SCOPES = ("roster:read", "content:read", "attempts:read")


@schemathesis.serializer("application/zip")
def zipped(context: Any, value: Any) -> dict[str, Any]:
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_keeps_its_word(part: int, program: Callable[..., Any], school: Organisation) -> None:
    stage = build(practice=every_type("practice")[:2], graded=every_type("graded")[:2])
    for row in ROWS.values():
        row.kwargs(World(school))
    everybody = {
        "program": program(name="all").headers,
        "program with few scopes": program(*FEW_SCOPES, name="few").headers,
        "learner": by_session(stage.people["learner"]),
        "teacher": by_session(stage.people["teacher"]),
        "nobody": {},
    }
    known = {role: there_is(headers) for role, headers in everybody.items()}
    faults: list[str] = []
    with one_connection():
        operations = [result.ok() for result in load().get_all_operations()]
        for operation in operations[part::PARTS]:
            pool, random = cases(operation), Random(operation.label)
            for role, headers in everybody.items():
                caches["process"].clear()
                most = ASKED * 2 if role == "program" else ASKED
                for case in random.sample(pool, min(most, len(pool))):
                    told = ask(real(case, known[role], random), headers)
                    faults += [f"{operation.label} as {role}: {fault}" for fault in told]
    assert not faults, "\n\n".join(faults)


def load() -> Any:
    """The schema as it is served, before the application to ask in this process."""
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_wsgi(
        "/api/v1/schema/?format=json", get_wsgi_application(), config=config
    )


def cases(operation: Any) -> list[Case]:
    """The requests that cover the schema of an operation, and some that are drawn."""
    covering = operation.schema.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation,
    )
    drawn: list[Case] = []

    @hypothesis.settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    return [*covering, *drawn]


def ask(case: Case, headers: dict[str, str]) -> Iterator[str]:
    """What the answer to a request has against its schema; whatever the request did is undone."""
    undone = transaction.atomic()
    undone._from_testcase = True  # verbs that must be outermost may be inside it, as inside the test's own
    with undone:
        sent = {"Accept-Encoding": "identity", **headers}
        response = case.call(headers=sent)
        if "problem" in response.headers.get("content-type", [""])[0]:
            kind = response.json()["type"].removeprefix(TYPE_BASE)
            if kind not in TYPES:
                yield f"There is no problem type {kind}: {response.content[:300]!r}"
        try:
            case.validate_response(response, headers=sent)
        except (Failure, FailureGroup) as found:
            asked = f"{case.method} {case.formatted_path} {case.query} {case.body!r}"[:400]
            said = f"{response.status_code} {response.content[:300]!r}"
            for fault in getattr(found, "exceptions", [found]):
                if (
                    isinstance(fault, RejectedPositiveData)
                    and case.method != "GET"
                    and response.status_code == 400
                ):
                    continue  # what fits the schema may name what is not there, or what cannot be changed
                yield f"{type(fault).__name__}: {fault}"[:600] + f"\n  {asked}\n  {said}"
        transaction.set_rollback(True)


def there_is(headers: dict[str, str]) -> dict[str, list[str]]:
    """The UUIDs that lists show to a caller, by the address of the list."""
    known = {}
    for path in built()["paths"]:
        if path.count("/") == 4:
            shown = Client().get(path, headers=headers)
            listed = shown.status_code == 200 and shown.headers["Content-Type"] == "application/json"
            rows = shown.json().get("results", []) if listed else []
            known[path] = [row["uuid"] for row in rows if "uuid" in row]
    return known


def real(case: Case, known: dict[str, list[str]], random: Random) -> Case:
    """The request for a row that there is, wherever its UUIDs may be any: nearly all of them would be 404."""
    of_path = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    there = known.get("/".join(case.path.split("/")[:4]) + "/")
    if there and of_path and of_path.mode.is_positive and "uuid" in case.path_parameters:
        case.path_parameters = {**case.path_parameters, "uuid": random.choice(there)}
    for ours in ("cursor", "page"):
        case.query.pop(ours, None)  # are ours to name: few there are
    if "updated_since" in case.query:
        case.query.pop("ordering", None)  # the two do not go together
    if isinstance(case.body, dict):
        named = {name: known.get(f"/api/v1/{name}s/") for name in case.body}
        case.body = {
            name: random.choice(named[name]) if named[name] else given for name, given in case.body.items()
        }
    return case


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests close no connection: the test's transaction is on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def by_session(user: User) -> dict[str, str]:
    """The headers of somebody who has signed in, with the token against forged requests."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    token = get_token(RequestFactory().get("/"))
    cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    return {"Cookie": cookies, "X-CSRFToken": token}
