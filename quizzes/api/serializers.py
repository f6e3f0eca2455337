"""Attempts as the API shows them, and what is sent to start one or to hand it in."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api import references
from accounts.api.bodies import Strict
from accounts.roster.plans import LONGEST_ID
from quizzes import telling
from quizzes.deadlines import MOST_MORE_S
from quizzes.models import Attempt
from quizzes.telling import Standing, Wait


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One learner's pass through a quiz. The revisions that it asks are fixed when it starts.

    `context["waits"]` holds a `Wait` for each attempt, by primary key, of whose marks nothing is told yet.
    """

    learner = serializers.UUIDField(source="learner_uuid", read_only=True, help_text="Whose attempt it is.")
    quiz = serializers.UUIDField(source="quiz_uuid", read_only=True, help_text="The quiz that is taken.")
    assignment = serializers.UUIDField(
        source="assignment_uuid",
        read_only=True,
        allow_null=True,
        help_text="Under which it counts; null for none.",
    )
    cohort = serializers.UUIDField(
        source="cohort_uuid", read_only=True, allow_null=True, help_text="The class that it counts in."
    )
    title = serializers.CharField(
        source="quiz_revision.title", read_only=True, help_text="The quiz's title, as it was at the start."
    )
    number = serializers.SerializerMethodField(
        help_text=(
            "1, 2, 3…: which of the learner's tries at this quiz it is. To learners, over all classes; to a "
            "program, among those in the classes of its organisation."
        )
    )
    is_preview = serializers.BooleanField(
        read_only=True,
        help_text="Somebody looked at a quiz that they do not take: it never counts, and programs see none.",
    )
    state = serializers.SerializerMethodField(
        help_text=(
            "`in_progress`: open. `waiting`: a person has still to grade it. `held`: what it came to is "
            "told later. `released`: `fraction` is there. `submitted`: handed in, with no score to wait for "
            "(every question was dropped, or practice that the rules do not score)."
        )
    )
    told_at = serializers.SerializerMethodField(
        help_text=(
            "When a `held` attempt is told at the latest, as things stand; null where the teacher releases "
            "it by hand, and in every other state."
        )
    )
    fraction = serializers.SerializerMethodField(
        help_text="From 0 to 1, and only where `state` is `released`; else null."
    )
    updated_at = serializers.DateTimeField(
        source="told_changed_at",
        read_only=True,
        help_text="When it was written last, or what is told of it may have changed with its assignment's scores.",
    )
    deadline_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="What is not handed in by then is handed in as it was saved; null: no end.",
    )
    submit_cause = serializers.ChoiceField(
        choices=[("", ""), *Attempt.SubmitCause.choices],
        read_only=True,
        help_text='Who handed it in: the learner, the deadline, or a teacher for them; "" while it is open.',
    )

    class Meta:
        model = Attempt
        fields = [
            "uuid",
            "learner",
            "quiz",
            "assignment",
            "cohort",
            "title",
            "number",
            "is_preview",
            "state",
            "told_at",
            "fraction",
            "started_at",
            "deadline_at",
            "submitted_at",
            "submit_cause",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_number(self, attempt: Attempt) -> int:
        number: int = getattr(attempt, "number_here", attempt.number)
        return number

    @extend_schema_field(serializers.ChoiceField(choices=[(one.value, one.value) for one in Standing]))
    def get_state(self, attempt: Attempt) -> str:
        return telling.standing(attempt, self._waits).value

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_told_at(self, attempt: Attempt) -> Any:
        wait = self._waits.get(attempt.pk)
        if wait is None or wait.until is None:
            return None
        return serializers.DateTimeField().to_representation(wait.until)

    @extend_schema_field(serializers.FloatField(allow_null=True, min_value=0, max_value=1))
    def get_fraction(self, attempt: Attempt) -> float | None:
        told = telling.standing(attempt, self._waits) is Standing.RELEASED
        return attempt.fraction if told else None

    @property
    def _waits(self) -> dict[int, Wait]:
        waits: dict[int, Wait] = self.context["waits"]
        return waits


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A program, for a learner",
            {
                "learner": "0b6c9a4e-3d0a-4c58-8a55-6f8f2f6c1d22",
                "assignment": "5d9e1c70-4c1f-4b8e-8f6d-7a1b2c3d4e44",
            },
            request_only=True,
        ),
        OpenApiExample(
            "A signed-in learner", {"quiz": "c2b7d3a1-9f55-4a60-b6a4-2f6f6f0d3e33"}, request_only=True
        ),
    ]
)
class StartSerializer(Strict):
    """What to start: a quiz, or an assignment of one."""

    learner = serializers.UUIDField(
        required=False, help_text="For whom: a program has to say it, a signed-in learner need not."
    )
    learner_external_id = serializers.CharField(
        required=False,
        max_length=LONGEST_ID,
        help_text="In place of `learner`: what another system of your organisation calls them.",
    )
    issuer = references.issuer_field()
    quiz = serializers.UUIDField(required=False, help_text="This, or `assignment`.")
    assignment = serializers.UUIDField(required=False, help_text="This, or `quiz`.")
    cohort = serializers.UUIDField(
        required=False,
        help_text="Under which class a `quiz` counts, where the learner takes it in several. Not with `assignment`.",
    )
    cohort_external_id = serializers.CharField(
        required=False, max_length=LONGEST_ID, help_text="In place of `cohort`: a program's own name of it."
    )


class SubmitSerializer(Strict):
    """Who hands it in. A signed-in learner sends nothing: it is theirs to hand in."""

    cause = serializers.ChoiceField(
        choices=[Attempt.SubmitCause.LEARNER, Attempt.SubmitCause.TEACHER],
        default=Attempt.SubmitCause.LEARNER,
        help_text=(
            "`learner`: the program passes on what the learner did. `teacher`: it was ended for them. After "
            "the deadline the cause is `deadline`, whatever is sent."
        ),
    )


class MoreTimeSerializer(Strict):
    """How much longer an open attempt may take."""

    seconds = serializers.IntegerField(
        min_value=1, max_value=MOST_MORE_S, help_text="Added to the deadline: 1 to 86,400, a day."
    )
