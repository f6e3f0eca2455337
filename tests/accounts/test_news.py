"""News: told once, read in the app, mailed to those who want it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from accounts import digests, notices
from accounts.models import Consent, Notice, User
from tests.factories.accounts import CohortFactory, CohortMemberFactory, UserFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(notices._WORDS, "test", lambda facts: f"Told {facts['n']}.")


def reader(**fields: Any) -> User:
    """Somebody with an address who asked for mail."""
    user: User = UserFactory(**{"email": f"{UserFactory.build().username}@school.example", **fields})
    digests.want(user=user, given=True)
    return user


def tell(*users: User, n: int = 1) -> None:
    notices.tell(users=users, kind="test", key=f"test:{n}", facts={"n": n}, url="/lessons/")


def test_tell_tells_everybody_once() -> None:
    users = [UserFactory(), UserFactory()]
    tell(*users)
    tell(*users, n=1)
    tell(users[0], n=2)
    assert sorted(Notice.objects.values_list("user", "key")) == sorted(
        [(users[0].pk, "test:1"), (users[1].pk, "test:1"), (users[0].pk, "test:2")]
    )


@pytest.mark.once
def test_tell_takes_one_query_for_many(django_assert_num_queries: Any) -> None:
    users = UserFactory.create_batch(30)
    with django_assert_num_queries(1):
        tell(*users)


def test_nothing_is_told_of_a_kind_that_nobody_words() -> None:
    with pytest.raises(KeyError):
        notices.tell(users=[UserFactory()], kind="nosuch", key="k", facts={})


def test_the_page_shows_their_own_news_and_marks_it_read(client: Client) -> None:
    mine, other = UserFactory(), UserFactory()
    tell(mine, n=7)
    tell(other, n=8)
    client.force_login(mine)
    page = client.get("/news/").content.decode()
    assert ("Told 7." in page, "Told 8." in page, "<strong>New</strong>" in page) == (True, False, True)
    client.post("/news/read/")
    assert "<strong>New</strong>" not in client.get("/news/").content.decode()
    assert Notice.objects.unread().get().user == other


@pytest.mark.once
def test_the_page_takes_as_many_queries_for_much_news(client: Client, django_assert_num_queries: Any) -> None:
    user = UserFactory()
    client.force_login(user)
    client.get("/news/")
    for n in range(1, 30):
        tell(user, n=n)
    with django_assert_num_queries(3):
        client.get("/news/")


def test_a_digest_goes_to_who_wants_it_and_says_nothing_private_in_the_subject() -> None:
    wants, silent = reader(display_name="Blue Heron"), UserFactory(email="silent@school.example")
    tell(wants, silent, n=1)
    tell(wants, n=2)
    assert digests.send_due(MORNING) == 1
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([wants.email], "News from Read it twice")
    assert "Told 1." in sent.body
    assert "Told 2." in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(Notice.objects.exclude(mailed_at=None).values_list("user", flat=True)) == {wants.pk}


def test_there_is_one_digest_a_day() -> None:
    user = reader()
    tell(user, n=1)
    assert digests.send_due(MORNING) == 1
    tell(user, n=2)
    assert digests.send_due(MORNING + timedelta(hours=3)) == 0
    assert digests.send_due(MORNING + timedelta(days=1)) == 1
    assert digests.send_due(MORNING + timedelta(days=2)) == 0


def test_what_was_read_is_not_mailed() -> None:
    user = reader()
    tell(user)
    notices.mark_read(user)
    assert digests.send_due(MORNING) == 0


@pytest.mark.parametrize(("zone", "sent"), [("UTC", 1), ("America/New_York", 0), ("Asia/Tokyo", 1)])
def test_a_digest_waits_for_the_readers_morning(zone: str, sent: int) -> None:
    user = reader()
    CohortMemberFactory(user=user, cohort=CohortFactory(timezone=zone))
    tell(user)
    assert digests.send_due(MORNING) == sent


def test_their_own_zone_stands_before_the_classs() -> None:
    user = reader(timezone="America/New_York")
    CohortMemberFactory(user=user, cohort=CohortFactory(timezone="Asia/Tokyo"))
    tell(user)
    assert digests.send_due(MORNING) == 0


def test_a_mail_that_fails_holds_up_no_other_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = reader(), reader()
    tell(first, second)
    send = EmailBackend.send_messages

    def refuse_first(self: EmailBackend, messages: list[Any]) -> int:
        if messages[0].to == [first.email]:
            raise ConnectionRefusedError
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_first)
    assert digests.send_due(MORNING) == 1
    assert Notice.objects.get(mailed_at=None).user == first
    monkeypatch.undo()
    assert digests.send_due(MORNING) == 1


@pytest.mark.once
def test_a_digest_takes_one_more_query_for_each_mail(django_assert_num_queries: Any) -> None:
    users = [reader() for _reader in range(6)]
    tell(*users)
    with django_assert_num_queries(2 + 6 + 1):  # readers and their news, a mark for each, and the empty end
        assert digests.send_due(MORNING) == 6


def test_who_wants_no_more_mail_says_so_without_signing_in(client: Client) -> None:
    user = reader()
    address = reverse("accounts:news_off", kwargs={"token": digests.token(user)})
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert digests.wanted_by(user) is True
    strict = Client(enforce_csrf_checks=True)  # a mail program posts by itself
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert digests.wanted_by(user) is False
    tell(user)
    assert digests.send_due(MORNING) == 0


def test_a_made_up_token_is_nobodys(client: Client) -> None:
    assert client.post("/news/off/nosuch/").status_code == 404


def test_what_they_want_is_kept_with_the_words_that_they_read(client: Client) -> None:
    user = UserFactory(email="heron@school.example")
    client.force_login(user)
    client.post("/news/mail/", {"mail": "1"})
    client.post("/news/mail/", {"mail": "1"})
    client.post("/news/mail/")
    rows = list(Consent.objects.order_by("pk").values_list("kind", "given", "wording", "by"))
    assert rows == [("mail", given, digests.wording(), user.pk) for given in (True, False)]


def test_who_has_no_address_is_asked_nothing(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    assert "checkbox" not in client.get("/news/").content.decode()
    client.post("/news/mail/", {"mail": "1"})
    assert digests.wanted_by(user) is False
