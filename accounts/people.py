"""People whom a program of their school makes, and what it may change of them.

They get no password: they sign in by a launch. Whose account a program may change, `authority.kept_by` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import authority, nicknames
from accounts.models import ExternalIdentity, Organisation, User
from accounts.names import name_key
from accounts.roster.plans import LONGEST_ID

#: An id: the system that gave it, and what it calls somebody.
Id = tuple[str, str]


class RosterRefused(Exception):
    """Nothing was changed; the message says why, and how to mend it.

    `field` is what has to be mended ("" for the whole), `code` names the refusal for programs. A
    `conflict` is with how things stand; else what was asked for can never be.
    """

    def __init__(self, field: str, code: str, message: str, *, conflict: bool = False) -> None:
        self.field, self.code, self.message, self.conflict = field, code, message, conflict
        super().__init__(message)


@dataclass(frozen=True)
class Newcomer:
    """Somebody to make: what the school calls them, and their class does. Language and zone may be ""."""

    id: Id
    display_name: str
    language: str = ""
    zone: str = ""


def make_people(organisation: Organisation, newcomers: Sequence[Newcomer]) -> list[User]:
    """Accounts, in the order of `newcomers`, with a free user name each. A handful of queries for a thousand.

    Belongs into a transaction; raises IntegrityError where an id or a name was taken meanwhile.
    """
    names = _free_usernames([new.display_name for new in newcomers])
    users = [
        User(
            username=username,
            display_name=new.display_name,
            password=make_password(None),
            language=new.language,
            timezone=new.zone,
        )
        for username, new in zip(names, newcomers, strict=True)
    ]
    for user in users:
        user.clean()  # folds the names, as save() would
    User.objects.bulk_create(users)
    ExternalIdentity.objects.bulk_create(
        ExternalIdentity(organisation=organisation, user=user, issuer=new.id[0], subject=new.id[1])
        for user, new in zip(users, newcomers, strict=True)
    )
    return users


@transaction.atomic
def make_person(
    *, organisation: Organisation, ids: Sequence[Id], display_name: str, language: str = "", zone: str = ""
) -> User:
    """One account, with one id or more. Raises RosterRefused."""
    if not ids:
        raise RosterRefused("external_ids", "required", _("Give at least one id: they sign in by it."))
    name = _fit_name(display_name)
    for one in ids:
        _refuse_id(one)
    try:
        with transaction.atomic():
            (user,) = make_people(organisation, [Newcomer(ids[0], name, language, zone)])
            _name(organisation, user, ids[1:])
    except IntegrityError as error:
        raise _taken() from error
    return user


@transaction.atomic
def change_person(
    *,
    organisation: Organisation,
    person: User,
    display_name: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    ids: Sequence[Id] | None = None,
) -> User:
    """Change what is given, and keep what is None; `ids` are all that this organisation has for them.

    Raises RosterRefused, also for an account that is not the organisation's to change.
    """
    locked: User = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not authority.kept_by(organisation).filter(pk=locked.pk).exists():
        raise RosterRefused("", "not-yours-to-change", not_yours(), conflict=True)
    if display_name is not None:
        locked.display_name = _fit_name(display_name)
    locked.language = locked.language if language is None else language
    locked.timezone = locked.timezone if zone is None else zone
    if ids is not None:
        _set_ids(organisation, locked, ids)
    locked.save(update_fields=["display_name", "language", "timezone", "updated_at"])
    return locked


def not_yours() -> str:
    return _(
        "Programs change accounts that they made, of people who are in no other organisation, have no password "
        "and no rights on this site. This account is changed by its owner, or on the pages of a class."
    )


def fault_of_id(given: Id) -> str:
    """What is wrong with an id and how to mend it; '' if nothing is."""
    for part in given:
        if not part.strip() or part != part.strip():
            return _("An id is not empty, and has no blanks at its ends.")
        if len(part) > LONGEST_ID or nicknames.has_unseen(part):
            return _("This id is too long, or has a character that cannot be seen.")
    return ""


def _set_ids(organisation: Organisation, person: User, ids: Sequence[Id]) -> None:
    if not ids:
        raise RosterRefused("external_ids", "required", _("Leave at least one id: they sign in by it."))
    had = ExternalIdentity.objects.filter(organisation=organisation, user=person)
    kept = {(one.issuer, one.subject): one.pk for one in had}
    for one in ids:
        _refuse_id(one)
    had.exclude(pk__in=[kept[one] for one in ids if one in kept]).delete()
    try:
        with transaction.atomic():
            _name(organisation, person, [one for one in dict.fromkeys(ids) if one not in kept])
    except IntegrityError as error:
        raise _taken() from error


def _name(organisation: Organisation, person: User, ids: Sequence[Id]) -> None:
    ExternalIdentity.objects.bulk_create(
        ExternalIdentity(organisation=organisation, user=person, issuer=issuer, subject=subject)
        for issuer, subject in ids
    )


def _refuse_id(one: Id) -> None:
    if fault := fault_of_id(one):
        raise RosterRefused("external_ids", "invalid", fault)


def _taken() -> RosterRefused:
    return RosterRefused(
        "external_ids",
        "external-id-taken",
        _("Somebody in this organisation has one of these ids. Find them by external_id, and change them."),
        conflict=True,
    )


def _fit_name(typed: str) -> str:
    name = nicknames.tidied(typed)
    if fault := nicknames.fault(name):
        raise RosterRefused("display_name", "invalid", fault)
    return name


def _free_usernames(wanted: Sequence[str]) -> list[str]:
    """A user name for each nickname that nobody has, nor another of these. A query for each round of tries."""
    tries = [nicknames.usernames(name) for name in wanted]
    found: dict[int, str] = {}
    gone: set[str] = set()
    while waiting := [place for place in range(len(wanted)) if place not in found]:
        now = {place: next(tries[place], f"{nicknames.NAMELESS}-{uuid4().hex}") for place in waiting}
        keys = {place: name_key(name) for place, name in now.items()}
        gone |= set(
            User.objects.filter(username_key__in=keys.values()).values_list("username_key", flat=True)
        )
        for place, name in now.items():
            if keys[place] not in gone:
                found[place] = name
                gone.add(keys[place])
    return [found[place] for place in range(len(wanted))]
