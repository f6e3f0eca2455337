"""What every answer carries, and what no page holds."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Course
from quizzes import attempts
from quizzes.models import Quiz
from quizzes.types import all_types
from tests.contracts.canaries import every_type, plant
from tests.contracts.pages import faults_of_page
from tests.contracts.repo_files import ROOT
from tests.contracts.stage import Stage, build, quiz_of, url
from tests.factories.accounts import PASSWORD, JoinCodeFactory, OrganisationFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import AttemptFactory

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "manifest-src": "'self'",
}
NOT_KEPT = {"no-store", "private"}


def policy_of(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.fixture
def stage(db: None) -> Stage:
    return build(practice=every_type("practice")[:4], graded=every_type("graded")[:4])


@pytest.fixture
def anybody(db: None) -> None:
    """A site with an opening that nobody needs an account for."""
    marking = next(question_type for question_type in all_types() if question_type.slug == "mark_spans")
    opening = quiz_of(OrganisationFactory(), Quiz.Mode.PRACTICE, [plant(marking, "opening")], None)
    Course.objects.filter(pk=LessonFactory().course.pk).update(opening=opening)


def public_pages() -> Iterator[str]:
    yield from ("/", "/?try=1", "/?sentence=1", "/?nothing=1", "/nowhere/")
    for name in ("accounts:join", "account_login", "account_reset_password", "account_reset_password_done"):
        yield url(name)
    for name in ("account_signup", "account_inactive", "account_reset_password_from_key_done"):
        yield url(name)
    yield url("account_reset_password_from_key", uidb36="1", key="nosuch")
    yield url("account_confirm_email", key="nosuch")
    yield url("account_email_verification_sent")


def own_pages(stage: Stage) -> Iterator[str]:
    """A learner's pages, with attempts that are open, checked and handed in."""
    learner = stage.people["learner"]
    for quiz in (stage.practice, stage.graded):
        for attempt in (
            attempts.submit(attempt=AttemptFactory(learner=learner, quiz=quiz, cohort=stage.cohort)),
            AttemptFactory(learner=learner, quiz=quiz, cohort=stage.cohort),
        ):
            yield url("quizzes:attempt", uuid=attempt.uuid)
            yield url("quizzes:review", uuid=attempt.uuid)
            for position in range(1, attempt.items.count() + 1):
                yield url("quizzes:item", uuid=attempt.uuid, position=position)
            yield url("api:attempt-items", uuid=attempt.uuid)
        yield url("quizzes:quiz", uuid=quiz.uuid)
        yield url("quizzes:quiz", uuid=quiz.uuid) + "?again"
    for name in ("home", "progress"):
        yield url(f"courses:{name}")
    yield url("courses:course", uuid=stage.course.uuid)
    for key in ("explain", "read"):
        yield url("courses:step", uuid=stage.lesson.uuid, key=key)
    yield from ("/?sentence=1", "/nowhere/", url("accounts:join"), url("accounts:joined"))
    for name in ("account_change_password", "account_logout", "account_reauthenticate"):
        yield url(name)
    for name in ("mfa_index", "mfa_list_webauthn", "api:attempt-list"):
        yield url(name)


