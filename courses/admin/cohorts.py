from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import Archiving, ReadOnlyPart
from accounts.admin.cohorts import CohortAdmin
from accounts.admin.publishers import MOST_NAMES, members_with
from accounts.models import Organisation
from courses import enrolment
from courses.models import CohortCourse


def givers(organisation: Organisation) -> str:
    """Names of those who may give a course of an organisation to its classes; "" where there is nobody."""
    return ", ".join(map(str, members_with("courses.add_cohortcourse", organisation)[:MOST_NAMES]))


class CohortCourseRows(ReadOnlyPart):
    model = CohortCourse
    fields = ["course", "created_at", "archived_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[CohortCourse]":
        return super().get_queryset(request).select_related("course", "cohort")


# The page of a class is of a lower room, which knows no courses.
CohortAdmin.inlines.append(CohortCourseRows)


@admin.register(CohortCourse)
class CohortCourseAdmin(Archiving):
    """Giving a class a course enrols its learners; archiving it ends their enrolments in it."""

    list_display = ["cohort", "course", "created_at", "archived_at"]
    list_filter = [
        ("course", admin.RelatedOnlyFieldListFilter),
        ("cohort", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["cohort", "course"]
    search_fields = ["cohort__name", "course__title"]
    date_hierarchy = "created_at"
    autocomplete_fields = ["cohort", "course"]
    actions = ["archive"]

    def get_fields(self, request: HttpRequest, obj: CohortCourse | None = None) -> Any:
        return (
            ["cohort", "course"] if obj is None else ["cohort", "course", "created_at", "archived_at", "uuid"]
        )

    def has_change_permission(self, request: HttpRequest, obj: CohortCourse | None = None) -> bool:
        return False

    @admin.action(description=_("Take the selected courses back from their classes"), permissions=["archive"])
    def archive(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        def take_back(given: CohortCourse) -> None:
            enrolment.take_back_course(given=given)
            self.log_change(request, given, str(_("Archived.")))

        self.run(request, queryset.filter(archived_at=None), take_back)

    def save_model(self, request: HttpRequest, obj: CohortCourse, form: Any, change: bool) -> None:
        given = enrolment.give_course(cohort=obj.cohort, course=obj.course)
        obj.__dict__.update(given.__dict__)
