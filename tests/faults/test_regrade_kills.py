"""A regrade is killed in the middle of its work: run again, it judges every attempt exactly once."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240  # seconds: the machine may be busy


class Job:
    """The program `tests.faults.regrade_job` on one database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.environment = {
            **os.environ,
            "CAVEAT_VAR": str(folder),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }

    def program(self, what: str, stop_at: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.regrade_job", what],
            cwd=ROOT,
            env={**self.environment, "CAVEAT_STOP_AT": stop_at},
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, what: str) -> str:
        with self.program(what) as process:
            output, _none = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        return output

    def kill_at(self, place: str) -> None:
        with self.program("run", place) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "stopped\n"
            process.send_signal(signal.SIGKILL)

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.do("tell"))
        return found


def test_a_regrade_that_was_killed_judges_each_attempt_once(tmp_path, database_url):
    job = Job(tmp_path, database_url)
    job.do("stage")
    old, new = [[1, 0.0]], [[1, 0.0], [2, 1.0]]
    job.kill_at("before 2")  # the second pair of attempts is written and not committed
    assert (told := job.told())["scores"] == [new, new, old, old, old]
    assert (told["status"], told["evidence"]) == ("running", [2, 7])
    job.kill_at("after 2")  # committed, and nobody was told how far it is
    assert job.told()["scores"] == [new, new, new, new, old]
    job.do("run")
    assert job.told() == {
        "status": "done",
        "done": 5,
        "scores": [new] * 5,
        "fractions": [1.0] * 5,
        "evidence": [5, 10],
    }
