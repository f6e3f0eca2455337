"""The documentation that the site serves: whole, strict, and for anybody."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from config import api_reading
from config.problem_types import TYPES
from integrations.outbox import EVENTS
from quizzes.scores import ScoreState
from quizzes.types import registry
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
    assert lines["cohorts_list"] == ('curl \\\n  -H "Authorization: Bearer $TOKEN" \\\n  "$API/cohorts/"')
    assert "Authorization" not in lines["token_create"]
    assert "-d client_id=" in lines["token_create"]


def test_the_address_of_the_api_is_the_same_on_every_page(client: Client) -> None:
    """`$API` ends in the version: what stands behind it never says it once more."""
    names = [("docs", []), ("docs-guide", []), *(("docs-resource", [one]) for one in api_reading.resources())]
    pages = [client.get(reverse(f"api:{name}", args=args)).content.decode() for name, args in names]
    assert "export API=http://testserver/api/v1\n" in pages[0]
    assert [page for page in pages if "$API/api" in page] == []


def test_every_question_type_is_shown_with_what_it_takes(client: Client) -> None:
    page = client.get(reverse("api:docs-types")).content.decode()
    assert faults_of_page(page) == []
    for kind in registry.all_types():
        shown = page.partition(f'<section id="{kind.slug}"')[2].partition("</section>")[0]
        fields = kind.Prompt.model_fields.keys() | kind.Response.model_fields.keys()
        assert {name for name in fields if f"<code>{name}</code>" not in shown} == set()
        examples = [
            json.loads(unescape(one)) for one in re.findall(r"<pre[^>]*><code>(.*?)</code>", shown, re.S)
        ]
        assert examples == [one.model_dump(mode="json") for one in (kind.example.prompt, kind.example.right)]


def test_the_worked_client_is_served_as_it_stands(client: Client) -> None:
    address = reverse("api:docs-client")
    served = client.get(address)
    assert served.content == (settings.BASE_DIR / "docs" / "lms_client.py").read_bytes()
    assert served.headers["Content-Type"] == "text/plain; charset=utf-8"
    guide = client.get(reverse("api:docs-guide")).content.decode()
    assert f'href="{address}"' in guide
    assert re.findall(r'href="([^"/#]*\.(?:md|py|yaml))"', guide) == []  # of a file that is not served


def test_the_page_of_webhooks_shows_what_is_sent(client: Client) -> None:
    page = client.get(reverse("api:docs-resource", args=["webhooks"])).content.decode()
    assert page.count("&quot;timestamp&quot;: ") == len(EVENTS)
    assert "<code>left_at</code>" in page


def test_bodies_that_are_no_json_are_described(client: Client) -> None:
    page = client.get(reverse("api:docs-resource", args=["oneroster-imports"])).content.decode()
    for said in ("application/zip", "multipart/form-data", "givenName", "2.5 MB", "<code>file</code>"):
        assert said in page


def test_a_change_that_needs_a_tag_says_so_in_its_line() -> None:
    (line,) = [one for one in api_reading.resources()["grade-entries"] if one.method == "POST"]
    assert "-H 'If-Match: \"…\"'" in line.curl
    assert {"412", "428"} <= {one.code for one in line.refusals}
    assert [row.required for row in line.headers if row.name == "If-Match"] == [True]


def test_the_meaning_of_a_state_stands_at_the_field(client: Client) -> None:
    page = client.get(reverse("api:docs-resource", args=["scores"])).content.decode()
    for state in ScoreState:
        assert f"<code>{state.value}</code> {escape(state.label)}" in page
