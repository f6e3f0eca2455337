import pytest
from django.urls import reverse

from accounts.models import CohortMember, User
from tests.accounts.page import page
from tests.factories.accounts import (
    PASSWORD,
    CohortFactory,
    CohortMemberFactory,
    JoinCodeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
URL = "/join/"


@pytest.fixture
def code():
    return JoinCodeFactory(code="KPT4M7", cohort__name="7b", cohort__timezone="Asia/Yerevan")


def post(client, **data):
    return client.post(URL, {"code": "KPT4M7", "nickname": "Blue Heron", "password": PASSWORD, **data})


def test_join_is_at_an_address_for_the_blackboard():
    assert reverse("accounts:join") == URL
    assert reverse("accounts:join", args=["KPT4M7"]) == "/join/KPT4M7/"


@pytest.mark.parametrize("url", [URL, "/accounts/login/"])
def test_both_ways_in_are_on_one_page(client, url):
    shown = page(client.get(url))
    assert [form.attrs["action"] for form in shown.all("form")] == ["/join/", "/accounts/login/"]
    assert [h.text for h in shown.all("h1") + shown.all("h2")] == [
        "Come in", "I have a class code", "I have been here before",
    ]  # fmt: skip


def test_join_page_has_the_code_of_its_address(client):
    shown = page(client.get("/join/%3Cscript%3E/"))
    assert shown.control("code").attrs["value"] == "<script>"
    assert page(client.get(URL)).control("code").attrs.get("value", "") == ""


def test_join_signs_in_and_shows_the_user_name(client, code):
    before = client.get(URL).wsgi_request.session.session_key or client.session.session_key
    response = post(client, code="kpt-4m7")
    assert (response.status_code, response["Location"]) == (302, "/joined/")
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
    assert client.session["timezone"] == "Asia/Yerevan"
    shown = page(client.get("/joined/"))
    assert [strong.text for strong in shown.all("strong")] == ["blue-heron"]
    assert "7b" in shown.by_id("main").text
    assert [link.text for link in shown.all("a", href=reverse("courses:home")) if "main" in link.parents] == [
        "To the lessons"
    ]


def test_join_rotates_the_session_it_finds(client, code):
    session = client.session
    session["seen"] = True
    session.save()
    post(client)
    assert client.session.session_key != session.session_key
    assert not session.exists(session.session_key)


def test_who_joined_comes_back_with_user_name_and_password(client, code):
    post(client)
    client.logout()
    client.post("/accounts/login/", {"login": "blue-heron", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"code": "XXXXXX"}, "code", "No class has this code."),
        ({"code": ""}, "code", "This field is required."),
        ({"code": "KPT\0"}, "code", "Null characters are not allowed."),
        ({"nickname": ""}, "nickname", "Choose a nickname."),
        ({"nickname": "Vera"}, "nickname", "Somebody in this class is Vera already. Try another."),
        ({"nickname": "a@b.example"}, "nickname", "This looks like an e-mail address"),
        ({"nickname": "x" * 100_000}, "nickname", "A nickname has at most 40 characters."),
        ({"password": "short"}, "password", "This password is too short."),
        ({"password": ""}, "password", "This field is required."),
    ],
)
def test_join_says_what_is_wrong_beside_the_field(client, code, data, field, message):
    CohortMemberFactory(cohort=code.cohort, user__display_name="Vera")
    response = post(client, **data)
    assert response.status_code == 200
    shown = page(response)
    assert shown.control(field).attrs["aria-invalid"] == "true"
    assert any(text.startswith(message) for text in shown.described(field)), shown.described(field)
    assert User.objects.count() == 1
    assert "_auth_user_id" not in client.session


def test_join_keeps_what_was_typed_but_not_the_password(client, code):
    shown = page(post(client, password="short"))
    assert shown.control("code").attrs["value"] == "KPT4M7"
    assert shown.control("nickname").attrs["value"] == "Blue Heron"
    assert all("value" not in each.attrs for each in shown.all("input", type="password"))


def test_join_needs_a_csrf_token(code):
    from django.test import Client

    assert post(Client(enforce_csrf_checks=True)).status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize("field", ["code", "nickname", "password"])
@pytest.mark.parametrize(
    ("value", "status"),
    [
        pytest.param(b"%00", 200, id="NUL"),
        pytest.param(b"%ED%A0%80", 200, id="lone surrogate"),
        pytest.param(b"%FF", 200, id="no UTF-8"),
        pytest.param(b"x" * 2_000_000, 413, id="2 MB"),
    ],
)
def test_join_never_breaks(client, code, field, value, status):
    data = {"code": b"KPT4M7", "nickname": b"Vera", "password": b"short", field: value}
    body = b"&".join(name.encode() + b"=" + text for name, text in data.items())
    response = client.post(URL, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == status
    assert not User.objects.exists()


def test_somebody_with_an_account_joins_another_class(client, code):
    old = CohortMemberFactory(cohort=CohortFactory(timezone="Europe/Berlin"), joined_at="2026-01-01T00:00Z")
    client.force_login(old.user)
    shown = page(client.get(URL))
    assert [each.attrs["name"] for each in shown.all("input") if each.attrs.get("type") != "hidden"] == [
        "code"
    ]
    assert client.post(URL, {"code": "kpt 4m7"})["Location"] == "/joined/"
    assert CohortMember.objects.filter(user=old.user).count() == 2
    assert client.session["timezone"] == "Asia/Yerevan"
    assert "7b" in client.get("/joined/").content.decode()
    assert User.objects.count() == 1


def test_joined_page_is_for_those_who_joined(client):
    assert client.get("/joined/")["Location"] == "/accounts/login/?next=/joined/"
    client.force_login(UserFactory())
    assert client.get("/joined/")["Location"] == reverse("courses:home")


def test_pages_with_a_password_are_kept_by_nobody(client):
    assert "no-store" in client.get(URL)["Cache-Control"]
    assert "no-store" in client.get("/accounts/login/")["Cache-Control"]
