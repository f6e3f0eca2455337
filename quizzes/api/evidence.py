"""What is behind scores, over REST: each judgement of an item, and the evidence of skills that came of it.

What a learner is not told yet is told to nobody: such rows are there, with nulls, and change when they are told.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.access import holds
from accounts.api.doors import Listed, Paged
from accounts.api.filters import IsSet
from accounts.api.references import reference
from quizzes import telling
from quizzes.api import references, told_changes
from quizzes.api.references import SkillFilter
from quizzes.api.scores import SHARE
from quizzes.models import Attempt, Evidence, ItemScore


class ItemScoreSerializer(serializers.ModelSerializer[ItemScore]):
    """One judgement of one question in an attempt. The one of the highest `number` holds; none is ever changed.

    Named by `attempt`, `position` and `number`.
    """

    attempt = reference(source="item.attempt", help_text="The attempt that the question stands in.")
    position = serializers.IntegerField(
        source="item.position", read_only=True, help_text="The question's place in the attempt, from 1."
    )
    learner = reference(source="item.attempt.learner", help_text="Whose attempt it is.")
    assignment = reference(
        source="item.attempt.assignment", allow_null=True, help_text="What it counts for; null for nothing."
    )
    question = reference(source="item.question", help_text="What was asked.")
    points = serializers.FloatField(
        source="item.points", read_only=True, help_text="What the question weighs in the attempt."
    )
    held = serializers.SerializerMethodField(help_text="Whether the learner is not told yet.")
    fraction = serializers.SerializerMethodField(
        help_text="From 0 to 1; null while it is held, and while a person has to grade it."
    )
    updated_at = serializers.DateTimeField(
        read_only=True, help_text="When it was made, or its assignment's score changed last."
    )

    class Meta:
        model = ItemScore
        fields = [
            "attempt",
            "position",
            "number",
            "learner",
            "assignment",
            "question",
            "points",
            "source",
            "held",
            "fraction",
            "answered",
            "dropped",
            "at",
            "updated_at",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "number": {"help_text": "Counts the judgements of this question in this attempt, from 1."},
            "answered": {"help_text": "Whether there was an answer to judge."},
            "dropped": {"help_text": "Whether the question is left out of the score."},
            "source": {"help_text": "By rule, by a person, by a regrade, or set over."},
        }

    def get_held(self, row: ItemScore) -> bool:
        return row.item.attempt_id in self.context["held"]

    @extend_schema_field(SHARE)
    def get_fraction(self, row: ItemScore) -> float | None:
        return None if self.get_held(row) else row.fraction


class ItemScoreFilters(FilterSet):
    attempt = UUIDFilter(field_name="item__attempt__uuid", help_text="In one attempt.")
    assignment = UUIDFilter(field_name="item__attempt__assignment__uuid", help_text="For one assignment.")
    cohort = UUIDFilter(field_name="item__attempt__cohort__uuid", help_text="In one class.")
    learner = UUIDFilter(field_name="item__attempt__learner__uuid", help_text="Of one learner.")
    quiz = UUIDFilter(field_name="item__attempt__quiz__uuid", help_text="At one quiz.")
    question = UUIDFilter(field_name="item__question__uuid", help_text="Of one question.")


class Judgements(Paged):
    """Lists whose rows hang on attempts: what is held is looked up once for a page."""

    def attempts_of(self, rows: Iterable[Any]) -> list[Attempt]:
        raise NotImplementedError

    def beside(self, rows: Sequence[Any]) -> dict[str, Any]:
        attempts = {attempt.pk: attempt for attempt in self.attempts_of(rows)}
        held = set(telling.waits_among(attempts.values())) if attempts else set()
        return {"held": held, "keys": holds(self.request, "keys:read")}


class ItemScoreViewSet(Judgements):
    """Every judgement of every question in the organisation's classes, the newest and those before it.

    `updated_since` finds what was judged since, and what has been told or may have changed otherwise with
    its assignment's score.
    """

    queryset = ItemScore.objects.none()
    serializer_class = ItemScoreSerializer
    filterset_class = ItemScoreFilters
    scopes = {"list": "grades:read"}

    def rows(self) -> "QuerySet[Any]":
        seen = references.cohorts(self.request.user)
        rows = ItemScore.objects.filter(item__attempt__cohort__in=seen, item__attempt__is_preview=False)
        return rows.select_related(
            "item__question",
            "item__attempt__learner",
            "item__attempt__assignment__cohort",
            "item__attempt__quiz_revision",
        ).annotate(updated_at=told_changes.changed_at(F("at"), "item__attempt__"))

    def attempts_of(self, rows: Iterable[Any]) -> list[Attempt]:
        return [row.item.attempt for row in rows]


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A learner's first finished try at one part of one question: what mastery is made of.

    `unit` is empty for the whole question. What was right of which part, and what kind of part it is, tells
    the key: without `keys:read` there are only the rows of questions that are judged as a whole, and `unit`,
    `kind` and `category` are null. What a question's parts came to together is in `/item-scores/`.
    """

    learner = reference(help_text="Whose try it was.")
    skill = serializers.CharField(source="skill.code", read_only=True, help_text="The skill, by its code.")
    question = reference(help_text="What was asked.")
    attempt = reference(source="score.item.attempt", help_text="Where it was met first.")
    cohort = reference(help_text="In which class.")
    kind = serializers.SerializerMethodField(
        help_text="Whether the part is a problem to find, sound as written, or neither; null without "
        "`keys:read`, and while it is held."
    )
    unit = serializers.SerializerMethodField(help_text="A sentence or an option; null without `keys:read`.")
    category = serializers.SerializerMethodField(
        help_text="Its category; null without `keys:read`, and while it is held."
    )
    held = serializers.SerializerMethodField(help_text="Whether the learner is not told yet.")
    correct = serializers.SerializerMethodField(help_text="Whether it was right; null while it is held.")
    fraction = serializers.SerializerMethodField(help_text="From 0 to 1; null while it is held.")
    updated_at = serializers.DateTimeField(
        read_only=True, help_text="When it was made or voided, or its assignment's score changed last."
    )

    class Meta:
        model = Evidence
        fields = [
            "uuid",
            "learner",
            "skill",
            "question",
            "attempt",
            "cohort",
            "kind",
            "unit",
            "category",
            "held",
            "correct",
            "fraction",
            "confidence",
            "at",
            "voided_at",
            "updated_at",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "confidence": {
                "help_text": "How sure the learner was, 0 to 100; null where they were not asked."
            },
            "voided_at": {"help_text": "When a regrade took another row's place; null while it counts."},
        }

    def get_held(self, row: Evidence) -> bool:
        return row.score.item.attempt_id in self.context["held"]

    @extend_schema_field({"type": ["boolean", "null"]})
    def get_correct(self, row: Evidence) -> bool | None:
        return None if self.get_held(row) else row.correct

    @extend_schema_field(SHARE)
    def get_fraction(self, row: Evidence) -> float | None:
        return None if self.get_held(row) else row.fraction

    @extend_schema_field({"type": ["string", "null"]})
    def get_unit(self, row: Evidence) -> str | None:
        return row.unit if self.context["keys"] else None

    @extend_schema_field({"type": ["string", "null"], "enum": [*Evidence.Kind.values, None]})
    def get_kind(self, row: Evidence) -> str | None:
        return row.kind if self._tells_parts(row) else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_category(self, row: Evidence) -> str | None:
        return row.category if self._tells_parts(row) else None

    def _tells_parts(self, row: Evidence) -> bool:
        return self.context["keys"] and not self.get_held(row)


