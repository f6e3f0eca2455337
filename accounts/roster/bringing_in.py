"""Bringing a class list in: all of it, as it was shown, or nothing."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import joining, journal
from accounts.cards import Card, new_password
from accounts.classes import remove_member
from accounts.models import Cohort, CohortMember, ExternalIdentity, User
from accounts.naming import with_real_name
from accounts.roster.columns import Row
from accounts.roster.plans import ISSUER, Known, New, Plan, plan
from accounts.signals import cohort_member_changed


class RosterChanged(Exception):
    """The class is not as it was when the list was shown; nothing was written. Show it again."""


@dataclass(frozen=True)
class Asked:
    """A list, and what the teacher decided about it when it was shown.

    `agreed` is the fingerprint of `plan(cohort, rows)`, `strangers` the lines that are not whom we found
    by name, `leaving` the UUIDs of absent learners whose place ends.
    """

    rows: list[Row]
    agreed: str
    strangers: frozenset[int] = frozenset()
    leaving: frozenset[str] = frozenset()


def bring_in(*, by: User, cohort: Cohort, asked: Asked) -> tuple[Plan, list[Card]]:
    """Do what was agreed to. Returns what was done, and a card for each new account.

    Raises RosterChanged, also where the plan has faults.
    """
    # All hashes are made before the transaction: on SQLite everybody else's writing waits for it.
    expected = plan(cohort, asked.rows, strangers=asked.strangers)
    passwords = {new.row.line: new_password() for new in expected.new}
    hashes = {line: make_password(password) for line, password in passwords.items()}
    try:
        with transaction.atomic():
            todo = _locked_plan(cohort, asked)
            if {new.row.line for new in todo.new} != hashes.keys():
                raise RosterChanged
            cards = [
                _bring_new(cohort, new, passwords[new.row.line], hashes[new.row.line]) for new in todo.new
            ]
            for known in todo.known:
                _bring_known(cohort, known)
            for member in todo.absent:
                if str(member.user.uuid) in asked.leaving:
                    remove_member(by=by, member=member)
            journal.note(by, cohort, f"Brought in a list: {len(todo.new)} new, {len(todo.joining)} known.")
    except IntegrityError as error:  # the same id was brought into another class just now
        raise RosterChanged from error
    return todo, cards


def _locked_plan(cohort: Cohort, asked: Asked) -> Plan:
    """The plan as it is now, with the class held; raises RosterChanged if it is not what was shown."""
    locked = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    shown = plan(locked, asked.rows)
    todo = plan(locked, asked.rows, strangers=asked.strangers) if asked.strangers else shown
    if shown.fingerprint() != asked.agreed or todo.faults or locked.archived_at is not None:
        raise RosterChanged
    return todo


def _bring_new(cohort: Cohort, new: New, password: str, hashed: str) -> Card:
    user = joining.create_person(new.nickname, hashed)
    _admit(cohort, user, new.row)
    _name(cohort, user, new.row.id)
    return Card(with_real_name(new.row.name, new.nickname), user.username, password)


def _bring_known(cohort: Cohort, known: Known) -> None:
    if known.member is None:
        _admit(cohort, known.user, known.row)
    elif known.renames:
        place = CohortMember.objects.filter(pk=known.member.pk)
        place.update(real_name=known.row.name, updated_at=timezone.now())
    if known.learns_id:
        _name(cohort, known.user, known.row.id)


def _admit(cohort: Cohort, user: User, row: Row) -> None:
    member = CohortMember.objects.create(cohort=cohort, user=user, real_name=row.name)
    cohort_member_changed.send(sender=CohortMember, member=member)


def _name(cohort: Cohort, user: User, subject: str) -> None:
    if subject:
        ExternalIdentity.objects.create(
            organisation=cohort.organisation, user=user, issuer=ISSUER, subject=subject
        )
