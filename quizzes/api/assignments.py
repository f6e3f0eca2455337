"""Assignments over REST: a quiz given to a class, from when, until when, and what counts."""

from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import tags
from accounts.api.access import need
from accounts.api.doors import Ended
from accounts.api.filters import IsSet
from accounts.api.references import Named, caller
from accounts.models import Cohort
from quizzes import assigning, chosen_terms
from quizzes.api import references
from quizzes.api.given import READERS, GivenSerializer
from quizzes.api.moments import date_of_work
from quizzes.models import Assignment, Attempt, Quiz, QuizRevision

#: Whatever of these is changed may change marks, or show them: it is changed by whoever has read what there is.
_OF_MARKS = frozenset(
    ("due_at", "closes_at", "late_policy", "late_percent", "attempt_rule", "feedback", "release")
)


class AssignmentSerializer(GivenSerializer, serializers.ModelSerializer[Assignment]):
    """A quiz given to a class, or to some of it. Null means no bound: as often and as long as the quiz says."""

    quiz = Named(
        references.quizzes, unknown="unknown-quiz", help_text="A published quiz. It cannot be changed."
    )
    title = serializers.CharField(source="quiz.published.title", read_only=True, help_text="The quiz's.")
    opens_at = date_of_work("Nobody starts before; null: at once.")
    due_at = date_of_work("What is handed in later is late; null: never due.")
    closes_at = date_of_work("Nobody starts after; what is open then is handed in; null: it stays open.")
    feedback = serializers.ChoiceField(
        choices=[("", _("as the quiz says")), *QuizRevision.Feedback.choices],
        required=False,
        help_text="When learners are told what is right; empty: as the quiz says.",
    )
    attempt_rule = serializers.ChoiceField(
        choices=Assignment.AttemptRule.choices,
        required=False,
        help_text="Which attempt counts; also of those that were handed in before.",
    )
    late_policy = serializers.ChoiceField(
        choices=Assignment.LatePolicy.choices,
        required=False,
        help_text="What becomes of work after `due_at`: it counts in full, loses `late_percent` for each day "
        "begun, or is not taken. Work that was handed in before is judged by it too: scores change.",
    )
    release = serializers.ChoiceField(
        choices=Assignment.Release.choices,
        required=False,
        help_text="`auto`: learners see their scores once graded. `held`: after `POST …/release/`. From `held` to "
        "`auto` releases the scores, and needs the scope `grades:write` too.",
    )

    updated_at = serializers.DateTimeField(
        source="told_changed_at",
        read_only=True,
        help_text="When it, or what it shows of the quiz, changed last.",
    )

    fixed = ("cohort", "quiz")
    fixed_says = _("This cannot be changed. Take the assignment back, and assign anew.")

    class Meta:
        model = Assignment
        fields = [
            "uuid",
            "cohort",
            "quiz",
            "title",
            "learners",
            "opens_at",
            "due_at",
            "closes_at",
            "late_policy",
            "late_percent",
            "attempts_allowed",
            "time_limit_s",
            "attempt_rule",
            "feedback",
            "release",
            "released_at",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["uuid", "released_at", "archived_at", "created_at", "updated_at"]
        # The verb says what does not fit together, in a sentence; a constraint would only name itself.
        validators: list[Any] = []
        extra_kwargs = {
            "late_percent": {"help_text": "Taken off for each day begun; with the policy `percent` only."},
            "attempts_allowed": {
                "help_text": "How many attempts each learner has.",
                "max_value": chosen_terms.MOST["attempts_allowed"],
            },
            "time_limit_s": {
                "help_text": "For one attempt, in seconds.",
                "max_value": chosen_terms.MOST["time_limit_s"],
            },
            "released_at": {"help_text": "When held scores were shown to learners."},
            "archived_at": {"help_text": "When it was taken back; what was handed in stays."},
        }


class AssignmentFilters(FilterSet):
    cohort = UUIDFilter(field_name="cohort__uuid", help_text="Of one class.")
    quiz = UUIDFilter(field_name="quiz__uuid", help_text="Of one quiz.")
    archived = IsSet("archived_at", help_text="Only those that were taken back, or (false) that were not.")


EXAMPLE = OpenApiExample(
    "Homework for a week",
    request_only=True,
    value={
        "cohort": "0b9e7f5c-3a9b-4a31-9d0e-7c1a52f0e1aa",
        "quiz": "c1c7a7de-52d5-4f8e-a9a4-2f9c8d7b6e55",
        "due_at": "2026-09-14T16:00:00Z",
        "attempts_allowed": 2,
        "attempt_rule": "best",
    },
)


class AssignmentViewSet(Ended):
    """Quizzes given to classes of the organisation. A class has one live assignment of a quiz."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilters
    scopes = {
        "list": READERS,
        "retrieve": READERS,
        "create": "assignments:write",
        "partial_update": "assignments:write",
        "destroy": "assignments:write",
        "release": "grades:write",
    }
    tags_for = {"release": True}
    tag_at_times = frozenset({"partial_update"})
    changed = "told_changed_at"

    def rows(self) -> "QuerySet[Any]":
        return dated(Assignment.objects.visible_to(self.request.user).exclude(quiz__published=None))

    @extend_schema(examples=[EXAMPLE])
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a quiz to a class, or to some learners of it.

        What they did of the quiz in this class before counts for it; if its scores were held under an assignment
        that was taken back, giving it again without holding them needs the scope `grades:write` too. 409
        `assigned-already`, with the `assignment`, where the class has it.
        """
        return super().create(request, *args, **kwargs)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change dates, limits and for whom it is; attempts that are running follow at once.

        So do scores: they are made of dates, late policy and attempt rule (`score.changed` tells of it), and
        told when the terms say (`grades.released`). Whoever may assign may change both; but from `held` to `auto`
        needs the scope `grades:write` too. `If-Match` is required (428) with `due_at`, `closes_at`, `late_policy`,
        `late_percent`, `attempt_rule`, `feedback` and `release`.
        """
        return super().partial_update(request, *args, **kwargs)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back: nobody starts it any more; what was handed in stays, with its scores. Twice is once.

        While it is held, marks of the same quiz wait with it that the class made without it: where there are such,
        it needs the scope `grades:write` too.
        """
        return super().destroy(request, *args, **kwargs)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, uuid: UUID) -> Response:
        """Show learners their scores, where `release` is `held`. Twice is once. `If-Match` is required."""

        def release(row: Assignment) -> Any:
            return self.again(assigning.release(assignment=row, by=caller(request)))

        return self.tagged(request, self.act(request, release))

    def make(self, request: Request, given: dict[str, Any]) -> Any:
        assigning.hold(given["cohort"])
        if given.get("release") != Assignment.Release.HELD:
            self._may_show(request, given["cohort"], given["quiz"])
        return self.again(assigning.assign(**given, by=caller(request)))

    def change(self, request: Request, row: Assignment, given: dict[str, Any]) -> Any:
        chosen = {name: value for name, value in given.items() if name in chosen_terms.TERMS}
        if not row.is_released and chosen.get("release") == Assignment.Release.AUTO:
            need(request, "grades:write")
        if chosen:
            row = assigning.change(assignment=row, by=caller(request), **chosen)
        if "learners" in given:
            if row.is_released:
                self._may_show(request, row.cohort, row.quiz)
            row = assigning.address(assignment=row, by=caller(request), learners=given["learners"])
        return self.again(row)

    def end(self, request: Request, row: Assignment) -> Any:
        if shown_by_taking_back(Assignment.objects.filter(pk=row.pk)):
            need(request, "grades:write")
        return self.again(assigning.archive(assignment=row, by=caller(request)))

    def match(self, request: Request, shown: Any) -> None:
        sent = request.data if self.action == "partial_update" and isinstance(request.data, dict) else {}
        required = self.action == "release" or not _OF_MARKS.isdisjoint(sent)
        tags.check_match(request, tags.tag_of(shown), required=required)

    def _may_show(self, request: Request, cohort: Cohort, quiz: Quiz) -> None:
        """What was handed in before comes under this: marks that were held there would be seen."""
        if assigning.held_before(cohort).filter(quiz=quiz).exists():
            need(request, "grades:write")

    def _locked(self) -> Any:
        """The class and its learners first, as the verbs lock them."""
        assigning.hold(self.get_object().cohort)
        return self.again(super()._locked())


def dated(assignments: "QuerySet[Assignment]") -> "QuerySet[Any]":
    """With all that is shown of them, and `told_changed_at`: what is said of the quiz changes when it is published."""
    moment = Greatest("updated_at", F("quiz__published__published_at"), output_field=DateTimeField())
    found = assignments.annotate(told_changed_at=moment)
    return found.select_related("cohort", "quiz__published").prefetch_related("named__learner")


def shown_by_taking_back(assignments: "QuerySet[Assignment]") -> bool:
    """Whether one of them holds marks that its class made without it: they are held no longer than it is there."""
    bare = (
        Attempt.objects.submitted()
        .counting()
        .filter(assignment=None, cohort=OuterRef("cohort"), quiz=OuterRef("quiz"))
    )
    holding = assignments.filter(archived_at=None, release=Assignment.Release.HELD, released_at=None)
    return holding.filter(Exists(bare)).exists()
