"""Every route for programs × every scope × the client's own organisation and another's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from accounts.api.access import SCOPES, Scoped
from accounts.models import Organisation
from config.api import router
from tests.factories.accounts import OrganisationFactory
from tests.integrations.conftest import Program
from tests.integrations.matrix import ROWS, Row, World

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def address(asked: str, row: Row, world: World) -> str:
    return reverse(f"api:{asked.split()[1]}", kwargs=row.kwargs(world)).removeprefix("/api/v1")


def send(lms: Program, asked: str, path: str, body: Any, **headers: str) -> Any:
    method = asked.split()[0].lower()
    ask = getattr(lms, method)
    return ask(path, **headers) if method in {"get", "delete"} else ask(path, body, **headers)


def ask(lms: Program, asked: str, row: Row, world: World) -> Any:
    return send(lms, asked, address(asked, row, world), row.sent(world))


@pytest.mark.parametrize("asked", ROWS)
def test_only_its_scope_opens_a_route(program: Programs, school: Organisation, asked: str) -> None:
    row, world, lms = ROWS[asked], World(school), program()
    opening = (
        set(SCOPES) if row.scope == "" else {row.scope} if isinstance(row.scope, str) else set(row.scope)
    )
    path, body = address(asked, row, world), row.sent(world)
    given = {scope: send(lms.within(scope), asked, path, body).status_code for scope in {*SCOPES} - opening}
    assert given == dict.fromkeys(given, 403)
    for scope in opening:
        assert ask(lms.within(scope), asked, row, World(school)).status_code == row.status, scope


@pytest.mark.parametrize("asked", [asked for asked, row in ROWS.items() if row.elsewhere is not None])
def test_nothing_of_another_organisation_is_reached(program: Programs, asked: str) -> None:
    row = ROWS[asked]
    assert ask(program(), asked, row, World(OrganisationFactory())).status_code == row.elsewhere


def test_lists_show_what_is_of_the_own_organisation_alone(program: Programs, school: Organisation) -> None:
    lists = [asked for asked, row in ROWS.items() if row.elsewhere is None]
    lms, own, elsewhere = program(), World(school), World(OrganisationFactory())

    def shown() -> dict[str, Any]:
        return {asked: ask(lms, asked, ROWS[asked], own).json().get("results") for asked in lists}

    before = shown()
    _fill(elsewhere)
    assert shown() == before
    _fill(own)
    assert {asked for asked, rows in shown().items() if rows == before[asked]} == set()


def _fill(world: World) -> None:
    """Make one of everything that there is a route for."""
    for name, kind in vars(World).items():
        if isinstance(kind, property):
            getattr(world, name)


@pytest.mark.parametrize("asked", ROWS)
def test_nobody_and_people_get_nothing(client: Any, head: Any, school: Organisation, asked: str) -> None:
    method, name = asked.split()
    there = reverse(f"api:{name}", kwargs=ROWS[asked].kwargs(World(school)))
    send = getattr(client, method.lower())
    assert send(there).status_code == 401
    client.force_login(head)
    refused = send(there, content_type="application/json").status_code == 403
    assert refused is not ROWS[asked].for_people


def test_every_method_of_every_route_has_a_row_or_is_closed_to_programs() -> None:
    asked = {
        f"{method.upper()} {pattern.name}": (pattern.callback.cls, action)
        for pattern in router.urls
        for method, action in pattern.callback.actions.items()
        if method != "head"  # the first request adds it beside "get"
    }
    assert {view.permission_classes[0] for view, _action in asked.values()} == {Scoped}
    assert {name for name, (view, action) in asked.items() if action in view.scopes} == set(ROWS)


def test_one_thing_of_another_organisation_among_ones_own_is_enough_to_refuse(
    program: Programs, school: Organisation
) -> None:
    lms, own, elsewhere = program(), World(school), World(OrganisationFactory())
    answered = {}
    for asked, row in ROWS.items():
        body, foreign = row.sent(own) or {}, row.sent(elsewhere) or {}
        for name in body if asked.startswith("POST") else ():
            if _names_a_row(body[name]):
                mixed = {**body, name: foreign[name]}
                answered[asked, name] = send(lms, asked, address(asked, row, own), mixed).status_code
    assert len(answered) > 10
    assert {what: code for what, code in answered.items() if code != 422} == {}


def _names_a_row(given: Any) -> bool:
    try:
        return bool(UUID(given))
    except (TypeError, ValueError, AttributeError):
        return False
