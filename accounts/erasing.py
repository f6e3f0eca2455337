"""Erasing a person: what says who they were goes, what the class's figures rest on stays.

The account becomes nobody's in place, because the marks that hang on it are part of the class's means
and of each question's statistics.
"""

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal, personal_data
from accounts.models import CohortMember, User
from accounts.signals import cohort_member_changed


class EraseRefused(Exception):
    """The person stays as they are; the message says why."""


@transaction.atomic
def erase(*, person: User, by: User | None = None) -> None:
    """Make `person` nobody, for good; `by` is the site admin who does it, or None for the clock.

    Ends their places, erases what every room has registered, takes away names, password and sessions.
    Twice is once. Raises EraseRefused for a service, a superuser and oneself.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.erased_at is not None:
        return
    if locked.kind != User.Kind.PERSON:
        raise EraseRefused(_("This is a program, not a person."))
    if locked.is_superuser:
        raise EraseRefused(_("A superuser is not erased. Take that right away first."))
    if by is not None and by.pk == locked.pk:
        raise EraseRefused(_("Nobody erases themselves here. Ask another site admin."))
    _leave_classes(locked)
    for table in personal_data.tables():
        if table.whose:
            table.erase(table, locked)
    _end_sessions(locked)
    _become_nobody(locked)
    if by is not None:
        journal.note(by, locked, "Erased.")


def _leave_classes(person: User) -> None:
    for member in CohortMember.objects.filter(user=person, left_at=None).select_related("cohort", "user"):
        member.left_at = max(timezone.now(), member.joined_at)
        member.save(update_fields=["left_at", "updated_at"])
        cohort_member_changed.send(sender=CohortMember, member=member)


def _end_sessions(person: User) -> None:
    """Their sessions may hold messages and addresses; a session knows its user only once it is decoded."""
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    Session.objects.filter(pk__in=mine).delete()


def _become_nobody(person: User) -> None:
    person.username = f"erased-{person.uuid.hex[:8]}"
    if User.objects.exclude(pk=person.pk).filter(username=person.username).exists():
        person.username = f"erased-{person.uuid.hex}"
    person.display_name = str(_("erased"))
    person.email = person.timezone = person.language = ""
    person.is_staff = person.is_active = False
    person.last_login = None
    person.password = make_password(None)
    person.erased_at = timezone.now()
    person.save()