class EvidenceFilters(FilterSet):
    learner = UUIDFilter(field_name="learner__uuid", help_text="Of one learner.")
    skill = SkillFilter(field_name="skill", help_text="Of one skill, by its code, such as `S2`.")
    cohort = UUIDFilter(field_name="cohort__uuid", help_text="Met in one class.")
    assignment = UUIDFilter(
        field_name="score__item__attempt__assignment__uuid", help_text="Met under one assignment."
    )
    quiz = UUIDFilter(field_name="score__item__attempt__quiz__uuid", help_text="Met in one quiz.")
    attempt = UUIDFilter(field_name="score__item__attempt__uuid", help_text="Met in one attempt.")
    voided = IsSet("voided_at", help_text="Only what counts no more, or (false) what counts.")


class EvidenceViewSet(Judgements, Listed):
    """First tries, part by part, in the organisation's classes. Nothing but `voided_at` of a row ever changes.

    While a score is held its evidence is there, and does not say what was right. Without `keys:read` the rows
    of a question's parts are not there: they stand in the order of the text, and so would tell its key.
    """

    queryset = Evidence.objects.none()
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilters
    scopes = {"list": "grades:read", "retrieve": "grades:read"}

    def rows(self) -> "QuerySet[Any]":
        rows = Evidence.objects.filter(cohort__in=references.cohorts(self.request.user))
        if not holds(self.request, "keys:read"):
            rows = rows.filter(unit="")
        return rows.select_related(
            "learner",
            "skill",
            "question",
            "cohort",
            "score__item__attempt__assignment__cohort",
            "score__item__attempt__quiz_revision",
        ).annotate(updated_at=told_changes.changed_at(Coalesce("voided_at", "at"), "score__item__attempt__"))

    def attempts_of(self, rows: Iterable[Any]) -> list[Attempt]:
        return [row.score.item.attempt for row in rows]
