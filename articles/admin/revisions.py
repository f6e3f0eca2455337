"""Pages for revisions, which are edited while drafts, published, and from then on read."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import ReadOnlyPart, hand_back, has_model_permission, staff
from accounts.admin.publishers import who_publishes
from articles.admin import revision_pages
from articles.admin.base import Owned, Revised
from articles.admin.copies import copy_of, note_saved
from articles.admin.revision_pages import address
from articles.models import Frozen, Revision
from articles.publishing import PublishingError, discard

COPY_SHOWN = _("This is the work that your browser kept. It is not saved yet.")


class RevisionAdmin(Owned):
    """One state of something: open while it is a draft, and from then on only to be read."""

    class Media:
        css = {"all": ["articles/admin/rows.css"]}

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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if "_copy" in request.POST:
            hand_back(request, str(COPY_SHOWN))
        return super().changeform_view(request, object_id, form_url, extra_context)

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
            if opened and "sheet" not in context:
                context["draft_copy"] = copy_of(request, copy_name(obj))
                self._show_copy(request, context)
            if obj.is_draft and not self.may_publish(request):
                context["who_publishes"] = who_publishes(self.model, self.organisation_of(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    def _show_copy(self, request: HttpRequest, context: dict[str, Any]) -> None:
        """A copy that comes back is no mistake to correct, unless somebody saved the draft meanwhile."""
        if context["adminform"].form.non_field_errors() == [str(COPY_SHOWN)]:
            context["errors"] = []
            self.message_user(request, COPY_SHOWN, messages.WARNING)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """What was changed, rows in an order told as a whole."""
        said: list[dict[str, Any]] = list(super().construct_change_message(request, form, formsets, add))
        labels = [str(rows.label) for rows in formsets or () if getattr(rows, "differs", False)]
        return [*said, {"changed": {"fields": labels}}] if labels else said

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Publishing comes after the saving, so that what is published is what was on the page."""
        note_saved(request, copy_name(obj))
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
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        if request.method == "POST":
            return self._discard(request, draft)
        return revision_pages.discard(self, request, draft)

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
            with transaction.atomic():  # what is refused was not deleted
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


def copy_name(draft: Revision) -> str:
    """Under what name the browser keeps copies of what is not saved yet."""
    return f"{draft._meta.model_name}-{draft.pk}"


def published_words(count: int) -> str:
    return ngettext("%(count)d draft was published.", "%(count)d drafts were published.", count) % {
        "count": count
    }


def discarded_words(count: int) -> str:
    return ngettext("%(count)d draft was discarded.", "%(count)d drafts were discarded.", count) % {
        "count": count
    }
