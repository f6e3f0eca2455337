"""What is sent: nothing is passed over, and nothing is guessed."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Cohort, Organisation
from quizzes.models import Assignment
from tests.factories.accounts import CohortFactory
from tests.factories.quizzes import QuizFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def pointers(refused: Any) -> list[str]:
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    return [fault["pointer"] for fault in refused.json()["errors"]]


def test_a_field_that_does_not_exist_or_cannot_be_set_is_refused(
    program: Programs, school: Organisation
) -> None:
    lms, cohort = program(), CohortFactory(organisation=school)
    assert pointers(lms.post("/cohorts/", {"name": "7b", "colour": "red"})) == ["/colour"]
    assert pointers(lms.patch(f"/cohorts/{cohort.uuid}/", {"nmae": "7b"})) == ["/nmae"]
    assert pointers(lms.patch(f"/cohorts/{cohort.uuid}/", {"created_at": None})) == ["/created_at"]
    assert Cohort.objects.get().name == cohort.name


@pytest.mark.parametrize("given", ["no", "yes", 1, 0, "1", {}, []])
def test_only_true_and_false_are_true_or_false(program: Programs, school: Organisation, given: Any) -> None:
    cohort = CohortFactory(organisation=school)
    assert pointers(program().patch(f"/cohorts/{cohort.uuid}/", {"archived": given})) == ["/archived"]


@pytest.mark.parametrize("given", ["2027-06-01", "2027-06-01T12:00:00"])
def test_a_moment_needs_its_offset(program: Programs, school: Organisation, given: str) -> None:
    body = {
        "cohort": str(CohortFactory(organisation=school).uuid),
        "quiz": str(QuizFactory(organisation=school).uuid),
    }
    lms = program()
    assert pointers(lms.post("/assignments/", {**body, "due_at": given})) == ["/due_at"]
    assert pointers(lms.post("/assignments/", {**body, "time_limit_s": 2**63 - 1})) == ["/time_limit_s"]
    assert not Assignment.objects.exists()


def test_json_without_end_is_no_json(program: Programs) -> None:
    lms = program()
    deep = lms.http.post(
        "/api/v1/cohorts/", "[" * 100_000, content_type="application/json", headers=lms.headers
    )
    assert (deep.status_code, deep.json()["type"]) == (400, "urn:read-it-twice:problem/parse-error")


def test_a_tag_that_was_weakened_on_its_way_is_the_same_tag(program: Programs, school: Organisation) -> None:
    """Whatever compresses an answer makes its tag a weak one."""
    lms, cohort = program(), CohortFactory(organisation=school)
    tag = lms.get(f"/cohorts/{cohort.uuid}/")["ETag"]
    changed = lms.patch(f"/cohorts/{cohort.uuid}/", {"name": "7c"}, If_Match=f"W/{tag}")
    assert changed.status_code == 200
    assert lms.patch(f"/cohorts/{cohort.uuid}/", {"name": "7d"}, If_Match=f"W/{tag}").status_code == 412


def test_an_address_without_its_slash_makes_nothing_and_says_so(program: Programs) -> None:
    refused = program().post("/cohorts", {"name": "7b"})
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    assert "/api/v1/cohorts/" in refused.json()["detail"]
    assert not Cohort.objects.exists()


@pytest.mark.parametrize(
    ("method", "address", "media_type", "status"),
    [
        ("put", "/api/v1/cohorts/", "application/json", 405),
        ("post", "/api/v1/cohorts/", "application/xml", 415),
        ("post", "/api/v1/oneroster-imports/", "application/json", 415),
    ],
)
def test_a_title_is_the_same_for_all_of_a_kind(
    program: Programs, method: str, address: str, media_type: str, status: int
) -> None:
    lms = program()
    asked = getattr(lms.http, method)
    refused = asked(address, b"{}", content_type=media_type, headers=lms.headers)
    said = {405: "Not this method", 415: "Not this media type"}
    assert (refused.status_code, refused.json()["title"]) == (status, said[status])
