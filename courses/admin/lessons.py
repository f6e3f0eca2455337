from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import Part, ReadOnlyAdmin
from articles.admin.base import OwnedArchiving, RevisionAdmin, RevisionRows
from courses import publishing
from courses.models import Lesson, LessonRevision, Step


class LessonRevisionRows(RevisionRows):
    model = LessonRevision
    fields = ["title", "minutes", *RevisionRows.fields]


@admin.register(Lesson)
class LessonAdmin(OwnedArchiving):
    organisation_path = "course__organisation"
    published_as = LessonRevision
    list_display = ["ref", "published", "course", "module", "position", "archived_at"]
    list_filter = [
        ("course", admin.RelatedOnlyFieldListFilter),
        ("module", admin.RelatedOnlyFieldListFilter),
        ("published", admin.EmptyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["course", "module", "published"]
    search_fields = ["ref", "published__title", "course__title", "module__title"]
    date_hierarchy = "created_at"
    fields = ["course", "module", "ref", "position", "published", "archived_at", "uuid"]
    readonly_fields = ["course", "module", "ref", "published", "archived_at", "uuid"]
    inlines = [LessonRevisionRows]

    def is_met(self, obj: Lesson) -> bool:
        return obj.published_id is not None and obj.course.published_at is not None


class StepPart(Part, admin.StackedInline):
    model = Step
    fields = [
        ("position", "key", "kind"),
        "title",
        ("minutes", "on_short_route"),
        "body",
        ("article", "first_line", "last_line"),
        "skill",
        "quiz",
    ]
    autocomplete_fields = ["article", "quiz", "skill"]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Step]":
        return super().get_queryset(request).select_related("article", "skill", "quiz", "lesson_revision")


@admin.register(LessonRevision)
class LessonRevisionAdmin(RevisionAdmin):
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
    readonly_fields = ["lesson", "number", "published_at", "published_by"]
    inlines = [StepPart]


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    """A step of a lesson. Edited on the page of the lesson's draft."""

    list_display = [
        "title",
        "lesson_revision",
        "position",
        "kind",
        "minutes",
        "on_short_route",
        "article",
        "quiz",
    ]
    list_filter = [
        "kind",
        "on_short_route",
        ("lesson_revision__published_at", admin.EmptyFieldListFilter),
        ("lesson_revision__lesson__course", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["lesson_revision", "article", "quiz"]
    search_fields = ["title", "key", "body", "lesson_revision__title"]
    fields = [
        "lesson_revision",
        "position",
        "key",
        "kind",
        "title",
        "minutes",
        "on_short_route",
        "body",
        "article",
        ("first_line", "last_line"),
        "skill",
        "quiz",
    ]
