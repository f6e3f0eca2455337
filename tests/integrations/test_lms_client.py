"""The worked client of the documentation, against a live server, with outages of either side."""

import importlib.util
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from accounts.api.access import SCOPES
from accounts.models import CohortMember, Organisation, User
from integrations import clients, delivering, endpoints
from integrations.models import Delivery
from quizzes import attempts
from quizzes.models import Quiz
from tests.factories.quizzes import AttemptFactory, QuizFactory

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def worked() -> Any:
    """The file as it stands in the documentation."""
    spec = importlib.util.spec_from_file_location("lms_client", ROOT / "docs" / "lms_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Line(httpx.HTTPTransport):
    """A network that loses what `lost` says of the next requests: "request", "answer", or "" for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: list[str] = []
        self.replayed = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        lost = self.lost.pop(0) if self.lost else ""
        if lost == "request":
            raise httpx.ConnectError("The site is down.")
        answer = super().handle_request(request)
        self.replayed += answer.headers.get("Idempotent-Replayed") == "true"
        if lost == "answer":
            answer.read()
            raise httpx.ReadError("The site went down.")
        return answer


@pytest.mark.django_db(transaction=True)
def test_the_worked_client_does_it_all_and_recovers(
    worked: Any, live_server: Any, school: Organisation, head: User, tmp_path: Path
) -> None:
    client, secret = clients.make_client(organisation=school, name="LMS", scopes=tuple(SCOPES), by=head)
    line, waits = Line(), list[float]()
    site = worked.Site(
        f"{live_server.url}/api/v1",
        client.application.client_id,
        secret,
        transport=line,
        wait=waits.append,
    )
    kept = worked.Kept.at(tmp_path / "kept.json")
    quiz: Quiz = QuizFactory(organisation=school, mode="graded")

    # Enrol 30. The site is down, comes up, does it, and goes down before it says so: done once.
    site.get("cohorts/")
    line.lost = ["request", "request", "answer"]
    people = {f"s-{number}": f"Pupil {number}" for number in range(30)}
    assert worked.enrol(site, "8b", people)["created"] == 30
    assert (CohortMember.objects.count(), len(waits), line.replayed) == (30, 3, 1)
    assert worked.enrol(site, "8b", people)["unchanged"] == 30

    cohort = worked.cohort_uuid(site, "8b")
    due_at = timezone.now() + timedelta(days=7)
    assignment = worked.assign(site, cohort, str(quiz.uuid), due_at=due_at)
    assert worked.assign(site, cohort, str(quiz.uuid), due_at=due_at) == assignment

    # Launch one: the address opens the quiz, once.
    address = worked.launch(site, "s-7", assignment)
    browser = httpx.Client(follow_redirects=True)
    opened = browser.get(address)
    assert (opened.status_code, quiz.published.title in opened.text) == (200, True)
    assert httpx.get(address, follow_redirects=True).status_code == 410

    # Follow: everything once, then what has changed since.
    assert len(list(site.changes("scores/", kept))) == 30

    # The LMS is down while a learner hands in.
    told: list[Any] = []
    inbox_of: Callable[[], Any] = lambda: worked.Inbox(hook.secret, kept, told.append)  # noqa: E731
    port = free_port()
    hook = endpoints.make_endpoint(
        client=client, url=f"http://127.0.0.1:{port}/hook/", events=["attempt.submitted"]
    )
    learner = CohortMember.objects.get(user__external_identities__subject="s-7").user
    given = AttemptFactory(learner=learner, quiz=quiz, cohort=CohortMember.objects.get(user=learner).cohort)
    submitted = attempts.submit(attempt=given)
    assert delivering.deliver_due() == 0

    # It is up again: the event comes, and where it comes twice it counts once.
    server = inbox_of().serve(port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        assert delivering.deliver_due(timezone.now() + timedelta(seconds=30)) == 1
        delivering.send_again(delivery=Delivery.objects.get())
        assert delivering.deliver_due() == 1
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [(one["type"], one["data"]["attempt"]) for one in told] == [("attempt.submitted", str(given.uuid))]

    # What was missed is found by asking, in a process that begins anew.
    again = worked.Kept.at(tmp_path / "kept.json")
    assert str(learner.uuid) in {row["learner"] for row in site.changes("scores/", again)}
    assert worked.grades(site, assignment)[str(learner.uuid)] == submitted.fraction

    # A token that has run out is renewed; a refusal that will stay is told at once.
    site.token = "run-out"
    with pytest.raises(worked.Refused) as refused:
        worked.launch(site, "s-nobody", assignment)
    assert refused.value.kind == "unknown-person"


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({}, 204, id="as sent"),
        pytest.param({"webhook-signature": "v1,AAAA"}, 401, id="signed by somebody else"),
        pytest.param({"webhook-id": "another"}, 401, id="under another id"),
        pytest.param({"webhook-timestamp": "1700000000"}, 400, id="recorded long ago"),
        pytest.param({"webhook-timestamp": "soon"}, 400, id="no time"),
    ],
)
def test_the_worked_inbox_takes_what_is_signed_and_new(
    worked: Any, tmp_path: Path, changed: dict[str, str], status: int
) -> None:
    from integrations import signing

    secret, body, now = signing.new_secret(), b'{"type":"course.published"}', 1_790_000_000
    sent = signing.headers([signing.new_secret(), secret], id="e-1", timestamp=now, body=body)
    told: list[Any] = []
    inbox = worked.Inbox(secret, worked.Kept.at(tmp_path / "kept.json"), told.append)
    answered = [inbox.receive({**sent, **changed}, body, now=now) for _twice in range(2)]
    assert answered == [status, status]
    assert len(told) == (1 if status == 204 else 0)
