"""The same POST again is done once, also when both come at the same moment, and after a kill."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.utils import timezone

from integrations import idempotency
from integrations.models import StoredReply
from tests.accounts.test_background import gone
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def request(key: str = "one", body: bytes = b"{}", path: str = "/api/v1/things/") -> HttpRequest:
    return RequestFactory().post(
        path, body, content_type="application/json", headers={"Idempotency-Key": key}
    )


class Work:
    """Something that must be done once; its answers are numbered."""

    def __init__(self, status: int = 201) -> None:
        self.status = status
        self.done = 0

    def __call__(self) -> HttpResponse:
        self.done += 1
        return JsonResponse({"n": self.done}, status=self.status, headers={"ETag": '"a"'})


def send(user: Any, work: Callable[[], HttpResponse], asked: HttpRequest | None = None) -> HttpResponse:
    asked = asked or request()
    return idempotency.replay(user=user, request=asked, body=asked.body, work=work)


def test_the_same_request_is_answered_the_same() -> None:
    user, work = UserFactory(), Work()
    first, again = send(user, work), send(user, work)
    assert work.done == 1
    assert [(one.status_code, one.content, one["ETag"]) for one in (first, again)] == [
        (201, b'{"n": 1}', '"a"')
    ] * 2
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")


@pytest.mark.parametrize("other", [request(body=b'{"a": 1}'), request(path="/api/v1/others/")])
def test_a_key_stands_for_one_request(other: HttpRequest) -> None:
    user, work = UserFactory(), Work()
    send(user, work)
    refused = send(user, work, other)
    assert (refused.status_code, work.done) == (422, 1)
    assert b"idempotency-key-reused" in refused.content


def test_a_key_is_the_callers_own() -> None:
    work = Work()
    send(UserFactory(), work)
    send(UserFactory(), work)
    assert work.done == 2


def test_without_a_key_each_is_done() -> None:
    user, work = UserFactory(), Work()
    plain = RequestFactory().post("/api/v1/things/")
    for _time in range(2):
        send(user, work, plain)
    assert work.done == 2


@pytest.mark.parametrize("status", [401, 403, 409, 412, 428, 429, 500, 503])
def test_what_may_be_tried_again_is_not_kept(status: int) -> None:
    user, work = UserFactory(), Work(status)
    for _time in range(2):
        send(user, work)
    assert work.done == 2


@pytest.mark.parametrize("status", [200, 204, 400, 404, 422])
def test_a_final_answer_is_kept(status: int) -> None:
    user, work = UserFactory(), Work(status)
    for _time in range(2):
        assert send(user, work).status_code == status
    assert work.done == 1


def test_a_failure_frees_the_key() -> None:
    user = UserFactory()

    def fail() -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send(user, fail)
    assert send(user, Work()).status_code == 201


def test_an_answer_is_kept_for_a_day() -> None:
    user, work = UserFactory(), Work()
    send(user, work)
    StoredReply.objects.update(at=timezone.now() - timedelta(hours=23, minutes=59))
    assert idempotency.forget_old() == 0
    send(user, work)
    StoredReply.objects.update(at=timezone.now() - timedelta(hours=24, minutes=1))
    send(user, work)
    assert work.done == 2
    StoredReply.objects.update(at=timezone.now() - timedelta(hours=24, minutes=1))
    assert idempotency.forget_old() == 1


def test_a_killed_request_holds_its_key_for_a_minute() -> None:
    user, work = UserFactory(), Work()
    send(user, work)
    StoredReply.objects.update(status=None)
    waits = send(user, work)
    assert (waits.status_code, waits["Retry-After"], work.done) == (409, "1", 1)
    StoredReply.objects.update(at=timezone.now() - timedelta(seconds=61), worker=gone())
    assert send(user, work).status_code == 201
    assert work.done == 2


@pytest.mark.parametrize(
    ("worker", "minutes", "status"),
    [
        pytest.param("ours", 29, 409, id="at work"),
        pytest.param("ours", 31, 201, id="at work for too long"),
        pytest.param("elsewhere:1", 29, 409, id="on another machine"),
        pytest.param("elsewhere:1", 31, 201, id="on another machine for too long"),
    ],
)
def test_a_request_that_is_slow_is_not_done_a_second_time(worker: str, minutes: int, status: int) -> None:
    user, second = UserFactory(), Work()
    answers = []

    def slow() -> HttpResponse:
        StoredReply.objects.update(at=timezone.now() - timedelta(minutes=minutes))
        if worker != "ours":
            StoredReply.objects.update(worker=worker)
        answers.append(send(user, second).status_code)
        return JsonResponse({}, status=201)

    send(user, slow)
    assert (answers, second.done) == ([status], int(status == 201))


def test_a_key_of_a_killed_request_is_no_other_requests() -> None:
    user, work = UserFactory(), Work()
    send(user, work)
    StoredReply.objects.update(status=None, at=timezone.now() - timedelta(seconds=61), worker=gone())
    assert send(user, work, request(body=b'{"a": 1}')).status_code == 422
    assert work.done == 1


def test_a_late_answer_is_not_kept_for_whoever_took_over() -> None:
    user, late = UserFactory(), Work(status=202)

    def slow() -> HttpResponse:
        StoredReply.objects.update(at=timezone.now() - timedelta(seconds=61), worker=gone())
        assert send(user, Work()).status_code == 201
        return late()

    assert send(user, slow).status_code == 202
    assert send(user, Work()).status_code == 201


def test_what_is_sent_in_parts_is_the_same_with_another_mark_between_them() -> None:
    user, work = UserFactory(), Work()

    def parts(mark: str) -> HttpRequest:
        body = f'--{mark}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{mark}--\r\n'
        kind = f"multipart/form-data; boundary={mark}"
        headers = {"Idempotency-Key": "one"}
        return RequestFactory().generic("POST", "/api/v1/x/", body, content_type=kind, headers=headers)

    assert [send(user, work, parts(mark)).status_code for mark in ("first", "second")] == [201, 201]
    assert work.done == 1


@pytest.mark.parametrize(
    ("kind", "bodies"),
    [
        ("application/json; boundary=7", ('{"name": "7b"}', '{"name": "b"}')),
        (
            "multipart/form-data; boundary=7",
            tuple(f"--7\r\nA: b\r\n\r\n{said}\r\n--7--\r\n" for said in ("7b", "b")),
        ),
    ],
)
def test_no_more_than_the_mark_between_parts_is_left_out(kind: str, bodies: tuple[str, ...]) -> None:
    user, work = UserFactory(), Work()
    headers = {"Idempotency-Key": "one"}
    asked = [
        RequestFactory().generic("POST", "/x/", body, content_type=kind, headers=headers) for body in bodies
    ]
    assert [send(user, work, one).status_code for one in asked] == [201] + [422] * (len(bodies) - 1)


@pytest.mark.parametrize("key", ["", " a", "k" * 256, "clé", "a\tb"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    asked = request()
    asked.META["HTTP_IDEMPOTENCY_KEY"] = key
    refused = send(UserFactory(), Work(), asked)
    assert (refused.status_code, StoredReply.objects.count()) == (400, 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_done() -> None:
    user = UserFactory()
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def work() -> HttpResponse:
        done.append(1)
        begun.set()
        go_on.wait(20)
        return JsonResponse({}, status=201)

    def ask() -> int:
        try:
            return send(user, work).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask)
        assert begun.wait(20)
        others = [pool.submit(ask) for _n in range(3)]
        assert [other.result() for other in others] == [409] * 3
        go_on.set()
        assert first.result() == 201
    assert done == [1]
    assert send(user, work).status_code == 201
    assert done == [1]


@pytest.mark.parametrize(("kind", "status"), [("json", 415), ("multipart", 400)])
def test_a_program_s_post_is_done_once_whatever_its_body_is(
    program: Callable[..., Any], kind: str, status: int
) -> None:
    lms = program()
    path, headers = "/api/v1/course-imports/", {**lms.headers, "Idempotency-Key": "one"}
    body = {"file": "no file"}
    how = {"content_type": "application/json"} if kind == "json" else {}
    first, again = (lms.http.post(path, body, headers=headers, **how) for _time in range(2))
    assert first.status_code == again.status_code == status
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")


def test_an_answer_is_given_within_the_same_scopes_alone(program: Callable[..., Any]) -> None:
    lms, body = program(), {"name": "7b"}
    writer, reader = lms.within("roster:write"), lms.within("content:read")
    assert writer.post("/cohorts/", body, Idempotency_Key="one").status_code == 201
    refused = reader.post("/cohorts/", body, Idempotency_Key="one")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    assert writer.post("/cohorts/", body, Idempotency_Key="one").headers["Idempotent-Replayed"] == "true"
    # And what was refused for a scope is done once the token has it.
    assert reader.post("/cohorts/", body, Idempotency_Key="two").status_code == 403
    assert writer.post("/cohorts/", body, Idempotency_Key="two").status_code == 201


def test_an_answer_is_kept_where_the_database_alone_does_not_tell_it(settings: Any) -> None:
    user, work = UserFactory(), Work()
    first = send(user, work)
    assert first.content not in bytes(StoredReply.objects.get().body)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one"
    assert send(user, work).content == first.content
    settings.SECRET_KEY_FALLBACKS = []
    lost = send(user, work)
    assert (lost.status_code, b"idempotency-answer-lost" in lost.content, work.done) == (409, True, 1)
