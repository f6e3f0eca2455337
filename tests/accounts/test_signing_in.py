import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from accounts.backends import signing_in_as
from accounts.models import User
from tests.accounts.page import page
from tests.factories.accounts import PASSWORD, CohortMemberFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = "/accounts/login/"


def signed_in(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize(
    "login",
    [
        "Анна-к",
        "АННА-К",
        " анна-к ",
        "\uff21\uff4e\uff4e\uff41@school.example",  # wide letters
        "anna@school.example",
        "ANNA@School.Example",
        "Анна К",
    ],
)
def test_login_takes_the_name_as_a_person_types_it(client, login):
    user = UserFactory(username="Анна-К", email="Anna@school.example")
    UserFactory(username="other", email="other@school.example")
    response = client.post(URL, {"login": login, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, reverse("courses:home"))
    assert signed_in(client) == str(user.pk)


def test_a_name_as_it_stands_comes_before_the_name_it_looks_like():
    dotted = UserFactory(username="blue.heron")
    plain = UserFactory(username="blue-heron")
    assert signing_in_as("blue.heron") == [dotted]
    assert signing_in_as("Blue Heron") == [plain]
    assert signing_in_as("") == signing_in_as(" ") == []


def test_a_name_that_is_one_users_and_anothers_address_lets_both_in():
    one = UserFactory(username="a@b.example", password="first correct horse")
    other = UserFactory(email="a@b.example", password="second correct horse")
    assert authenticate(username="a@b.example", password="first correct horse") == one
    assert authenticate(username="a@b.example", password="second correct horse") == other


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", "wrong horse battery"),
        ("nobody", PASSWORD),
        ("a@b.example", PASSWORD),
        ("anna", PASSWORD.upper()),
    ],
)
def test_login_refuses_and_does_not_say_which_was_wrong(client, login, password):
    UserFactory(username="anna")
    response = client.post(URL, {"login": login, "password": password})
    assert response.status_code == 200
    (alert,) = page(response).all("p", role="alert")
    assert alert.text.startswith("This name and password do not go together.")
    assert signed_in(client) is None


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"kind": "service"}, {"erased_at": "2026-01-01T00:00Z"}]
)
def test_login_refuses_closed_accounts_as_wrong_ones(client, fields):
    UserFactory(username="anna", **fields)
    response = client.post(URL, {"login": "anna", "password": PASSWORD})
    assert "do not go together" in response.content.decode()
    assert signed_in(client) is None


def test_an_unknown_name_costs_the_time_of_a_wrong_password(monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda _self, password: hashed.append(password))
    assert authenticate(username="nobody", password="wrong") is None
    assert hashed == ["wrong"]


def test_login_rotates_the_session(client):
    user = UserFactory()
    session = client.session
    session["seen"] = True
    session.save()
    client.post(URL, {"login": user.username, "password": PASSWORD})
    assert client.session.session_key != session.session_key
    assert not session.exists(session.session_key)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/progress/?skill=2", "/progress/?skill=2"),
        ("https://evil.example/", "/lessons/"),
        ("//evil.example/", "/lessons/"),
        ("/\\evil.example", "/lessons/"),
        ("javascript:alert(1)", "/lessons/"),
        ("", "/lessons/"),
    ],
)
def test_login_goes_on_only_to_our_own_pages(client, asked, given):
    user = UserFactory()
    (kept,) = page(client.get(URL, {"next": "/progress/"})).all("input", name="next")
    assert kept.attrs["value"] == "/progress/"
    response = client.post(URL, {"login": user.username, "password": PASSWORD, "next": asked})
    assert response["Location"] == given


def test_login_page_sends_on_who_is_signed_in(client):
    client.force_login(UserFactory())
    assert client.get(URL, {"next": "//evil.example"})["Location"] == reverse("courses:home")


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize(
    ("value", "status"),
    [(b"%00", 200), (b"%ED%A0%80", 200), (b"%FF", 200), (b"x" * 200_000, 200), (b"x" * 2_000_000, 413)],
)
def test_login_never_breaks(client, field, value, status):
    data = {"login": b"anna", "password": b"wrong", field: value}
    body = b"&".join(name.encode() + b"=" + text for name, text in data.items())
    response = client.post(URL, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == status


def test_logout_is_by_post_only(client):
    client.force_login(UserFactory())
    shown = page(client.get("/accounts/logout/"))
    assert shown.all("h1")[0].text == "Sign out?"
    assert signed_in(client) is not None
    response = client.post("/accounts/logout/", {"next": "https://evil.example/"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client) is None


def test_logout_needs_a_csrf_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    assert client.post("/accounts/logout/").status_code == 403
    assert signed_in(client) is not None


def test_nobody_makes_an_account_without_a_class(client):
    data = {"username": "anna", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post("/accounts/signup/", data)
    assert "Accounts come with a class." in response.content.decode()
    assert not User.objects.exists()


def test_nobody_adds_an_address_of_their_own(client):
    user = UserFactory()
    client.force_login(user)
    assert client.post("/accounts/email/", {"email": "a@b.example", "action_add": ""})["Location"] == (
        "/accounts/password/change/"
    )
    user.refresh_from_db()
    assert (user.email, user.emailaddress_set.count()) == ("", 0)


@pytest.mark.parametrize("role", ["teacher", "assistant"])
def test_who_teaches_comes_to_their_classes(client, role):
    member = CohortMemberFactory(**{role: True})
    response = client.post("/accounts/login/", {"login": member.user.username, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/classes/")
