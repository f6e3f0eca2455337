"""The learner's line over REST: the pages' own verbs, answers and refusals, as JSON."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import HiddenArticle
from quizzes import attempts
from quizzes.models import Attempt
from quizzes.models.response import LAST_SEQUENCE
from quizzes.types import registry
from tests.factories.accounts import (
    CohortMemberFactory,
    LearnerFactory,
    OrganisationMemberFactory,
    TeacherFactory,
)
from tests.factories.articles import ArticleFactory
from tests.factories.quizzes import (
    AssignmentFactory,
    AttemptFactory,
    ItemResponseFactory,
    QuestionFactory,
    QuizFactory,
    SubmittedAttemptFactory,
)
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


@pytest.mark.once
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
    assert reply.json()["type"] == f"{PROBLEM}response-refused"
    (fault,) = reply.json()["errors"]
    assert (fault["pointer"], fault["code"], "pointer" in reply.json()) == (
        pointer,
        "response-refused",
        False,
    )
    assert "nput" not in fault["detail"]
    assert not attempt.items.get().responses.exists()


def test_any_higher_number_will_do_and_the_highest_leaves_no_room(client, attempt):
    for sequence, status in ((1, 201), (5, 201), (LAST_SEQUENCE, 201), (LAST_SEQUENCE + 1, 400)):
        reply = save(client, attempt, {"chosen": "engineer" if sequence == 1 else "reporter"}, sequence)
        assert reply.status_code == status
    assert save(client, attempt, {"chosen": "engineer"}, LAST_SEQUENCE).status_code == 409


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


def signed_in(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def place():
    """A learner's place in a class."""
    return CohortMemberFactory()


def test_start_takes_an_assignment_and_goes_on_with_what_is_open(place):
    assignment = AssignmentFactory(cohort=place.cohort)
    client = signed_in(place.user)
    first = client.post("/api/v1/attempts/", {"assignment": assignment.uuid}, format="json")
    again = client.post("/api/v1/attempts/", {"quiz": assignment.quiz.uuid}, format="json")
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert (first.json()["assignment"], first.json()["is_preview"]) == (str(assignment.uuid), False)


def test_start_of_what_was_taken_back_is_refused(place):
    over = {"quiz__mode": "practice", "archived_at": timezone.now()}
    assignment = AssignmentFactory(cohort=place.cohort, **over)
    named = {"assignment": assignment.uuid}
    refused = signed_in(place.user).post("/api/v1/attempts/", named, format="json")
    assert (refused.status_code, refused.json()["type"]) == (409, f"{PROBLEM}not-assigned")


def test_start_of_a_quiz_that_is_only_looked_at_is_a_preview():
    quiz = QuizFactory()
    teacher = OrganisationMemberFactory(user=TeacherFactory(), organisation=quiz.organisation).user
    reply = signed_in(teacher).post("/api/v1/attempts/", {"quiz": quiz.uuid}, format="json")
    assert (reply.status_code, reply.json()["is_preview"]) == (201, True)


@pytest.mark.parametrize("named", ["learner", "assignment"])
def test_start_for_somebody_else_is_refused(place, named):
    assignment = AssignmentFactory(cohort=place.cohort)
    other = CohortMemberFactory()
    sent = {"assignment": assignment.uuid, **({"learner": place.user.uuid} if named == "learner" else {})}
    reply = signed_in(other.user).post("/api/v1/attempts/", sent, format="json")
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, f"/{named}")
    assert not Attempt.objects.exists()


def test_an_item_is_noted_as_shown_when_it_is_read_by_itself(client, attempt):
    shown = attempt.items.get
    address = f"/api/v1/attempts/{attempt.uuid}/items/"
    (listed,) = client.get(address).json()
    assert shown().first_shown_at is None
    assert client.get(f"{address}1/").json() == listed
    assert shown().first_shown_at is not None


def test_save_tells_what_keeps_it_from_being_judged():
    attempt = AttemptFactory(quiz=QuizFactory(revision__questions=[QuestionFactory(revision__type="number")]))
    client = signed_in(attempt.learner)
    notices = [
        save(client, attempt, {"text": text}, n).json()["notice"] for n, text in enumerate(("many", "20"), 1)
    ]
    assert notices[0].startswith("This cannot be read as a number")
    assert notices[1] == ""


def test_save_after_the_deadline_hands_in_and_refuses(client, attempt):
    long_ago = timezone.now() - timedelta(days=1)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=long_ago, deadline_at=long_ago)
    assert save(client, attempt, {"chosen": "engineer"}).json()["type"] == f"{PROBLEM}attempt-closed"
    shown = client.get(f"/api/v1/attempts/{attempt.uuid}/").json()
    assert (shown["submit_cause"], shown["state"]) == ("deadline", "released")


def test_the_article_beside_the_questions_is_as_the_learner_reads_it(place):
    article = ArticleFactory()
    quiz = QuizFactory(revision__pinned_article=article.published)
    attempt = AttemptFactory(learner=place.user, cohort=place.cohort, quiz=quiz)
    client, address = signed_in(place.user), f"/api/v1/attempts/{attempt.uuid}/article/"
    lines = client.get(address).json()["lines"]
    assert "\n".join(line["text"] for line in lines) == article.published.text
    HiddenArticle.objects.create(cohort=place.cohort, article=article, by=TeacherFactory())
    assert client.get(address).status_code == 404


