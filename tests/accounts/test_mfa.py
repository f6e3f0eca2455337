import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from tests.accounts.page import page
from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = generate_totp_secret()


@pytest.fixture(autouse=True)
def amid_a_step(monkeypatch):
    """The clock stands still, so that no test is cut in two by the next code."""
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr("time.time", lambda: now)


def code_now(steps=0, secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def signed_in(client):
    return client.session.get("_auth_user_id")


def sign_in(client, user, url="/accounts/login/"):
    return client.post(url, {"login": user.username, "username": user.username, "password": PASSWORD})


@pytest.fixture
def guarded():
    """A superuser with a second step."""
    user = StaffFactory(is_superuser=True)
    TOTP.activate(user, SECRET)
    return user


def test_the_admin_sends_to_our_login_page(client):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_the_admins_own_login_signs_nobody_in(client):
    user = StaffFactory(is_superuser=True)
    response = sign_in(client, user, "/admin/login/")
    assert response["Location"].startswith("/accounts/login/")
    assert signed_in(client) is None
    assert client.get("/admin/").status_code == 302


def test_staff_without_a_second_step_get_into_the_admin(client):
    user = StaffFactory(is_superuser=True)
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "/admin/"})
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_pupils_get_into_no_admin(client):
    client.force_login(UserFactory())
    assert client.get("/admin/login/").status_code == 403


def test_the_second_step_is_asked_for_before_the_admin_opens(client, guarded):
    response = client.post(
        "/accounts/login/", {"login": guarded.username, "password": PASSWORD, "next": "/admin/"}
    )
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert signed_in(client) is None
    assert client.get("/admin/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": code_now(9)})
    assert page(wrong).described("code") == ["Incorrect code."]
    assert signed_in(client) is None
    right = client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert right["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("steps", "lets_in"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_off_by_one_step(client, guarded, steps, lets_in):
    sign_in(client, guarded)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(steps)})
    assert (signed_in(client) is not None) == lets_in


def test_a_code_is_good_once(client, guarded):
    code = code_now()
    for each, lets_in in [(client, True), (Client(), False)]:
        sign_in(each, guarded)
        each.post("/accounts/2fa/authenticate/", {"code": code})
        assert (signed_in(each) is not None) == lets_in


def test_who_guesses_the_second_step_is_stopped(client, guarded):
    sign_in(client, guarded)
    for _guess in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": code_now(9)})
    shown = page(client.post("/accounts/2fa/authenticate/", {"code": code_now()}))
    assert shown.described("code") == ["Too many tries. Try again in five minutes."]
    assert signed_in(client) is None


def test_a_recovery_code_is_a_second_step_once(client, guarded):
    code = RecoveryCodes.activate(guarded).get_unused_codes()[0]
    for each, lets_in in [(client, True), (Client(), False)]:
        sign_in(each, guarded)
        each.post("/accounts/2fa/authenticate/", {"code": code})
        assert (signed_in(each) is not None) == lets_in


def test_staff_set_the_second_step_up(client):
    user = StaffFactory()
    sign_in(client, user)
    asked = client.get("/accounts/2fa/totp/activate/")["Location"]
    assert asked == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"
    assert client.post(asked, {"password": PASSWORD})["Location"] == "/accounts/2fa/totp/activate/"
    shown = page(client.get("/accounts/2fa/totp/activate/"))
    secret = shown.by_id("authenticator_secret").attrs["value"]
    assert [button.text.strip() for button in shown.all("button", **{"class": "btn first"})] == ["Activate"]
    (image,) = shown.all("img")
    assert image.attrs["src"].startswith("data:image/svg+xml")
    assert secret not in image.attrs["alt"]
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret=secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    assert set(Authenticator.objects.values_list("user", "type")) == {
        (user.pk, "totp"), (user.pk, "recovery_codes"),
    }  # fmt: skip
    codes = page(client.get("/accounts/2fa/recovery-codes/")).by_id("recovery_codes").text.split()
    assert len(codes) == 10
    other = Client()
    assert sign_in(other, user)["Location"].startswith("/accounts/2fa/authenticate/")


def test_changing_the_second_step_asks_who_it_is(client, guarded):
    """A session that was left open on a school computer is not enough."""
    client.force_login(guarded)
    response = client.post("/accounts/2fa/totp/deactivate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(user=guarded).exists()
    wrong = page(client.post(response["Location"], {"password": "wrong horse battery"}))
    assert wrong.described("password") == ["This is not your password. Type it again."]
