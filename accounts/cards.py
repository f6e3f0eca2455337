"""New passwords for pupils, on cards to cut out: the only place where one is seen in clear, and that once."""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts import authority, journal, limits
from accounts.models import Cohort, CohortMember, User
from accounts.naming import names_in

WORDS_IN_PASSWORD = 3
#: The number after them has three figures.
_NUMBERS = range(100, 1000)


@dataclass(frozen=True)
class Card:
    """What one pupil is handed: `name` is what the teacher sees, `username` and `password` sign in."""

    name: str
    username: str
    password: str


@cache
def words() -> tuple[str, ...]:
    """Short nouns that a child can read and spell, each once."""
    return tuple(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


def bits() -> float:
    """How many bits a guesser has to guess who knows how passwords are made."""
    return WORDS_IN_PASSWORD * math.log2(len(words())) + math.log2(len(_NUMBERS))


def new_password() -> str:
    """Three words and a number: "otter-lamp-river-427"."""
    chosen = [secrets.choice(words()) for _word in range(WORDS_IN_PASSWORD)]
    return "-".join([*chosen, str(secrets.choice(_NUMBERS))])


def new_passwords(*, by: User, cohort: Cohort, pupils: Sequence[User]) -> list[Card]:
    """Give each of them a new password; their sessions end, and a lock after wrong tries is lifted.

    Only who is in `authority.pupils_of(cohort)` gets one; others are left out. In the order of names.
    """
    allowed = list(authority.pupils_of(cohort).filter(pk__in=[pupil.pk for pupil in pupils]))
    made = {pupil.pk: new_password() for pupil in allowed}
    # A hash takes 65 ms: all are made before the transaction, for which everybody else would wait.
    hashes = {pk: make_password(password) for pk, password in made.items()}
    with transaction.atomic():
        # In the order in which everybody locks learners: two who hold what the other wants wait for ever.
        locked = authority.pupils_of(cohort).select_for_update(of=("self",), no_key=True).order_by("pk")
        changed = list(locked.filter(pk__in=hashes))
        for pupil in changed:
            pupil.password, pupil.updated_at = hashes[pupil.pk], timezone.now()
        User.objects.bulk_update(changed, ["password", "updated_at"])
        places = CohortMember.objects.filter(cohort=cohort, user__in=changed, left_at=None)
        for place in places.select_related("user", "cohort"):
            journal.note(by, place, "Has a new password, on a card.")
    for pupil in changed:
        limits.forgive(pupil)
    names = names_in(cohort)
    cards = [Card(names[pupil.pk], pupil.username, made[pupil.pk]) for pupil in changed]
    return sorted(cards, key=lambda card: card.name.casefold())
