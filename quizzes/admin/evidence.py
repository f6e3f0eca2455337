from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from quizzes.models import Evidence


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """What mastery is made of; only scoring writes it."""

    list_display = ["learner", "skill", "question", "unit", "kind", "correct", "fraction", "at", "voided_at"]
    list_filter = [
        ("skill", admin.RelatedOnlyFieldListFilter),
        "kind",
        "correct",
        ("voided_at", admin.EmptyFieldListFilter),
        ("cohort", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["learner", "skill", "question"]
    search_fields = ["learner__username_key", "learner__display_name", "question__ref"]
    date_hierarchy = "at"
    fields = [
        "learner",
        "skill",
        "question",
        "question_revision",
        "score",
        ("unit", "ordinal"),
        ("kind", "category"),
        "correct",
        "fraction",
        "confidence",
        "article",
        "cohort",
        "at",
        "voided_at",
    ]
