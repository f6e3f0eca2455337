from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from quizzes import attempts, grading, telling
from quizzes.api.serializers import (
    AttemptItemSerializer,
    AttemptSerializer,
    ResponseSerializer,
    SavedSerializer,
)
from quizzes.models import Attempt, AttemptItem


class AttemptViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Attempt]):
    """The learner's own attempts: what is asked, saving a response, handing in."""

    queryset = Attempt.objects.none()
    serializer_class = AttemptSerializer
    lookup_field = "uuid"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Attempt]:
        return (
            Attempt.objects.made_by(self.request.user).select_related("quiz").order_by("-started_at", "-pk")
        )

    def get_serializer_context(self) -> dict[str, Any]:
        learner = self.request.user
        withheld = telling.withheld(learner) if isinstance(learner, User) else set()
        return {**super().get_serializer_context(), "withheld": withheld}

    @extend_schema(responses=AttemptItemSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def items(self, request: Request, uuid: UUID) -> Response:
        """The questions of an attempt, in order."""
        items = list(self.get_object().items.select_related("revision").order_by("position"))
        context = {**self.get_serializer_context(), "newest": grading.newest_responses(items)}
        return Response(AttemptItemSerializer(items, many=True, context=context).data)

    @extend_schema(request=ResponseSerializer, responses={201: SavedSerializer})
    @action(detail=True, methods=["post"], url_path="items/<int:position>/responses")
    def responses(self, request: Request, uuid: UUID, position: int) -> Response:
        """Save a response; "saved" is said once it is committed."""
        found: AttemptItem = get_object_or_404(
            AttemptItem.objects.for_answering(request.user), attempt__uuid=uuid, position=position
        )
        asked = ResponseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        saved = attempts.save_response(item=found, sequence=given["sequence"], data=given["data"])
        return Response(SavedSerializer(saved).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=AttemptSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, uuid: UUID) -> Response:
        """Hand in. Twice is once."""
        closed = attempts.submit(attempt=self.get_object())
        return Response(AttemptSerializer(closed, context=self.get_serializer_context()).data)
