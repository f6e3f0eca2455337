from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Part, ReadOnlyAdmin, has_model_permission, staff
from articles import differences
from articles.admin.revision_pages import address
from articles.admin.revisions import RevisionAdmin
from quizzes import lines, publishing, requoting
from quizzes.admin import offers, writing
from quizzes.admin import types as types
from quizzes.admin.desk import Desk, seen_at
from quizzes.admin.forms import QuestionForm, QuestionKeyForm, QuestionRevisionForm, form_of
from quizzes.admin.preview import preview
from quizzes.admin.sources import Sources
from quizzes.models import QuestionKey, QuestionRevision, QuestionSkill

differences.register(QuestionRevision, lines.of_question)


class QuestionKeyPart(Part, admin.StackedInline):
    model = QuestionKey
    form = QuestionKeyForm
    fields = ["key", "origin_set"]
    readonly_fields = ["origin_set"]
    can_delete = False
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[QuestionKey]":
        return super().get_queryset(request).select_related("origin_set__revision__article")


class QuestionSkillPart(Part):
    model = QuestionSkill
    fields = ["skill"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[QuestionSkill]":
        return super().get_queryset(request).select_related("skill", "revision__question")


@admin.register(QuestionRevision)
class QuestionRevisionAdmin(RevisionAdmin):
    form = QuestionRevisionForm
    add_form_template = change_form_template = "quizzes/admin/question_form.html"
    organisation_path = "question__organisation"
    publish_verb = publishing.publish_question
    list_display = ["question", "number", "title", "type", "difficulty", "published_at", "created_at"]
    list_filter = [
        "type",
        ("published_at", admin.EmptyFieldListFilter),
        "difficulty",
        "to_confirm",
        ("skills", admin.RelatedOnlyFieldListFilter),
        ("question__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["question"]
    search_fields = ["title", "question__ref"]
    fields = [
        "question",
        ("number", "published_at", "published_by"),
        ("type", "schema_version"),
        "title",
        "difficulty",
        "article_revision",
        ("start", "end"),
        "prompt",
    ]
    readonly_fields = [
        "question",
        "number",
        "published_at",
        "published_by",
        "type",
        "schema_version",
        "article_revision",
        "start",
        "end",
    ]
    inlines = [QuestionKeyPart, QuestionSkillPart]

    # The page itself is `quizzes.admin.writing`; what has no form of its own is written as JSON.
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "quizzes_questionrevision_preview"
        return [
            path("preview/", view(self.preview_view), name=f"{name}_new"),
            path(
                "from-annotations/<path:object_id>/",
                view(self.from_annotations_view),
                name="quizzes_questionrevision_from_annotations",
            ),
            path("<path:object_id>/preview/", view(self.preview_view), name=name),
            path(
                "<path:object_id>/confirm/",
                view(self.confirm_view),
                name="quizzes_questionrevision_confirm",
            ),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "add")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        draft: QuestionRevision | None = kwargs.get("obj")
        waits = draft is not None and draft.is_draft and draft.to_confirm
        if draft is not None and waits and self.has_change_permission(request, draft):
            context["confirm_url"] = address(draft, "confirm")
        return super().render_change_form(request, context, *args, **kwargs)

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that a draft that followed its article still holds, as it was shown (`seen`)."""
        draft = self.get_object(request, unquote(object_id))
        if request.method != "POST" or not self.has_change_permission(request, draft):
            raise PermissionDenied
        try:
            requoting.confirm(revision=draft, seen=seen_at(request.POST, "seen"))
        except self.refusals as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.log_change(request, draft, str(_("Confirmed.")))
            self.message_user(request, _("Confirmed: the question still holds."), messages.SUCCESS)
        return HttpResponseRedirect(address(draft))

    @admin.action(description=gettext_lazy("Publish the selected drafts"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """As everywhere; a draft that waits to be confirmed is named with a link to its page."""
        super().publish(request, queryset)
        waiting = self.owned(request, queryset.filter(published_at=None, to_confirm=True))
        for draft in waiting.select_related("question"):
            link = format_html('<a href="{}">{}</a>', address(draft), _("Read it, and confirm it"))
            self.message_user(request, format_html("{}: {}", draft.title or draft, link), messages.WARNING)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:
            return self._add(request)
        draft = self.get_object(request, unquote(object_id))
        form = form_of(draft.type)
        if form is None or not self.has_change_permission(request, draft):
            return super().changeform_view(request, object_id, form_url, extra_context)
        return writing.write(self, request, Desk(form, staff(request), draft))

    def _add(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = form_of(request.GET.get("type", ""))
        if form is None:
            return writing.choose_type(self, request)
        desk = Desk(form, staff(request))
        return writing.write(self, request, desk, offers.began(desk, request.GET))

    def from_annotations_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What questions could be made of a passage of an article's revision by its annotations."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        revision = Sources(staff(request)).article(unquote(object_id))
        if revision is None:
            raise Http404
        if offers.keys_blind(revision, staff(request)):
            message = _(
                "You are keying this text blind. Close your own reading first; then its key is shown."
            )
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_articlerevision_change", args=[revision.pk]))
        return writing.offer(self, request, revision)

    def preview_view(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        """The form in the request as a learner meets it; saves nothing."""
        draft = self.get_object(request, unquote(object_id)) if object_id else None
        form: type[QuestionForm] | None = form_of(draft.type if draft else request.GET.get("type", ""))
        if form is None or request.method != "POST":
            raise Http404
        may = self.has_change_permission(request, draft) if draft else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        return preview(request, Desk(form, staff(request), draft))


@admin.register(QuestionKey)
class QuestionKeyAdmin(ReadOnlyAdmin):
    """What is right. Edited on the page of its draft."""

    list_display = ["revision", "type", "origin_set"]
    list_filter = ["revision__type", ("revision__published_at", admin.EmptyFieldListFilter)]
    list_select_related = ["revision__question", "origin_set__revision__article"]
    search_fields = ["revision__question__ref", "revision__title"]
    fields = ["revision", "key", "origin_set"]

    @admin.display(
        description=QuestionRevision._meta.get_field("type").verbose_name, ordering="revision__type"
    )
    def type(self, key: QuestionKey) -> str:
        return key.revision.type


@admin.register(QuestionSkill)
class QuestionSkillAdmin(ReadOnlyAdmin):
    list_display = ["revision", "skill"]
    list_filter = [("skill", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["revision__question", "skill"]
    search_fields = ["revision__question__ref", "revision__title"]
    fields = ["revision", "skill"]
