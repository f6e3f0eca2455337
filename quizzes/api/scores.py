"""Scores over REST: what each learner has for each assignment, and a teacher's word on it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.bodies import Strict, validated
from accounts.api.doors import Listed
from accounts.api.references import ByOtherNames, Named, caller, reference
from accounts.api.refusing import Unfit
from accounts.models import User
from quizzes import grades
from quizzes.api import references
from quizzes.models import Assignment, AssignmentScore, GradeEntry
from quizzes.scores import Score, ScoreState, scores_of

_STATES = "; ".join(f"`{state.value}` {state.label}" for state in ScoreState) + "."
#: A score from 0 to 1, or none.
SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


class ScoreSerializer(serializers.ModelSerializer[AssignmentScore]):
    """What a learner has for an assignment, worked out as it is read.

    `state` says how it stands; only `released` has a fraction:
    `not_due` nothing is handed in, and it is not due yet; `in_progress` an attempt is begun, none is handed
    in; `missing` it is due and nothing was handed in (not the same as 0); `waiting` a person has still to
    grade it; `held` it is graded, and the learner is not told yet: nobody is, over the API; `released` it
    is graded and told; `excused` a teacher excused it; `not_counted` it was due when the learner was not in
    the class, or every question was dropped; `not_given` it is not asked of the learner any more (it was
    taken back, or they left the class before it was due), and they did nothing of it.
    """

    learner = reference(help_text="Whose score it is.")
    assignment = reference(help_text="For what.")
    cohort = reference(source="assignment.cohort", help_text="The assignment's class.")
    quiz = reference(source="assignment.quiz", help_text="The assignment's quiz.")
    state = serializers.SerializerMethodField(help_text=_STATES)
    fraction = serializers.SerializerMethodField(
        help_text="From 0 to 1, after lateness and what a teacher said; null unless released."
    )
    points = serializers.SerializerMethodField(help_text="The same share of `maximum`; null unless released.")
    maximum = serializers.SerializerMethodField(help_text="What all questions of the quiz are worth.")
    late = serializers.SerializerMethodField(
        help_text="Whether an attempt that counts came after its due date."
    )
    days_late = serializers.SerializerMethodField(help_text="Days begun after the due date; 0 for in time.")
    overridden = serializers.SerializerMethodField(help_text="Whether a teacher set it by hand.")
    attempts = serializers.SerializerMethodField(help_text="How many attempts were handed in.")
    counted = serializers.SerializerMethodField(
        help_text="The attempts that make the score, by the assignment's `attempt_rule`."
    )
    submitted_at = serializers.SerializerMethodField(help_text="When the newest attempt was handed in.")
    graded_at = serializers.SerializerMethodField(help_text="When it was last graded; null unless released.")

    class Meta:
        model = AssignmentScore
        fields = [
            "uuid",
            "learner",
            "assignment",
            "cohort",
            "quiz",
            "state",
            "fraction",
            "points",
            "maximum",
            "late",
            "days_late",
            "overridden",
            "attempts",
            "counted",
            "submitted_at",
            "graded_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def _score(self, row: AssignmentScore) -> Score:
        found: dict[int, Score] = self.context["scores"]
        return found[row.pk]

    @extend_schema_field({"type": "string", "enum": ScoreState.values})
    def get_state(self, row: AssignmentScore) -> str:
        return self._score(row).state.value

    @extend_schema_field(SHARE)
    def get_fraction(self, row: AssignmentScore) -> float | None:
        return self._score(row).fraction

    @extend_schema_field({"type": ["number", "null"], "minimum": 0})
    def get_points(self, row: AssignmentScore) -> float | None:
        return self._score(row).points

    def get_maximum(self, row: AssignmentScore) -> float:
        return self._score(row).maximum

    def get_late(self, row: AssignmentScore) -> bool:
        return self._score(row).days_late > 0

    def get_days_late(self, row: AssignmentScore) -> int:
        return self._score(row).days_late

    def get_overridden(self, row: AssignmentScore) -> bool:
        return self._score(row).overridden

    def get_attempts(self, row: AssignmentScore) -> int:
        return self._score(row).attempts

    def get_counted(self, row: AssignmentScore) -> list[UUID]:
        return list(self._score(row).counted)

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_submitted_at(self, row: AssignmentScore) -> Any:
        return self._score(row).submitted_at

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_graded_at(self, row: AssignmentScore) -> Any:
        return self._score(row).graded_at


class ScoreFilters(FilterSet):
    learner = UUIDFilter(field_name="learner__uuid", help_text="Of one learner.")
    assignment = UUIDFilter(field_name="assignment__uuid", help_text="For one assignment.")
    cohort = UUIDFilter(field_name="assignment__cohort__uuid", help_text="Of one class.")
    quiz = UUIDFilter(field_name="assignment__quiz__uuid", help_text="For one quiz, in all classes.")


class ScoreViewSet(Listed):
    """What each learner has for each assignment, worked out as it is read.

    There is a row from the moment that something is given to a learner. `updated_since` finds every score
    that may have changed: by an attempt, a grader, a regrade, a teacher's word, the assignment's terms, an
    accommodation, a release, or a place in the class; one that turned out the same may come too. A score
    also changes when a date passes (it is `missing` once due, `released` once the assignment has closed):
    it is shown so at once, and `updated_since` finds it within a minute of the date.
    """

    queryset = AssignmentScore.objects.none()
    serializer_class = ScoreSerializer
    filterset_class = ScoreFilters
    scopes = {"list": "grades:read", "retrieve": "grades:read"}

    def rows(self) -> "QuerySet[Any]":
        return scores_seen_by(self.request.user)

    def beside(self, rows: Sequence[AssignmentScore]) -> dict[str, Any]:
        return {"scores": scores_of(rows)}


def scores_seen_by(user: Any) -> "QuerySet[AssignmentScore]":
    return AssignmentScore.objects.visible_to(user).select_related(
        "learner", "assignment__cohort", "assignment__quiz__published"
    )


def shown_score(row: AssignmentScore) -> Any:
    """A score as the API shows it."""
    return ScoreSerializer(row, context={"scores": scores_of([row])}).data


class GradeEntrySerializer(Strict, ByOtherNames, serializers.ModelSerializer[GradeEntry]):
    """A teacher's word on a score. The newest one holds; each stays on record.

    While the score is held, `fraction` is null and `reason` empty to all who read: who enters one is answered with
    their own words, and learners and other programs are told when the score is released.
    """

    assignment = Named(
        references.assignments,
        unknown="unknown-assignment",
        help_text="The assignment that the score is for.",
    )
    learner = Named(
        references.learners, unknown="unknown-person", help_text="Who learns, or has learnt, in its class."
    )
    kind = serializers.ChoiceField(
        choices=GradeEntry.Kind.choices,
        help_text="`override`: `fraction` stands in place of what was scored. `excused`: it does not count. "
        "`none`: an earlier word is taken back.",
    )
    fraction = serializers.FloatField(
        min_value=0,
        max_value=1,
        allow_null=True,
        required=False,
        help_text="Of an override only; 0 to 1. Null while it is held.",
    )
    reason = serializers.CharField(
        trim_whitespace=False,
        help_text="Why; whoever looks at the score later will ask. Empty while it is held.",
    )
    held = serializers.SerializerMethodField(help_text="Whether the learner is not told yet.")
    updated_at = serializers.DateTimeField(
        read_only=True,
        help_text="When it was said, or its score may have changed last.",
    )

    other_names = ("learner",)

    class Meta:
        model = GradeEntry
        fields = ["uuid", "assignment", "learner", "kind", "fraction", "reason", "held", "at", "updated_at"]
        read_only_fields = ["uuid", "at"]

    def get_held(self, entry: GradeEntry) -> bool:
        return (entry.assignment_id, entry.learner_id) in self.context["held"]

    def to_representation(self, instance: GradeEntry) -> Any:
        shown = super().to_representation(instance)
        if shown["held"] and not self.context["own"]:
            shown |= {"fraction": None, "reason": ""}
        return shown


class GradeEntryFilters(FilterSet):
    learner = UUIDFilter(field_name="learner__uuid", help_text="On scores of one learner.")
    assignment = UUIDFilter(field_name="assignment__uuid", help_text="On scores for one assignment.")
    cohort = UUIDFilter(field_name="assignment__cohort__uuid", help_text="On scores in one class.")
    quiz = UUIDFilter(field_name="assignment__quiz__uuid", help_text="On scores for one quiz.")


class GradeEntryViewSet(Listed):
    """What teachers and programs said of scores: set by hand, excused, or taken back. Never changed.

    `updated_since` finds what was said since, and what has been told or may have changed otherwise with its score.
    """

    queryset = GradeEntry.objects.none()
    serializer_class = GradeEntrySerializer
    filterset_class = GradeEntryFilters
    scopes = {"list": "grades:read", "retrieve": "grades:read", "create": "grades:write"}
    changed = "updated_at"
    tag_required = True

    def rows(self) -> "QuerySet[Any]":
        seen = Assignment.objects.visible_to(self.request.user)
        score = AssignmentScore.objects.filter(
            assignment=OuterRef("assignment"), learner=OuterRef("learner")
        ).values("updated_at")
        touched = Coalesce(Subquery(score, output_field=DateTimeField()), "at")
        rows = GradeEntry.objects.filter(assignment__in=seen).annotate(updated_at=Greatest("at", touched))
        return rows.select_related("assignment", "learner")

    def beside(self, rows: Sequence[GradeEntry]) -> dict[str, Any]:
        """Which scores are held. Whoever enters something is answered with their own words."""
        wanted = {(entry.assignment_id, entry.learner_id) for entry in rows}
        found = scores_seen_by(self.request.user).filter(
            assignment__in={one for one, _learner in wanted}, learner__in={one for _given, one in wanted}
        )
        scores = [row for row in found if (row.assignment_id, row.learner_id) in wanted]
        states = scores_of(scores)
        held = {
            (row.assignment_id, row.learner_id) for row in scores if states[row.pk].state is ScoreState.HELD
        }
        return {"held": held, "own": self.action == "create"}

    @extend_schema(
        examples=[
            OpenApiExample(
                "Set by hand",
                request_only=True,
                value={
                    "assignment": "5f0c3c1e-8d0b-4d0e-9a53-0f7a4d1f2b11",
                    "learner": "b7f0a0a6-6c55-4a39-8f0f-3f4f0a0d9c22",
                    "kind": "override",
                    "fraction": 0.8,
                    "reason": "The third question was answered orally.",
                },
            )
        ]
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set a score by hand, excuse it, or take that back.

        If-Match is required: the ETag of the score, from `GET /scores/{uuid}/`. If the score has changed
        since, nothing is entered (412). The same entry twice is entered once.
        """
        given = {"fraction": None, **validated(self.get_serializer(data=request.data))}
        with transaction.atomic():
            before = self._matched(request, given["assignment"], given["learner"])
            entry = grades.enter(**given, by=caller(request))
            after = shown_score(self._row(given["assignment"], given["learner"]))
            shown = self.shown(self.again(entry))
            self.note(request, entry, before=before, after=after)
        return self.tagged(request, shown, code=status.HTTP_201_CREATED)

    def _matched(self, request: Request, assignment: Assignment, learner: User) -> Any:
        """The score as it is now, held until the transaction ends; raises unless the program has seen it so."""
        Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
        list(
            AssignmentScore.objects.select_for_update()
            .filter(assignment=assignment, learner=learner)
            .order_by()
        )
        shown = shown_score(self._row(assignment, learner))
        self.match(request, shown)
        return shown

    def _row(self, assignment: Assignment, learner: User) -> AssignmentScore:
        found = scores_seen_by(self.request.user).filter(assignment=assignment, learner=learner).first()
        if found is None:
            raise Unfit({"learner": [_("There is no score of this learner for this assignment.")]})
        return found
