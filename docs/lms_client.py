"""A worked client of the REST API for an LMS: enrol, assign, launch, follow, fetch grades, and recover.

One file; it needs Python 3.11 and httpx. It is run by our tests as it stands. To see it work:

    API=http://127.0.0.1:8000/api/v1 CLIENT_ID=… CLIENT_SECRET=… python docs/lms_client.py

What it keeps between runs, in a file of JSON: how far each list was read, and which events were seen. All that it
asks the site to do may be done again without harm, so after an outage of either side: start it again.
"""

import base64
import hashlib
import hmac
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

#: Waits between tries, in seconds: for a minute or so. After that the work stays for the next run.
WAITS = (0.5, 1, 2, 4, 8, 16, 30)
#: An event older than this is refused, so that nobody can send a recorded one again.
OLDEST_S = 300
Row = dict[str, Any]


class Refused(Exception):
    """The site said no, and will again: a problem document. Decide by `kind`, show `detail` to a person."""

    def __init__(self, problem: Row) -> None:
        self.kind = str(problem["type"]).rpartition("/")[2]
        self.status, self.detail, self.errors = (
            problem["status"],
            problem["detail"],
            problem.get("errors", []),
        )
        super().__init__(f"{self.kind} ({self.status}): {self.detail} {self.errors or ''}")


@dataclass
class Kept:
    """What has to outlive the process: written before anything is built on it."""

    path: Path
    marks: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, path: Path) -> "Kept":
        return cls(path, **(json.loads(path.read_text()) if path.exists() else {}))

    def save(self) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"marks": self.marks, "seen": self.seen[-10_000:]}))
        new.replace(self.path)


class Site:
    """The API as one client sees it: signs in by itself, and tries again what may be tried again.

    `address` is the API's, such as https://example.org/api/v1.
    """

    def __init__(
        self,
        address: str,
        client_id: str,
        secret: str,
        *,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.http = httpx.Client(base_url=f"{address}/", timeout=30, transport=transport)
        self.credentials = {"client_id": client_id, "client_secret": secret}
        self.wait = wait
        self.token = ""

    def get(self, path: str, **query: Any) -> Row:
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: Row, *, key: str | None = None) -> Row:
        """One piece of work. Where you may come to it again in another run, keep its key and pass it."""
        return self._ask("POST", path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def patch(self, path: str, body: Row, *, tag: str) -> Row:
        """A change to what was read with this ETag; Refused("changed-meanwhile") where somebody was quicker."""
        return self._ask("PATCH", path, json=body, headers={"If-Match": tag})

    def rows(self, path: str, **query: Any) -> Iterator[Row]:
        """All rows of a list, page by page."""
        page = self.get(path, **query)
        yield from page["results"]
        while page["next"]:
            page = self.get(page["next"])
            yield from page["results"]

    def changes(self, path: str, kept: Kept) -> Iterator[Row]:
        """Rows that have changed since the last time; all of them the first time. None is missed, some come twice.

        The mark moves on when the last row was taken: whoever is stopped before gets them again.
        """
        since = {"updated_since": kept.marks[path]} if path in kept.marks else {}
        page = first = self.get(path, **since)
        yield from page["results"]
        while page["next"]:
            page = self.get(page["next"])
            yield from page["results"]
        kept.marks[path] = first["high_water"]
        kept.save()

    def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any) -> Row:
        """The answer, however often it takes: lost requests, lost answers, restarts, limits and old tokens."""
        sent = {name: value for name, value in sent.items() if value}
        renewed = False
        for wait in (*WAITS, None):
            try:
                signed = {"Authorization": f"Bearer {self._signed_in()}", **(headers or {})}
                answer = self.http.request(method, path, headers=signed, **sent)
            except httpx.TransportError:
                if wait is None:
                    raise
                self.wait(wait)
                continue
            if answer.is_success:
                return answer.json() if answer.content else {}
            if answer.status_code == 401 and not renewed:
                self.token, renewed = "", True
                continue
            refused = Refused(_problem(answer))
            passing = (
                answer.status_code in {429, 500, 502, 503, 504} or refused.kind == "idempotency-key-in-use"
            )
            if not passing or wait is None:
                raise refused
            self.wait(float(answer.headers.get("Retry-After", wait)))
        raise AssertionError

    def _signed_in(self) -> str:
        if not self.token:
            answer = self.http.post("token/", data={"grant_type": "client_credentials", **self.credentials})
            if answer.status_code in {400, 401}:
                raise SystemExit(f"The site does not know this client: {answer.json()['error']}")
            answer.raise_for_status()
            self.token = answer.json()["access_token"]
        return self.token


