from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import has_model_permission, staff
from articles import differences
from articles.admin.base import OwnedArchiving, Revised
from articles.admin.revision_pages import address
from articles.admin.revisions import RevisionAdmin, RevisionRows
from articles.admin.seen import SeenForm
from courses import building, lines, publishing
from courses.admin.preview import Previewed
from courses.admin.steps import PublishedSteps, StepFormSet, StepRows
from courses.checking import lesson_faults
from courses.models import Lesson, LessonRevision, Module

differences.register(LessonRevision, lines.of_lesson)


class LessonRevisionRows(RevisionRows):
    model = LessonRevision
    fields = ["title", "minutes", *RevisionRows.fields]


class NewLessonForm(forms.ModelForm):
    """What a lesson needs before it can be built."""

    title = forms.CharField(label=_("Title"), max_length=200)

    class Meta:
        model = Lesson
        fields = ["module"]


@admin.register(Lesson)
class LessonAdmin(Revised, OwnedArchiving):
    revise_verb = staticmethod(building.revise_lesson)
    organisation_path = "course__organisation"
    published_as = LessonRevision
    list_display = ["choice_title", "course", "module", "position", "published", "archived_at"]
    list_filter = [
        ("course", admin.RelatedOnlyFieldListFilter),
        ("module", admin.RelatedOnlyFieldListFilter),
        ("published", admin.EmptyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["course", "module", "published"]
    search_fields = ["ref", "published__title", "revisions__title", "course__title", "module__title"]
    date_hierarchy = "created_at"
    fields = ["course", "module", "ref", "position", "published", "archived_at", "uuid"]
    readonly_fields = ["course", "module", "ref", "published", "archived_at", "uuid"]
    autocomplete_fields = ["module"]
    inlines = [LessonRevisionRows]

    def is_met(self, obj: Lesson) -> bool:
        return obj.published_id is not None and obj.course.published_at is not None

    @admin.display(description=_("title"), ordering="choice_title")
    def choice_title(self, lesson: Any) -> str:
        return str(lesson.choice_title or lesson.ref)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "add")

    def get_inlines(self, request: HttpRequest, obj: Lesson | None) -> Any:
        return self.inlines if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Lesson | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["title", "module"]})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Lesson | None = None) -> Any:
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Lesson | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, form=NewLessonForm, fields=["title", "module"])
        modules: Any = self.admin_site.get_model_admin(Module)
        field: Any = form.base_fields["module"]
        field.queryset = modules.owned(request, modules.get_queryset(request))
        return form

    def save_model(self, request: HttpRequest, obj: Lesson, form: Any, change: bool) -> None:
        """A new one is made by the verb, with its first draft."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made = building.new_lesson(module=obj.module, title=form.cleaned_data["title"], by=staff(request))
        obj.pk, obj.uuid, obj.ref = made.lesson.pk, made.lesson.uuid, made.lesson.ref
        obj.course, obj.position = made.lesson.course, made.lesson.position

    def response_add(self, request: HttpRequest, obj: Lesson, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(address(obj.revisions.get()))


class LessonRevisionForm(SeenForm):
    """What stands above the steps."""

    class Meta:
        model = LessonRevision
        fields = ["title", "summary"]


@admin.register(LessonRevision)
class LessonRevisionAdmin(Previewed, RevisionAdmin):
    form = LessonRevisionForm
    change_form_template = "courses/admin/lesson_draft.html"
    organisation_path = "lesson__course__organisation"
    publish_verb = publishing.publish_lesson
    list_display = ["title", "lesson", "number", "minutes", "published_at", "published_by", "created_at"]
    list_filter = [
        ("published_at", admin.EmptyFieldListFilter),
        ("lesson__course", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["lesson", "published_by"]
    search_fields = ["title", "summary", "lesson__ref"]
    fields = ["lesson", ("number", "published_at", "published_by"), "title", "summary", "minutes"]
    readonly_fields = ["lesson", "number", "published_at", "published_by", "minutes"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[LessonRevision]":
        return super().get_queryset(request).select_related("lesson__course__organisation")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"courses_lessonrevision_{name}",
            )
            for name, view in (("check", self.check_view), ("together", self.together_view))
        ]
        return [*own, *super().get_urls()]

    def get_inlines(self, request: HttpRequest, obj: LessonRevision | None) -> Any:
        return [StepRows if obj and self.has_change_permission(request, obj) else PublishedSteps]

    def get_fieldsets(self, request: HttpRequest, obj: LessonRevision | None = None) -> Any:
        if obj is not None and self.has_change_permission(request, obj):
            return [(None, {"fields": ["title", "summary", "minutes", "seen"]})]
        return super().get_fieldsets(request, obj)

    def get_form(
        self, request: HttpRequest, obj: LessonRevision | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None or not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **{**kwargs, "form": forms.ModelForm})
        return super().get_form(request, obj, change, **{**kwargs, "fields": LessonRevisionForm.Meta.fields})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save()
        if isinstance(formset, StepFormSet):
            building.put_steps(revision=form.instance, steps=formset.steps())

    def not_published(self, request: HttpRequest, obj: Any, refused: Exception) -> HttpResponse:
        """The list of faults says why."""
        self.message_user(request, _("Saved, but not published: see what is wrong."), messages.ERROR)
        return HttpResponseRedirect(address(obj, "check"))

    def check_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is wrong with what learners would meet, each fault with a link to where it is mended."""
        revision = self.found(request, object_id)
        faults = lesson_faults(revision)
        waiting = [fault.draft for fault in faults if fault.draft is not None]
        may = revision.is_draft and self.may_publish_all(request, [revision, *waiting])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Check"),
            "opts": self.opts,
            "row": revision,
            "row_url": address(revision),
            "faults": [(fault, address(fault.row)) for fault in faults],
            "waiting": list(dict.fromkeys(waiting)) if may else [],
            "only_drafts": bool(faults) and len(waiting) == len(faults),
            "together_url": address(revision, "together"),
        }
        return TemplateResponse(request, "courses/admin/check.html", context)

    def together_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Publish the lesson with all that it waits for: everything or nothing."""
        revision = self.found(request, object_id)
        waiting = publishing.drafts_below(revision)
        if request.method != "POST" or not self.may_publish_all(request, [revision, *waiting]):
            raise PermissionDenied
        try:
            published = publishing.publish_together(revision=revision, by=staff(request))
        except self.refusals as refused:
            self.message_user(request, _now("Nothing was published. %s") % refused, messages.ERROR)
            return HttpResponseRedirect(address(revision, "check"))
        for one in published:
            self.log_change(request, one, str(_("Published.")))
        count = len(published)
        said = ngettext("%d thing was published.", "%d things were published together.", count) % count
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(address(revision.lesson))

    def may_publish_all(self, request: HttpRequest, drafts: Iterable[Any]) -> bool:
        """Whether they may publish each of these, by the page that it has."""
        pages: list[tuple[Any, Any]] = [(self.admin_site.get_model_admin(type(one)), one) for one in drafts]
        return all(
            page.has_publish_permission(request) and page.has_change_permission(request, one)
            for page, one in pages
        )

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The revision, if they see it; else a 404, as for one that does not exist."""
        revision = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, revision):
            raise PermissionDenied
        return revision
