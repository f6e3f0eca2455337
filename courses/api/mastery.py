"""Mastery over REST: how far each learner is, skill by skill."""

from collections.abc import Sequence
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.doors import Listed
from accounts.models import CohortMember, User
from courses.mastery import SkillMastery, mastery_of
from quizzes.api import references, told_changes
from quizzes.models import Assignment, AssignmentScore, Attempt, Evidence


class SkillMasterySerializer(serializers.Serializer[SkillMastery]):
    """One skill: its state, and what it was counted from."""

    skill = serializers.CharField(help_text="The skill, by its code.")
    title = serializers.CharField(help_text="What it is called on the pages.")
    state = serializers.ChoiceField(
        choices=["developing", "secure"], help_text="`secure`: the newest first tries show the skill."
    )
    tries = serializers.IntegerField(help_text="First tries at parts of questions that counted for it.")
    right = serializers.IntegerField(help_text="How many of them were right.")
    required = serializers.IntegerField(  # type: ignore[assignment]
        help_text="In marked passages: how many places there were to find."
    )
    found = serializers.IntegerField(help_text="How many of them were found.")
    marks = serializers.IntegerField(help_text="How many marks were made.")
    sound_marks = serializers.IntegerField(help_text="How many of them stood on words that are fine.")
    last_at = serializers.DateTimeField(help_text="When the newest first try was judged.")


class MasterySerializer(serializers.ModelSerializer[User]):
    """A learner, with each skill that they have met in the organisation's classes."""

    learner = serializers.UUIDField(source="uuid", read_only=True, help_text="Who.")
    skills = serializers.SerializerMethodField(
        help_text="In the order of the course; a skill that was not met yet is left out."
    )
    updated_at = serializers.DateTimeField(
        source="mastery_at", read_only=True, help_text="When this may have changed last."
    )

    class Meta:
        model = User
        fields = ["learner", "skills", "updated_at"]
        read_only_fields = fields

    @extend_schema_field(SkillMasterySerializer(many=True))
    def get_skills(self, row: User) -> Any:
        found: dict[int, list[SkillMastery]] = self.context["mastery"]
        shown: Any = SkillMasterySerializer(found[row.pk], many=True)  # type: ignore[arg-type]
        return shown.data


class MasteryFilters(FilterSet):
    learner = UUIDFilter(field_name="uuid", help_text="Of one learner.")
    cohort = UUIDFilter(method="in_cohort")

    @extend_schema_field(
        {
            "type": "string",
            "format": "uuid",
            "description": "Of those who learn in one class now; what they met in others counts too.",
        }
    )
    def in_cohort(self, rows: "QuerySet[User]", name: str, value: Any) -> "QuerySet[User]":
        places = CohortMember.objects.learning().filter(cohort__uuid=value, user=OuterRef("pk"))
        return rows.filter(pk__in=places.values("user"))


class MasteryViewSet(Listed):
    """How far learners are: a row for each learner who has met a skill in the organisation's classes.

    Counts and states are made of evidence, worked out as they are read: first tries that the learner has been
    told of. What they did on their own, or in another organisation's classes, is not counted, so that their own
    page may say more.
    """

    queryset = User.objects.none()
    serializer_class = MasterySerializer
    filterset_class = MasteryFilters
    scopes = {"list": "grades:read", "retrieve": "grades:read"}
    changed = "mastery_at"

    def rows(self) -> "QuerySet[Any]":
        cohorts = references.cohorts(self.request.user)
        evidence = Evidence.objects.filter(learner=OuterRef("pk"), cohort__in=cohorts)
        scores = AssignmentScore.objects.filter(learner=OuterRef("pk"), assignment__cohort__in=cohorts)
        met = _newest(evidence.annotate(moment=Coalesce("voided_at", "at")))
        touched = _newest(scores.annotate(moment=F("updated_at")))
        # What was handed in without an assignment is told when the class tells what it has of the quiz.
        given = Assignment.objects.filter(cohort=OuterRef("cohort"), quiz=OuterRef("quiz"))
        bare = (
            Attempt.objects.counting()
            .submitted()
            .filter(Exists(given), learner=OuterRef("pk"), assignment=None, cohort__in=cohorts)
        )
        told = _newest(told_changes.dated(bare).annotate(moment=F("told_changed_at")))
        found: QuerySet[Any] = (
            references.learners(self.request.user)
            .annotate(met_at=met, touched_at=touched, told_at=told)
            .filter(met_at__isnull=False)
            .annotate(
                mastery_at=Greatest("met_at", Coalesce("touched_at", "met_at"), Coalesce("told_at", "met_at"))
            )
        )
        return found

    def beside(self, rows: Sequence[User]) -> dict[str, Any]:
        cohorts = references.cohorts(self.request.user)
        return {"mastery": mastery_of([row.pk for row in rows], cohorts) if rows else {}}


def _newest(rows: "QuerySet[Any]") -> Any:
    return Subquery(rows.order_by("-moment").values("moment")[:1], output_field=DateTimeField())
