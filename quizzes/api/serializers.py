from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, extend_schema_field
from rest_framework import serializers

from quizzes.models import Attempt, AttemptItem, ItemResponse, Quiz
from quizzes.models.response import LAST_SEQUENCE
from quizzes.types import registry


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    quiz: "serializers.SlugRelatedField[Quiz]" = serializers.SlugRelatedField(
        slug_field="uuid", read_only=True
    )
    fraction = serializers.SerializerMethodField(
        help_text="From 0 to 1; null while a person has to grade, and while marks are not told yet."
    )

    class Meta:
        model = Attempt
        fields = [
            "uuid",
            "quiz",
            "number",
            "started_at",
            "deadline_at",
            "submitted_at",
            "submit_cause",
            "fraction",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "number", "nullable": True, "minimum": 0, "maximum": 1})
    def get_fraction(self, attempt: Attempt) -> float | None:
        return None if attempt.pk in self.context["withheld"] else attempt.fraction


class PromptField(serializers.JSONField):
    """What a question asks, in the shape of its type; described by every type there is."""


class PromptSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Asks for the types when the schema is asked for: an app may add its own as late as it likes."""

    target_class = PromptField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return {"oneOf": [kind.Prompt.model_json_schema() for kind in registry.all_types()], "readOnly": True}


class AttemptItemSerializer(serializers.ModelSerializer[AttemptItem]):
    """A question as this learner sees it, with their newest response. What is right is not here."""

    type = serializers.CharField(source="revision.type", read_only=True)
    title = serializers.CharField(source="revision.title", read_only=True)
    prompt = PromptField(source="revision.prompt", read_only=True)
    response = serializers.SerializerMethodField()
    sequence = serializers.SerializerMethodField(help_text="Of the newest response; 0 where there is none.")

    class Meta:
        model = AttemptItem
        fields = ["position", "type", "title", "points", "option_order", "prompt", "response", "sequence"]
        read_only_fields = fields

    @extend_schema_field({"type": "object", "nullable": True})
    def get_response(self, item: AttemptItem) -> Any:
        newest = self._newest(item)
        return newest.data if newest else None

    def get_sequence(self, item: AttemptItem) -> int:
        newest = self._newest(item)
        return newest.sequence if newest else 0

    def _newest(self, item: AttemptItem) -> ItemResponse | None:
        found: dict[int, ItemResponse] = self.context["newest"]
        return found.get(item.pk)


class ResponseSerializer(serializers.Serializer[Any]):
    """A response to save: the client's own count, and what the question's type takes."""

    sequence = serializers.IntegerField(min_value=1, max_value=LAST_SEQUENCE)
    data = serializers.JSONField()  # type: ignore[assignment]


class SavedSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
