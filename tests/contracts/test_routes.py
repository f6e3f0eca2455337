"""Who gets what at every address of the site: an exact answer for each kind of visitor.

A route that is in none of the tables here fails `test_every_route_is_in_a_table`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts import digests
from courses import presenting
from quizzes import attempts
from quizzes.models import Attempt, ItemResponse, Quiz
from tests.contracts.canaries import some
from tests.contracts.routes import every_route
from tests.contracts.stage import Stage, build, undone, url
from tests.contracts.teaching import names as teaching_names
from tests.factories.accounts import JoinCodeFactory, UserFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import AttemptFactory
from tests.integrations.matrix import names as program_names

pytestmark = pytest.mark.django_db

ROLES = (
    "anonymous",
    "learner",
    "classmate",
    "stranger",
    "teacher",
    "teacher elsewhere",
    "service",
    "author",
    "superuser",
)
# What a cell says: a status; "in": to the sign-in page; "again": to sign in once more, for what is
# delicate; "on": a redirect to somewhere else.
# A service user acts by tokens only: a session of its own is no session, so it counts as anonymous.
# The learner is the one whose attempts are asked for; the stranger and the teacher elsewhere belong to
# another school; teacher and author work for the school that owns the course.
#
#                                     anon lear clas stra teac else serv auth supe
LEARNING = {
    "GET front": "                      200  on   on   on   on   on   200  on   on ",
    "POST front": "                     405  405  405  405  405  405  405  405  405",
    "GET home": "                       in   200  200  200  200  200  in   200  200",
    "POST home": "                      in   405  405  405  405  405  in   405  405",
    "GET progress": "                   in   200  200  200  200  200  in   200  200",
    "POST progress": "                  in   405  405  405  405  405  in   405  405",
    "GET my_marks": "                   in   200  200  200  200  200  in   200  200",
    "POST my_marks": "                  in   405  405  405  405  405  in   405  405",
    "GET course": "                     in   200  200  404  200  404  in   200  200",
    "POST course": "                    in   405  405  405  405  405  in   405  405",
    "GET course shared": "              in   404  404  404  200  200  in   200  200",
    "GET lesson": "                     in   on   on   404  on   404  in   on   on ",
    "POST lesson": "                    in   405  405  405  405  405  in   405  405",
    "GET lesson shared": "              in   404  404  404  on   on   in   on   on ",
    "GET step explain": "               in   200  200  404  200  404  in   200  200",
    "POST step explain": "              in   on   on   404  on   404  in   on   on ",
    "GET step read": "                  in   200  200  404  200  404  in   200  200",
    "POST step read": "                 in   on   on   404  on   404  in   on   on ",
    "GET step practice": "              in   on   on   404  on   404  in   on   on ",
    "POST step practice": "             in   on   on   404  on   404  in   on   on ",
    "GET step nowhere": "               in   404  404  404  404  404  in   404  404",
    "GET step shared": "                in   404  404  404  200  200  in   200  200",
    "GET quiz": "                       in   200  200  404  200  404  in   200  200",
    "POST quiz": "                      in   405  405  405  405  405  in   405  405",
    "GET quiz draft": "                 in   404  404  404  404  404  in   404  404",
    "GET now": "                        in   200  200  200  200  200  in   200  200",
    "POST now": "                       in   405  405  405  405  405  in   405  405",
    "GET ticket": "                     in   on   on   404  404  404  in   404  404",
    "POST ticket": "                    in   on   on   404  404  404  in   404  404",
    "GET start": "                      in   405  405  405  405  405  in   405  405",
    "POST start": "                     in   on   on   404  on   404  in   on   on ",
    "POST start draft": "               in   404  404  404  on   404  in   on   on ",
}
#                                     anon lear clas stra teac else serv auth supe
ATTEMPTS = {
    "GET attempt open": "               in   on   404  404  404  404  in   404  404",
    "POST attempt open": "              in   405  405  405  405  405  in   405  405",
    "GET review open": "                in   200  404  404  404  404  in   404  404",
    "POST review open": "               in   405  405  405  405  405  in   405  405",
    "GET item open": "                  in   200  404  404  404  404  in   404  404",
    "GET item open again": "            in   200  404  404  404  404  in   404  404",
    "GET item open nowhere": "          in   404  404  404  404  404  in   404  404",
    "POST item open save": "            in   on   404  404  404  404  in   404  404",
    "POST item open refused": "         in   409  404  404  404  404  in   404  404",
    "POST item open check": "           in   409  404  404  404  404  in   404  404",
    "GET submit open": "                in   405  405  405  405  405  in   405  405",
    "GET attempt handed-in": "          in   200  404  404  200  404  in   404  404",
    "GET review handed-in": "           in   on   404  404  404  404  in   404  404",
    "GET item handed-in": "             in   200  404  404  200  404  in   404  404",
    "GET item handed-in again": "       in   200  404  404  200  404  in   404  404",
    "POST item handed-in save": "       in   on   404  404  404  404  in   404  404",
    "POST item handed-in check": "      in   on   404  404  404  404  in   404  404",
    "POST submit handed-in": "          in   on   404  404  404  404  in   404  404",
    "POST submit open": "               in   on   404  404  404  404  in   404  404",
}
JOINING = {
    "GET join": "                       200  200  200  200  200  200  200  200  200",
    "POST join": "                      200  200  200  200  200  200  200  200  200",
    "GET join with": "                  200  200  200  200  200  200  200  200  200",
    "POST join with": "                 200  200  200  200  200  200  200  200  200",
    "GET joined": "                     in   200  200  200  200  200  in   on   on ",
    "POST joined": "                    in   200  200  200  200  200  in   on   on ",
    "GET privacy": "                    200  200  200  200  200  200  200  200  200",
    "GET launch": "                     410  410  410  410  410  410  410  410  410",
    "POST launch": "                    405  405  405  405  405  405  405  405  405",
    "POST privacy": "                   on   on   on   on   on   on   on   on   on ",
    "GET export": "                     in   200  200  200  200  200  in   200  200",
    "POST export": "                    in   405  405  405  405  405  in   405  405",
}
#                                     anon lear clas stra teac else serv auth supe
TELLING = {
    "GET news": "                       in   200  200  200  200  200  in   200  200",
    "POST news": "                      in   405  405  405  405  405  in   405  405",
    "GET news_read": "                  in   405  405  405  405  405  in   405  405",
    "POST news_read": "                 in   on   on   on   on   on   in   on   on ",
    "GET news_mail": "                  in   405  405  405  405  405  in   405  405",
    "POST news_mail": "                 in   on   on   on   on   on   in   on   on ",
    "GET news_off": "                   200  200  200  200  200  200  200  200  200",
    "POST news_off": "                  200  200  200  200  200  200  200  200  200",
    "POST news_off nobody": "           404  404  404  404  404  404  404  404  404",
}
#                                     anon lear clas stra teac else serv auth supe
API = {
    "GET api-list": "                   401  200  200  200  200  200  401  200  200",
    "GET api-detail open": "            401  200  404  404  404  404  401  404  404",
    "GET api-detail handed-in": "       401  200  404  404  404  404  401  404  404",
    "POST api-detail open": "           401  405  405  405  405  405  401  405  405",
    "GET api-items open": "             401  200  404  404  404  404  401  404  404",
    "GET api-items handed-in": "        401  200  404  404  404  404  401  404  404",
    "POST api-items open": "            401  405  405  405  405  405  401  405  405",
    "GET api-item open": "              401  200  404  404  404  404  401  404  404",
    "GET api-item handed-in": "         401  200  404  404  404  404  401  404  404",
    "GET api-article open": "           401  404  404  404  404  404  401  404  404",
    "GET api-feedback open": "          401  409  404  404  404  404  401  404  404",
    "GET api-feedback handed-in": "     401  200  404  404  404  404  401  404  404",
    "GET api-responses open": "         401  405  405  405  405  405  401  405  405",
    "POST api-responses open": "        401  201  404  404  404  404  401  404  404",
    "POST api-responses handed-in": "   401  409  404  404  404  404  401  404  404",
    "POST api-responses open refused": "401  400  404  404  404  404  401  404  404",
    "POST api-check open": "            401  409  404  404  404  404  401  404  404",
    "POST api-check handed-in": "       401  409  404  404  404  404  401  404  404",
    "GET api-submit open": "            401  405  405  405  405  405  401  405  405",
    "POST api-submit handed-in": "      401  200  404  404  404  404  401  404  404",
    "POST api-submit open": "           401  200  404  404  404  404  401  404  404",
    "GET schema": "                     200  200  200  200  200  200  200  200  200",
    "POST schema": "                    405  405  405  405  405  405  405  405  405",
    "GET docs": "                       200  200  200  200  200  200  200  200  200",
    "POST docs": "                      405  405  405  405  405  405  405  405  405",
    "GET docs-guide": "                 200  200  200  200  200  200  200  200  200",
    "GET docs-problems": "              200  200  200  200  200  200  200  200  200",
    "GET docs-types": "                 200  200  200  200  200  200  200  200  200",
    "GET docs-client": "                200  200  200  200  200  200  200  200  200",
    "GET docs-resource": "              200  200  200  200  200  200  200  200  200",
}
#                                     anon lear clas stra teac else serv auth supe
API_LEARNING = {
    "POST api-list": "                  401  201  201  422  201  422  401  201  201",
    "GET my-course-list": "             401  200  200  200  200  200  401  200  200",
    "GET my-course-detail": "           401  200  200  404  200  404  401  200  200",
    "GET my-lesson-detail": "           401  200  200  404  200  404  401  200  200",
    "GET my-lesson-step explain": "     401  200  200  404  200  404  401  200  200",
    "GET my-lesson-step read": "        401  200  200  404  200  404  401  200  200",
    "GET my-lesson-step practice": "    401  200  200  404  200  404  401  200  200",
    "GET my-lesson-step nowhere": "     401  404  404  404  404  404  401  404  404",
    "POST my-lesson-done explain": "    401  200  200  404  409  404  401  409  409",
    "POST my-lesson-done practice": "   401  409  409  404  409  404  401  409  409",
    "GET my-quiz-detail": "             401  200  200  404  200  404  401  200  200",
    "GET my-assignment-list": "         401  200  200  200  200  200  401  200  200",
    "GET my-progress-list": "           401  200  200  200  200  200  401  200  200",
    "GET my-mark-list": "               401  200  200  200  200  200  401  200  200",
    "POST my-mark-list": "              401  405  405  405  405  405  401  405  405",
}
TABLES = {
    "learning": LEARNING,
    "attempts": ATTEMPTS,
    "joining": JOINING,
    "telling": TELLING,
    "api": API,
    "api learning": API_LEARNING,
}
#: What each cell's first two words ask for, so that no route is forgotten.
NAMES = {
    "accounts:": ("join", "joined", "privacy", "export", "news", "news_read", "news_mail", "news_off"),
    "courses:": ("front", "home", "progress", "course", "lesson", "step", "now", "ticket", "my_marks"),
    "quizzes:": ("quiz", "start", "attempt", "review", "item", "submit"),
    "api:attempt-": (
        "list",
        "detail",
        "items",
        "item",
        "article",
        "feedback",
        "responses",
        "check",
        "submit",
    ),
    "api:": (
        "schema",
        "docs",
        "docs-guide",
        "docs-problems",
        "docs-types",
        "docs-client",
        "docs-resource",
        "my-course-list",
        "my-course-detail",
        "my-lesson-detail",
        "my-lesson-step",
        "my-lesson-done",
        "my-quiz-detail",
        "my-assignment-list",
        "my-progress-list",
        "my-mark-list",
    ),
    "integrations:": ("launch",),
}

#: allauth's pages: what anonymous visitors and learners get at a GET. All others send anonymous to sign in.
ACCOUNT = {
    "account_login": "200 on",
    "account_logout": "on 200",
    "account_inactive": "200 200",
    "account_signup": "200 on",
    "account_reauthenticate": "in 200",
    "account_email": "on on",
    "account_email_verification_sent": "200 200",
    "account_change_password": "in 200",
    "account_set_password": "in on",
    "account_reset_password": "200 200",
    "account_confirm_login_code": "in on",
    "account_confirm_email": "200 200",
    "account_reset_password_from_key_done": "200 200",
    "account_reset_password_from_key": "200 200",
    "account_reset_password_done": "200 200",
    "mfa_index": "in 200",
    "mfa_authenticate": "in on",
    "mfa_reauthenticate": "in again",
    "mfa_activate_totp": "in again",
    "mfa_deactivate_totp": "in 404",
    "mfa_view_recovery_codes": "in 404",
    "mfa_generate_recovery_codes": "in again",
    "mfa_download_recovery_codes": "in 404",
    "mfa_list_webauthn": "in 200",
    "mfa_add_webauthn": "in again",
    "mfa_reauthenticate_webauthn": "in again",
    "mfa_remove_webauthn": "in again",
    "mfa_edit_webauthn": "in again",
}


def said(response: Any) -> str:
    if response.status_code not in {301, 302}:
        return str(response.status_code)
    ways = {"/accounts/login/": "in", "/accounts/reauthenticate/": "again"}
    return ways.get(response["Location"].partition("?")[0], "on")


def column(table: dict[str, str], role: str) -> dict[str, str]:
    return {asked: cells.split()[ROLES.index(role)] for asked, cells in table.items()}


@pytest.fixture
def stage() -> Stage:
    return build(practice=some("practice", "classify"), graded=some("graded", "classify"))


class Addresses:
    """Where each row of the tables leads, and what it sends."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.shared = LessonFactory()
        self.draft = Quiz.objects.create(organisation=stage.organisation, mode=Quiz.Mode.GRADED)
        self.shown = presenting.open_lesson(
            cohort=stage.cohort, lesson=stage.lesson, by=stage.people["teacher"]
        )
        presenting.exit_ticket(presentation=self.shown)
        learner = stage.people["learner"]
        taken = {"learner": learner, "quiz": stage.graded, "cohort": stage.cohort}
        self.handed_in = attempts.submit(attempt=AttemptFactory(**taken))
        self.open: Attempt = AttemptFactory(**taken)

    def ask(self, client: Client, asked: str) -> Any:
        """Ask for the row of a table."""
        method, name, *which = asked.split()
        words = " ".join(which)
        if name.startswith("api-"):
            address = self._api(name.removeprefix("api-"), words)
        elif name.startswith(("schema", "docs")):
            address = url(f"api:{name}", **({"resource": "cohorts"} if name == "docs-resource" else {}))
        elif name.startswith("my-"):
            address = self._mine(name, words)
        else:
            address = getattr(self, f"_{name}")(words)
        if method == "GET":
            return client.get(address)
        if name == "api-list":
            return client.post(address, {"quiz": self.stage.practice.uuid}, content_type="application/json")
        if name == "api-submit":
            return client.post(address, {}, content_type="application/json")
        if name.startswith(("api-", "my-")):
            sent = {
                "sequence": 0 if words.endswith("refused") else 1,
                "data": {"placed": {"vote": "reports"}},
            }
            return client.post(address, sent, content_type="application/json")
        return client.post(address, self._form(words))

    def _form(self, words: str) -> dict[str, Any]:
        sent: dict[str, Any] = {"sequence": "1", "place-vote": "reports", "do": "next"}
        if words.endswith("check"):
            sent = {**sent, "sequence": "2", "do": "check"}
        elif words.endswith("refused"):
            sent = {**sent, "sequence": "0"}
        return sent

    def _front(self, words: str) -> str:
        return url("courses:front")

    def _home(self, words: str) -> str:
        return url("courses:home")

    def _progress(self, words: str) -> str:
        return url("courses:progress")

    def _my_marks(self, words: str) -> str:
        return url("courses:my_marks")

    def _course(self, words: str) -> str:
        return url("courses:course", uuid=(self.shared if words else self.stage.lesson).course.uuid)

    def _lesson(self, words: str) -> str:
        return url("courses:lesson", uuid=(self.shared if words else self.stage.lesson).uuid)

    def _step(self, words: str) -> str:
        lesson = self.shared if words == "shared" else self.stage.lesson
        return url("courses:step", uuid=lesson.uuid, key="explain" if words == "shared" else words)

    def _launch(self, words: str) -> str:
        return url("integrations:launch", token="nosuch")

    def _now(self, words: str) -> str:
        return url("courses:now")

    def _ticket(self, words: str) -> str:
        return url("courses:ticket", uuid=self.shown.uuid)

    def _quiz(self, words: str) -> str:
        return url("quizzes:quiz", uuid=(self.draft if words else self.stage.practice).uuid)

    def _start(self, words: str) -> str:
        return url("quizzes:start", uuid=(self.draft if words else self.stage.practice).uuid)

    def _made(self, words: str) -> Attempt:
        return {"open": self.open, "handed-in": self.handed_in}[words.split()[0]]

    def _api(self, name: str, words: str) -> str:
        kwargs: dict[str, Any] = {"uuid": self._made(words).uuid} if words else {}
        if name in {"item", "responses", "check"}:
            kwargs["position"] = 1
        return url(f"api:attempt-{name}", **kwargs)

    def _mine(self, name: str, words: str) -> str:
        rows: dict[str, Any] = {
            "course-detail": self.stage.course,
            "lesson-detail": self.stage.lesson,
            "lesson-step": self.stage.lesson,
            "lesson-done": self.stage.lesson,
            "quiz-detail": self.stage.practice,
        }
        row = rows.get(name.removeprefix("my-"))
        kwargs = {"uuid": row.uuid} if row else {}
        return url(f"api:{name}", **kwargs, **({"key": words} if words else {}))

    def _attempt(self, words: str) -> str:
        return url("quizzes:attempt", uuid=self._made(words).uuid)

    def _review(self, words: str) -> str:
        return url("quizzes:review", uuid=self._made(words).uuid)

    def _submit(self, words: str) -> str:
        return url("quizzes:submit", uuid=self._made(words).uuid)

    def _item(self, words: str) -> str:
        position = 99 if words.endswith("nowhere") else 1
        address = url("quizzes:item", uuid=self._made(words).uuid, position=position)
        return f"{address}?again" if words.endswith("again") else address

    def _join(self, words: str) -> str:
        return url("accounts:join", code="NOSUCH") if words else url("accounts:join")

    def _privacy(self, words: str) -> str:
        return url("accounts:privacy")

    def _export(self, words: str) -> str:
        return url("accounts:export")

    def _joined(self, words: str) -> str:
        return url("accounts:joined")

    def _news(self, words: str) -> str:
        return url("accounts:news")

    def _news_read(self, words: str) -> str:
        return url("accounts:news_read")

    def _news_mail(self, words: str) -> str:
        return url("accounts:news_mail")

    def _news_off(self, words: str) -> str:
        return url("accounts:news_off", token=words or digests.token(self.stage.people["learner"]))


