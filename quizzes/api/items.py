"""The questions of an attempt over the API: asked, answered, checked. What is right is told by a check only."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import Grant
from accounts.api.bodies import Strict, validated
from accounts.api.doors import Door
from quizzes import attempts, feedback, grading
from quizzes.api.feedback import ItemFeedbackSerializer, told
from quizzes.api.shapes import TypedField, current
from quizzes.models import Attempt, AttemptItem, ItemResponse
from quizzes.models.response import LAST_SEQUENCE
from quizzes.noticing import notice_of
from quizzes.pinned import pinned_in
from quizzes.types import registry
from quizzes.types.base import INTEGER_LIMIT


class AttemptItemSerializer(serializers.ModelSerializer[AttemptItem]):
    """A question as this learner sees it, with their newest response. What is right is not here.

    `context["newest"]` holds the response that counts, by the item's primary key.
    """

    type = serializers.CharField(
        source="revision.type", read_only=True, help_text="The question's type: `prompt` is in its shape."
    )
    title = serializers.CharField(
        source="revision.title", read_only=True, help_text='A short name for lists; "" for none.'
    )
    points = serializers.FloatField(read_only=True, help_text="How much it counts within the attempt.")
    option_order = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="The names of the prompt's options in the order for this learner; empty: as they stand.",
    )
    prompt = serializers.SerializerMethodField(help_text="What is asked, in the shape of the type.")
    response = serializers.SerializerMethodField(
        help_text="The newest response, in the shape of the type; null where there is none."
    )
    sequence = serializers.SerializerMethodField(
        help_text="Of the newest response; 0 where there is none. Save with a higher number."
    )

    class Meta:
        model = AttemptItem
        fields = ["position", "type", "title", "points", "option_order", "prompt", "response", "sequence"]
        read_only_fields = fields

    @extend_schema_field(TypedField(part="prompt"))
    def get_prompt(self, item: AttemptItem) -> Any:
        revision = item.revision
        return current(revision.type, "prompt", revision.prompt, revision.schema_version)

    @extend_schema_field(TypedField(part="response", allow_null=True))
    def get_response(self, item: AttemptItem) -> Any:
        newest = self._newest(item)
        if newest is None:
            return None
        return current(item.revision.type, "response", newest.data, newest.schema_version)

    def get_sequence(self, item: AttemptItem) -> int:
        newest = self._newest(item)
        return newest.sequence if newest else 0

    def _newest(self, item: AttemptItem) -> ItemResponse | None:
        found: dict[int, ItemResponse] = self.context["newest"]
        return found.get(item.pk)


class AnswerSerializer(Strict):
    """A response to judge at once: the client's own count, and what the question's type takes."""

    sequence = serializers.IntegerField(
        min_value=1,
        max_value=LAST_SEQUENCE,
        help_text=(
            "The client's own count for this question: the highest counts. Any higher number will do, and "
            "gaps are fine; nothing can be saved after the highest there is. The same number with the same "
            "data is the same response; an older one is refused (`stale-response`)."
        ),
    )
    data = TypedField(part="response", help_text="The response, in the shape of the question's type.")  # type: ignore[assignment]
    active_ms = serializers.IntegerField(
        min_value=0,
        max_value=INTEGER_LIMIT,
        default=0,
        help_text="How long the learner was at it, in milliseconds, as the client counted.",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("A single choice", {"sequence": 1, "data": {"chosen": "reporter"}}, request_only=True)
    ]
)
class ResponseSerializer(AnswerSerializer):
    """A response to save."""

    confidence = serializers.IntegerField(
        min_value=0,
        max_value=100,
        allow_null=True,
        default=None,
        help_text="How sure the learner is, in per cent; null where nobody asked.",
    )


class SavedSerializer(serializers.Serializer[Any]):
    """What was stored."""

    sequence = serializers.IntegerField(help_text="Of the response that counts now.")
    saved_at = serializers.DateTimeField(help_text="When it was stored, by our clock.")
    notice = serializers.CharField(
        help_text='What keeps it from being judged as it stands, in a sentence; "" for nothing.'
    )


class LineSerializer(serializers.Serializer[Any]):
    """One paragraph or headline."""

    is_headline = serializers.BooleanField()
    text = serializers.CharField()


class PinnedSerializer(serializers.Serializer[Any]):
    """An article to read beside the questions: plain, without its annotations."""

    title = serializers.CharField(source="article.title")
    source = serializers.CharField(
        source="article.source", help_text="Where it stood, as the reader is told."
    )  # type: ignore[assignment]
    language = serializers.CharField(source="article.language", help_text="BCP 47.")
    direction = serializers.CharField(source="article.direction", help_text="`ltr` or `rtl`.")
    lines = LineSerializer(many=True)


class Items(Door):
    """What an attempt's view set can do with its questions."""

    def note_closed(self, closed: Attempt) -> None:
        raise NotImplementedError

    def items_of(self) -> "QuerySet[AttemptItem]":
        """Those of the attempt in the address, if the caller sees it; else NotFound."""
        attempt = self.get_object()
        return AttemptItem.objects.filter(attempt=attempt).select_related("revision").order_by("position")

    @extend_schema(responses=AttemptItemSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def items(self, request: Request, uuid: UUID) -> Response:
        """The questions of an attempt, in order."""
        return self.tagged(request, self._shown_items(list(self.items_of())))

    @extend_schema(responses=AttemptItemSerializer)
    @action(detail=True, url_path="items/<int:position>")
    def item(self, request: Request, uuid: UUID, position: int) -> Response:
        """One question. To a learner it is noted as shown now, for whoever looks how long it took."""
        found = get_object_or_404(self.items_of().select_related("revision", "attempt"), position=position)
        own = not isinstance(request.auth, Grant)
        if own and found.attempt.is_open and found.first_shown_at is None:
            attempts.note_shown(found)
        return self.tagged(request, self._shown_items([found])[0])

    @extend_schema(responses=PinnedSerializer)
    @action(detail=True)
    def article(self, request: Request, uuid: UUID) -> Response:
        """The article that stands beside the questions while the attempt is open; 404 where there is none.

        Leave it out beside a question whose own passage is from it.
        """
        attempt = self.get_object()
        pinned = pinned_in(attempt) if attempt.is_open else None
        if pinned is None:
            raise NotFound(_("No article stands beside the questions of this attempt."))
        lines = [{"is_headline": kind == "h2", "text": text} for kind, text in pinned.lines]
        return self.tagged(request, PinnedSerializer({"article": pinned.article, "lines": lines}).data)

    @extend_schema(request=ResponseSerializer, responses={201: SavedSerializer})
    @action(detail=True, methods=["post"], url_path="items/<int:position>/responses")
    def responses(self, request: Request, uuid: UUID, position: int) -> Response:
        """Save a response; “saved” is said once it is committed. Responses are only appended."""
        found = self._to_answer(uuid, position)
        given = validated(ResponseSerializer(data=request.data))

        def witness(saved: ItemResponse) -> None:
            # What was answered stands in the response itself: a log that repeats it would outlive an erasure.
            after = {"attempt": str(uuid), "position": position, "sequence": saved.sequence}
            self.note(request, saved, after=after)

        saved = attempts.save_response(item=found, witness=witness, closed=self.note_closed, **given)
        return Response(self._saved(found, saved), status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses=ItemFeedbackSerializer)
    @action(detail=True, methods=["post"], url_path="items/<int:position>/check")
    def check(self, request: Request, uuid: UUID, position: int) -> Response:
        """Practice: save a response and have it judged at once. The first check of a question is the evidence.

        Refused with `feedback-not-due` outside practice, and with `not-answered` where there is nothing to judge.
        """
        found = self._to_answer(uuid, position)
        attempts.check_response(item=found, **validated(AnswerSerializer(data=request.data)))
        judged = AttemptItem.objects.select_related(
            "revision", "current_score__response", "attempt__quiz_revision", "attempt__assignment__cohort"
        ).get(pk=found.pk)
        on_it = feedback.for_items(attempt=judged.attempt, items=[judged])[judged.pk]
        return Response(told(judged.attempt, judged, on_it))

    def _to_answer(self, uuid: UUID, position: int) -> AttemptItem:
        """With as little as saving needs: `items_of` would load an attempt that the verb locks anyway."""
        user = self.request.user
        if isinstance(self.request.auth, Grant):
            items = AttemptItem.objects.filter(attempt__in=self.get_queryset()).to_answer()
        else:
            items = AttemptItem.objects.for_answering(user)
        found: AttemptItem = get_object_or_404(items, attempt__uuid=uuid, position=position)
        return found

    def _shown_items(self, items: list[AttemptItem]) -> Any:
        context = {**self.get_serializer_context(), "newest": grading.newest_responses(items)}
        return AttemptItemSerializer(items, many=True, context=context).data

    def _saved(self, item: AttemptItem, saved: ItemResponse) -> Any:
        kind = registry.get(item.revision.type)
        given = registry.load(kind.slug, "response", saved.data, saved.schema_version) if kind.tells else None
        notice = notice_of(item.revision, given) if kind.tells else ""
        stored = {"sequence": saved.sequence, "saved_at": saved.saved_at, "notice": notice}
        return SavedSerializer(stored).data
