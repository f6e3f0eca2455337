"""Saves a second through the real view, beside a bare view of the same server that reads the session
and the user and inserts one row: how much of the floor is left after everything that a save promises.

usage: python benchmarks/saves.py [--seconds 4] [--connections 8]
Prints one line for each, and the ratio. Starts granian twice on a temporary SQLite file, as
`make demo` serves (DATABASE_URL is honoured). Higher is better; the goal is a ratio of 0.5.
"""

import argparse
import http.client
import os
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.serving import served, set_up

os.environ.setdefault("CAVEAT_DEV", "1")
os.environ.setdefault("CAVEAT_VAR", tempfile.mkdtemp(prefix="caveat-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
PORT = 8099


def prepare(connections: int) -> list[tuple[str, str, str]]:
    """One learner with an open attempt for each connection: (session cookie, csrf token, item address)."""
    set_up()
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import get_token
    from django.test import RequestFactory

    from accounts.models import User
    from courses.enrolment import enrol
    from courses.models import Course
    from quizzes import attempts
    from quizzes.models import Quiz

    quiz = Quiz.objects.get(ref="closing-quiz")
    clients = []
    for number in range(connections):
        learner = User.objects.create_user(f"bench-{number}-{os.getpid()}", password=None)
        enrol(learner=learner, course=Course.objects.get())
        item = attempts.start(learner=learner, quiz=quiz).items.filter(revision__type="single_choice").first()
        session = SessionStore()
        session["_auth_user_id"] = str(learner.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session["_auth_user_hash"] = learner.get_session_auth_hash()
        session.save()
        token = get_token(RequestFactory().get("/"))
        clients.append((session.session_key, token, item.get_absolute_url()))
    return clients


def run(clients: list[tuple[str, str, str]], seconds: float, *, bare: bool) -> float:
    """Requests a second over all clients, each on one kept connection."""
    with served(PORT, workers=2, threads=4 if os.environ.get("DATABASE_URL") else 1):
        return measure(clients, seconds, bare=bare)


def measure(clients: list[tuple[str, str, str]], seconds: float, *, bare: bool) -> float:
    counts = [0] * len(clients)
    failures: list[str] = []
    until = time.perf_counter() + seconds

    def one(index: int) -> None:
        session, token, address = clients[index]
        path = "/bench/bare/" if bare else address
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        connection.connect()
        # http.client sends the body in a packet of its own, which would wait for the first one's receipt.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        while time.perf_counter() < until:
            counts[index] += 1
            body = urlencode(
                {"sequence": int(time.time() * 1000) % 2**31 if bare else next_sequence(index), "chosen": "a"}
            )
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            text = reply.read()
            if reply.status != 200:
                failures.append(f"{reply.status}: {text[:300]!r}")
                return
        connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(failures[0])
    return sum(counts) / (time.perf_counter() - started)


_sequences: dict[int, int] = {}


def next_sequence(index: int) -> int:
    _sequences[index] = _sequences.get(index, 0) + 1
    return _sequences[index]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    clients = prepare(options.connections)
    floor = run(clients, options.seconds, bare=True)
    saves = run(clients, options.seconds, bare=False)
    print(f"bare view (session, user, one INSERT)  {floor:8.0f} a second")
    print(f"save of an answer                      {saves:8.0f} a second")
    print(f"ratio                                  {saves / floor:8.2f}  (goal: 0.50 or more)")


if __name__ == "__main__":
    main()
