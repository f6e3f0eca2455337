"""The learner's line over REST: the pages' own verbs, answers and refusals, as JSON."""

import pytest
from rest_framework.test import APIClient

from quizzes.types import registry
from tests.factories.accounts import LearnerFactory
from tests.factories.quizzes import AttemptFactory, QuizFactory, SubmittedAttemptFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
PROBLEM = "urn:read-it-twice:problem/"


@pytest.fixture
def attempt():
    return AttemptFactory()


@pytest.fixture
def client(attempt):
    client = APIClient()
    client.force_authenticate(attempt.learner)
    return client


def save(client, attempt, data, sequence=1):
    address = f"/api/v1/attempts/{attempt.uuid}/items/1/responses/"
    return client.post(address, {"sequence": sequence, "data": data}, format="json")


def test_list_holds_ones_own_attempts_only(client, attempt):
    AttemptFactory()
    body = client.get("/api/v1/attempts/").json()
    assert [row["uuid"] for row in body["results"]] == [str(attempt.uuid)]


def test_list_costs_the_same_for_one_and_three(client, attempt):
    one = asked_by(client.get, path="/api/v1/attempts/")
    for _ in range(2):
        AttemptFactory(learner=attempt.learner, quiz=QuizFactory())
    three = asked_by(client.get, path="/api/v1/attempts/")
    assert len(client.get("/api/v1/attempts/").json()["results"]) == 3
    assert len(one) == len(three) <= 5


def test_items_show_the_prompt_and_the_newest_response(client, attempt):
    save(client, attempt, {"chosen": "reporter"}, sequence=3)
    (item,) = client.get(f"/api/v1/attempts/{attempt.uuid}/items/").json()
    assert item["prompt"]["task"] == "Who makes the claim?"
    assert (item["sequence"], item["response"]) == (3, {"chosen": "reporter"})
    assert set(item) == {
        "position",
        "type",
        "title",
        "points",
        "option_order",
        "prompt",
        "response",
        "sequence",
    }


def test_save_answers_201_with_the_sequence_once_it_is_stored(client, attempt):
    reply = save(client, attempt, {"chosen": "engineer"})
    assert (reply.status_code, reply.json()["sequence"]) == (201, 1)
    assert attempt.items.get().responses.get().data == {"chosen": "engineer"}


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        pytest.param({"chosen": "nobody-else"}, "/data/chosen", id="an option that is not offered"),
        pytest.param({"chosen": 7}, "/data/chosen", id="a number for a name"),
        pytest.param(["engineer"], "/data", id="no object"),
        pytest.param({"chosen": "engineer", "key": 1}, "/data/key", id="a field that no response has"),
    ],
)
def test_save_of_what_is_no_response_is_refused_and_stores_nothing(client, attempt, data, pointer):
    reply = save(client, attempt, data)
    assert (reply.status_code, reply["Content-Type"]) == (422, "application/problem+json")
    assert (reply.json()["type"], reply.json()["pointer"]) == (f"{PROBLEM}response-refused", pointer)
    assert not attempt.items.get().responses.exists()


def test_save_under_an_older_number_tells_the_newest(client, attempt):
    save(client, attempt, {"chosen": "engineer"}, sequence=5)
    reply = save(client, attempt, {"chosen": "reporter"}, sequence=4)
    assert (reply.status_code, reply.json()["type"], reply.json()["sequence"]) == (
        409,
        f"{PROBLEM}stale-response",
        5,
    )


def test_save_without_a_sequence_points_at_it(client, attempt):
    reply = client.post(f"/api/v1/attempts/{attempt.uuid}/items/1/responses/", {"data": {}}, format="json")
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (400, "/sequence")


def test_submit_twice_is_submit_once(client, attempt):
    address = f"/api/v1/attempts/{attempt.uuid}/submit/"
    first, second = client.post(address).json(), client.post(address).json()
    assert first == second
    assert (first["submit_cause"], first["fraction"]) == ("learner", 0.0)
    assert save(client, attempt, {"chosen": "engineer"}).json()["type"] == f"{PROBLEM}attempt-closed"


@pytest.mark.parametrize("path", ["", "items/"])
def test_somebody_elses_attempt_is_not_found(path):
    client = APIClient()
    client.force_authenticate(LearnerFactory())
    reply = client.get(f"/api/v1/attempts/{SubmittedAttemptFactory().uuid}/{path}")
    assert (reply.status_code, reply.json()["type"]) == (404, f"{PROBLEM}not-found")


def test_nobody_signed_in_is_told_so(attempt):
    reply = APIClient().get("/api/v1/attempts/")
    assert (reply.status_code, reply["Content-Type"]) == (401, "application/problem+json")


def test_schema_is_served_and_holds_every_type(client):
    reply = client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    prompts = reply.json()["components"]["schemas"]["AttemptItem"]["properties"]["prompt"]["anyOf"]
    assert len(prompts) == len(registry.all_types())
