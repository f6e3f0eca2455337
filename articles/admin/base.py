"""Pages for content: identities, which are archived, and revisions, which are edited while drafts."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import scope
from accounts.admin.base import Archiving, CaveatAdmin, ReadOnlyPart, has_model_permission, staff
from accounts.admin.publishers import who_publishes
from accounts.models import Organisation, User
from accounts.models.organisation import owned_by
from articles.models import Frozen, Revision
from articles.publishing import PublishingError, discard


def show_revisions(model: type[Revision], identity: type[Model], organisation: str) -> None:
    """Let staff see the revisions of what they see; drafts only where `organisation` is one of theirs."""

    def rows_of(user: User) -> "QuerySet[Any]":
        seen = Q(**{f"{model.identity_field}__in": scope.rows(identity, user).order_by()})
        ours = owned_by(user, organisation)
        return model._default_manager.filter(seen & (Q(published_at__isnull=False) | ours))

    scope.register(model, rows_of)


class Owned(CaveatAdmin):
    """Content that others may see, and that only its own organisation may change."""

    #: The path from a row to the organisation that owns it.
    organisation_path = "organisation"
    #: Whose permission "publish" counts for these rows, if not their own.
    published_as: type[Model] | None = None

    def may_publish(self, request: HttpRequest) -> bool:
        """Whether they may change what learners meet, and not only write drafts."""
        options = (self.published_as or self.model)._meta
        return staff(request).has_perm(f"{options.app_label}.publish_{options.model_name}")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return self.may_publish(request)

    def is_met(self, obj: Any) -> bool:
        """Whether learners meet this very row, so that a change of it is a change for them."""
        return False

    def owns(self, request: HttpRequest, obj: Any) -> bool:
        user = staff(request)
        if user.is_superuser:
            return True
        return Organisation.objects.of(user).filter(pk=self.organisation_of(obj).pk).exists()

    def organisation_of(self, obj: Any) -> Organisation:
        for name in self.organisation_path.split("__"):
            obj = getattr(obj, name)
        return cast(Organisation, obj)

    def owned(self, request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        user = staff(request)
        return rows if user.is_superuser else rows.filter(owned_by(user, self.organisation_path))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return True
        return self.owns(request, obj) and (self.may_publish(request) or not self.is_met(obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Content is made by an import."""
        return False


class OwnedArchiving(Archiving, Owned):
    """Who may not publish archives only what was never published: no class loses a lesson by it."""

    #: Rows that no learner has met.
    never_published = Q(published=None)

    def may_archive(self, request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        owned = self.owned(request, rows)
        return owned if self.may_publish(request) else owned.filter(self.never_published)


class IdentityAdmin(OwnedArchiving):
    """What stays the same while its revisions change. Nothing of it is edited: it is archived."""

    list_display = ["ref", "bundle", "organisation", "published", "archived_at", "updated_at"]
    list_filter = [
        ("organisation", admin.RelatedOnlyFieldListFilter),
        "bundle",
        ("published", admin.EmptyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["ref", "bundle"]
    date_hierarchy = "created_at"
    fields = [
        "organisation",
        "bundle",
        "ref",
        "published",
        "uuid",
        "created_at",
        "updated_at",
        "archived_at",
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RevisionAdmin(Owned):
    """One state of something: open while it is a draft, and from then on only to be read."""

    refusals = (Frozen, PublishingError)
    date_hierarchy = "created_at"
    actions = ["publish", "discard"]
    #: The verb that publishes a draft.
    publish_verb: Callable[..., object]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_discard_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "delete")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.is_draft and not self.may_publish(request):
            context["who_publishes"] = who_publishes(self.model, self.organisation_of(obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description=_("Publish the selected drafts"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        drafts = self.owned(request, queryset.filter(published_at=None))
        verb = type(self).publish_verb

        def publish_one(revision: Revision) -> None:
            verb(revision=revision, by=staff(request))
            self.log_change(request, revision, str(_("Published.")))

        self.run(request, drafts, publish_one, published_words)

    @admin.action(description=_("Discard the selected drafts for good"), permissions=["discard"])
    def discard(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        drafts = self.owned(request, queryset.filter(published_at=None))

        def discard_one(revision: Revision) -> None:
            self.log_deletions(request, self.model._default_manager.filter(pk=revision.pk))
            discard(revision=revision)

        self.run(request, drafts, discard_one, discarded_words)


class RevisionRows(ReadOnlyPart):
    """The revisions of an identity, on its page."""

    fields = ["number", "published_at", "published_by", "created_by", "created_at"]
    ordering = ["-number"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        people = ["created_by", "published_by"]
        return super().get_queryset(request).select_related(self.model.identity_field, *people)


def published_words(count: int) -> str:
    return ngettext("%(count)d draft was published.", "%(count)d drafts were published.", count) % {
        "count": count
    }


def discarded_words(count: int) -> str:
    return ngettext("%(count)d draft was discarded.", "%(count)d drafts were discarded.", count) % {
        "count": count
    }
