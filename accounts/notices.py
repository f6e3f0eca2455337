"""Telling people things, once: the only writer of notices. Each room registers its kinds of news.

notices.register("assigned", words, standing=still)
    words(facts) makes the sentence, in the reader's language and zone; still(user, told) leaves out what
    is not so any more, and brings the facts of the rest up to date. Without it, everything stands.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import Notice, User

Facts = Mapping[str, Any]
Standing = Callable[[User, Sequence[Notice]], Iterable[Notice]]
_WORDS: dict[str, Callable[[Facts], str]] = {}
_STANDING: dict[str, Standing] = {}


class News(NamedTuple):
    """What is told to one user (a row or a primary key); the same `key` again is not told again."""

    user: User | int
    key: str
    facts: Facts
    url: str = ""


def register(kind: str, words: Callable[[Facts], str], *, standing: Standing | None = None) -> None:
    """Let there be news of this kind, told in `words(facts)`. The same kind twice is once."""
    _WORDS[kind] = words
    if standing is not None:
        _STANDING[kind] = standing


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


def still_so(user: User, told: Sequence[Notice]) -> list[Notice]:
    """Of what they were told, what is still so, in the same order. As many queries as there are kinds, at most."""
    of_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in told:
        of_kind[notice.kind].append(notice)
    stand = {
        notice.pk
        for kind, notices in of_kind.items()
        for notice in (_STANDING[kind](user, notices) if kind in _STANDING else notices)
    }
    return [notice for notice in told if notice.pk in stand]


def mark_read(user: User) -> int:
    """Mark all that they were told as read; how many were not."""
    return Notice.objects.filter(user=user).unread().update(read_at=timezone.now())
