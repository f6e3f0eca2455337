"""Every route for programs × every scope × the client's own organisation and another's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.api.access import SCOPES
from accounts.models import Organisation
from tests.factories.accounts import OrganisationFactory
from tests.integrations.conftest import Program
from tests.integrations.matrix import ROWS, Row, World

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def ask(lms: Program, asked: str, row: Row, world: World) -> Any:
    method, name = asked.split()
    path = reverse(f"api:{name}", kwargs=row.kwargs(world)).removeprefix("/api/v1")
    send = getattr(lms, method.lower())
    return send(path) if method in {"GET", "DELETE"} else send(path, row.sent(world))


@pytest.mark.parametrize("asked", ROWS)
def test_only_its_scope_opens_a_route(program: Programs, school: Organisation, asked: str) -> None:
    row, world = ROWS[asked], World(school)
    given = {scope: ask(program(scope, name=scope), asked, row, world).status_code for scope in SCOPES}
    assert given == {scope: row.status if row.scope in (scope, "") else 403 for scope in SCOPES}


@pytest.mark.parametrize("asked", ROWS)
def test_nothing_of_another_organisation_is_reached(program: Programs, asked: str) -> None:
    row, elsewhere = ROWS[asked], World(OrganisationFactory())
    answer = ask(program(), asked, row, elsewhere)
    if row.elsewhere is None:
        assert answer.json()["results"] == []
    else:
        assert answer.status_code == row.elsewhere


@pytest.mark.parametrize("asked", ROWS)
def test_nobody_and_people_get_nothing(client: Any, head: Any, school: Organisation, asked: str) -> None:
    method, name = asked.split()
    address = reverse(f"api:{name}", kwargs=ROWS[asked].kwargs(World(school)))
    send = getattr(client, method.lower())
    assert send(address).status_code == 401
    client.force_login(head)
    assert send(address).status_code == 403
