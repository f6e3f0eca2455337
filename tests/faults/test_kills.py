"""A server is killed in the middle of saving: what was called saved is there, and what is there once is there once.

A real process serves a database of its own, and a client with a session saves over HTTP.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from tests.faults.conftest import ROUNDS

pytestmark = pytest.mark.faults

KILLS = 20 if ROUNDS >= 1000 else 3
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds: the machine may be busy
CSRF = "c" * 32


def until(condition: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


class Site:
    """A site on a database of its own, its one server process, and one learner's browser."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.log = folder / "server.log"
        self.stop = folder / "stop-at"
        self.stop.write_text("")
        self.environment = {
            **os.environ,
            "CAVEAT_VAR": str(folder),
            "CAVEAT_STOP_AT": str(self.stop),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.faults.server_settings",
        }
        staged = subprocess.run(
            [sys.executable, "-m", "tests.faults.stage"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        known = json.loads(staged.stdout)
        self.url = known["url"]
        self.cookie = f"sessionid={known['session']}; csrftoken={CSRF}"
        self.threads = ThreadPoolExecutor(1)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = ["--interface", "wsgi", "--port", str(self.port), "--no-ws", "--blocking-threads", "1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "granian", *options, "config.wsgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a group of its own: the server and its worker die together
            )
        until(self._answers, "the server to answer")

    def _answers(self) -> bool:
        try:
            return bool(self.request("GET")[0])
        except (OSError, HTTPException):
            return False

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def request(self, method: str, **fields: Any) -> tuple[int, str]:
        """The status and body of a reply; raises OSError or HTTPException where none came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie}
        if method == "POST":
            headers |= {
                "X-CSRFToken": CSRF,
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
            }
        try:
            connection.request(method, self.url, urlencode(fields) or None, headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        finally:
            connection.close()

    def save(self, sequence: int, chosen: str) -> dict[str, Any]:
        status, body = self.request("POST", sequence=sequence, chosen=chosen)
        assert status == 200, body + self.log.read_text()[-4000:]
        said: dict[str, Any] = json.loads(body)
        return said

    def save_until_stopped(self, place: str, sequence: int, chosen: str) -> "Future[dict[str, Any]]":
        """Begin to save, and return when the server stands still at `place`."""
        self.stop.write_text(place)
        sent = self.threads.submit(self.save, sequence, chosen)
        until(lambda: self.stop.read_text() == "stopped" or sent.done(), f"the server to stop at {place}")
        assert not sent.done()
        return sent

    def shown(self) -> tuple[int, str]:
        """What the page shows after a reload: the number to save under next, and the option chosen."""
        status, page = self.request("GET")
        assert status == 200, self.log.read_text()[-4000:]
        sequence = re.search(r'data-sequence="(\d+)"', page)
        chosen = re.search(r'name="chosen" value="(\w+)" checked', page)
        assert sequence is not None
        return int(sequence[1]), chosen[1] if chosen else ""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), database_url)
    try:
        site.start()
        yield site
    finally:
        site.kill()
        site.threads.shutdown()


def stored(database_url: str) -> list[tuple[int, str]]:
    """Each stored response, asked of the database itself."""
    question = "SELECT sequence, data FROM quizzes_itemresponse ORDER BY id"
    if database_url.startswith("sqlite"):
        import sqlite3

        with sqlite3.connect(urlsplit(database_url).path) as connection:
            rows = [(sequence, json.loads(data)) for sequence, data in connection.execute(question)]
        connection.close()
    else:
        with psycopg.connect(database_url) as connection:
            rows = connection.execute(question).fetchall()
    return [(sequence, data["chosen"]) for sequence, data in rows]


@pytest.mark.parametrize("kill", range(KILLS))
def test_answer_is_there_after_a_kill_between_commit_and_reply(site, database_url, kill):
    before = stored(database_url)
    sequence, last = site.shown()
    chosen = "reporter" if last == "engineer" else "engineer"
    sent = site.save_until_stopped("reply", sequence, chosen)
    site.kill()
    with pytest.raises((OSError, HTTPException)):
        sent.result()
    assert stored(database_url) == [*before, (sequence, chosen)]
    site.start()
    assert site.shown() == (sequence + 1, chosen)
    # A client that lost the reply asks again, and it is still one answer.
    assert (said := site.save(sequence, chosen)) == {
        "state": "saved",
        "sequence": sequence,
        "saved_at": said["saved_at"],
    }
    assert stored(database_url) == [*before, (sequence, chosen)]


@pytest.mark.parametrize("kill", range(KILLS))
def test_answer_is_not_there_and_was_not_called_saved_after_a_kill_before_the_commit(
    site, database_url, kill
):
    before = stored(database_url)
    sequence, last = site.shown()
    chosen = "reporter" if last == "engineer" else "engineer"
    sent = site.save_until_stopped("commit", sequence, chosen)
    site.kill()
    with pytest.raises((OSError, HTTPException)):
        sent.result()
    assert stored(database_url) == before
    site.start()
    assert site.shown() == (sequence, last)
    assert site.save(sequence, chosen)["sequence"] == sequence
    assert stored(database_url) == [*before, (sequence, chosen)]
    assert site.shown() == (sequence + 1, chosen)
