"""Everything that learners ever gave, response by response: for programs."""

from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.doors import Paged
from quizzes.api.shapes import TypedField, current
from quizzes.models import Attempt, ItemResponse


class StoredResponseSerializer(serializers.ModelSerializer[ItemResponse]):
    """One response, as it was saved. It never changes; `attempt`, `position` and `sequence` name it."""

    attempt = serializers.UUIDField(source="item.attempt.uuid", read_only=True)
    learner = serializers.UUIDField(source="item.attempt.learner.uuid", read_only=True)
    position = serializers.IntegerField(
        source="item.position", read_only=True, help_text="Of the question in the attempt, from 1."
    )
    question = serializers.UUIDField(source="item.question.uuid", read_only=True)
    type = serializers.CharField(
        source="item.revision.type", read_only=True, help_text="The question's type: `data` is in its shape."
    )
    data = serializers.SerializerMethodField(help_text="What the learner gave.")  # type: ignore[assignment]
    sequence = serializers.IntegerField(
        read_only=True, help_text="The client's own count: of a question's responses, the highest counts."
    )
    confidence = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="How sure the learner was, in per cent; null: not asked."
    )
    active_ms = serializers.IntegerField(
        read_only=True, help_text="How long the learner was at it, in milliseconds; 0: not counted."
    )
    is_check = serializers.BooleanField(
        read_only=True, help_text="Whether it was judged at once, in practice."
    )

    class Meta:
        model = ItemResponse
        fields = [
            "attempt",
            "learner",
            "position",
            "question",
            "type",
            "sequence",
            "data",
            "confidence",
            "active_ms",
            "is_check",
            "saved_at",
        ]
        read_only_fields = fields

    @extend_schema_field(TypedField(part="response"))
    def get_data(self, response: ItemResponse) -> Any:
        return current(response.item.revision.type, "response", response.data, response.schema_version)


class ResponseFilters(FilterSet):
    attempt = UUIDFilter("item__attempt__uuid", help_text="Of this attempt.")
    learner = UUIDFilter("item__attempt__learner__uuid", help_text="Of this learner.")
    quiz = UUIDFilter("item__attempt__quiz__uuid", help_text="At this quiz.")
    assignment = UUIDFilter("item__attempt__assignment__uuid", help_text="Under this assignment.")
    cohort = UUIDFilter("item__attempt__cohort__uuid", help_text="Under this class.")


class ResponseViewSet(Paged):
    """Every response of the learners of the client's classes, as it was saved; they are only appended.

    `updated_since` asks for those that were saved since.
    """

    queryset = ItemResponse.objects.none()
    serializer_class = StoredResponseSerializer
    filterset_class = ResponseFilters
    changed = "saved_at"
    scopes = {"list": "attempts:read"}

    def rows(self) -> "QuerySet[Any]":
        seen = ItemResponse.objects.filter(item__attempt__in=Attempt.objects.visible_to(self.request.user))
        return seen.select_related("item__attempt__learner", "item__question", "item__revision").only(
            "sequence",
            "data",
            "schema_version",
            "confidence",
            "active_ms",
            "is_check",
            "saved_at",
            "item__position",
            "item__attempt__uuid",
            "item__attempt__learner__uuid",
            "item__question__uuid",
            "item__revision__type",
        )
