"""Webhooks: what is told, how it is signed, in which order, how often, and where nothing is ever sent."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from jsonschema import Draft202012Validator

from accounts.models import Cohort, Organisation, User
from accounts.signals import cohort_member_changed
from integrations import calling, clients, delivering, endpoints, outbox, signing, webhook_shapes
from integrations.models import ApiClient, Delivery, OutboxEvent, WebhookEndpoint
from integrations.outbox import EVENTS, NEEDS
from quizzes import assigning, grades, regrading, releasing
from quizzes.models import Assignment, AssignmentScore, Question, Regrade
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory, UserFactory
from tests.factories.courses import CourseFactory
from tests.factories.quizzes import QuizFactory, SubmittedAttemptFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


@dataclass
class Receiver:
    """Somebody's server on loopback; answers what it is told to, and keeps what it got."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    #: The request, counted from 1, at which it says `held` and answers only when told to `go_on`.
    holds_at: int = 0
    held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(one["body"]) for one in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append({"body": body, **{name.lower(): value for name, value in self.headers.items()}})
            if len(kept.got) == kept.holds_at:
                kept.held.set()
                kept.go_on.wait()
                return
            status = kept.answers.pop(0) if kept.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", kept.url + "elsewhere")
            self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook/"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lms(school: Organisation, head: User) -> ApiClient:
    return clients.make_client(organisation=school, name="LMS", scopes=set(NEEDS.values()), by=head)[0]


@pytest.fixture
def endpoint(lms: ApiClient, receiver: Receiver) -> WebhookEndpoint:
    return endpoints.make_endpoint(client=lms, url=receiver.url, events=list(EVENTS))


@pytest.fixture
def cohort(school: Organisation) -> Cohort:
    return CohortFactory(organisation=school)


def put(school: Organisation, n: int, learner: User | None = None) -> None:
    outbox.put(organisation=school, kind="course.published", data={"n": n}, learner=learner)


def later(**wait: int) -> Any:
    return timezone.now() + timedelta(**wait)


def test_an_attempt_that_is_handed_in_is_told(
    endpoint: WebhookEndpoint, receiver: Receiver, cohort: Cohort
) -> None:
    attempt = SubmittedAttemptFactory(cohort=cohort)
    assert delivering.deliver_due() == 1
    assert receiver.bodies == [
        {
            "type": "attempt.submitted",
            "timestamp": OutboxEvent.objects.get().at.isoformat(),
            "data": {
                "attempt": str(attempt.uuid),
                "learner": str(attempt.learner.uuid),
                "quiz": str(attempt.quiz.uuid),
                "cohort": str(cohort.uuid),
                "assignment": None,
                "fraction": 1.0,
                "submitted_at": attempt.submitted_at.isoformat(),
                "cause": "learner",
            },
        }
    ]


def test_a_place_in_a_class_and_a_course_are_told(endpoint: WebhookEndpoint, cohort: Cohort) -> None:
    member = CohortMemberFactory(cohort=cohort)
    cohort_member_changed.send(sender=type(member), member=member)
    outbox.on_course_published(None, course=CourseFactory(organisation=cohort.organisation))
    assert list(OutboxEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "membership.changed",
        "course.published",
    ]


def test_every_event_is_as_the_schema_says(endpoint: WebhookEndpoint, cohort: Cohort, lms: ApiClient) -> None:
    given = graded(cohort, 1)
    attempt = given.attempts.get()
    grades.enter(
        assignment=given, learner=attempt.learner, kind="override", fraction=0.5, reason="Seen.", by=lms.user
    )
    outbox.on_grades_released(None, attempts=[attempt])
    outbox.on_members_changed(None, members=[CohortMemberFactory(cohort=cohort)])
    outbox.on_course_published(None, course=CourseFactory(organisation=cohort.organisation))
    sent = {event.kind: event.data for event in OutboxEvent.objects.all()}
    assert sent.keys() == EVENTS.keys()
    for kind, data in sent.items():
        shape = {**webhook_shapes.data_of(kind), "additionalProperties": False}
        Draft202012Validator(shape).validate(data)


@pytest.mark.parametrize("fields", [{"cohort": None}, {"preview": True}])
def test_what_is_done_alone_or_to_try_is_nobodys_business(
    endpoint: WebhookEndpoint, cohort: Cohort, fields: dict[str, Any]
) -> None:
    SubmittedAttemptFactory(**{"cohort": cohort, **fields})
    assert not OutboxEvent.objects.exists()


