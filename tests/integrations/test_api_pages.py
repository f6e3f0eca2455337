"""The documentation that the site serves: whole, strict, and for anybody."""

import pytest
from django.test import Client
from django.urls import reverse

from config import api_reading
from config.problem_types import TYPES
from tests.contracts.test_headers import faults_of_page

pytestmark = pytest.mark.django_db


def test_every_operation_is_on_its_page(client: Client) -> None:
    for name, operations in api_reading.resources().items():
        page = client.get(reverse("api:docs-resource", args=[name]))
        text = page.content.decode()
        assert page.status_code == 200
        assert faults_of_page(text) == []
        for one in operations:
            assert f'id="{one.name}"' in text
            assert one.path in text


@pytest.mark.parametrize(
    ("name", "says"),
    [("docs", "/api/v1/token/"), ("docs-guide", "Idempotency-Key"), ("docs-problems", max(TYPES))],
)
def test_pages_are_for_anybody_and_strict(client: Client, name: str, says: str) -> None:
    page = client.get(reverse(f"api:{name}"))
    assert says in page.content.decode()
    assert faults_of_page(page.content.decode()) == []
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_resource_that_is_none_is_not_found(client: Client) -> None:
    assert client.get("/api/v1/docs/nothing/").status_code == 404


def test_the_line_to_paste_says_what_the_operation_needs() -> None:
    lines = {one.name: one.curl for some in api_reading.resources().values() for one in some}
    assert lines["cohorts_list"] == (
        'curl \\\n  -H "Authorization: Bearer $TOKEN" \\\n  "$API/api/v1/cohorts/"'
    )
    assert "Authorization" not in lines["token_create"]
    assert "-d client_id=" in lines["token_create"]