def answers(client: Client, addresses: Addresses, table: dict[str, str]) -> dict[str, str]:
    return {asked: said(addresses.ask(client, asked)) for asked in table}


@pytest.mark.parametrize("table", TABLES)
def test_each_role_gets_what_the_table_says(stage: Stage, table: str) -> None:
    addresses = Addresses(stage)
    given, due = {}, {}
    for role in ROLES:
        with undone():
            found = answers(stage.client(role), addresses, TABLES[table])
        given.update({(role, asked): answer for asked, answer in found.items()})
        due.update({(role, asked): cell for asked, cell in column(TABLES[table], role).items()})
    assert given == due


def test_nobody_else_changes_an_attempt(stage: Stage) -> None:
    addresses = Addresses(stage)
    asked = {row: "" for row in {**ATTEMPTS, **API} if "docs" not in row and "schema" not in row}
    before = list(Attempt.objects.order_by("pk").values())
    for role in ROLES:
        with undone():
            answers(stage.client(role), addresses, asked)
            after = list(Attempt.objects.order_by("pk").values())
            answered = ItemResponse.objects.filter(item__attempt=addresses.open).exists()
            shown = addresses.open.items.exclude(first_shown_at=None).exists()
        own = role == "learner"
        assert (role, after != before, answered, shown) == (role, own, own, own)


