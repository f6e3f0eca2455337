"""Who gets what at the addresses on which classes are run: an exact answer for each kind of visitor."""

from types import ModuleType

import pytest
from django.test import Client

from tests.contracts.canaries import some
from tests.contracts.stage import Stage, build, url
from tests.contracts.teaching import ROLES, modules
from tests.contracts.test_routes import said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_role_gets_what_the_table_says(module: ModuleType) -> None:
    stage = build(practice=some("practice", "classify"), graded=some("graded", "classify", "rewrite"))
    clients = [stage.client(role) for role in ROLES]
    given = {asked: [ask(module, stage, client, asked) for client in clients] for asked in module.ROWS}
    assert given == {asked: cells.split() for asked, cells in module.ROWS.items()}


def ask(module: ModuleType, stage: Stage, client: Client, asked: str) -> str:
    method, name, *which = asked.split()
    words = " ".join(which)
    address = url(name, **module.kwargs(stage, name, words))
    if method == "GET":
        return said(client.get(address))
    sent = module.form(stage, name, words) if hasattr(module, "form") else {}
    return said(client.post(address, sent))
