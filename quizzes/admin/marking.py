"""What graders and regrades leave behind, and stored figures: to read."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from quizzes.models import GradingDraft, QuizAnalysis, Regrade, SavedComment


@admin.register(GradingDraft)
class GradingDraftAdmin(ReadOnlyAdmin):
    list_display = ["item", "done", "by", "holder", "released_at"]
    list_filter = ["done", ("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["item", "by", "holder"]
    search_fields = ["item__attempt__learner__username_key"]
    fields = ["item", "levels", "comment", "done", "by", ("holder", "held_until"), "released_at"]


@admin.register(SavedComment)
class SavedCommentAdmin(ReadOnlyAdmin):
    list_display = ["text", "owner", "question"]
    list_select_related = ["owner", "question__published"]
    search_fields = ["text"]
    fields = ["owner", "question", "text", "archived_at"]


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    list_display = ["question", "kind", "status", "done", "total", "by", "created_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["question__published", "by"]
    search_fields = ["question__ref", "reason"]
    date_hierarchy = "created_at"
    fields = [
        "question",
        ("kind", "to_revision", "replace_manual"),
        "quiz",
        "cohorts",
        "reason",
        "by",
        ("status", "done", "total", "finished_at"),
    ]


@admin.register(QuizAnalysis)
class QuizAnalysisAdmin(ReadOnlyAdmin):
    list_display = ["quiz", "cohort", "learners", "computed_at"]
    list_select_related = ["quiz__published", "cohort"]
    search_fields = ["quiz__ref"]
    fields = ["quiz", "cohort", "learners", "figures", "computed_at", "asked_at"]
