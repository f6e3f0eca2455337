"""What this room tells its own registries."""

from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts import class_pages, personal_data
from accounts.models import (
    Cohort,
    CohortMember,
    Consent,
    ExternalIdentity,
    JoinCode,
    Notice,
    Organisation,
    OrganisationMember,
    User,
)
from accounts.personal_data import Table, blank, delete, excuse, keep

#: The issuer of what is left of the ids of somebody who was erased.
ERASED = "erased"


def register() -> None:
    """Called once the apps are ready."""
    class_pages.register(_("People"), "accounts:people", order=20)
    _register_what_django_and_allauth_keep()
    _register_people()
    excuse(Organisation, "a school")
    excuse(Cohort, "a class: its name is the school's word for it")
    excuse(JoinCode, "made by chance")


def _register_people() -> None:
    account = ["username", "email", "display_name", "timezone", "language", "created_at", "last_login"]
    personal_data.register(
        User, "pk", fields=account, erase=keep("accounts.erasing makes the row nobody's, as the last of all")
    )
    personal_data.register(
        CohortMember,
        "user",
        fields=["cohort__name", "role", "real_name", "joined_at", "left_at"],
        erase=blank(real_name=""),
    )
    # Before the next table, whose rows it reads.
    personal_data.register(
        ExternalIdentity, "user", fields=["organisation__name", "issuer", "subject"], erase=_leave_a_trace
    )
    personal_data.register(
        OrganisationMember, "user", fields=["organisation__name", "created_at"], erase=delete
    )
    personal_data.register(
        Consent,
        "user",
        by=["by"],
        fields=["kind", "given", "wording", "at"],
        erase=keep("that somebody agreed, and to which words"),
    )
    personal_data.register(Notice, "user", fields=["kind", "key", "facts", "at", "read_at"], erase=delete)
    personal_data.register(User.groups.through, "user", fields=["group__name"], erase=delete)
    personal_data.register(
        User.user_permissions.through, "user", fields=["permission__codename"], erase=delete
    )


def _leave_a_trace(table: Table, person: User) -> None:
    """The ids go. Each organisation that knew the person keeps an id made by chance, so that its programs still
    see the row, and learn from `erased_at` to forget them too.
    """
    named = table.of(person).order_by().values_list("organisation", flat=True)
    works = OrganisationMember.objects.filter(user=person).values_list("organisation", flat=True)
    organisations = {*named, *works}
    table.of(person).order_by().delete()
    ExternalIdentity.objects.bulk_create(
        ExternalIdentity(organisation_id=pk, user=person, issuer=ERASED, subject=f"{ERASED}-{uuid4().hex}")
        for pk in sorted(organisations)
    )


def _register_what_django_and_allauth_keep() -> None:
    personal_data.register(
        LogEntry,
        "user",
        # Not what was changed: that is called by other people's names.
        fields=["action_time", "action_flag", "content_type__model"],
        erase=_hide_in_log,
    )
    personal_data.register(EmailAddress, "user", fields=["email", "verified"], erase=delete)
    personal_data.register(EmailConfirmation, "email_address__user", fields=["created"], erase=delete)
    personal_data.register(Authenticator, "user", fields=["type", "created_at", "last_used_at"], erase=delete)
    excuse(Session, "accounts.erasing ends the sessions of whoever is erased")
    excuse(Group, "what roles may do")
    excuse(Permission, "what can be allowed")
    excuse(Group.permissions.through, "what roles may do")
    excuse(ContentType, "the names of tables")
    excuse(DBTaskResult, "tasks are given the keys of rows, never what is in them")


def _hide_in_log(_table: Table, person: User) -> None:
    """What was done stays in the log; what the person's rows were called goes. So this comes first of all."""
    for table in personal_data.tables():
        if table.whose:
            keys = table.of(person).order_by().annotate(row_pk=Cast("pk", CharField())).values("row_pk")
            notes = LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(table.model), object_id__in=keys
            )
            notes.update(object_repr="", change_message="")
