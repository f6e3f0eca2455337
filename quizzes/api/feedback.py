"""What an attempt came to and what is right, over the API: told when the page tells it, and as much."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import Door
from quizzes import feedback, results, telling, wording
from quizzes.api.shapes import ModelField, TypedField
from quizzes.errors import FeedbackWaits
from quizzes.feedback import Feedback
from quizzes.models import Attempt, AttemptItem
from quizzes.types import registry
from quizzes.types.base import Finding, Tally

#: Findings that a person made: of what a person grades, nothing else is told outside practice.
_BY_HAND = frozenset({wording.LEVEL, wording.COMMENT, wording.GRANTED, wording.LEFT_OUT})


class ItemFeedbackSerializer(serializers.Serializer[Any]):
    """What one question came to, and why."""

    position = serializers.IntegerField()
    type = serializers.CharField(help_text="`response` and `key` are in the shape of this type.")
    title = serializers.CharField()
    points = serializers.FloatField(help_text="How much it counts within the attempt.")
    fraction = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="From 0 to 1; null where a person has still to grade, or where nothing is scored.",
    )
    answered = serializers.BooleanField()
    counts = serializers.BooleanField(help_text="False where the question was dropped for everybody.")
    headline = serializers.CharField(help_text="The result in a sentence.")
    verdict = serializers.CharField(
        help_text="`right`, `partly`, `wrong`, `unanswered`, `waiting` or `read`, for a sign beside it."
    )
    findings = serializers.ListField(
        child=ModelField(model=Finding),
        help_text=(
            "What happened (`code`) to what (`ref`) and where (`spans`, in code points of the passage, or of "
            "what the learner wrote). `ref` names an entry of the key, which says why."
        ),
    )
    tallies = serializers.ListField(
        child=ModelField(model=Tally), help_text="Marked passages: one skill's counts each."
    )
    response = TypedField(part="response", help_text="What was judged.")
    key = TypedField(part="key", help_text="What is right, and why, as far as feedback tells it.")


class SkillResultSerializer(serializers.Serializer[Any]):
    """What an attempt says of one skill."""

    skill = serializers.CharField(source="code", help_text="By its code.")
    title = serializers.CharField()
    sentence = serializers.CharField(help_text="“You found 6 of 9.”")


class SummarySerializer(serializers.Serializer[Any]):
    """The whole attempt in words."""

    headline = serializers.CharField()
    deck = serializers.CharField(help_text="What to do next.")
    skills = SkillResultSerializer(many=True)


class FeedbackSerializer(serializers.Serializer[Any]):
    """What an attempt came to."""

    attempt = serializers.UUIDField(source="uuid")
    fraction = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    summary = SummarySerializer(allow_null=True, help_text="Null while a practice attempt is open.")
    items = ItemFeedbackSerializer(many=True, help_text="In practice: those that were checked so far.")


def told(attempt: Attempt, item: AttemptItem, on_it: Feedback) -> dict[str, Any]:
    """The feedback on one item as JSON; `item` comes with its revision and score."""
    kind, practice = registry.get(item.revision.type), feedback.is_practice(attempt)
    outcome, score = on_it.outcome, item.current_score
    findings = outcome.findings
    if not (practice or kind.scores_itself):
        findings = tuple(one for one in findings if one.code in _BY_HAND)
    verdict, _label = wording.verdict(outcome, practice=practice)
    return {
        "position": item.position,
        "type": kind.slug,
        "title": item.revision.title,
        "points": float(item.points),
        "fraction": outcome.fraction,
        "answered": outcome.answered,
        "counts": not (score and score.dropped),
        "headline": on_it.headline,
        "verdict": verdict,
        "findings": [one.model_dump(mode="json") for one in findings],
        "tallies": [one.model_dump(mode="json") for one in outcome.tallies],
        "response": on_it.response.model_dump(mode="json"),
        "key": on_it.key.model_dump(mode="json", exclude=set() if practice else set(kind.hints)),
    }


class ToldFeedback(Door):
    """What an attempt's view set tells of results."""

    @extend_schema(responses=FeedbackSerializer)
    @action(detail=True)
    def feedback(self, request: Request, uuid: UUID) -> Response:
        """What the attempt came to, question by question, and what is right.

        In practice each question is told when it was checked. Else all of it is told when the attempt was
        handed in and nothing holds it back; until then this is refused with `feedback-not-due` (409), whose
        `told_at` says when it will be told, null for when the learner hands in or the teacher releases it.
        """
        attempt = self.get_object()
        _refuse_early(attempt)
        rows = attempt.items.select_related("revision", "current_score__response").order_by("position")
        items = list(rows)
        given = feedback.for_items(attempt=attempt, items=items)
        shown = FeedbackSerializer(
            {
                "uuid": attempt.uuid,
                "fraction": attempt.fraction,
                "summary": None if attempt.is_open else results.summary(attempt),
                "items": [told(attempt, item, given[item.pk]) for item in items if item.pk in given],
            }
        )
        return self.tagged(request, shown.data)


def _refuse_early(attempt: Attempt) -> None:
    if attempt.is_open and not feedback.is_practice(attempt):
        raise FeedbackWaits(_("This quiz gives its feedback when it has been handed in."))
    wait = None if attempt.is_open else telling.waits(attempt)
    if wait is None:
        return
    if wait.until is None:
        raise FeedbackWaits(_("Your teacher has not released the results yet. You will be told."))
    raise FeedbackWaits(_("The results are told when the assignment has closed for everybody."), wait.until)
