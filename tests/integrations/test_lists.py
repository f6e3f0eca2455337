"""Lists: pages that nothing shifts, what has changed since, and tags."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.api.pages import Cursor
from accounts.models import Cohort, Organisation
from tests.factories.accounts import CohortFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def test_pages_leave_out_and_repeat_nothing_when_rows_are_added(
    program: Programs, school: Organisation
) -> None:
    first = CohortFactory.create_batch(5, organisation=school)
    lms = program()
    page = lms.get("/cohorts/?page_size=2").json()
    seen = [row["uuid"] for row in page["results"]]
    later = CohortFactory(organisation=school)
    while page["next"]:
        page = lms.http.get(page["next"], headers=lms.headers).json()
        seen += [row["uuid"] for row in page["results"]]
    assert seen == [str(cohort.uuid) for cohort in (*first, later)]


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "updated_at", "-updated_at"])
def test_rows_of_one_moment_come_once_each(program: Programs, school: Organisation, ordering: str) -> None:
    made = CohortFactory.create_batch(5, organisation=school)
    Cohort.objects.update(updated_at=timezone.now())
    lms = program()
    page = lms.get(f"/cohorts/?page_size=2&ordering={ordering}").json()
    seen, marks = [row["uuid"] for row in page["results"]], {page["high_water"]}
    while page["next"]:
        page = lms.http.get(page["next"], headers=lms.headers).json()
        seen += [row["uuid"] for row in page["results"]]
        marks.add(page["high_water"])
    names = [str(cohort.uuid) for cohort in made]
    assert seen == (names[::-1] if ordering.startswith("-") else names)
    assert len(marks) == 1  # what changes while a program reads is after the first page's mark


def _forged(at: str) -> str:
    return Cursor(ordering="updated_at", pk=1, at=at, mark="2026-09-01T08:00:00Z").encoded()


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("nam=x", "/nam"),
        ("page_size=0", "/page_size"),
        ("page_size=201", "/page_size"),
        ("page_size=2&page_size=3", "/page_size"),
        ("ordering=name", "/ordering"),
        ("ordering=created_at&updated_since=2026-09-01T08:00:00Z", "/ordering"),
        ("cursor=nonsense", "/cursor"),
        ("cursor=W10", "/cursor"),
        ("external_id=%00", "/external_id"),
        ("external_id=", "/external_id"),
        (f"cursor={_forged('0001-01-01T00:00:00+14:00')}", "/cursor"),
        (f"cursor={_forged('9999-12-31T23:59:59')}", "/cursor"),
    ],
)
def test_a_list_that_cannot_be_shown_says_why(program: Programs, query: str, pointer: str) -> None:
    refused = program().get(f"/cohorts/?{query}")
    assert refused.status_code == 400
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]


def test_a_list_that_is_known_is_not_sent_again(program: Programs, school: Organisation) -> None:
    CohortFactory(organisation=school)
    lms = program()
    tag = lms.get("/cohorts/").headers["ETag"]
    assert lms.get("/cohorts/", **{"If-None-Match": tag}).status_code == 304
    CohortFactory(organisation=school)
    assert lms.get("/cohorts/", **{"If-None-Match": tag}).status_code == 200


def test_a_program_asks_for_what_has_changed_since(program: Programs, school: Organisation) -> None:
    old, other = CohortFactory.create_batch(2, organisation=school)
    lms = program()
    mark = lms.get("/cohorts/").json()["high_water"]
    Cohort.objects.update(updated_at=timezone.now() - timedelta(days=1))
    old.name = "Renamed"
    old.save()
    changed = lms.get("/cohorts/").json()
    assert len(changed["results"]) == 2
    answer = lms.http.get("/api/v1/cohorts/", {"updated_since": mark}, headers=lms.headers)
    assert [row["name"] for row in answer.json()["results"]] == ["Renamed"]
    assert other.name not in answer.content.decode()


@pytest.mark.parametrize(
    "since", ["yesterday", "2026-09-01", "2026-09-01T08:00:00", "2026-13-01T08:00:00Z", ""]
)
def test_a_moment_that_is_none_is_refused(program: Programs, since: str) -> None:
    lms = program()
    refused = lms.http.get("/api/v1/cohorts/", {"updated_since": since}, headers=lms.headers)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/updated_since"


def test_what_is_known_is_not_sent_again(program: Programs, school: Organisation) -> None:
    cohort = CohortFactory(organisation=school)
    lms = program()
    tag = lms.get(f"/cohorts/{cohort.uuid}/").headers["ETag"]
    known = lms.get(f"/cohorts/{cohort.uuid}/", **{"If-None-Match": tag})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", tag)
    cohort.name = "Renamed"
    cohort.save()
    assert lms.get(f"/cohorts/{cohort.uuid}/", **{"If-None-Match": tag}).status_code == 200


def test_a_method_that_no_address_takes_is_not_offered(program: Programs, school: Organisation) -> None:
    lms = program()
    for path in ("/cohorts/", f"/cohorts/{CohortFactory(organisation=school).uuid}/"):
        refused = lms.http.options(f"/api/v1{path}", headers=lms.headers)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (405, "method-not-allowed")
        assert "GET" in refused["Allow"]
        assert "OPTIONS" not in refused["Allow"]
    assert lms.http.options("/api/v1/cohorts/").status_code == 401
