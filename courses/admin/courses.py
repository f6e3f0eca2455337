from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyPart
from articles.admin.base import OwnedArchiving
from articles.publishing import PublishingError
from courses import publishing
from courses.models import Course, Lesson, Module


class ModuleRows(ReadOnlyPart):
    model = Module
    fields = ["position", "title", "ref", "archived_at"]


@admin.register(Course)
class CourseAdmin(OwnedArchiving):
    refusals = (PublishingError,)
    never_published = Q(published_at=None)
    list_display = ["title", "organisation", "language", "published_at", "archived_at", "updated_at"]
    list_filter = [
        ("organisation", admin.RelatedOnlyFieldListFilter),
        "language",
        ("published_at", admin.EmptyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organisation"]
    search_fields = ["title", "bundle"]
    date_hierarchy = "created_at"
    fields = [
        "organisation",
        "bundle",
        "title",
        "language",
        "licence",
        "opening",
        "published_at",
        "archived_at",
        "uuid",
    ]
    readonly_fields = ["organisation", "bundle", "published_at", "archived_at", "uuid"]
    autocomplete_fields = ["opening"]
    inlines = [ModuleRows]
    actions = ["publish", *OwnedArchiving.actions]

    def is_met(self, obj: Course) -> bool:
        return obj.published_at is not None

    @admin.action(description=_("Open the selected courses to learners"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: "QuerySet[Course]") -> None:
        def publish_one(course: Course) -> None:
            publishing.publish_course(course=course)
            self.log_change(request, course, str(_("Published.")))

        drafts = self.owned(request, queryset.filter(published_at=None))
        self.run(request, drafts, publish_one)


class LessonRows(ReadOnlyPart):
    model = Lesson
    fields = ["position", "ref", "published", "archived_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("published")


@admin.register(Module)
class ModuleAdmin(OwnedArchiving):
    organisation_path = "course__organisation"
    published_as = Course
    never_published = Q(course__published_at=None)
    list_display = ["title", "course", "position", "ref", "archived_at"]
    list_filter = [
        ("course", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["course"]
    search_fields = ["title", "ref", "course__title"]
    date_hierarchy = "created_at"
    fields = ["course", "ref", "title", "position", "archived_at"]
    readonly_fields = ["course", "ref", "archived_at"]
    inlines = [LessonRows]

    def is_met(self, obj: Module) -> bool:
        return obj.course.published_at is not None
