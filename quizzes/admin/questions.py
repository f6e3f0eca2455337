from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import Part, ReadOnlyAdmin
from articles.admin.base import IdentityAdmin, RevisionAdmin, RevisionRows
from quizzes import publishing
from quizzes.admin.forms import QuestionKeyForm, QuestionRevisionForm, form_of
from quizzes.models import Question, QuestionKey, QuestionRevision, QuestionSkill


class QuestionRevisionRows(RevisionRows):
    model = QuestionRevision
    fields = ["title", "type", *RevisionRows.fields]


@admin.register(Question)
class QuestionAdmin(IdentityAdmin):
    list_select_related = ["organisation", "published__question"]
    list_filter = ["published__type", *IdentityAdmin.list_filter]
    search_fields = [*IdentityAdmin.search_fields, "published__title"]
    inlines = [QuestionRevisionRows]


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


def _kept(fields: Any, form: Any) -> list[Any]:
    """The admin's fields without those that a form says (`Meta.exclude`) it writes by fields of its own."""
    left_out = set(getattr(getattr(form, "Meta", None), "exclude", None) or ())
    return [field for field in fields if field not in left_out]


@admin.register(QuestionRevision)
class QuestionRevisionAdmin(RevisionAdmin):
    form = QuestionRevisionForm
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

    def get_form(
        self, request: HttpRequest, obj: QuestionRevision | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """With the form of the draft's own type (`quizzes.admin.forms`), and the fields that it adds."""
        if obj is not None:
            kwargs["form"] = form_of(obj.type)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: QuestionRevision | None = None) -> Any:
        """The fields named here, then those that the type's form adds; without the ones that it leaves out."""
        if obj is None or not self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        form = form_of(obj.type)
        return [(None, {"fields": [*_kept(self.fields, form), *form.declared_fields]})]


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
