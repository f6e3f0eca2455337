"""Assignments and what belongs to them, to read: the pages of a class write them."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from quizzes.models import Accommodation, Assignment, AssignmentLearner, AssignmentScore, GradeEntry


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["quiz", "cohort", "opens_at", "due_at", "closes_at", "release", "archived_at"]
    list_filter = [
        ("cohort", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
        "release",
    ]
    list_select_related = ["quiz__published", "cohort"]
    search_fields = ["cohort__name", "quiz__ref"]
    date_hierarchy = "created_at"
    fields = [
        "quiz",
        "cohort",
        "everyone",
        ("opens_at", "due_at", "closes_at"),
        ("late_policy", "late_percent"),
        ("attempt_rule", "attempts_allowed", "time_limit_s"),
        ("feedback", "release", "released_at"),
        "archived_at",
        "uuid",
    ]


@admin.register(AssignmentLearner)
class AssignmentLearnerAdmin(ReadOnlyAdmin):
    list_display = ["assignment", "learner"]
    list_select_related = ["assignment__quiz", "assignment__cohort", "learner"]
    search_fields = ["learner__username_key"]
    fields = ["assignment", "learner"]


@admin.register(Accommodation)
class AccommodationAdmin(ReadOnlyAdmin):
    list_display = ["learner", "cohort", "assignment", "extra_percent", "extra_s", "extra_days", "by"]
    list_filter = [("cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["learner", "cohort", "assignment__quiz", "assignment__cohort", "by"]
    search_fields = ["learner__username_key", "cohort__name"]
    fields = [
        "learner",
        "cohort",
        "assignment",
        ("extra_percent", "extra_s"),
        ("extra_attempts", "extra_days", "due_at"),
        "by",
    ]


@admin.register(GradeEntry)
class GradeEntryAdmin(ReadOnlyAdmin):
    list_display = ["assignment", "learner", "kind", "fraction", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["assignment__quiz", "assignment__cohort", "learner", "by"]
    search_fields = ["learner__username_key", "reason"]
    date_hierarchy = "at"
    fields = ["assignment", "learner", "kind", "fraction", "reason", "by", "at"]


@admin.register(AssignmentScore)
class AssignmentScoreAdmin(ReadOnlyAdmin):
    list_display = ["assignment", "learner", "updated_at"]
    list_select_related = ["assignment__quiz", "assignment__cohort", "learner"]
    search_fields = ["learner__username_key"]
    date_hierarchy = "updated_at"
    fields = ["assignment", "learner", "created_at", "updated_at"]
