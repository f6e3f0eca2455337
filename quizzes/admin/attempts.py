from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import ReadOnlyAdmin, ReadOnlyPart, has_model_permission
from quizzes import attempts
from quizzes.models import Attempt, AttemptItem, ItemResponse, ItemScore

PEOPLE = ["learner__username_key", "learner__display_name"]


class AttemptItemRows(ReadOnlyPart):
    model = AttemptItem
    fields = ["position", "question", "revision", "points", "first_shown_at", "result"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[AttemptItem]":
        rows = super().get_queryset(request)
        return rows.select_related("question", "revision__question", "current_score")

    @admin.display(description=_("score"))
    def result(self, item: AttemptItem) -> float | None:
        return item.current_score.fraction if item.current_score else None


class OverdueFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("overdue", _("open, and its time is over")), ("in", _("handed in"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Attempt]") -> "QuerySet[Attempt]":
        if self.value() == "open":
            return queryset.filter(submitted_at=None)
        if self.value() == "overdue":
            return queryset.filter(submitted_at=None, deadline_at__lt=timezone.now())
        return queryset.exclude(submitted_at=None) if self.value() == "in" else queryset


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = [
        "learner",
        "quiz",
        "number",
        "cohort",
        "started_at",
        "submitted_at",
        "fraction",
        "is_preview",
    ]
    list_filter = [
        OverdueFilter,
        "quiz__mode",
        ("cohort", admin.RelatedOnlyFieldListFilter),
        ("quiz", admin.RelatedOnlyFieldListFilter),
        "submit_cause",
        "is_preview",
    ]
    list_select_related = ["learner", "quiz", "cohort"]
    search_fields = [*PEOPLE, "quiz__ref", "quiz_revision__title"]
    date_hierarchy = "started_at"
    fields = [
        "learner",
        "quiz",
        "quiz_revision",
        "cohort",
        ("number", "is_preview", "seed"),
        "started_at",
        "deadline_at",
        "submitted_at",
        "submit_cause",
        "fraction",
        "graded_at",
        "uuid",
    ]
    inlines = [AttemptItemRows]
    actions = ["hand_in_overdue"]

    def has_hand_in_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("Hand in the selected attempts whose time is over"), permissions=["hand_in"])
    def hand_in_overdue(self, request: HttpRequest, queryset: "QuerySet[Attempt]") -> None:
        def hand_in(attempt: Attempt) -> None:
            attempts.submit(attempt=attempt, cause=Attempt.SubmitCause.DEADLINE)
            self.log_change(request, attempt, str(_("Handed in.")))

        late = [attempt for attempt in queryset if attempt.is_overdue]
        self.run(request, late, hand_in, handed_in_words)


class ItemResponseRows(ReadOnlyPart):
    model = ItemResponse
    fields = ["sequence", "data", "confidence", "active_ms", "is_check", "saved_at"]


class ItemScoreRows(ReadOnlyPart):
    model = ItemScore
    fields = ["number", "source", "fraction", "answered", "dropped", "key_revision", "by", "reason", "at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ItemScore]":
        return super().get_queryset(request).select_related("key_revision__question", "by")


@admin.register(AttemptItem)
class AttemptItemAdmin(ReadOnlyAdmin):
    list_display = ["attempt", "position", "question", "points", "first_shown_at", "result"]
    list_filter = [
        ("attempt__cohort", admin.RelatedOnlyFieldListFilter),
        ("current_score", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["attempt__learner", "attempt__quiz", "question", "current_score"]
    search_fields = [
        "attempt__learner__username_key",
        "attempt__learner__display_name",
        "question__ref",
        "revision__title",
    ]
    date_hierarchy = "first_shown_at"
    fields = [
        "attempt",
        "position",
        "slot",
        "question",
        "revision",
        "option_order",
        "points",
        "first_shown_at",
        "current_score",
    ]
    inlines = [ItemResponseRows, ItemScoreRows]

    @admin.display(description=_("score"), ordering="current_score__fraction")
    def result(self, item: AttemptItem) -> float | None:
        return item.current_score.fraction if item.current_score else None


@admin.register(ItemResponse)
class ItemResponseAdmin(ReadOnlyAdmin):
    list_display = ["item", "learner", "sequence", "confidence", "active_ms", "is_check", "saved_at"]
    list_filter = ["is_check", ("item__attempt__cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["item__attempt__learner"]
    search_fields = ["item__attempt__learner__username_key", "item__question__ref"]
    date_hierarchy = "saved_at"
    fields = ["item", "sequence", "data", "schema_version", "confidence", "active_ms", "is_check", "saved_at"]

    @admin.display(
        description=Attempt._meta.get_field("learner").verbose_name,
        ordering="item__attempt__learner__username_key",
    )
    def learner(self, response: ItemResponse) -> str:
        return str(response.item.attempt.learner)


def handed_in_words(count: int) -> str:
    return ngettext("%(count)d attempt was handed in.", "%(count)d attempts were handed in.", count) % {
        "count": count
    }
