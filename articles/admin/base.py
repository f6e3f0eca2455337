"""Pages for content: whose it is, and identities, which are archived; revisions have `articles.admin.revisions`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.admin import scope
from accounts.admin.base import Archiving, CaveatAdmin, staff
from accounts.admin.filters import ByValue
from accounts.models import Organisation, User
from accounts.models.organisation import owned_by
from articles.admin import revision_pages
from articles.admin.choices import titled
from articles.admin.copying import Copying
from articles.admin.revision_pages import address
from articles.models import Frozen, Revision
from articles.publishing import PublishingError

if TYPE_CHECKING:
    from articles.admin.revisions import RevisionAdmin


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
        *way, last = self.organisation_path.split("__")
        for name in way:
            obj = getattr(obj, name)
        return getattr(obj, f"{last}_id") in user.employers

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


class Revised(Owned):
    """The page of a thing that has revisions: its draft, a new revision, what changed, its history."""

    class Media:
        css = {"all": ["articles/admin/rows.css"]}

    refusals: tuple[type[Exception], ...] = (Frozen, PublishingError)
    #: The verb that opens the next draft; called with the identity by its name, and `by`.
    revise_verb: Callable[..., Revision] | None = None
    #: Who has it sees what is right in these revisions. Without a name only superusers do.
    key_permission = ""

    def revision_page(self) -> "RevisionAdmin":
        """The page of this thing's revisions."""
        model: Any = self.opts.get_field("published").related_model
        return cast("RevisionAdmin", self.admin_site.get_model_admin(model))

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                "<path:object_id>/revise/",
                self.admin_site.admin_view(self.revise_view),
                name=f"{name}_revise",
            ),
            path(
                "<path:object_id>/differences/",
                self.admin_site.admin_view(self.differences_view),
                name=f"{name}_differences",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With `choice_title`, by which autocomplete calls the rows."""
        return titled(super().get_queryset(request))

    def may_revise(self, request: HttpRequest, identity: Any) -> bool:
        page = self.revision_page()
        may = type(self).revise_verb is not None and CaveatAdmin.has_change_permission(page, request)
        return may and self.owns(request, identity) and identity.archived_at is None

    def revise_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open the next draft, or go on with the one that is open."""
        identity = self._found(request, object_id)
        if request.method != "POST" or not self.may_revise(request, identity):
            raise PermissionDenied
        page, verb = self.revision_page(), type(self).revise_verb
        draft: Any = page.drafts_of(identity).first()
        if draft is None and verb is not None:
            try:
                draft = verb(**{page.model.identity_field: identity, "by": staff(request)})
            except page.refusals as refused:
                self.message_user(request, str(refused), messages.ERROR)
                return HttpResponseRedirect(address(identity))
            page.log_addition(request, draft, str(_("Started as a copy of what is published.")))
        return HttpResponseRedirect(address(draft))

    def differences_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What changed between two revisions: `old` and `new` are their numbers; the last two, unless given."""
        identity = self._found(request, object_id)
        revisions = list(self.revision_page().revisions_of(request, identity))
        with_key = staff(request).has_perm(self.key_permission)
        return revision_pages.differences(self, request, identity, revisions, with_key=with_key)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what and when, to the thing and to all of its revisions."""
        identity = self._found(request, object_id)
        if not self.has_view_or_change_permission(request, identity):
            raise PermissionDenied
        revisions = self.revision_page().revisions_of(request, identity)
        return revision_pages.history(self, request, identity, revisions)

    def _found(self, request: HttpRequest, object_id: str) -> Any:
        """The row, if they see it; a guessed address gets the answer of one that does not exist."""
        identity = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, identity):
            raise PermissionDenied
        return identity

    def tools(self, request: HttpRequest, identity: Any) -> dict[str, Any]:
        """The links and buttons that stand on the pages of a thing and of its revisions. One query."""
        draft = self.revision_page().drafts_of(identity).first()
        if draft is not None and not self.revision_page().has_view_permission(request, draft):
            draft = None
        may = self.may_revise(request, identity)
        return {
            "draft": draft,
            "draft_url": address(draft) if draft is not None else "",
            "revise_url": address(identity, "revise")
            if may and draft is None and identity.published_id
            else "",
            "differences_url": address(identity, "differences"),
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context["revision_tools"] = self.tools(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)


class IdentityAdmin(Copying, Revised, OwnedArchiving):
    """What stays the same while its revisions change. Nothing of it is edited: it is archived."""

    refusals = (Frozen, PublishingError)
    actions = [*Copying.actions, *OwnedArchiving.actions]

    list_display = ["ref", "bundle", "organisation", "published", "archived_at", "updated_at"]
    list_filter = [
        ("organisation", admin.RelatedOnlyFieldListFilter),
        ("bundle", ByValue),
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