def _problem(answer: httpx.Response) -> Row:
    """The problem document; something like it where a proxy answered in its own words."""
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        found: Row = answer.json()
        return found
    return {"type": "/no-problem-document", "status": answer.status_code, "detail": answer.text[:200]}


class Inbox:
    """Takes webhooks: checks who sent them, leaves what was seen before, hands on the rest."""

    def __init__(self, secret: str, kept: Kept, take: Callable[[Row], None]) -> None:
        self.secret, self.kept, self.take = base64.b64decode(secret.removeprefix("whsec_")), kept, take

    def receive(self, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> int:
        """The status to answer. Anything but 200 to 299 is sent again, for three days."""
        sent_id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not at.isdigit() or abs((now or time.time()) - int(at)) > OLDEST_S:
            return 400
        signed = f"{sent_id}.{at}.".encode() + body
        ours = "v1," + base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest()).decode()
        if not any(hmac.compare_digest(ours, one) for one in headers.get("webhook-signature", "").split()):
            return 401
        if sent_id not in self.kept.seen:
            self.take(json.loads(body))
            self.kept.seen.append(sent_id)
            self.kept.save()
        return 204

    def serve(self, port: int = 0) -> ThreadingHTTPServer:
        """A server for them on loopback, to be run by `serve_forever`; behind HTTPS in earnest."""
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(inbox.receive(self.headers, body))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        return ThreadingHTTPServer(("127.0.0.1", port), Handler)


# What an LMS does -----------------------------------------------------------------------------


def enrol(site: Site, cohort: str, people: Mapping[str, str]) -> Row:
    """A class by our own name for it, with learners by our own ids and their names: all of it, or nothing."""
    rows = [
        {"external_id": person, "real_name": name, "cohort_external_id": cohort}
        for person, name in people.items()
    ]
    return site.post("roster-imports/", {"all_or_nothing": True, "make_cohorts": True, "rows": rows})


def cohort_uuid(site: Site, external_id: str) -> str:
    return str(next(site.rows("cohorts/", external_id=external_id))["uuid"])


def assign(site: Site, cohort: str, quiz: str, *, due_at: datetime) -> str:
    """The assignment's UUID; that of the one that there is where the class has this quiz already."""
    body = {"cohort": cohort, "quiz": quiz, "due_at": due_at.isoformat()}
    try:
        return str(site.post("assignments/", body)["uuid"])
    except Refused as refused:
        if refused.kind != "assigned-already":
            raise
        return next(
            str(row["uuid"]) for row in site.rows("assignments/", cohort=cohort, quiz=quiz, archived="false")
        )


def launch(site: Site, learner: str, assignment: str) -> str:
    """An address that signs our learner in and opens the quiz: once, within a minute. Redirect their browser to it."""
    return str(site.post("launches/", {"learner_external_id": learner, "assignment": assignment})["url"])


def grades(site: Site, assignment: str) -> dict[str, float | None]:
    """By the learner's UUID: a fraction from 0 to 1, or None where there is no mark to tell, or not yet."""
    return {row["learner"]: row["fraction"] for row in site.rows("scores/", assignment=assignment)}


def main() -> None:
    site = Site(os.environ["API"], os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    kept = Kept.at(Path(os.environ.get("KEPT", "lms-kept.json")))
    people = {f"demo-{number}": f"Learner {number}" for number in range(1, 31)}
    done = enrol(site, "lms-demo", people)
    print(f"{done['created']} enrolled, {done['unchanged']} were there.")
    cohort = cohort_uuid(site, "lms-demo")
    quiz = next(row for row in site.rows("quizzes/") if row["mode"] == "graded")
    assignment = assign(site, cohort, quiz["uuid"], due_at=datetime.now(UTC) + timedelta(days=7))
    print(
        f"“{quiz['title']}” is assigned. Open this within a minute:\n  {launch(site, 'demo-1', assignment)}"
    )
    for row in site.changes("scores/", kept):
        print(f"  {row['learner']}  {row['state']}  {row['fraction']}")


if __name__ == "__main__":
    main()
