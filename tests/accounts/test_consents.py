import pytest
from django.test import Client

from accounts import consents
from accounts.models import Consent
from tests.accounts.page import page
from tests.factories.accounts import (
    PASSWORD,
    CohortMemberFactory,
    JoinCodeFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REMINDER = "Please read “Who sees what”"


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_is_shown_at_joining_is_what_is_kept(client, signed_in):
    JoinCodeFactory(code="KPT4M7")
    if signed_in:
        client.force_login(UserFactory())
    shown = page(client.get("/join/"))
    words = [item.text for item in shown.all("li") if "main" in item.parents]
    client.post("/join/", {"code": "KPT4M7", "nickname": "Heron", "password": PASSWORD})
    kept = Consent.objects.get()
    assert kept.wording.split("\n") == words == consents.joining_words()
    assert (kept.given, kept.kind, kept.by) == (True, "joining", kept.user)


def test_who_agreed_is_not_asked_again_at_the_next_class(client):
    JoinCodeFactory(code="KPT4M7")
    JoinCodeFactory(code="KPT4M8")
    client.post("/join/", {"code": "KPT4M7", "nickname": "Heron", "password": PASSWORD})
    client.post("/join/", {"code": "KPT4M8"})
    assert Consent.objects.count() == 1
    assert "I have read this" not in client.get("/privacy/").content.decode()


def test_a_pupil_whose_account_was_made_is_reminded_until_they_agree():
    pupil = CohortMemberFactory().user

    def sign_in():
        client = Client()
        client.post("/accounts/login/", {"login": pupil.username, "password": PASSWORD})
        return client, client.get("/lessons/").content.decode()

    client, home = sign_in()
    assert REMINDER in home
    client.post("/privacy/")
    client.post("/privacy/")
    assert Consent.objects.filter(user=pupil, given=True).count() == 1
    assert REMINDER not in sign_in()[1]


def test_a_teacher_is_not_asked(client):
    teacher = TeacherFactory()
    client.force_login(teacher)
    client.post("/privacy/")
    assert not Consent.objects.exists()


def test_the_newest_word_holds():
    member = CohortMemberFactory()
    consents.agree(user=member.user)
    assert set(consents.agreed_in(member.cohort)) == {member.user.pk}
    Consent.objects.create(user=member.user, by=member.user, kind="joining", given=False, wording="No.")
    assert consents.agreed_in(member.cohort) == {}
    assert not consents.has_agreed(member.user)


@pytest.mark.parametrize("url", ["/", "/join/", "/privacy/", "/accounts/login/"])
def test_every_page_has_the_way_to_who_sees_what(client, url):
    assert [link.text for link in page(client.get(url)).all("a", href="/privacy/")][-1] == "Who sees what"