@pytest.mark.parametrize("role", ["teacher", "author", "superuser"])
def test_whoever_is_not_enrolled_starts_a_preview(stage: Stage, role: str) -> None:
    stage.client(role).post(url("quizzes:start", uuid=stage.graded.uuid))
    attempt = Attempt.objects.get(learner=stage.people[role])
    assert (attempt.is_preview, attempt.cohort) == (True, None)


def test_a_teacher_sees_the_result_but_no_way_to_answer(stage: Stage) -> None:
    addresses = Addresses(stage)
    teacher = stage.client("teacher")
    result = teacher.get(url("quizzes:attempt", uuid=addresses.handed_in.uuid))
    item = teacher.get(url("quizzes:item", uuid=addresses.handed_in.uuid, position=1))
    assert result.context["attempt"] == addresses.handed_in
    assert item.context["judged"].outcome.answered is False
    forms = (result.content + item.content).decode().count('method="post"')
    assert forms == 2  # to sign out, on both pages


def test_a_teacher_who_left_the_class_sees_nothing_more(stage: Stage) -> None:
    addresses = Addresses(stage)
    place = stage.people["teacher"].cohort_memberships.get()
    place.left_at = place.joined_at
    place.save()
    asked = {row: "" for row in ATTEMPTS if "handed-in" in row}
    given = answers(stage.client("teacher"), addresses, asked)
    assert set(given.values()) == {"404"}


