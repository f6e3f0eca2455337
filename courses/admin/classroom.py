"""Who takes a course of a class, which assignments it made, and what was presented: to read."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from courses.models import CohortCourseItem, CohortCourseLearner, ExitTicket, Presentation

_GIVEN = [f"cohort_course__{name}" for name in ("cohort", "course", "module", "lesson__published")]


@admin.register(CohortCourseLearner)
class CohortCourseLearnerAdmin(ReadOnlyAdmin):
    list_display = ["cohort_course", "learner"]
    list_select_related = [*_GIVEN, "learner"]
    search_fields = ["learner__username_key"]
    fields = ["cohort_course", "learner"]


@admin.register(CohortCourseItem)
class CohortCourseItemAdmin(ReadOnlyAdmin):
    list_display = ["cohort_course", "lesson", "step_key", "assignment"]
    list_select_related = [*_GIVEN, "lesson__published", "assignment__quiz", "assignment__cohort"]
    search_fields = ["step_key", "cohort_course__cohort__name"]
    fields = ["cohort_course", "lesson", "step_key", "assignment"]


@admin.register(Presentation)
class PresentationAdmin(ReadOnlyAdmin):
    list_display = ["cohort", "lesson", "scene", "by", "opened_at", "ended_at"]
    list_select_related = ["cohort", "lesson__published", "by"]
    search_fields = ["cohort__name"]
    date_hierarchy = "opened_at"
    fields = ["cohort", "lesson", ("scene", "finding"), "by", ("opened_at", "started_at", "ended_at")]


@admin.register(ExitTicket)
class ExitTicketAdmin(ReadOnlyAdmin):
    """That somebody answered, and never what: pupils are told so."""

    list_display = ["presentation", "learner", "at"]
    list_select_related = ["presentation__cohort", "presentation__lesson", "learner"]
    search_fields = ["presentation__cohort__name", "learner__username_key"]
    fields = ["presentation", "learner", "at"]