def confirmed(client: Client) -> Client:
    """Somebody who has just signed in again, so that what is delicate opens."""
    user = client.session["_auth_user_id"]
    assert client.post(url("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    assert client.session["_auth_user_id"] == user
    return client


def delicate_pages() -> Iterator[str]:
    for name in ("mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        yield url(name)


def looked_at(client: Client, addresses: Iterator[str]) -> dict[str, Any]:
    return {address: client.get(address) for address in addresses}


def assert_strict(seen: dict[str, Any]) -> None:
    assert {address: policy_of(page) for address, page in seen.items()} == dict.fromkeys(seen, POLICY)
    pages = {address: page for address, page in seen.items() if "html" in page["Content-Type"]}
    faults = {address: faults_of_page(page.content.decode()) for address, page in pages.items()}
    assert faults == {address: [] for address in pages}
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        assert {page[name] for page in seen.values()} == {value}


@pytest.mark.pure
@pytest.mark.parametrize(
    ("html", "faults"),
    [
        pytest.param("<p>Plain <a href='https://example.org'>link</a></p>", [], id="a link loads nothing"),
        pytest.param("<script>go()</script>", ["<script> go()"], id="script"),
        pytest.param("<script src='/a.js'></script>", [], id="script of ours"),
        pytest.param(
            "<script src='//x.example/a.js'></script>", ["<script src=//x.example/a.js>"], id="no scheme"
        ),
        pytest.param("<script type='application/json'>{}</script>", [], id="data"),
        pytest.param("<script type='module'>go()</script>", ["<script> go()"], id="module"),
        pytest.param("<style>p{}</style>", ["<style> p{}"], id="style"),
        pytest.param("<p style='top:0'>", ["<p style>"], id="style attribute"),
        pytest.param("<p onclick='go()'>", ["<p onclick>"], id="handler"),
        pytest.param(
            "<img src='https://x.example/a.png'>", ["<img src=https://x.example/a.png>"], id="image"
        ),
        pytest.param(
            "<link href='https://x.example/a.css'>", ["<link href=https://x.example/a.css>"], id="css"
        ),
        pytest.param("<a href='JavaScript:go()'>", ["<a href=JavaScript:go()>"], id="javascript:"),
        pytest.param("<form action='https://x.example'>", ["<form action=https://x.example>"], id="form"),
        pytest.param("<iframe src='/a'></iframe>", ["<iframe>"], id="frame"),
    ],
)
def test_faults_of_pages_are_seen(html: str, faults: list[str]) -> None:
    assert faults_of_page(html) == faults


def test_public_pages_are_strict(client: Client, anybody: None) -> None:
    seen = looked_at(client, public_pages())
    assert {page.status_code for page in seen.values()} == {200, 404}
    assert_strict(seen)


def test_own_pages_are_strict_and_never_kept(stage: Stage, anybody: None) -> None:
    seen = looked_at(stage.client("learner"), own_pages(stage))
    assert len(seen) > 35
    assert {page.status_code for page in seen.values()} == {200, 302, 404}
    assert_strict({address: page for address, page in seen.items() if page.status_code != 302})
    kept = [address for address, page in seen.items() if not _cache(page) >= NOT_KEPT]
    assert kept == []


def test_delicate_pages_are_strict_and_never_kept(stage: Stage) -> None:
    seen = looked_at(confirmed(stage.client("learner")), delicate_pages())
    assert {page.status_code for page in seen.values()} == {200}
    assert_strict(seen)
    assert [address for address, page in seen.items() if not _cache(page) >= NOT_KEPT] == []


def test_answers_to_forms_are_strict_and_never_kept(stage: Stage) -> None:
    client = stage.client("learner")
    attempt = AttemptFactory(learner=stage.people["learner"], quiz=stage.practice, cohort=stage.cohort)
    item = url("quizzes:item", uuid=attempt.uuid, position=1)
    seen = {
        "refused": client.post(item, {"sequence": "0"}),
        "json": client.post(item, {"sequence": "0"}, headers={"Accept": "application/json"}),
        "join": client.post(url("accounts:join"), {"code": "NOSUCH"}),
        "password": client.post(url("account_change_password"), {}),
        "not allowed": client.post(url("courses:home")),
    }
    assert [page.status_code for page in seen.values()] == [409, 409, 200, 200, 405]
    assert_strict(seen)
    assert [name for name, page in seen.items() if not _cache(page) >= NOT_KEPT] == []


def test_a_page_without_its_token_is_refused_in_our_words(stage: Stage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stage.people["learner"])
    response = client.post(url("courses:step", uuid=stage.lesson.uuid, key="explain"))
    assert response.status_code == 403
    assert response.templates[0].name == "403_csrf.html"
    assert_strict({"refused": response})


def test_the_admin_is_strict(stage: Stage) -> None:
    client = stage.client("superuser")
    addresses = ["/admin/", "/admin/quizzes/attempt/", "/admin/accounts/user/add/", "/admin/nowhere/"]
    seen = {address: client.get(address) for address in addresses}
    assert {address: policy_of(page) for address, page in seen.items()} == dict.fromkeys(seen, POLICY)
    faults = {address: faults_of_page(page.content.decode()) for address, page in seen.items()}
    assert faults == {address: [] for address in seen}


def _cache(response: Any) -> set[str]:
    return {part.strip() for part in response.get("Cache-Control", "").split(",")}


@pytest.mark.parametrize("query", ["", "?try=1", "?sentence=1", "?nothing=1", "?sentence=1&second=0"])
def test_the_front_page_sets_no_cookie_and_writes_no_row(client: Client, anybody: None, query: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/{query}")
    assert response.status_code == 200
    assert dict(response.cookies) == {}
    assert {query["sql"].split()[0] for query in captured} <= {"SELECT"}
    assert len(captured) >= 2


@pytest.mark.django_db
def test_cookies_are_for_this_site_over_https_only(client: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True  # as in production, see below
    code = JoinCodeFactory().code
    client.get(url("accounts:join"), secure=True)
    sent = {"code": code, "nickname": "Blue Heron", "password": "three grey words"}
    response = client.post(url("accounts:join"), sent, secure=True)
    session = response.cookies["sessionid"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    token = client.cookies["csrftoken"]
    assert (token["secure"], token["samesite"]) == (True, "Lax")


@pytest.mark.django_db
def test_in_production_http_leads_to_https_which_stays(settings: Any) -> None:
    given = in_production()
    for name in ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS"):
        setattr(settings, name, given[name])
    settings.SECURE_HSTS_PRELOAD = given["SECURE_HSTS_PRELOAD"]
    response = Client().get("/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/")
    safe = Client().get("/", secure=True)
    assert safe["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


SETTINGS = (
    "DEBUG",
    "ALLOWED_HOSTS",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_PROXY_SSL_HEADER",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
)
_PROGRAM = f"""
import json
from config import settings
print(json.dumps({{name: getattr(settings, name, None) for name in {SETTINGS!r}}}))
"""


def run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A process with the environment of a site in production, and nothing of ours."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**clean, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def in_production(**variables: str) -> dict[str, Any]:
    scratch = os.environ["CAVEAT_VAR"]
    done = run("-c", _PROGRAM, **{"CAVEAT_VAR": scratch, "SECRET_KEY": "x" * 60, **variables})
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


@pytest.mark.pure
def test_settings_are_safe_unless_told_otherwise() -> None:
    assert in_production() == {
        "DEBUG": False,
        "ALLOWED_HOSTS": [],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_PROXY_SSL_HEADER": None,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 1_500_000,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 6_000,
    }


@pytest.mark.pure
def test_a_proxy_is_trusted_only_if_there_is_one() -> None:
    assert in_production(BEHIND_PROXY="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


@pytest.mark.pure
def test_debug_stays_off_in_development_too() -> None:
    assert in_production(CAVEAT_DEV="1")["DEBUG"] is False


@pytest.mark.pure
def test_without_a_secret_key_nothing_starts(tmp_path: Path) -> None:
    done = run("-c", "import config.settings", CAVEAT_VAR=str(tmp_path))
    assert done.returncode == 1
    assert "ImproperlyConfigured: SECRET_KEY is not set." in done.stderr


@pytest.mark.pure
def test_django_finds_nothing_to_say_about_production(tmp_path: Path) -> None:
    key = "".join(chr(33 + number) for number in range(60))
    done = run(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        CAVEAT_VAR=str(tmp_path),
        SECRET_KEY=key,
        ALLOWED_HOSTS="read.example.org",
    )
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")
