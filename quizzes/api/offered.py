"""A quiz before it starts, over the API, for signed-in learners."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import Door
from accounts.api.references import caller
from quizzes import bounds
from quizzes.models import Quiz, QuizRevision
from quizzes.offers import Offer, offer_of


class TermsSerializer(serializers.Serializer[Any]):
    """What holds for the learner, with whatever they were granted. Null is no bound."""

    opens_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    attempts_allowed = serializers.IntegerField(allow_null=True)
    time_limit_s = serializers.IntegerField(allow_null=True, help_text="For one attempt, in seconds.")
    feedback = serializers.ChoiceField(
        choices=[(one, one) for one in QuizRevision.Feedback.values],
        help_text="When it is told what is right: in practice at once, else after handing in or closing.",
    )
    late_percent = serializers.IntegerField(
        help_text="Taken off for each day begun after `due_at`, 0 to 100."
    )


class OfferSerializer(serializers.Serializer[Any]):
    """A quiz as it stands for the learner before they start."""

    uuid = serializers.UUIDField(source="quiz.uuid")
    title = serializers.CharField(source="revision.title")
    instructions = serializers.CharField(source="revision.instructions", help_text='"" for none.')
    mode = serializers.ChoiceField(source="quiz.mode", choices=[(one, one) for one in Quiz.Mode.values])
    questions = serializers.IntegerField(source="revision.question_count", help_text="How many there are.")
    takes_it = serializers.BooleanField(
        source="place.enrolled", help_text="False: whoever starts looks at it, and nothing counts."
    )
    cohort = serializers.UUIDField(
        source="place.cohort.uuid", allow_null=True, default=None, help_text="Under which class it counts."
    )
    assignment = serializers.UUIDField(source="assignment.uuid", allow_null=True, default=None)
    terms = TermsSerializer(allow_null=True, help_text="Null where it is not given to them.")
    may_start = serializers.BooleanField(help_text="Whether starting, or going on, is possible now.")
    refused = serializers.SerializerMethodField(
        help_text='Why it is not given to them, in a sentence; "" where it is.'
    )
    attempts_made = serializers.IntegerField(
        source="counted", help_text="How many of the allowed attempts are used."
    )
    open_attempt = serializers.UUIDField(
        source="open_attempt.uuid", allow_null=True, default=None, help_text="The one that goes on."
    )

    def get_refused(self, offer: Offer) -> str:
        return str(offer.refused or "")


class MyQuizzes(Door):
    """The quizzes that a signed-in learner may look at."""

    queryset = Quiz.objects.none()
    serializer_class = OfferSerializer
    for_people = True

    def rows(self) -> "QuerySet[Any]":
        seen = Quiz.objects.live().visible_to(self.request.user)
        return seen.filter(published__isnull=False).select_related("published")

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """A quiz as it stands for me: on what terms, how often I took it, what is open."""
        quiz = self.get_object()
        within = bounds.classes_for(request.session, quiz)
        return self.tagged(request, self.shown(offer_of(caller(request), quiz, within)))
