"""How long the API takes to save an answer, and to list 100 attempts, beside an empty view of the same server
that signs the same program in: what is done above signing in and speaking JSON.

usage: python benchmarks/api.py [--rounds 300]
Starts granian on a temporary SQLite file, as `make demo` serves (DATABASE_URL is honoured). One connection; each
round asks for all three in turn, so that a noisy moment meets them alike. Prints medians and their ratios: the
goals are 2.5 or less for saving, and 4 or less for the list.
"""

import argparse
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.serving import served, set_up

os.environ.setdefault("CAVEAT_DEV", "1")
os.environ.setdefault("CAVEAT_VAR", tempfile.mkdtemp(prefix="caveat-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
os.environ.setdefault("API_RATE", "6000/min")  # what is counted is the view, not the limit
PORT = 8098
GOALS = {"save": 2.5, "list": 4.0}


def prepare() -> tuple[str, str]:
    """A program's token, and the address at which it saves; there are 100 attempts that it may list."""
    set_up()
    from django.test import Client

    from accounts.api.access import SCOPES
    from accounts.models import Cohort, CohortMember, Organisation, User
    from courses.enrolment import give_course
    from courses.models import Course
    from integrations import clients
    from quizzes import attempts
    from quizzes.models import Quiz

    school = Organisation.objects.create(slug="bench", name="Bench", timezone="UTC")
    cohort = Cohort.objects.create(organisation=school, name="Bench", timezone="UTC")
    give_course(cohort=cohort, course=Course.objects.get())
    quiz = Quiz.objects.get(ref="closing-quiz")
    for number in range(100):
        learner = User.objects.create_user(f"bench-{number}", password=None)
        CohortMember.objects.create(cohort=cohort, user=learner, role="learner")
        attempt = attempts.start(learner=learner, quiz=quiz, cohort=cohort)
    item = attempt.items.filter(revision__type="single_choice").first()
    head = User.objects.create_user("bench-head", password=None)
    client, secret = clients.make_client(organisation=school, name="Bench", scopes=list(SCOPES), by=head)
    asked = {"client_id": client.application.client_id, "client_secret": secret}
    token = Client().post(
        "/api/v1/token/", {"grant_type": "client_credentials", **asked}, headers={"Host": "localhost"}
    )
    return token.json()["access_token"], f"/api/v1/attempts/{attempt.uuid}/items/{item.position}/responses/"


def measure(token: str, save: str, rounds: int) -> dict[str, list[float]]:
    """Seconds for each request, by what was asked."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    taken: dict[str, list[float]] = {"empty": [], "save": [], "list": []}

    def ask(name: str, method: str, path: str, body: str | None = None) -> bytes:
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        taken[name].append(time.perf_counter() - started)
        if answer.status not in {200, 201}:
            raise SystemExit(f"{name}: {answer.status} {text[:300]!r}")
        return text

    for number in range(1, rounds + 1):
        ask("empty", "GET", "/api/v1/bench/empty/")
        ask("save", "POST", save, json.dumps({"sequence": number, "data": {"chosen": "a"}}))
        rows = json.loads(ask("list", "GET", "/api/v1/attempts/?page_size=100"))["results"]
        assert len(rows) == 100
    return {name: some[len(some) // 10 :] for name, some in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    token, save = prepare()
    with served(PORT, workers=1, threads=1):
        taken = measure(token, save, rounds)
    floor = statistics.median(taken["empty"])
    print(f"empty view, signed in     {floor * 1000:8.2f} ms")
    for name, what in (("save", "saving an answer"), ("list", "list of 100 attempts")):
        median = statistics.median(taken[name])
        print(
            f"{what:<24}  {median * 1000:8.2f} ms  ratio {median / floor:5.2f}  (goal: {GOALS[name]:.1f} or less)"
        )


if __name__ == "__main__":
    main()
