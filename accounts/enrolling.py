"""Classes and places that a program looks after: made, changed, ended. What teachers do is in `accounts.classes`.

`by` is the program's service account. The doors see to it that the class is of its organisation, and
the person known there.
"""

from datetime import date
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import authority, classes, journal, nicknames
from accounts.models import Cohort, CohortMember, Organisation, OrganisationMember, User
from accounts.people import RosterRefused
from accounts.signals import cohort_member_changed, cohort_zone_changed
from accounts.timezones import validate_timezone

Role = CohortMember.Role


class ClassFields(TypedDict, total=False):
    """What a program says of a class."""

    name: str
    timezone: str
    starts_on: date | None
    ends_on: date | None
    external_id: str


@transaction.atomic
def make_class(*, by: User, organisation: Organisation, **fields: Unpack[ClassFields]) -> Cohort:
    """A class that nobody is in yet; its zone is the organisation's if none is given. Raises RosterRefused.

    It has no code: whoever belongs into it is enrolled. A teacher may make one.
    """
    cohort = Cohort(organisation=organisation, timezone=organisation.timezone)
    _set(cohort, {**fields, "name": fields.get("name", "")})
    journal.note(by, cohort, "Made by a program.", added=True)
    return cohort


@transaction.atomic
def change_class(*, by: User, cohort: Cohort, **fields: Unpack[ClassFields]) -> Cohort:
    """Change what is given of a class. Raises RosterRefused."""
    locked = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    zone = locked.timezone
    _set(locked, fields)
    if locked.timezone != zone:
        cohort_zone_changed.send(sender=Cohort, cohort=locked)
    journal.note(by, locked, "Changed by a program.")
    return locked


@transaction.atomic
def enrol(*, by: User, cohort: Cohort, user: User, role: str, real_name: str = "") -> CohortMember:
    """A place in a class, from now on. Raises RosterRefused, also for who has one there."""
    locked = Cohort.objects.select_for_update(no_key=True).select_related("organisation").get(pk=cohort.pk)
    if locked.archived_at is not None:
        raise RosterRefused("cohort", "class-archived", archived(), conflict=True)
    if user.kind != User.Kind.PERSON:
        raise RosterRefused("user", "unknown-person", _("This is a program, not a person."))
    if user.erased_at is not None:
        raise RosterRefused("user", "person-erased", _("This person was erased."), conflict=True)
    if role != Role.LEARNER and not may_teach(locked.organisation, user):
        raise RosterRefused("role", "may-not-teach", may_not_teach(), conflict=True)
    held = CohortMember.objects.live().filter(cohort=locked, user=user).first()
    if held is not None:
        raise RosterRefused(
            "user",
            "already-enrolled",
            _("They have a place in this class: membership %(uuid)s. Change that one.") % {"uuid": held.uuid},
            conflict=True,
        )
    member = CohortMember.objects.create(
        cohort=locked, user=user, role=role, real_name=fit_real_name(real_name)
    )
    cohort_member_changed.send(sender=CohortMember, member=member)
    journal.note(by, member, f"Enrolled as {role} by a program.", added=True)
    return member


@transaction.atomic
def change_place(
    *, by: User, member: CohortMember, role: str | None = None, real_name: str | None = None
) -> CohortMember:
    """Another role among those who teach, or another real name. Raises RosterRefused and ClassRefused."""
    Cohort.objects.select_for_update(no_key=True).get(pk=member.cohort_id)
    member.refresh_from_db()
    if member.left_at is not None:
        raise RosterRefused("", "place-ended", _("This place has ended. Enrol them again."), conflict=True)
    if real_name is not None and fit_real_name(real_name) != member.real_name:
        member.real_name = fit_real_name(real_name)
        member.save(update_fields=["real_name", "updated_at"])
    if role is None or role == member.role:
        return member
    return classes.change_role(by=by, member=member, role=role)


def may_teach(organisation: Organisation, user: User) -> bool:
    """Whether a program may make them a teacher: who works for the organisation, or whom a program made."""
    works = OrganisationMember.objects.filter(organisation=organisation, user=user)
    return works.exists() or authority.kept_by(organisation).filter(pk=user.pk).exists()


def may_not_teach() -> str:
    return _(
        "Programs make teachers of people who work for the organisation, and of accounts that programs made. "
        "Ask the site admin to add this person to the organisation."
    )


def archived() -> str:
    return _("This class is over. Take it out of the archive first: archived is false.")


def fit_real_name(typed: str) -> str:
    real_name = nicknames.tidied(typed)
    if fault := classes.fault_of_real_name(real_name):
        raise RosterRefused("real_name", "invalid", fault)
    return real_name


def _set(cohort: Cohort, fields: ClassFields) -> None:
    """Write what is given, after asking what teachers' pages ask, and what the table does."""
    for field, value in fields.items():
        setattr(cohort, field, value)
    if "name" in fields:
        cohort.name = nicknames.tidied(fields["name"])
        if fault := classes.fault_of_name(cohort.name):
            raise RosterRefused("name", "invalid", fault)
    try:
        validate_timezone(cohort.timezone)
    except ValidationError as error:
        raise RosterRefused("timezone", "invalid", error.messages[0]) from error
    if cohort.starts_on and cohort.ends_on and cohort.ends_on < cohort.starts_on:
        raise RosterRefused("ends_on", "invalid", _("A class ends after it starts, or on that day."))
    if nicknames.has_unseen(cohort.external_id):
        raise RosterRefused("external_id", "invalid", _("There is a character in it that cannot be seen."))
    try:
        with transaction.atomic():
            cohort.save()
    except IntegrityError as error:
        raise RosterRefused(
            "external_id",
            "external-id-taken",
            _("Another class of this organisation has this external_id. Find it by that, and change it."),
            conflict=True,
        ) from error
