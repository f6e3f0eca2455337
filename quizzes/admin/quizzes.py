from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import Part, ReadOnlyAdmin
from articles.admin.base import IdentityAdmin, RevisionAdmin, RevisionRows
from quizzes import publishing
from quizzes.models import Quiz, QuizRevision, QuizSlot


class QuizRevisionRows(RevisionRows):
    model = QuizRevision
    fields = ["title", "feedback", *RevisionRows.fields]


@admin.register(Quiz)
class QuizAdmin(IdentityAdmin):
    published_as = QuizRevision
    list_display = ["ref", "mode", *IdentityAdmin.list_display[1:]]
    list_filter = ["mode", *IdentityAdmin.list_filter]
    list_select_related = ["organisation", "published"]
    search_fields = [*IdentityAdmin.search_fields, "published__title"]
    fields = ["mode", *IdentityAdmin.fields]
    inlines = [QuizRevisionRows]


class QuizSlotPart(Part):
    model = QuizSlot
    fields = ["position", "question", "points", "pinned"]
    autocomplete_fields = ["question", "pinned"]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[QuizSlot]":
        return super().get_queryset(request).select_related("quiz_revision", "question", "pinned__question")


@admin.register(QuizRevision)
class QuizRevisionAdmin(RevisionAdmin):
    organisation_path = "quiz__organisation"
    publish_verb = publishing.publish_quiz
    list_display = ["title", "quiz", "number", "feedback", "attempts_allowed", "published_at", "created_at"]
    list_filter = [
        "quiz__mode",
        ("published_at", admin.EmptyFieldListFilter),
        "feedback",
        ("quiz__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["quiz"]
    search_fields = ["title", "quiz__ref"]
    fields = [
        "quiz",
        ("number", "published_at", "published_by"),
        "title",
        "instructions",
        ("time_limit_s", "attempts_allowed"),
        "feedback",
        ("shuffle_items", "shuffle_options"),
    ]
    readonly_fields = ["quiz", "number", "published_at", "published_by"]
    inlines = [QuizSlotPart]


@admin.register(QuizSlot)
class QuizSlotAdmin(ReadOnlyAdmin):
    """A question's place in a quiz. Edited on the page of the quiz's draft."""

    list_display = ["quiz_revision", "position", "question", "points", "pinned"]
    list_filter = [
        ("quiz_revision__quiz", admin.RelatedOnlyFieldListFilter),
        ("quiz_revision__published_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["quiz_revision", "question", "pinned__question"]
    search_fields = ["quiz_revision__title", "question__ref", "question__published__title"]
    fields = ["quiz_revision", "position", "question", "points", "pinned"]
