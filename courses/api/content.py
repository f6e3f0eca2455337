"""Courses, their trees and lessons, and the quizzes that stand in them, for programs."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpResponse
from django.utils.text import slugify
from django_filters import CharFilter, FilterSet, UUIDFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import Listed
from accounts.api.files import zip_file
from accounts.api.filters import IsSet
from articles.api.shapes import OwnChanged, without_text
from articles.api.views import READS
from courses import building, publishing
from courses.api.content_shapes import CourseSerializer, LessonSerializer, TreeSerializer
from courses.bundles.archive import pack
from courses.bundles.export import export
from courses.models import Course, Lesson, Module, Step
from quizzes.api import content as quizzes_content


class CourseFilters(FilterSet):
    bundle = CharFilter(help_text="Its name among bundles.")
    language = CharFilter(help_text="A language tag, such as `en`.")
    archived = IsSet("archived_at", help_text="`true`: only what is archived; `false`: only what is not.")


class CourseViewSet(OwnChanged):
    """Courses of the client's organisation and of the site that are open to learners."""

    queryset = Course.objects.none()
    serializer_class = CourseSerializer
    filterset_class = CourseFilters
    scopes = {
        **READS,
        "tree": "content:read",
        "bundle": "keys:read",
        "partial_update": "content:write",
        "publish": "content:write",
    }
    #: Nobody reads a course before it is open: only who has opened it knows its tag.
    tags_for = {"publish": False}

    def rows(self) -> "QuerySet[Any]":
        rows = Course.objects.visible_to(self.request.user).select_related("organisation", "opening")
        if self.action == "publish":
            return rows  # what is its organisation's own may be closed still
        return rows.filter(published_at__isnull=False)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a course another title or language. `If-Match` is required. Its lessons stay as they are."""
        return super().partial_update(request, *args, **kwargs)

    def change(self, request: Request, row: Course, given: dict[str, Any]) -> Course:
        return building.change_course(course=row, **given)

    @extend_schema(responses=TreeSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def tree(self, request: Request, uuid: UUID) -> Response:
        """The whole course as learners meet it now: modules, their lessons, their steps."""
        course = self.get_object()
        return self.tagged(
            request, TreeSerializer(course, context={"lessons": lessons_by_module(course)}).data
        )

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def bundle(self, request: Request, uuid: UUID) -> HttpResponse:
        """What is published of a course, keys too: a ZIP file of plain text, as `course-imports` takes it."""
        course = self.get_object()
        name = slugify(course.bundle) or slugify(course.title) or "course"
        return zip_file(request, pack(export(course)), name=name)

    @extend_schema(request=None, responses=CourseSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def publish(self, request: Request, uuid: UUID) -> Response:
        """Open a course of your organisation to learners. An import opens its course by itself.

        409 with every fault that learners would meet, or where it is open already.
        """
        shown = self.act(request, lambda course: publishing.publish_course(course=course))
        return self.tagged(request, shown)


def lessons_by_module(course: Course) -> dict[Module, list[Lesson]]:
    """The live lessons of a course with their steps, in order. Two queries."""
    steps = Step.objects.select_related("article", "quiz").defer("body").order_by("position", "pk")
    lessons = (
        Lesson.objects.live()
        .filter(course=course)
        .select_related("module", "published")
        .prefetch_related(Prefetch("published__steps", steps))
        .order_by("module__position", "module_id", "position", "pk")
    )
    found: dict[Module, list[Lesson]] = {}
    for lesson in lessons:
        found.setdefault(lesson.module, []).append(lesson)
    return found


class LessonFilters(FilterSet):
    course = UUIDFilter("course__uuid", help_text="The course that it belongs to.")
    ref = CharFilter(help_text="Its name in the course's bundle.")


class LessonViewSet(Listed):
    """The lessons of open courses as they are published now; drafts are not told.

    A lesson counts as changed when its module or course was, because what is archived there is gone here too.
    """

    changed = "changed_at"

    queryset = Lesson.objects.none()
    serializer_class = LessonSerializer
    filterset_class = LessonFilters
    scopes = READS

    def rows(self) -> "QuerySet[Any]":
        courses = Course.objects.visible_to(self.request.user).filter(published_at__isnull=False)
        whole = Step.objects.select_related("article", "article_revision", "skill", "quiz")
        steps = without_text(whole, "article_revision").order_by("position", "pk")
        return (
            Lesson.objects.filter(published__isnull=False, course__in=courses)
            .annotate(changed_at=Greatest("updated_at", "module__updated_at", "course__updated_at"))
            .select_related("course__organisation", "module", "published")
            .prefetch_related(Prefetch("published__steps", steps))
        )


class QuizFilters(quizzes_content.QuizFilters):
    """As the room below has them, and by course, which it does not know."""

    course = UUIDFilter(method="of_course", help_text="What the live lessons of this course lead to.")

    def of_course(self, rows: "QuerySet[Any]", name: str, course: UUID) -> "QuerySet[Any]":
        lessons = Lesson.objects.live().filter(course__uuid=course)
        steps = Step.objects.filter(
            quiz__isnull=False, lesson_revision__in=lessons.order_by().values("published")
        )
        return rows.filter(pk__in=steps.order_by().values("quiz"))


class QuizViewSet(quizzes_content.QuizViewSet):
    __doc__ = quizzes_content.QuizViewSet.__doc__

    filterset_class = QuizFilters
