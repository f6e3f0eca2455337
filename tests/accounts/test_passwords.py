import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from tests.accounts.page import page
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "quiet green ladder"


def ask(client, email):
    return client.post("/accounts/password/reset/", {"email": email})


def link(mail):
    return re.search(r"https?://[^/]+(/\S+)", mail.body)[1]


def test_change_needs_the_old_password(client):
    user = UserFactory()
    client.force_login(user)
    data = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    shown = page(client.post("/accounts/password/change/", data))
    assert shown.described("oldpassword") == ["This is not your password now. Type it again."]
    client.post("/accounts/password/change/", {**data, "oldpassword": PASSWORD})
    user.refresh_from_db()
    assert check_password(NEW, user.password)
    assert client.get("/accounts/password/change/").status_code == 200  # still signed in


def test_change_judges_the_new_password(client):
    client.force_login(UserFactory(display_name="Blue Heron"))
    data = {"oldpassword": PASSWORD, "password1": "blue heron 1", "password2": "blue heron 1"}
    shown = page(client.post("/accounts/password/change/", data))
    assert shown.described("password1")[-1] == "The password is too similar to the nickname."


def test_change_signs_the_others_out(client):
    from django.test import Client

    user = UserFactory()
    other = Client()
    for each in (client, other):
        each.force_login(user)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert other.get("/accounts/password/change/").status_code == 302


def test_reset_writes_to_the_address_that_we_have(client, mailoutbox):
    """Not to the one that was typed: two addresses that fold to one may be two people's."""
    user = UserFactory(username="anna", display_name="Anna", email="anna@school.example")
    assert ask(client, "ANNA@school.example")["Location"] == "/accounts/password/reset/done/"
    (mail,) = mailoutbox
    assert mail.to == ["anna@school.example"]
    assert mail.subject == "A new password for Read it twice"
    assert mail.body.startswith("Hello Anna,")
    assert "You sign in as anna." in mail.body
    first = client.get(link(mail))
    assert "set-password" in first["Location"]
    done = client.post(first["Location"], {"password1": NEW, "password2": NEW})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    user.refresh_from_db()
    assert check_password(NEW, user.password)
    assert "This link does not work any more." in client.get(link(mail)).content.decode()


def test_reset_takes_no_address_from_elsewhere(client, mailoutbox):
    """An address that allauth remembers from before the site's admin changed it opens nothing."""
    user = UserFactory(email="new@school.example")
    EmailAddress.objects.create(user=user, email="old@school.example", verified=True, primary=True)
    ask(client, "old@school.example")
    assert mailoutbox == []
    ask(client, "new@school.example")
    client.get(link(mailoutbox[0]))
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["old@school.example"]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"email": ""}, id="nobody has it"),
        pytest.param({"email": "anna@school.example", "is_active": False}, id="closed"),
        pytest.param({"email": "anna@school.example", "kind": "service"}, id="service"),
        pytest.param({"email": "anna@school.example", "erased_at": timezone.now()}, id="erased"),
    ],
)
def test_reset_says_the_same_and_writes_to_nobody(client, mailoutbox, fields):
    UserFactory(**fields)
    assert ask(client, "anna@school.example")["Location"] == "/accounts/password/reset/done/"
    assert mailoutbox == []


def test_reset_writes_to_nobody_who_has_no_password(client, mailoutbox):
    user = UserFactory(email="anna@school.example")
    user.set_unusable_password()
    user.save()
    ask(client, "anna@school.example")
    assert mailoutbox == []


def test_reset_link_ends_when_the_address_changes(client, mailoutbox):
    user = UserFactory(email="anna@school.example")
    ask(client, "anna@school.example")
    user.email = "vera@school.example"
    user.save()
    assert "This link does not work any more." in client.get(link(mailoutbox[0])).content.decode()


def test_reset_fills_no_mailbox(client, mailoutbox):
    UserFactory(email="anna@school.example")
    answers = [ask(client, "Anna@school.example").status_code for _try in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(mailoutbox) == 5


def test_the_hash_is_argon2_as_tuned(settings):
    settings.PASSWORD_HASHERS = ["accounts.passwords.TunedArgon2PasswordHasher"]
    before = timezone.now()
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert timezone.now() - before < timedelta(seconds=2)
