"""Pages for content: identities, which are archived, and revisions, which are edited while drafts."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import scope
from accounts.admin.base import Archiving, CaveatAdmin, ReadOnlyPart, has_model_permission, staff
from accounts.admin.publishers import who_publishes
from accounts.models import Organisation, User
from accounts.models.organisation import owned_by
from articles.admin.choices import titled
from articles.admin.copying import Copying
from articles.admin.history import events
from articles.differences import between
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


class Revised(Owned):
    """The page of a thing that has revisions: its draft, a new revision, what changed, its history."""

    #: The verb that opens the next draft; called with the identity by its name, and `by`.
    revise_verb: Callable[..., Revision] | None = None

    def revision_page(self) -> "RevisionAdmin":
        """The page of this thing's revisions."""
        model: Any = self.opts.get_field("published").related_model
        return cast(RevisionAdmin, self.admin_site.get_model_admin(model))

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
        by_number = {str(revision.number): revision for revision in revisions}
        new = by_number.get(request.GET.get("new", "")) or next(iter(revisions), None)
        before = [revision for revision in revisions if new and revision.number < new.number]
        old = by_number.get(request.GET.get("old", "")) or next(iter(before), None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changed"),
            "opts": self.opts,
            "identity": identity,
            "revisions": revisions,
            "old": old,
            "new": new,
            "changes": between(old, new) if old and new else [],
        }
        return TemplateResponse(request, "articles/admin/differences.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what and when, to the thing and to all of its revisions."""
        identity = self._found(request, object_id)
        if not self.has_view_or_change_permission(request, identity):
            raise PermissionDenied
        revisions = self.revision_page().revisions_of(request, identity)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "identity": identity,
            "events": events(identity, revisions),
        }
        return TemplateResponse(request, "articles/admin/history.html", context)

    def _found(self, request: HttpRequest, object_id: str) -> Any:
        """The row, if they see it; a guessed address gets the answer of one that does not exist."""
        identity = self.get_object(request, unquote(object_id))
        if identity is None:
            raise Http404
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

    actions = [*Copying.actions, *OwnedArchiving.actions]

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

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_discard"
        view = self.admin_site.admin_view(self.discard_view)
        return [path("<path:object_id>/discard/", view, name=name), *super().get_urls()]

    def identity_page(self) -> Revised:
        """The page of what these are revisions of."""
        field: Any = self.opts.get_field(self.model.identity_field)
        return cast(Revised, self.admin_site.get_model_admin(field.related_model))

    def drafts_of(self, identity: Any) -> "QuerySet[Any]":
        drafts: QuerySet[Any] = self.model._default_manager.drafts()
        return drafts.filter(**{self.model.identity_field: identity})

    def revisions_of(self, request: HttpRequest, identity: Any) -> "QuerySet[Any]":
        """Those that they may see, the newest first."""
        found: QuerySet[Any] = self.get_queryset(request).filter(**{self.model.identity_field: identity})
        people = ["created_by", "published_by"]
        return found.select_related(self.model.identity_field, *people).order_by("-number")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            tools = self.identity_page().tools(request, obj.identity)
            tools["identity_url"] = address(obj.identity)
            tools["identity_name"] = obj._meta.get_field(obj.identity_field).verbose_name
            tools["differences_url"] += f"?new={obj.number}"
            if tools["draft"] == obj:
                tools["draft_url"] = ""
            opened = self.has_change_permission(request, obj)
            context["may_publish"] = opened and self.has_publish_permission(request)
            context["discard_url"] = address(obj, "discard") if opened else ""
            context["revision_tools"] = tools
            if obj.is_draft and not self.may_publish(request):
                context["who_publishes"] = who_publishes(self.model, self.organisation_of(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Publishing comes after the saving, so that what is published is what was on the page."""
        if "_publish" not in request.POST or not self.has_publish_permission(request):
            return super().response_change(request, obj)
        try:
            self.publish_one(request, obj)
        except self.refusals as refused:
            return self.not_published(request, obj, refused)
        self.message_user(request, _("“%s” is published.") % obj, messages.SUCCESS)
        return HttpResponseRedirect(address(obj.identity))

    def publish_one(self, request: HttpRequest, revision: Any) -> None:
        """Publish a draft and note it; raises what the verb refuses."""
        type(self).publish_verb(revision=revision, by=staff(request))
        self.log_change(request, revision, str(_("Published.")))

    def not_published(self, request: HttpRequest, obj: Any, refused: Exception) -> HttpResponse:
        """Say why, on the draft's page, where the rest is saved."""
        self.message_user(request, _("Saved, but not published. %s") % refused, messages.ERROR)
        return HttpResponseRedirect(address(obj))

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, and then delete a draft for good."""
        draft = self.get_object(request, unquote(object_id))
        if draft is None:
            raise Http404
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        if request.method == "POST":
            return self._discard(request, draft)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Discard this draft?"),
            "opts": self.opts,
            "draft": draft,
            "draft_url": address(draft),
        }
        return TemplateResponse(request, "articles/admin/discard.html", context)

    def _discard(self, request: HttpRequest, draft: Any) -> HttpResponse:
        identity, page = draft.identity, self.identity_page()
        try:
            discard(revision=draft)
        except self.refusals as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(address(draft))
        page.log_change(request, identity, str(_("Draft %d was discarded.") % draft.number))
        self.message_user(request, _("The draft was discarded."), messages.SUCCESS)
        return HttpResponseRedirect(address(identity))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """That of the thing which it is a revision of."""
        revision = self.get_object(request, unquote(object_id))
        if revision is None:
            raise Http404
        return self.identity_page().history_view(request, str(revision.identity.pk), extra_context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_discard_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "delete")

    @admin.action(description=_("Publish the selected drafts"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        drafts = self.owned(request, queryset.filter(published_at=None))
        self.run(request, drafts, lambda draft: self.publish_one(request, draft), published_words)

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


def address(row: Model, page: str = "change") -> str:
    """Where a row has its page in the admin, or another page of its own."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def only_own(field: Any, request: HttpRequest) -> None:
    """Offer the organisations that they work for; where there is only one, ask nothing."""
    user = staff(request)
    own = Organisation.objects.all() if user.is_superuser else Organisation.objects.of(user)
    field.queryset = own
    rows = list(own[:2])
    if rows and (len(rows) == 1 or not user.is_superuser):
        field.initial = rows[0].pk
    if len(rows) == 1:
        field.widget = forms.HiddenInput()


def published_words(count: int) -> str:
    return ngettext("%(count)d draft was published.", "%(count)d drafts were published.", count) % {
        "count": count
    }


def discarded_words(count: int) -> str:
    return ngettext("%(count)d draft was discarded.", "%(count)d drafts were discarded.", count) % {
        "count": count
    }