def test_programs_that_are_signed_out_are_told_so(stage: Stage) -> None:
    addresses = Addresses(stage)
    client = Client(headers={"Accept": "application/json"})
    rows = [row for table in (LEARNING, ATTEMPTS) for row in table if "front" not in row]
    replies = {asked: addresses.ask(client, asked) for asked in rows}
    given = {asked: (reply.status_code, reply["Content-Type"]) for asked, reply in replies.items()}
    assert given == dict.fromkeys(rows, (401, "application/problem+json"))


def test_a_code_lets_in(stage: Stage) -> None:
    code = JoinCodeFactory(cohort=stage.cohort).code
    new = {"code": code, "nickname": "Blue Heron", "password": "three grey words"}
    joined = Client().post(url("accounts:join"), new)
    again = stage.client("stranger").post(url("accounts:join", code=code), {"code": code})
    assert [(said(one), one["Location"]) for one in (joined, again)] == [("on", "/joined/")] * 2


def test_account_pages_answer_as_the_table_says() -> None:
    kwargs: dict[str, dict[str, Any]] = {
        "account_confirm_email": {"key": "nosuch"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "nosuch"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
    }
    learner = Client()
    learner.force_login(UserFactory())
    given = {}
    for name in ACCOUNT:
        address = url(name, **kwargs.get(name, {}))
        given[name] = " ".join(said(client.get(address)) for client in (Client(), learner))
    assert given == ACCOUNT


def admin_addresses() -> Iterator[str]:
    """Every route of the admin, with something in each gap."""
    for route in every_route(get_resolver()):
        if route.pattern.startswith("admin/"):
            pattern = re.sub(r"\^\(\?P<app_label>.*\)/\$", "quizzes/", route.pattern)
            yield "/" + (
                pattern.replace("<path:object_id>", "1")
                .replace("<path:content_type_id>/<path:object_id>", "1/1")
                .replace("<path:content_type_id>", "1")
                .replace("<id>", "1")
                .replace("<uuid:token>/<int:organisation>", "00000000-0000-4000-8000-000000000000/1")
                .replace("<slug:key>/<int:position>", "key/1")
                .replace("<slug:key>", "key")
                .replace("(?P<url>.*)$", "nowhere/")
                .replace("<uuid:question>", "00000000-0000-4000-8000-000000000000")
            )


@pytest.mark.parametrize("role", ["anonymous", "learner", "service"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_sends_everybody_without_rights_to_sign_in(role: str, method: str) -> None:
    client = Client()
    if role != "anonymous":
        client.force_login(UserFactory(kind="service" if role == "service" else "person"))
    addresses = sorted(set(admin_addresses()) - {"/admin/login/", "/admin/logout/"})
    assert len(addresses) > 150
    assert [address for address in addresses if set("<>()[]$^") & set(address)] == []
    given = {}
    for address in addresses:
        response = getattr(client, method)(address)
        given[address] = response.get("Location", response.status_code)
    assert given == {address: f"/admin/login/?next={address}" for address in addresses}
    login = client.get("/admin/login/")
    assert said(login) == ("403" if role == "learner" else "in")


def test_every_route_is_in_a_table() -> None:
    rows = {row.split()[1].removeprefix("api-") for table in TABLES.values() for row in table}
    asked = {space + name for space, names in NAMES.items() for name in names if name in rows}
    found = {route.name for route in every_route(get_resolver()) if not route.pattern.startswith("admin/")}
    assert found == asked | set(ACCOUNT) | teaching_names() | program_names() | {"api:token"}


@pytest.mark.pure
def test_a_route_that_nobody_thought_of_is_found() -> None:
    from django.urls import include, path

    class Site:
        urlpatterns = [path("a/", include(([path("b/", lambda request: None, name="new")], "room")))]

    resolver: Any = type("R", (URLResolver,), {"url_patterns": Site.urlpatterns})
    found = every_route(resolver.__new__(resolver))
    assert [(route.pattern, route.name) for route in found] == [("a/b/", "room:new")]
