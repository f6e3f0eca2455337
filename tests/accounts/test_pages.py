"""Every page of signing in, as a screen reader and the content security policy meet it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import get_resolver, resolve

from tests.accounts.page import page
from tests.factories.accounts import PASSWORD, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_key_of_no_maker(monkeypatch):
    """Nothing but a browser can make the data of a security key."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.begin_authentication", lambda _user: {})
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _user: [])
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.WebAuthn.is_passwordless", False)


def anonymous(client):
    pass


def pending(client):
    user = StaffFactory()
    TOTP.activate(user, generate_totp_secret())
    key(user)
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})


def signed_in(client):
    user = StaffFactory()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/join/"})
    return user


def without_password(client):
    user = StaffFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)


def guarded(client):
    """Signed in, with all kinds of second steps."""
    user = signed_in(client)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    key(user)


def key(user):
    data = {"name": "Desk key", "credential": {}}
    Authenticator.objects.create(pk=77, user=user, type=Authenticator.Type.WEBAUTHN, data=data)


PAGES = [
    (anonymous, "/join/", "Come in"),
    (anonymous, "/accounts/login/", "Come in"),
    (anonymous, "/accounts/signup/", "Accounts come with a class."),
    (anonymous, "/accounts/inactive/", "This account is closed."),
    (anonymous, "/accounts/confirm-email/", None),
    (anonymous, "/accounts/confirm-email/none/", None),
    (anonymous, "/accounts/password/reset/", "You have forgotten your password?"),
    (anonymous, "/accounts/password/reset/done/", "Look at your mail."),
    (anonymous, "/accounts/password/reset/key/done/", "Your password is changed."),
    (anonymous, "/accounts/password/reset/key/1-none/", "This link does not work any more."),
    (pending, "/accounts/2fa/authenticate/", None),
    (signed_in, "/join/", "Join another class"),
    (signed_in, "/accounts/logout/", "Sign out?"),
    (signed_in, "/accounts/password/change/", "Change your password"),
    (without_password, "/accounts/password/set/", "Set a password"),
    (signed_in, "/accounts/reauthenticate/", "Is it you?"),
    (signed_in, "/accounts/2fa/", None),
    (signed_in, "/accounts/2fa/totp/activate/", None),
    (signed_in, "/accounts/2fa/webauthn/", "Security keys"),
    (signed_in, "/accounts/2fa/webauthn/add/", None),
    (guarded, "/accounts/2fa/", None),
    (guarded, "/accounts/reauthenticate/", "Is it you?"),
    (guarded, "/accounts/2fa/reauthenticate/", "Is it you?"),
    (guarded, "/accounts/2fa/webauthn/reauthenticate/", "Is it you?"),
    (guarded, "/accounts/2fa/totp/deactivate/", None),
    (guarded, "/accounts/2fa/recovery-codes/", None),
    (guarded, "/accounts/2fa/recovery-codes/generate/", None),
    (guarded, "/accounts/2fa/webauthn/", "Security keys"),
    (guarded, "/accounts/2fa/webauthn/keys/77/edit/", None),
    (guarded, "/accounts/2fa/webauthn/keys/77/remove/", None),
]


@pytest.mark.parametrize(("reader", "url", "heading"), PAGES)
def test_page_is_whole(client, reader, url, heading):
    reader(client)
    response = client.get(url)
    assert response.status_code == 200
    shown = page(response)
    assert_landmarks(shown, heading)
    assert_fields_are_named(shown)
    assert_nothing_inline(response, shown)


def assert_landmarks(shown, heading):
    assert [len(shown.all(name)) for name in ("main", "header", "nav", "footer")][0::2] == [1, 1]
    assert shown.all("link", rel="stylesheet")
    (h1,) = shown.all("h1")
    assert "main" in h1.parents
    assert h1.text.strip()
    assert heading is None or h1.text.strip() == heading
    title = " ".join(shown.all("title")[0].text.split())
    assert re.fullmatch(r"\S.* · Read it twice", title)


def assert_fields_are_named(shown):
    assert len(shown.ids()) == len(set(shown.ids()))
    controls = [
        tag
        for tag in shown.tags
        if tag.name in {"input", "textarea", "select"} and tag.attrs.get("type") != "hidden"
    ]
    for control in controls:
        labels = shown.all("label", **{"for": control.attrs.get("id", "")})
        assert "label" in control.parents or len(labels) == 1, control
        assert "placeholder" not in control.attrs or labels[0].text.strip()
        for name in control.attrs.get("aria-describedby", "").split():
            assert shown.by_id(name).text.strip()
    tokens = shown.all("input", name="csrfmiddlewaretoken")
    assert len(tokens) == len(shown.all("form", method="post"))
    for form in shown.all("form", method="post"):
        assert form.attrs.get("action", "/").startswith("/")  # none: to the page itself
    assert all(button.text.strip() for button in shown.all("button") + shown.all("a"))


def assert_nothing_inline(response, shown):
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not shown.all("style")
    for tag in shown.tags:
        assert not [name for name in tag.attrs if name == "style" or name.startswith("on")], tag
    for script in shown.all("script"):
        # Data for a script is not run, and the policy lets it be.
        assert (
            script.attrs.get("src", "").startswith("/static/") or script.attrs["type"] == "application/json"
        )


def test_every_route_of_signing_in_is_looked_at():
    """A route that allauth brings with a later version is added to PAGES, or to the ones without a page."""
    without_page = {
        "account_email",  # goes on to the password
        "account_confirm_login_code",  # codes by mail are off: goes on to the login page
        "mfa_download_recovery_codes",  # plain text
    }
    looked_at = {resolve(url).url_name for _reader, url, _heading in PAGES}
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("account_", "mfa_"))} - without_page == {
        name for name in looked_at if name.startswith(("account_", "mfa_"))
    }


@pytest.mark.parametrize(
    ("reader", "url", "data", "field"),
    [
        (anonymous, "/accounts/password/reset/", {"email": "nobody"}, "email"),
        (signed_in, "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "1"}, "password1"),
        (signed_in, "/accounts/reauthenticate/", {"password": "wrong"}, "password"),
        (signed_in, "/accounts/2fa/totp/activate/", {"code": "1"}, "code"),
    ],
)
def test_error_is_named_by_its_field(client, reader, url, data, field):
    reader(client)
    client.get(url)
    shown = page(client.post(url, data))
    assert_fields_are_named(shown)
    control = shown.control(field)
    assert control.attrs["aria-invalid"] == "true"
    wrong = [
        shown.by_id(name)
        for name in control.attrs["aria-describedby"].split()
        if shown.by_id(name).attrs.get("class") == "wrong"
    ]
    assert len(wrong) == 1


@pytest.mark.parametrize(
    ("url", "current"), [("/join/", "I have a class code"), ("/accounts/login/", "Sign in")]
)
def test_navigation_says_where_we_are(client, url, current):
    (link,) = page(client.get(url)).all("a", **{"aria-current": "page"})
    assert link.text == current
