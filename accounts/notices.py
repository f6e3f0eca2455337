"""Telling people things, once: the only writer of notices. Each room registers its kinds of news.

notices.register("assigned", words)     words(facts) makes the sentence, in the reader's language and zone
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import Notice, User

Facts = Mapping[str, Any]
_WORDS: dict[str, Callable[[Facts], str]] = {}


class News(NamedTuple):
    """What is told to one user (a row or a primary key); the same `key` again is not told again."""

    user: User | int
    key: str
    facts: Facts
    url: str = ""


def register(kind: str, words: Callable[[Facts], str]) -> None:
    """Let there be news of this kind, told in `words(facts)`. The same kind twice is once."""
    _WORDS[kind] = words


def tell(*, users: Iterable[User | int], kind: str, key: str, facts: Facts, url: str = "") -> None:
    """Tell each of `users` (rows or primary keys) once: the same `key` again is not told again.

    `facts` is JSON. Raises KeyError for a kind that nobody registered.
    """
    tell_each(kind=kind, news=(News(user, key, facts, url) for user in users))


def tell_each(*, kind: str, news: Iterable[News]) -> None:
    """Tell each their own, as `tell` does, in one statement for 500."""
    _WORDS[kind]
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=one.user.pk if isinstance(one.user, User) else one.user,
                kind=kind,
                key=one.key,
                facts=dict(one.facts),
                url=one.url,
                at=now,
            )
            for one in news
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def words(notice: Notice) -> str:
    """The sentence of a notice, for whoever is reading now; "" for a kind that is gone."""
    tell_of = _WORDS.get(notice.kind)
    return tell_of(notice.facts) if tell_of else ""


def mark_read(user: User) -> int:
    """Mark all that they were told as read; how many were not."""
    return Notice.objects.filter(user=user).unread().update(read_at=timezone.now())
