"""Who changed what: the notes that the admin and its actions leave, in one list.

A room registers its tables with the way from a row to the organisation that it belongs to. Site admins see
all of their organisations; authors and reviewers see the content of theirs.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin import scope
from accounts.admin.base import ReadOnlyAdmin
from accounts.models import Organisation, User
from accounts.models.organisation import owned_by


class Audited(NamedTuple):
    """How the rows of a table belong to an organisation, and whether they are content or people."""

    path: str
    is_content: bool


_AUDITED: dict[type[models.Model], Audited] = {}


def register(path: str, *tables: type[models.Model], is_content: bool = True) -> None:
    """Show what was done to the rows of these tables to whoever looks after the organisation at `path`."""
    for model in tables:
        _AUDITED[model] = Audited(path, is_content)


def notes_for(user: User) -> "QuerySet[LogEntry]":
    """The notes that they may see. What no longer exists is known by who did away with it."""
    everything = LogEntry.objects.all()
    if user.is_superuser:
        return everything
    kinds = {model: ContentType.objects.get_for_model(model) for model, _ in _seen_by(user)}
    about = Q(pk__in=[])
    for model, audited in _seen_by(user):
        own = model._default_manager.order_by().filter(_owned(user, audited.path))
        keys = own.annotate(key=Cast("pk", models.CharField())).values("key")
        about |= Q(content_type=kinds[model], object_id__in=keys)
    ours = User.objects.filter(organisation_memberships__organisation__in=Organisation.objects.of(user))
    gone = Q(action_flag=DELETION, content_type__in=kinds.values(), user__in=ours.order_by().values("pk"))
    return everything.filter(about | gone)


def _seen_by(user: User) -> Iterator[tuple[type[models.Model], Audited]]:
    every = scope.runs_organisations(user)
    return ((model, audited) for model, audited in _AUDITED.items() if every or audited.is_content)


def _owned(user: User, path: str) -> Q:
    return Q(pk__in=Organisation.objects.of(user)) if path == "pk" else owned_by(user, path)


scope.register(LogEntry, notes_for)


class ActionFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "did"
    flags = {"added": ADDITION, "changed": CHANGE, "deleted": DELETION}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("added", _("added")), ("changed", _("changed")), ("deleted", _("deleted"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[LogEntry]") -> "QuerySet[LogEntry]":
        flag = self.flags.get(self.value() or "")
        return queryset.filter(action_flag=flag) if flag else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The kinds that there are notes on."""
        found = model_admin.get_queryset(request).order_by().values("content_type").distinct()
        kinds = {kind.pk: kind.name for kind in ContentType.objects.filter(pk__in=found)}
        return sorted(((str(pk), name) for pk, name in kinds.items()), key=lambda kind: str(kind[1]))

    def queryset(self, request: HttpRequest, queryset: "QuerySet[LogEntry]") -> "QuerySet[LogEntry]":
        value = self.value() or ""
        return queryset.filter(content_type=int(value)) if value.isdecimal() and value.isascii() else queryset


@admin.register(LogEntry)
class AuditAdmin(ReadOnlyAdmin):
    """Nobody changes what is noted here."""

    list_display = ["action_time", "person", "kind", "thing", "what"]
    list_display_links = None
    list_filter = [ActionFilter, KindFilter, ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message", "user__username_key", "user__display_name"]
    date_hierarchy = "action_time"
    ordering = ["-action_time", "-pk"]
    fields = ["action_time", "person", "kind", "thing", "what"]

    @admin.display(description=_("who"), ordering="user__username_key")
    def person(self, note: LogEntry) -> str:
        return str(note.user)

    @admin.display(description=_("kind"))
    def kind(self, note: LogEntry) -> str:
        return note.content_type.name if note.content_type else ""

    @admin.display(description=_("thing"), ordering="object_repr")
    def thing(self, note: LogEntry) -> str:
        url = None if note.is_deletion() else note.get_admin_url()
        name = note.object_repr or "–"
        return format_html('<a href="{}">{}</a>', url, name) if url else name

    @admin.display(description=_("what was done"))
    def what(self, note: LogEntry) -> str:
        if note.is_deletion():
            return str(_("Deleted."))
        return note.get_change_message() or str(_("Added.") if note.is_addition() else _("Changed."))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Who changed what"), **(extra_context or {})})