def test_another_school_hears_nothing(endpoint: WebhookEndpoint) -> None:
    SubmittedAttemptFactory(cohort=CohortFactory())
    assert not Delivery.objects.exists()


def test_what_is_undone_is_told_to_nobody(endpoint: WebhookEndpoint, school: Organisation) -> None:
    @transaction.atomic
    def fail() -> None:
        put(school, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not OutboxEvent.objects.exists()


def test_a_delivery_is_signed_as_the_standard_says(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    put(school, 1)
    delivering.deliver_due()
    (got,) = receiver.got
    signed = f"{got['webhook-id']}.{got['webhook-timestamp']}.".encode() + got["body"]
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    proof = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got["webhook-signature"] == f"v1,{proof}"
    assert got["webhook-id"] == str(OutboxEvent.objects.get().uuid)
    assert abs(int(got["webhook-timestamp"]) - timezone.now().timestamp()) < 30


def test_the_example_of_the_standard_signs_the_same() -> None:
    """The test vector of the Standard Webhooks specification."""
    assert (
        signing.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_both_secrets_sign_for_a_day(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    old = endpoint.secret
    new = endpoints.rotate_secret(endpoint=endpoint)
    put(school, 1)
    delivering.deliver_due()
    put(school, 2)
    delivering.deliver_due(later(hours=25))
    both, one = (got["webhook-signature"].split(" ") for got in receiver.got)
    first = {"id": receiver.got[0]["webhook-id"], "timestamp": int(receiver.got[0]["webhook-timestamp"])}
    assert both == [signing.signature(secret, **first, body=receiver.got[0]["body"]) for secret in (new, old)]
    assert len(one) == 1


def test_what_is_refused_is_tried_again_later_with_the_same_id(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    receiver.answers = [500, 302]
    put(school, 1)
    assert [delivering.deliver_due() for _turn in range(2)] == [0, 0]
    assert len(receiver.got) == 1
    assert delivering.deliver_due(later(seconds=6)) == 0
    assert delivering.deliver_due(later(seconds=60)) == 1
    assert len({got["webhook-id"] for got in receiver.got}) == 1
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries, delivery.answer) == ("delivered", 3, 204)


def test_after_three_days_it_is_given_up_and_can_be_sent_again(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    receiver.answers = [503, 503]
    put(school, 1)
    delivering.deliver_due()
    delivering.deliver_due(later(days=3, seconds=1))
    dead = Delivery.objects.get()
    assert (dead.status, dead.answer) == ("dead", 503)
    assert delivering.deliver_due(later(days=4)) == 0
    delivering.send_again(delivery=dead)
    assert delivering.deliver_due() == 1


def test_a_learners_events_come_in_order_and_hold_up_nobody_elses(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    one, other = UserFactory(), UserFactory()
    receiver.answers = [500]
    for n, learner in enumerate([one, other, one, None]):
        put(school, n, learner)
    delivering.deliver_due()
    assert [body["data"]["n"] for body in receiver.bodies] == [0, 1, 3]
    delivering.deliver_due(later(seconds=10))
    assert [body["data"]["n"] for body in receiver.bodies] == [0, 1, 3, 0, 2]


def test_a_worker_that_was_killed_frees_its_delivery(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    put(school, 1)
    assert delivering._claim(timezone.now()) is not None  # and then it is gone
    assert delivering.deliver_due() == 0
    assert delivering.deliver_due(later(seconds=61)) == 1
    assert len(receiver.got) == 1


def test_a_disabled_endpoint_is_told_nothing(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    put(school, 1)
    endpoints.disable(endpoint=endpoint)
    put(school, 2)
    assert (delivering.deliver_due(), len(receiver.got), Delivery.objects.count()) == (0, 0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
    ],
)
def test_nothing_is_sent_into_our_own_network(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(calling.NotCalled):
        calling.post(url, body=b"{}", headers={})


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("100.64.0.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("224.0.0.1", False),
        ("2606:4700::1111", True),
        ("fec0::1", False),
        ("fe80::1%eth0", False),
        ("5f00::1", False),
        ("ff0e::1", False),
        ("::7f00:1", False),
        ("::ffff:5db8:d822", True),
        ("::ffff:0:10.0.0.1", False),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:5db8:d822::1", True),
        ("2002:7f00:1::1", False),
        ("2001:0:7f00:1::", False),
        ("2001:0:5db8:d822:0:0:80ff:fffe", False),
    ],
)
def test_only_what_is_given_out_on_the_internet_is_public(address: str, public: bool) -> None:
    assert calling._is_public(address) is public


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "https://", "https://a:b@c.example/", "https://a:99999/", "x"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert calling.fault_of(url) != ""


def test_a_name_that_changes_its_mind_is_called_where_it_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when checked, loopback a moment later. The checked address is the one called."""
    asked: list[str] = []
    called: list[Any] = []

    def resolve(host: str, port: int, **kwargs: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: Any, *args: Any) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(calling.NotCalled):
        calling.post("https://lms.example/hook", body=b"{}", headers={})
    assert (asked, called) == (["lms.example"], [("93.184.216.34", 443)])


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(calling.NotCalled, match="public internet"):
        calling.post("https://lms.example/", body=b"{}", headers={})


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    receiver.answers = [302]
    assert calling.post(receiver.url, body=b"{}", headers={}, private=True) == 302
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("url", "events"),
    [("ftp://a.example/", ["course.published"]), ("https://a.example/", []), ("https://a.example/", ["all"])],
)
def test_no_endpoint_is_made_that_could_not_be_told(lms: ApiClient, url: str, events: list[str]) -> None:
    with pytest.raises(endpoints.EndpointRefused):
        endpoints.make_endpoint(client=lms, url=url, events=events)


# A mark that became another one -------------------------------------------------------------------


def graded(cohort: Cohort, learners: int, **terms: Any) -> Assignment:
    """An assignment that so many learners handed in."""
    given = assigning.assign(quiz=QuizFactory(), cohort=cohort, by=None, **terms)
    for _learner in range(learners):
        member = CohortMemberFactory(cohort=cohort)
        SubmittedAttemptFactory(learner=member.user, quiz=given.quiz, cohort=cohort)
    return given


def drop_its_question(given: Assignment, by: User) -> int:
    """Regrade; how many statements that took."""
    question = Question.objects.get(attempt_items__attempt__in=given.attempts.all()[:1])
    plan = regrading.plan(question=question, kind=Regrade.Kind.DROP, cohorts=[given.cohort])
    regrade = regrading.order(plan=plan, reason="Two answers are right.", by=by)
    return len(asked_by(regrading.carry_out, regrade=regrade))


def told(kind: str = "score.changed") -> list[OutboxEvent]:
    return list(OutboxEvent.objects.filter(kind=kind).order_by("pk"))


def test_a_mark_that_is_set_by_hand_is_told(
    endpoint: WebhookEndpoint, cohort: Cohort, lms: ApiClient
) -> None:
    given = graded(cohort, 1)
    learner = given.attempts.get().learner
    for _twice in range(2):
        grades.enter(
            assignment=given, learner=learner, kind="override", fraction=0.5, reason="Seen.", by=lms.user
        )
    [event] = told()
    row = given.scores.get()
    assert event.learner == learner
    assert event.data == {
        "score": str(row.uuid),
        "learner": str(learner.uuid),
        "quiz": str(given.quiz.uuid),
        "cohort": str(cohort.uuid),
        "assignment": str(given.uuid),
        "state": "released",
        "fraction": 0.5,
        "points": 0.5,
        "maximum": 1.0,
    }


def test_a_regrade_tells_each_learner_in_the_same_number_of_statements(
    endpoint: WebhookEndpoint, cohort: Cohort
) -> None:
    teacher = TeacherFactory(cohort=cohort)
    few = drop_its_question(graded(cohort, 1), teacher)
    many = drop_its_question(graded(cohort, 5), teacher)
    assert (len(told()), many) == (6, few)
    assert {event.data["state"] for event in told()} == {"not_counted"}


def test_a_regrade_that_changes_nothing_tells_nothing(endpoint: WebhookEndpoint, cohort: Cohort) -> None:
    given = graded(cohort, 1)
    question = Question.objects.get(attempt_items__attempt__in=given.attempts.all())
    plan = regrading.plan(question=question, kind=Regrade.Kind.EVERYONE, cohorts=[cohort])
    regrading.carry_out(regrading.order(plan=plan, reason="Unclear.", by=TeacherFactory(cohort=cohort)))
    assert told() == []


def test_a_mark_that_is_held_is_told_to_nobody(endpoint: WebhookEndpoint, cohort: Cohort) -> None:
    teacher = TeacherFactory(cohort=cohort)
    given = graded(cohort, 1, release="held")
    grades.enter(
        assignment=given,
        learner=given.attempts.get().learner,
        kind="override",
        fraction=0.5,
        reason="Seen.",
        by=teacher,
    )
    assert told() == []
    assert [event.data["fraction"] for event in told("attempt.submitted")] == [None]
    assigning.release(assignment=given, by=teacher)
    assert [event.data["fraction"] for event in told("grades.released")] == [1.0]


def test_terms_that_marks_are_made_of_tell_them_anew(endpoint: WebhookEndpoint, cohort: Cohort) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    few, many = graded(cohort, 1), graded(cohort, 5)
    late = {"due_at": yesterday, "late_policy": "percent", "late_percent": 25}
    asked = [len(asked_by(assigning.change, assignment=one, by=None, **late)) for one in (few, many)]
    assigning.change(assignment=few, by=None, attempts_allowed=3)
    assert [event.data["fraction"] for event in told()] == [0.5] * 6
    assert asked[0] == asked[1]


def test_a_mark_that_is_told_as_a_date_passes_is_told_once(endpoint: WebhookEndpoint, cohort: Cohort) -> None:
    waiting = graded(cohort, 2, feedback="after_close", closes_at=timezone.now() + timedelta(days=1))
    graded(cohort, 1, closes_at=timezone.now() + timedelta(days=1))
    held = graded(
        cohort, 1, release="held", feedback="after_close", closes_at=timezone.now() + timedelta(days=1)
    )
    past = timezone.now() - timedelta(seconds=1)
    Assignment.objects.update(closes_at=past)
    AssignmentScore.objects.update(updated_at=past - timedelta(seconds=1))
    for _twice in range(2):
        releasing.tell_all()
    assert {event.data["assignment"] for event in told("grades.released")} == {str(waiting.uuid)}
    assert [event.data["fraction"] for event in told("grades.released")] == [1.0, 1.0]
    assigning.release(assignment=held, by=TeacherFactory(cohort=cohort))
    assert len(told("grades.released")) == 3


def test_a_client_is_told_only_of_what_it_may_read(
    lms: ApiClient, receiver: Receiver, school: Organisation
) -> None:
    lms.scopes = ["roster:read"]
    lms.save()
    with pytest.raises(endpoints.EndpointRefused, match="grades:read"):
        endpoints.make_endpoint(client=lms, url=receiver.url, events=list(EVENTS))
    endpoint = endpoints.make_endpoint(client=lms, url=receiver.url, events=["membership.changed"])
    lms.scopes = ["content:read"]
    lms.save()
    outbox.put(organisation=school, kind="membership.changed", data={})
    assert not endpoint.deliveries.exists()


def test_a_client_that_was_revoked_is_told_nothing_more(
    endpoint: WebhookEndpoint, receiver: Receiver, lms: ApiClient, school: Organisation
) -> None:
    put(school, 1)
    clients.revoke(client=lms)
    assert delivering.deliver_due() == 0
    assert receiver.got == []


def test_an_address_that_fails_in_a_new_way_holds_up_nobody(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(school, 1)
    put(school, 2)
    calls: list[int] = []
    post = calling.post

    def fails_once(*args: Any, **kwargs: Any) -> int:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("surprise")
        return post(*args, **kwargs)

    monkeypatch.setattr(calling, "post", fails_once)
    assert delivering.deliver_due() == 1
    assert [body["data"]["n"] for body in receiver.bodies] == [2]
    assert set(Delivery.objects.values_list("tries", "fault")) == {(1, "KeyError: 'surprise'"), (1, "")}


def test_a_receiver_that_answers_byte_by_byte_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "LONGEST_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = threading.Event()

        def drip() -> None:
            peer, _address = server.accept()
            with peer:
                while not done.wait(0.05):
                    try:
                        peer.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(calling.NotCalled):
                calling.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, private=True)
        finally:
            done.set()
            thread.join()


def test_a_late_worker_undoes_nothing(
    endpoint: WebhookEndpoint, receiver: Receiver, school: Organisation
) -> None:
    put(school, 1)
    late = delivering._claim(timezone.now())
    assert late is not None
    assert delivering.deliver_due(later(seconds=61)) == 1
    delivering._note(late, 500, "", timezone.now())
    assert Delivery.objects.get().status == "delivered"
