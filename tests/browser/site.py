"""A real site to visit: granian, a database of its own, the shipped course and the demo class."""

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S = 30


@dataclass(frozen=True)
class Asked:
    """A published question as the database holds it: what is asked, and the key to it."""

    ref: str
    kind: str
    title: str
    prompt: dict[str, Any]
    key: dict[str, Any]


@dataclass(frozen=True)
class Site:
    address: str
    folder: Path

    @property
    def accounts(self) -> dict[str, str]:
        """User names and passwords of the demo."""
        lines = (self.folder / "accounts").read_text(encoding="utf-8").splitlines()
        return dict(line.split(None, 1) for line in lines)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds in the site's database, read beside the running site."""
        with closing(sqlite3.connect(f"file:{self.folder / 'caveat.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def quiz(self, ref: str) -> str:
        """The address of a quiz of the course."""
        ((uuid,),) = self.rows("select uuid from quizzes_quiz where ref = ?", ref)
        return f"/quizzes/{UUID(uuid)}/"

    def lesson(self, ref: str) -> str:
        """The address of a lesson of the course; its steps are below it."""
        ((uuid,),) = self.rows("select uuid from courses_lesson where ref = ?", ref)
        return f"/lessons/{UUID(uuid)}/"

    def questions(self, quiz: str) -> list[Asked]:
        """The questions of a quiz in the order in which they are asked."""
        return _questions(self, quiz)

    def question(self, quiz: str, ref: str) -> tuple[int, Asked]:
        """A question and its position in the quiz, counted from 1."""
        return next((at, one) for at, one in enumerate(self.questions(quiz), start=1) if one.ref == ref)

    def saved(self, attempt: str, position: int) -> list[tuple[int, dict[str, Any]]]:
        """The responses kept for an item, the oldest first: sequence numbers and answers."""
        found = self.rows(
            "select r.sequence, r.data from quizzes_itemresponse r join quizzes_attemptitem i on i.id = r.item_id"
            " join quizzes_attempt a on a.id = i.attempt_id where a.uuid = ? and i.position = ? order by r.sequence",
            UUID(attempt).hex,
            position,
        )
        return [(sequence, json.loads(data)) for sequence, data in found]


@cache
def _questions(site: Site, quiz: str) -> list[Asked]:
    found = site.rows(
        "select q.ref, r.type, r.title, r.prompt, k.key from quizzes_quizslot s"
        " join quizzes_quiz z on z.published_id = s.quiz_revision_id join quizzes_question q on q.id = s.question_id"
        " join quizzes_questionrevision r on r.id = q.published_id join quizzes_questionkey k on k.revision_id = r.id"
        " where z.ref = ? order by s.position",
        quiz,
    )
    return [Asked(ref, kind, title, json.loads(p), json.loads(k)) for ref, kind, title, p, k in found]


def prepared(folder: Path) -> Path:
    """A site as `make demo` makes it, in `folder`: made by whichever test process comes first."""
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            _prepare(unfinished, environment_of(unfinished))
            unfinished.rename(folder)
    return folder


def environment_of(folder: Path) -> dict[str, str]:
    ours = {
        "CAVEAT_DEV": "1",
        "CAVEAT_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return {**{name: value for name, value in os.environ.items() if name != "DATABASE_URL"}, **ours}


@contextmanager
def running_site(original: Path, folder: Path) -> Iterator[Site]:
    """Serve a copy of a prepared site from `folder`, as `make demo` does, until the block ends."""
    shutil.copytree(original, folder)
    environment = environment_of(folder)
    port = _free_port()
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *_with_us(),
                *(
                    sys.executable,
                    "-m",
                    "granian",
                    "--interface",
                    "wsgi",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(port),
                ),
                *("--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
                "config.wsgi:application",
            ],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, server)
            yield Site(f"http://127.0.0.1:{port}", folder)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _with_us() -> list[str]:
    """What to put before a command so that it ends with this process, even a killed one; where there is such."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _prepare(folder: Path, environment: dict[str, str]) -> None:
    """Make the database, the course, the demo class and the static files; raises CalledProcessError."""
    migrated.copy_to(folder / "caveat.sqlite3")
    command = [sys.executable, "manage.py", "demo", "--prepare", "--accounts", str(folder / "accounts")]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/")
                connection.getresponse().read()
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise RuntimeError("the site did not start; see server.log in its folder")
