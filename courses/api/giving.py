"""Course assignments over REST: a course, or a module or lesson of it, given to a class."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import need
from accounts.api.doors import Ended
from accounts.api.filters import IsSet
from accounts.api.references import Named, caller
from accounts.api.refusing import UNFIT
from accounts.models import Cohort
from courses import assigning
from courses.models import CohortCourse, Course, Lesson, Module, Step
from quizzes.api import references
from quizzes.api.assignments import AssignmentSerializer, dated, shown_by_taking_back
from quizzes.api.given import READERS, GivenSerializer
from quizzes.api.moments import date_of_work
from quizzes.assigning import AssignmentRefused, held_before
from quizzes.models import Assignment


def _courses(user: Any) -> "QuerySet[Any]":
    return Course.objects.visible_to(user)


def _modules(user: Any) -> "QuerySet[Any]":
    return Module.objects.filter(course__in=_courses(user), archived_at=None)


def _lessons(user: Any) -> "QuerySet[Any]":
    return Lesson.objects.filter(course__in=_courses(user), archived_at=None)


class CourseAssignmentSerializer(GivenSerializer, serializers.ModelSerializer[CohortCourse]):
    """A course that a class takes, or one module or lesson of it. Its graded quizzes become assignments."""

    course = Named(_courses, unknown="unknown-course", help_text="A published course. It cannot be changed.")
    module = Named(
        _modules,
        unknown="unknown-module",
        allow_null=True,
        required=False,
        help_text="Only this module of it. It cannot be changed.",
    )
    lesson = Named(
        _lessons,
        unknown="unknown-lesson",
        allow_null=True,
        required=False,
        help_text="Only this lesson of it. It cannot be changed.",
    )
    opens_at = date_of_work("Its quizzes open then; null: at once.")
    due_at = date_of_work("Its quizzes are due then; null: never.")

    fixed = ("cohort", "course", "module", "lesson")
    fixed_says = _("This cannot be changed. Take it back, and give the other one.")

    class Meta:
        model = CohortCourse
        fields = [
            "uuid",
            "cohort",
            "course",
            "module",
            "lesson",
            "learners",
            "opens_at",
            "due_at",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["uuid", "archived_at", "created_at", "updated_at"]
        validators: list[Any] = []
        extra_kwargs = {
            "archived_at": {"help_text": "When it was taken back; what was done of it stays."},
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is None:
            _refuse_parts(attrs)
        return super().validate(attrs)


def _refuse_parts(given: dict[str, Any]) -> None:
    parts = {name: given[name] for name in ("module", "lesson") if given.get(name)}
    if len(parts) == 2:
        raise serializers.ValidationError({"lesson": [_("Name a module or a lesson, not both.")]}, UNFIT)
    for name, part in parts.items():
        if part.course_id != given["course"].pk:
            raise serializers.ValidationError({name: [_("This is part of another course.")]}, UNFIT)


class CourseAssignmentFilters(FilterSet):
    cohort = UUIDFilter(field_name="cohort__uuid", help_text="Of one class.")
    course = UUIDFilter(field_name="course__uuid", help_text="Of one course.")
    archived = IsSet("archived_at", help_text="Only what was taken back, or (false) what was not.")


class CourseAssignmentViewSet(Ended):
    """What classes of the organisation take of courses. Whoever is in the class is enrolled.

    The assignments that come of it are in the list of assignments, and can be changed there one by one.
    """

    queryset = CohortCourse.objects.none()
    serializer_class = CourseAssignmentSerializer
    filterset_class = CourseAssignmentFilters
    scopes = {
        "list": READERS,
        "retrieve": READERS,
        "create": "assignments:write",
        "partial_update": "assignments:write",
        "destroy": "assignments:write",
    }
    tags_for = {"create": False}

    def rows(self) -> "QuerySet[Any]":
        seen = CohortCourse.objects.filter(cohort__in=references.cohorts(self.request.user))
        return seen.select_related("cohort", "course", "module", "lesson").prefetch_related("named__learner")

    @extend_schema(
        examples=[
            OpenApiExample(
                "A lesson for a week",
                request_only=True,
                value={
                    "cohort": "0b9e7f5c-3a9b-4a31-9d0e-7c1a52f0e1aa",
                    "course": "7f8e2a3b-41c7-4a19-8b1e-5d0c9e6f7a88",
                    "lesson": "d2b1c0a9-8f7e-4d6c-9b5a-4e3f2d1c0b99",
                    "due_at": "2026-09-14T16:00:00Z",
                },
            )
        ]
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a course, or a part of it, to a class.

        What the class has already is given anew, to these learners and with these dates. Where the class had
        quizzes of the course whose scores were held when they were taken back, it needs `grades:write` too.
        """
        return super().create(request, *args, **kwargs)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back, with the assignments that came of it; what was done stays. Twice is once.

        As with one assignment, it needs the scope `grades:write` too where marks would be seen that wait now.
        """
        return super().destroy(request, *args, **kwargs)

    def replaced(self, request: Request, given: dict[str, Any]) -> Any:
        """The class is held, as the verb holds it."""
        Cohort.objects.select_for_update(no_key=True).get(pk=given["cohort"].pk)
        part = {name: given.get(name) for name in CourseAssignmentSerializer.fixed}
        return self.rows().filter(**part, archived_at=None).first()

    def make(self, request: Request, given: dict[str, Any]) -> Any:
        self._may_show(request, given["cohort"], given["course"])
        with self._noted(request, given["cohort"]):
            made = assigning.give(**given, by=caller(request))
        return self.again(made)

    def _may_show(self, request: Request, cohort: Cohort, course: Course) -> None:
        """Quizzes that are given again hold nothing: marks that were held when they were taken back would be seen."""
        if held_before(cohort).filter(quiz__in=_asked(course)).exists():
            need(request, "grades:write")

    def change(self, request: Request, row: CohortCourse, given: dict[str, Any]) -> Any:
        if row.archived_at is not None:
            raise AssignmentRefused("", str(_("This was taken back. Give it anew.")))
        self._may_show(request, row.cohort, row.course)
        named = None if row.everyone else [one.learner for one in row.named.all()]
        with self._noted(request, row.cohort):
            changed = assigning.give(
                cohort=row.cohort,
                course=row.course,
                module=row.module,
                lesson=row.lesson,
                by=caller(request),
                learners=given.get("learners", named),
                opens_at=given.get("opens_at", row.opens_at),
                due_at=given.get("due_at", row.due_at),
            )
        return self.again(changed)

    def end(self, request: Request, row: CohortCourse) -> Any:
        live = Assignment.objects.live().filter(cohort=row.cohort, quiz__in=_asked(row.course))
        if row.archived_at is None and shown_by_taking_back(live):
            need(request, "grades:write")
        with self._noted(request, row.cohort):
            taken = assigning.take_back(given=row, by=caller(request))
        return self.again(taken)

    @contextmanager
    def _noted(self, request: Request, cohort: Cohort) -> Iterator[None]:
        """Tell the log of each assignment of the class, which is held, that is made or changed meanwhile."""
        before = _assignments_of(cohort)
        yield
        for pk, (row, after) in _assignments_of(cohort).items():
            _row, was = before.get(pk, (row, None))
            if was != after:
                self.note(request, row, before=was, after=after)

    def _locked(self) -> Any:
        """The class first, as the verbs lock it."""
        Cohort.objects.select_for_update(no_key=True).get(pk=self.get_object().cohort_id)
        return self.again(super()._locked())


def _asked(course: Course) -> "QuerySet[Any]":
    """Primary keys of the quizzes that lessons of the course ask, or asked."""
    return Step.objects.filter(lesson_revision__lesson__course=course, quiz__isnull=False).values("quiz")


def _assignments_of(cohort: Cohort) -> dict[int, tuple[Assignment, Any]]:
    """The class's assignments, and each as the API shows it."""
    found = dated(Assignment.objects.filter(cohort=cohort).exclude(quiz__published=None))
    return {row.pk: (row, AssignmentSerializer(row).data) for row in found}
