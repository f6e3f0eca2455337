from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import CaveatAdmin, ReadOnlyAdmin, ReadOnlyPart, has_model_permission
from courses import enrolment
from courses.models import Enrolment, StepProgress


class StepProgressRows(ReadOnlyPart):
    model = StepProgress
    fields = ["lesson", "step_key", "opened_at", "done_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StepProgress]":
        return super().get_queryset(request).select_related("lesson")


@admin.register(Enrolment)
class EnrolmentAdmin(CaveatAdmin):
    """Made and ended, never edited. Those under a class come with its members and its courses."""

    list_display = ["learner", "course", "cohort", "enrolled_at", "ended_at"]
    list_filter = [
        ("ended_at", admin.EmptyFieldListFilter),
        ("course", admin.RelatedOnlyFieldListFilter),
        ("cohort", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["learner", "course", "cohort"]
    search_fields = ["learner__username_key", "learner__display_name", "course__title", "cohort__name"]
    date_hierarchy = "enrolled_at"
    autocomplete_fields = ["learner", "course"]
    inlines = [StepProgressRows]
    actions = ["end"]

    def get_fields(self, request: HttpRequest, obj: Enrolment | None = None) -> Any:
        made = ["learner", "course"]
        return made if obj is None else [*made, "cohort", "enrolled_at", "ended_at", "uuid"]

    def get_inlines(self, request: HttpRequest, obj: Enrolment | None) -> Any:
        return self.inlines if obj is not None else []

    def has_change_permission(self, request: HttpRequest, obj: Enrolment | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Enrolment, form: Any, change: bool) -> None:
        made = enrolment.enrol(learner=obj.learner, course=obj.course)
        obj.__dict__.update(made.__dict__)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("End the selected enrolments today"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: "QuerySet[Enrolment]") -> None:
        def end_one(row: Enrolment) -> None:
            enrolment.end(enrolment=row)
            self.log_change(request, row, str(_("Ended.")))

        self.run(request, queryset.filter(ended_at=None), end_one)


@admin.register(StepProgress)
class StepProgressAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "lesson", "step_key", "opened_at", "done_at"]
    list_filter = [
        ("done_at", admin.EmptyFieldListFilter),
        ("lesson", admin.RelatedOnlyFieldListFilter),
        ("enrolment__cohort", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["enrolment__learner", "enrolment__course", "lesson"]
    search_fields = ["enrolment__learner__username_key", "enrolment__learner__display_name", "step_key"]
    date_hierarchy = "opened_at"
    fields = ["enrolment", "lesson", "step_key", "opened_at", "done_at"]
