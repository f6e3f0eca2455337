"""What runs beside the site: tasks that a killed worker left, and jobs that come round again."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import background, clock

pytestmark = pytest.mark.django_db
HOST = socket.gethostname()[:50]


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "_JOBS", {})
    cache.clear()
    yield
    cache.clear()


def task(worker: str, minutes: int = 0, status: str = "RUNNING") -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.nosuch",
        backend_name="default",
        run_after=timezone.now(),
        started_at=timezone.now() - timedelta(minutes=minutes),
        worker_ids=[worker],
    )


def gone() -> str:
    """The id of a worker of this machine whose process has ended."""
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return f"{HOST}:{int(ended.stdout)}"


@pytest.mark.parametrize(
    ("worker", "minutes", "again"),
    [
        pytest.param("gone", 0, True, id="its process has ended"),
        pytest.param("ours", 1, False, id="it is at work"),
        pytest.param("ours", 31, True, id="at it for too long"),
        pytest.param("elsewhere:1", 29, False, id="on another machine"),
        pytest.param("elsewhere:1", 31, True, id="on another machine for too long"),
        pytest.param("a worker of another make", 1, False, id="unreadable"),
    ],
)
def test_what_a_lost_worker_had_begun_is_put_back(worker: str, minutes: int, *, again: bool) -> None:
    named = {"gone": gone, "ours": background.worker_id}.get(worker, lambda: worker)()
    begun = task(named, minutes)
    assert background.requeue_lost() == int(again)
    begun.refresh_from_db()
    assert begun.status == ("READY" if again else "RUNNING")


def test_what_has_ended_is_left_alone() -> None:
    ended = task(gone(), 60, status="SUCCESSFUL")
    assert background.requeue_lost() == 0
    ended.refresh_from_db()
    assert ended.status == "SUCCESSFUL"


def test_a_worker_names_host_and_process() -> None:
    assert background.worker_id() == f"{HOST}:{os.getpid()}"


def test_a_job_runs_once_in_its_turn() -> None:
    runs: list[str] = []
    clock.register("a", lambda: runs.append("a"), every=timedelta(minutes=1))
    clock.register("b", lambda: runs.append("b"), every=timedelta(minutes=5))
    assert clock.run_due() == ["a", "b"]
    assert clock.run_due() == []
    cache.delete("clock:a")  # its minute is over
    assert clock.run_due() == ["a"]
    assert runs == ["a", "b", "a"]


def test_a_job_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    runs: list[str] = []
    clock.register("bad", lambda: 1 / 0, every=timedelta(minutes=1))
    clock.register("good", lambda: runs.append("good"), every=timedelta(minutes=1))
    assert clock.run_due() == ["good"]
    assert "The job bad failed; it runs again in 0:01:00." in caplog.text


def test_work_once_does_what_waits_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("config.management.commands.work", "django_tasks_db.management.commands.db_worker"):
        monkeypatch.setattr(f"{module}.close_old_connections", lambda: None)  # a test's is in a transaction
    runs: list[str] = []
    clock.register("a", lambda: runs.append("a"), every=timedelta(minutes=1))
    lost = task(gone())
    call_command("work", "--once")
    lost.refresh_from_db()
    # It was taken up again; there is no such task, which is said on its row and stops nothing.
    assert (runs, lost.status) == (["a"], "FAILED")
