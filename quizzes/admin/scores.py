from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, ReadOnlyPart
from quizzes.models import Evidence, ItemScore, SkillResult


class SkillResultRows(ReadOnlyPart):
    model = SkillResult
    fields = ["skill", "fraction", "required", "found", "partly", "marks", "sound_marks"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[SkillResult]":
        return super().get_queryset(request).select_related("skill")


class EvidenceRows(ReadOnlyPart):
    model = Evidence
    fields = ["skill", "unit", "ordinal", "kind", "category", "correct", "fraction", "at", "voided_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Evidence]":
        return super().get_queryset(request).select_related("skill")


@admin.register(ItemScore)
class ItemScoreAdmin(ReadOnlyAdmin):
    list_display = ["item", "learner", "number", "source", "fraction", "answered", "dropped", "by", "at"]
    list_filter = [
        "source",
        "answered",
        "dropped",
        ("fraction", admin.EmptyFieldListFilter),
        ("item__attempt__cohort", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["item__attempt__learner", "by"]
    search_fields = ["item__attempt__learner__username_key", "item__question__ref", "reason"]
    date_hierarchy = "at"
    fields = [
        "item",
        "number",
        "response",
        "source",
        "key_revision",
        "fraction",
        ("answered", "dropped"),
        "outcome",
        "rules_version",
        "by",
        "reason",
        "at",
    ]
    inlines = [SkillResultRows, EvidenceRows]

    @admin.display(description=_("learner"), ordering="item__attempt__learner__username_key")
    def learner(self, score: ItemScore) -> str:
        return str(score.item.attempt.learner)


@admin.register(SkillResult)
class SkillResultAdmin(ReadOnlyAdmin):
    list_display = ["score", "skill", "fraction", "required", "found", "partly", "marks", "sound_marks"]
    list_filter = [("skill", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["score", "skill"]
    search_fields = ["score__item__attempt__learner__username_key", "score__item__question__ref"]
    date_hierarchy = "score__at"
    fields = ["score", "skill", "fraction", "required", "found", "partly", "marks", "sound_marks"]
