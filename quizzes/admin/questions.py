from typing import Any

import pydantic
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import Part, ReadOnlyAdmin
from articles.admin.base import IdentityAdmin, RevisionAdmin, RevisionRows
from quizzes import publishing
from quizzes.models import Question, QuestionKey, QuestionRevision, QuestionSkill
from quizzes.types import registry


def refuse_unreadable(revision: QuestionRevision, part: registry.Part, data: Any) -> None:
    """Raise ValidationError for JSON that the question's type cannot read."""
    try:
        registry.load(revision.type, part, data, revision.schema_version)
    except pydantic.ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ValidationError(faults) from error
    except (registry.UnknownType, ValueError) as error:
        raise ValidationError(str(error)) from error


class QuestionRevisionRows(RevisionRows):
    model = QuestionRevision
    fields = ["title", "type", *RevisionRows.fields]


@admin.register(Question)
class QuestionAdmin(IdentityAdmin):
    list_select_related = ["organisation", "published__question"]
    list_filter = ["published__type", *IdentityAdmin.list_filter]
    search_fields = [*IdentityAdmin.search_fields, "published__title"]
    inlines = [QuestionRevisionRows]


class QuestionRevisionForm(forms.ModelForm):
    def clean_prompt(self) -> Any:
        refuse_unreadable(self.instance, "prompt", self.cleaned_data["prompt"])
        return self.cleaned_data["prompt"]


class QuestionKeyForm(forms.ModelForm):
    def clean_key(self) -> Any:
        refuse_unreadable(self.instance.revision, "key", self.cleaned_data["key"])
        return self.cleaned_data["key"]


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
    organisation_path = "question__organisation"
    publish_verb = publishing.publish_question
    list_display = ["question", "number", "title", "type", "difficulty", "published_at", "created_at"]
    list_filter = [
        "type",
        ("published_at", admin.EmptyFieldListFilter),
        "difficulty",
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
