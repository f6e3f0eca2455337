"""Who a program is: its secret, its tokens, its scopes, and the one organisation that it sees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from accounts import enrolling
from accounts.models import Cohort, CohortMember, Organisation, OrganisationMember, User
from accounts.people import RosterRefused
from integrations import clients
from integrations.clients import ClientRefused
from tests.admin.pages import act, address, form_data, page_of
from tests.factories.accounts import CohortFactory, OrganisationFactory, OrganisationMemberFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def test_a_client_acts_as_a_service_of_its_organisation_alone(school: Organisation, head: User) -> None:
    client, secret = clients.make_client(organisation=school, name="LMS", scopes=["launch"], by=head)
    assert client.user.kind == User.Kind.SERVICE
    assert [place.organisation for place in client.user.organisation_memberships.all()] == [school]
    assert (client.user.has_usable_password(), client.user.is_staff) == (False, False)
    assert secret not in client.application.client_secret


@pytest.mark.parametrize(
    ("name", "scopes"), [("LMS", ["launch"]), (" ", ["launch"]), ("Other", ["everything"])]
)
def test_no_client_is_made_of_a_taken_name_or_unknown_scopes(
    program: Programs, school: Organisation, head: User, name: str, scopes: list[str]
) -> None:
    program()
    with pytest.raises(ClientRefused):
        clients.make_client(organisation=school, name=name, scopes=scopes, by=head)


def test_a_token_is_kept_as_a_checksum_only(program: Programs) -> None:
    token = program().token()
    stored = AccessToken.objects.latest("pk")
    assert token not in (stored.token, stored.token_checksum)


def test_a_program_sees_the_classes_of_its_organisation(program: Programs, school: Organisation) -> None:
    ours, theirs = CohortFactory(organisation=school), CohortFactory()
    asked = program().get("/cohorts/")
    assert [row["uuid"] for row in asked.json()["results"]] == [str(ours.uuid)]
    assert program(name="Other").get(f"/cohorts/{theirs.uuid}/").status_code == 404


def test_another_schools_program_gets_nothing_of_ours(program: Programs, school: Organisation) -> None:
    ours = CohortFactory(organisation=school)
    other = program(organisation=OrganisationFactory())
    assert other.get("/cohorts/").json()["results"] == []
    assert other.get(f"/cohorts/{ours.uuid}/").status_code == 404


def also_elsewhere(service: User) -> None:
    OrganisationMemberFactory(user=service)


def nowhere(service: User) -> None:
    service.organisation_memberships.all().delete()


def elsewhere(service: User) -> None:
    service.organisation_memberships.update(organisation=OrganisationFactory())


@pytest.mark.parametrize("become", [also_elsewhere, nowhere, elsewhere])
def test_a_program_whose_account_is_not_in_its_one_organisation_is_let_in_nowhere(
    program: Programs, become: Callable[[User], None]
) -> None:
    lms = program()
    become(lms.client.user)
    answers = [lms.get("/users/"), lms.post("/cohorts/", {"name": "7b"}), lms.post("/roster-imports/", {})]
    answers += [lms.post("/cohorts/", {"name": "7b"}, Idempotency_Key="one")]
    assert [(one.status_code, one.json()["type"].rpartition("/")[2]) for one in answers] == [
        (403, "permission-denied")
    ] * 4
    assert not Cohort.objects.exists()


def test_a_program_gets_no_place_beside_its_own(program: Programs, school: Organisation, head: User) -> None:
    service, cohort, admin = program().client.user, CohortFactory(organisation=school), Client()
    other, own = OrganisationFactory(), service.organisation_memberships.get()
    admin.force_login(head)
    place = {"user": service.pk, "role": "teacher", "real_name": ""}
    added = [
        admin.post(address(OrganisationMember, "add"), {"organisation": other.pk, "user": service.pk}),
        admin.post(address(CohortMember, "add"), {"cohort": cohort.pk, **place}),
    ]
    for row, prefix, given in ((other, "members", {"user": service.pk}), (cohort, "members", place)):
        data = form_data(admin.get(page_of(row))) | {f"{prefix}-TOTAL_FORMS": 1}
        data |= {f"{prefix}-0-{name}": value for name, value in given.items()}
        added.append(admin.post(page_of(row), data))
    assert ["it belongs to the organisation" in one.content.decode() for one in added] == [True] * 4
    admin.post(address(OrganisationMember, "delete", own.pk), {"post": "yes"})
    act(admin, "delete_selected", own)
    assert not admin.get(page_of(school)).context["inline_admin_formsets"][0].formset.initial_forms
    with pytest.raises(RosterRefused):
        enrolling.enrol(by=service, cohort=cohort, user=service, role="teacher")
    assert (list(service.organisation_memberships.all()), CohortMember.objects.count()) == ([own], 0)


def test_a_scope_that_is_missing_is_named(program: Programs) -> None:
    refused = program("content:read").get("/cohorts/")
    assert (refused.status_code, refused.json()["type"], refused.json()["detail"]) == (
        403,
        "urn:read-it-twice:problem/scope-missing",
        "The token needs the scope roster:read.",
    )


def test_a_token_may_ask_for_less(program: Programs) -> None:
    lms = program()
    narrow = Program(lms.client, lms.secret, scopes="content:read")
    assert [one.get("/cohorts/").status_code for one in (lms, narrow)] == [200, 403]


def test_a_token_never_holds_more_than_its_client(program: Programs) -> None:
    lms = program("content:read")
    asked = {"grant_type": "client_credentials", "scope": "roster:read"}
    asked |= {"client_id": lms.client.application.client_id, "client_secret": lms.secret}
    refused = lms.http.post("/api/v1/token/", asked)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_a_revoked_client_is_out_at_once(program: Programs) -> None:
    lms = program()
    clients.revoke(client=lms.client)
    refused = lms.get("/cohorts/")
    assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_new_secret_ends_the_old_one(program: Programs) -> None:
    lms = program()
    renewed = clients.new_secret(client=lms.client)
    asked = {"grant_type": "client_credentials", "client_id": lms.client.application.client_id}
    answers = [
        lms.http.post("/api/v1/token/", {**asked, "client_secret": one}) for one in (lms.secret, renewed)
    ]
    assert [answer.status_code for answer in answers] == [401, 200]


@pytest.mark.parametrize("header", ["Bearer nosuch", "Bearer", "bearer x y"])
def test_a_token_that_is_none_is_refused(client: Any, header: str) -> None:
    assert client.get("/api/v1/cohorts/", headers={"Authorization": header}).status_code == 401


def test_a_person_with_a_session_is_no_program(client: Any, head: User) -> None:
    client.force_login(head)
    assert client.get("/api/v1/cohorts/").status_code == 403


def test_every_answer_names_its_request_and_says_what_is_left(program: Programs) -> None:
    answer = program().get("/cohorts/", **{"X-Request-Id": "ours-1"})
    assert answer.headers["X-Request-Id"] == "ours-1"
    assert answer.headers["RateLimit-Policy"] == '"caller";q=600;w=60'
    assert answer.headers["RateLimit"].startswith('"caller";r=599;t=')


def test_too_many_requests_are_told_when_to_come_back(
    program: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.api.throttling.PerCaller.rate", "2/min", raising=False)
    lms = program()
    answers = [lms.get("/cohorts/") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 61
    assert program(name="Other").get("/cohorts/").status_code == 200


def test_a_list_takes_as_many_queries_for_many_rows(
    program: Programs, school: Organisation, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    lms = program()
    CohortFactory(organisation=school)
    lms.get("/cohorts/")
    with CaptureQueriesContext(connection) as one:
        lms.get("/cohorts/")
    CohortFactory.create_batch(99, organisation=school)
    with django_assert_num_queries(len(one)):
        assert len(lms.get("/cohorts/").json()["results"]) == 100


def test_who_asks_is_settled_whatever_is_asked(program: Programs) -> None:
    lms = program("content:read")
    assert lms.get("/cohorts/?name=%zz").status_code == 403
    sent = lms.http.post("/api/v1/course-imports/", "{", content_type="application/json", headers=lms.headers)
    assert sent.status_code == 403
