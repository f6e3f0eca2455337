"""Telling of scores while others write, with several workers, and with one that is killed in the middle."""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Organisation
from integrations import score_news
from integrations.models import OutboxEvent, ToldScore
from quizzes import assigning, score_rows
from quizzes.models import AssignmentScore
from quizzes.scores import scores_of
from tests.factories.accounts import OrganisationFactory, StaffFactory
from tests.faults.conftest import Crew
from tests.integrations.test_score_news import listener
from tests.integrations.test_webhook_kills import PATIENCE, worker
from tests.quizzes.api.test_scores_api import Class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
#: A worker that has written all of a batch, says so, and goes no further.
STUCK = """
import time, django; django.setup()
from integrations import score_news
keep = score_news._keep
def stuck(*args):
    keep(*args)
    print("written", flush=True)
    time.sleep(600)
score_news._keep = stuck
score_news.tell_changed()
"""


@pytest.fixture
def school() -> Organisation:
    made: Organisation = OrganisationFactory()
    listener(made, StaffFactory(is_superuser=True))
    return made


def told() -> "list[OutboxEvent]":
    return list(OutboxEvent.objects.filter(kind=score_news.KIND).order_by("pk"))


def check_known() -> None:
    """Programs know of each score what is so."""
    rows = AssignmentScore.objects.select_related("assignment__cohort", "assignment__quiz__published")
    scores = scores_of(list(rows))
    known = {one.pk: (one.state, one.fraction) for one in ToldScore.objects.all()}
    assert known == {pk: (score.state.value, score.fraction) for pk, score in scores.items()}


def check_told() -> None:
    """Of no score was told what was known already, and what was told last is what is known."""
    by_score: dict[str, list[tuple[str, float | None]]] = {}
    for event in told():
        by_score.setdefault(event.data["score"], []).append((event.data["state"], event.data["fraction"]))
    assert all(one != other for events in by_score.values() for one, other in pairwise(events))
    known = {
        str(one.score.uuid): (one.state, one.fraction) for one in ToldScore.objects.select_related("score")
    }
    assert {name: events[-1] for name, events in by_score.items()} == {name: known[name] for name in by_score}


def test_four_workers_tell_of_no_score_twice(
    school: Organisation, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_news, "BATCH", 3)
    group = Class(school)
    for _more in range(12):
        group.learner = group.member().user
        group.hand_in()
    crew.meet(*[score_news.tell_changed] * 4)
    score_news.tell_changed()
    names = [event.data["score"] for event in told()]
    assert (len(names), len(set(names))) == (12, 12)
    check_told()


def test_a_worker_waits_for_no_other_and_tells_nothing_of_what_that_has(
    school: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = Class(school)
    group.hand_in()
    has_it, go_on = threading.Event(), threading.Event()
    keep = score_news._keep

    def wait_first(*args: Any) -> None:
        keep(*args)
        if not has_it.is_set():
            has_it.set()
            go_on.wait(PATIENCE)

    monkeypatch.setattr(score_news, "_keep", wait_first)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(telling)
        assert has_it.wait(PATIENCE)
        second = pool.submit(telling)
        if connection.vendor == "postgresql":  # on SQLite one waits for the other's transaction
            second.result(PATIENCE)
            assert not first.done()
        go_on.set()
        first.result(PATIENCE)
        second.result(PATIENCE)
    assert [event.data["fraction"] for event in told()] == [1.0]
    check_told()


def telling() -> None:
    try:
        score_news.tell_changed()
    finally:
        connection.close()


def test_what_is_written_meanwhile_is_told(school: Organisation, crew: Crew, rounds: range) -> None:
    """Two workers, a teacher who changes the terms, and one who sets marks: all at the same moment."""
    group = Class(school, due_at=timezone.now() - timedelta(hours=20))
    group.hand_in()
    learners = [group.learner, group.member().user]
    place = (group.assignment.pk, learners[0].pk)

    def set_mark(at: int) -> Callable[[], Any]:
        def enter() -> None:
            group.learner = learners[1]
            group.enter("override", (at % 7) / 7)

        return enter

    for at in rounds:
        policy = {"late_policy": "percent", "late_percent": 10 + at % 80}
        score_rows.touch([place])
        crew.meet(
            score_news.tell_changed,
            lambda policy=policy: assigning.change(assignment=group.assignment, by=None, **policy),
            set_mark(at),
            score_news.tell_changed,
        )
        score_news.tell_changed()
        check_known()
    check_told()


def test_a_worker_killed_in_the_middle_has_told_nothing_and_the_next_tells_all(school: Organisation) -> None:
    group = Class(school)
    group.hand_in()
    with worker(STUCK) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert (told(), ToldScore.objects.count()) == ([], 0)
    ends = time.monotonic() + PATIENCE
    while score_rows.has_untold() and time.monotonic() < ends:  # the server takes a moment to miss it
        score_news.tell_changed()
    assert [event.data["fraction"] for event in told()] == [1.0]
    check_told()