def test_check_judges_at_once_and_says_why():
    quiz = QuizFactory(mode="practice")
    attempt = AttemptFactory(quiz=quiz)
    client, address = signed_in(attempt.learner), f"/api/v1/attempts/{attempt.uuid}/items/1/check/"
    refused = client.post(address, {"sequence": 1, "data": {}}, format="json").json()
    assert refused["type"] == f"{PROBLEM}not-answered"
    judged = client.post(address, {"sequence": 1, "data": {"chosen": "reporter"}}, format="json").json()
    assert (judged["fraction"], judged["verdict"], judged["headline"]) == (
        0.0,
        "wrong",
        "Not this time. Here is why.",
    )
    assert judged["response"] == {"chosen": "reporter"}
    assert judged["key"]["right"] == ["engineer"]
    whole = client.get(f"/api/v1/attempts/{attempt.uuid}/feedback/").json()
    assert (whole["summary"], whole["items"]) == (None, [judged])


def test_feedback_is_told_when_it_is_due_and_says_when_it_will_be(place):
    closes = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    assignment = AssignmentFactory(cohort=place.cohort, feedback="after_close", closes_at=closes)
    attempt = AttemptFactory(learner=place.user, cohort=place.cohort, quiz=assignment.quiz)
    ItemResponseFactory(item=attempt.items.get())
    client, address = signed_in(place.user), f"/api/v1/attempts/{attempt.uuid}/feedback/"
    early = client.get(address)
    attempts.submit(attempt=attempt)
    waits = client.get(address)
    assert [reply.status_code for reply in (early, waits)] == [409, 409]
    assert waits.json()["type"] == f"{PROBLEM}feedback-not-due"
    told_at = [reply.json()["told_at"] for reply in (early, waits)]
    assert told_at == [None, closes.isoformat().replace("+00:00", "Z")]
    type(assignment).objects.update(closes_at=timezone.now())
    Attempt.objects.update(deadline_at=None)
    told = client.get(address).json()
    assert (told["fraction"], told["summary"]["headline"]) == (1.0, "You answered 1 of 1 question right.")
    assert [item["verdict"] for item in told["items"]] == ["right"]


@pytest.mark.once
def test_feedback_costs_the_same_for_one_question_and_four():
    counts = []
    for many in (1, 4):
        quiz = QuizFactory(revision__questions=QuestionFactory.create_batch(many))
        attempt = SubmittedAttemptFactory(quiz=quiz)
        client, address = signed_in(attempt.learner), f"/api/v1/attempts/{attempt.uuid}/feedback/"
        counts.append(len(asked_by(client.get, path=address)))
        assert len(client.get(address).json()["items"]) == many
    assert counts[0] == counts[1]


def test_of_what_a_person_grades_only_their_word_is_told():
    quiz = QuizFactory(revision__questions=[QuestionFactory(revision__type="rewrite")])
    item = AttemptFactory(quiz=quiz).items.get()
    ItemResponseFactory(item=item, data={"text": "The reckless council wasted money on a bench."})
    attempts.submit(attempt=item.attempt)
    client = signed_in(item.attempt.learner)
    (told,) = client.get(f"/api/v1/attempts/{item.attempt.uuid}/feedback/").json()["items"]
    assert (told["fraction"], told["verdict"], told["findings"]) == (None, "waiting", [])
    assert set(told["key"]) == {"sample", "rationale", "minority"}


def test_a_teacher_is_shown_nobody_elses_attempt(place):
    SubmittedAttemptFactory(learner=place.user, cohort=place.cohort)
    client = signed_in(TeacherFactory(cohort=place.cohort))
    assert client.get("/api/v1/attempts/").json()["results"] == []


def test_what_a_session_sends_needs_the_token_of_its_cookie(attempt):
    client = Client(enforce_csrf_checks=True)
    client.force_login(attempt.learner)
    address = f"/api/v1/attempts/{attempt.uuid}/submit/"
    assert client.post(address, {}, content_type="application/json").status_code == 403
    client.get("/lessons/")
    token = client.cookies["csrftoken"].value
    sent = client.post(address, {}, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 200


def test_moments_are_told_in_utc_whatever_zone_the_class_is_in(place):
    type(place.cohort).objects.update(timezone="Asia/Tokyo")
    AttemptFactory(learner=place.user, cohort=place.cohort)
    client = Client()
    client.force_login(place.user)
    (shown,) = client.get("/api/v1/attempts/").json()["results"]
    assert shown["started_at"].endswith("Z")


def test_a_quiz_before_it_starts_says_on_what_terms(place):
    assignment = AssignmentFactory(cohort=place.cohort, attempts_allowed=1)
    client, address = signed_in(place.user), f"/api/v1/my/quizzes/{assignment.quiz.uuid}/"
    before = client.get(address).json()
    assert (before["terms"]["attempts_allowed"], before["attempts_made"], before["may_start"]) == (1, 0, True)
    assert (before["cohort"], before["assignment"]) == (str(place.cohort.uuid), str(assignment.uuid))
    attempt = AttemptFactory(learner=place.user, quiz=assignment.quiz, cohort=place.cohort)
    assert client.get(address).json()["open_attempt"] == str(attempt.uuid)
    attempts.submit(attempt=attempt)
    after = client.get(address).json()
    assert (after["attempts_made"], after["may_start"], after["open_attempt"]) == (1, False, None)


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
