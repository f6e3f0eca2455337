"""A pupil's way through the site, so that checks that hold everywhere know every kind of page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext

from tests.browser.pupils import join, marking, send, token, units
from tests.browser.site import Asked, Site

#: Kinds of page outside the admin; those of `STRANGER` need nobody signed in.
STRANGER = (
    *("front", "front-untapped", "front-judged", "front-both-judged", "front-nothing-tapped"),
    *("join", "sign-in", "forgotten", "forgotten-sent", "bad-link", "signed-out-page", "not-here"),
    *("api-contents", "api-guide", "api-resource"),
)
READER = (
    *("joined", "join-another", "course", "explain", "read", "practice-intro", "quiz-intro"),
    *("words-asked", "sentences-asked", "single-asked", "multiple-asked", "sorting-asked"),
    *("words-judged", "sentences-judged", "single-judged", "multiple-judged", "sorting-judged"),
    *("graded-asked", "review", "result", "after-handing-in", "try-again", "progress"),
    *("password", "second-factors", "authenticator-app", "is-it-you", "sign-out", "not-here-either"),
)


@dataclass(frozen=True)
class Everywhere:
    """Where each kind of page is, and the cookies of the pupil who may see them."""

    paths: dict[str, str]
    state: Any

    def of(self, name: str) -> dict[str, Any]:
        """The options of a visitor for whom the page is."""
        return {"storage_state": self.state} if name in READER else {}


def travel(context: BrowserContext, site: Site) -> Everywhere:
    """Join, and leave a trace on every kind of page: asked, judged, handed in, still open."""
    join(context, "a traveller")
    paths = dict(_for_strangers(site)) | dict(_in_the_course(context, site)) | dict(_about_the_account())
    missing = set(STRANGER + READER) ^ set(paths)
    assert not missing, missing
    return Everywhere(paths, context.storage_state())


def _for_strangers(site: Site) -> Iterator[tuple[str, str]]:
    yield "front", "/"
    yield "front-untapped", "/?try=1"
    yield "front-judged", "/?sentence=3"
    yield "front-both-judged", "/?sentence=1&second=1"
    yield "front-nothing-tapped", "/?nothing=1"
    yield "join", "/join/RMXT47/"
    yield "sign-in", "/accounts/login/"
    yield "forgotten", "/accounts/password/reset/"
    yield "forgotten-sent", "/accounts/password/reset/done/"
    yield "bad-link", "/accounts/password/reset/key/1-no-such-key/"
    yield "signed-out-page", "/accounts/signup/"
    yield "not-here", "/nowhere/"
    yield "api-contents", "/api/v1/docs/"
    yield "api-guide", "/api/v1/docs/guide/"
    yield "api-resource", "/api/v1/docs/cohorts/"


def _about_the_account() -> Iterator[tuple[str, str]]:
    yield "joined", "/joined/"
    yield "join-another", "/join/"
    yield "password", "/accounts/password/change/"
    yield "second-factors", "/accounts/2fa/"
    yield "authenticator-app", "/accounts/2fa/totp/activate/"
    yield "is-it-you", "/accounts/reauthenticate/"
    yield "sign-out", "/accounts/logout/"
    yield "not-here-either", "/lessons/nowhere/"


def _in_the_course(context: BrowserContext, site: Site) -> Iterator[tuple[str, str]]:
    yield "course", "/lessons/"
    yield "progress", "/progress/"
    yield "explain", f"{site.lesson('who-says-so')}when-needed/"
    yield "read", f"{site.lesson('who-says-so')}read/"
    yield "practice-intro", site.quiz("reports-practice")
    yield from _practised(context, site)
    yield from _handed_in(context, site)


def _practised(context: BrowserContext, site: Site) -> Iterator[tuple[str, str]]:
    """Each type, asked in one practice and judged, wrong, in another."""
    words, _ = marking(site, "judge-practice", "words")
    places = {"words": ("judge-practice", words)}
    for name, quiz, ref in [
        ("sentences", "who-practice", "who-exercise"),
        ("single", "who-practice", "who-editor"),
        ("sorting", "who-practice", "who-sort"),
        ("multiple", "reports-practice", "reports-ahead"),
    ]:
        places[name] = (quiz, site.question(quiz, ref)[0])
    attempts = {quiz: _start(context, site, quiz) for quiz in {quiz for quiz, _ in places.values()}}
    for name, (quiz, at) in places.items():
        path = f"/attempts/{attempts[quiz]}/{at}/"
        give(context, path, site.questions(quiz)[at - 1], right=False, do="check")
        yield f"{name}-judged", path
        yield f"{name}-asked", f"{path}?again"


def _handed_in(context: BrowserContext, site: Site) -> Iterator[tuple[str, str]]:
    attempt = _start(context, site, "closing-quiz")
    for at, asked in enumerate(site.questions("closing-quiz"), start=1):
        if at % 4:
            give(context, f"/attempts/{attempt}/{at}/", asked, right=bool(at % 3), do="next")
    send(context, f"/attempts/{attempt}/submit/")
    yield "result", f"/attempts/{attempt}/"
    yield "after-handing-in", f"/attempts/{attempt}/3/"
    yield "quiz-intro", f"{site.quiz('closing-quiz')}?again"
    second = _start(context, site, "closing-quiz")
    yield "graded-asked", f"/attempts/{second}/3/"
    yield "review", f"/attempts/{second}/review/"
    yield "try-again", f"/attempts/{second}/1/"


def _start(context: BrowserContext, site: Site, quiz: str) -> str:
    return send(context, f"{site.quiz(quiz)}start/").split("/attempts/")[1].split("/")[0]


def give(context: BrowserContext, path: str, asked: Asked, *, right: bool, do: str) -> None:
    """Post an answer as the plain form would."""
    fields = [("csrfmiddlewaretoken", token(context)), ("sequence", "1"), ("do", do), *_fields(asked, right)]
    answer = context.request.post(
        path, data=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.ok, f"{path}: {answer.status}"


def _fields(asked: Asked, right: bool) -> list[tuple[str, str]]:
    key = asked.key
    if asked.kind == "mark_spans":
        found = units(asked, {"required"} if right else {"foil", "required"})[: None if right else 2]
        name = f"mark-{asked.prompt['skills'][0]}"
        return [(name, str(at)) for at in found] or [("nothing_to_mark", "1")]
    if asked.kind == "classify":
        return [
            (f"place-{unit['ref']}", unit["accepted"][0] if right else asked.prompt["categories"][0]["ref"])
            for unit in key["units"]
        ]
    refs = [option["ref"] for option in asked.prompt["options"] if (option["ref"] in key["right"]) is right]
    return [("chosen", ref) for ref in refs[: None if right else 1]] or [("none_of_these", "1")]
