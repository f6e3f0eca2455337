"""Ways in for learners, for programs."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import references
from accounts.api.bodies import Strict, validated
from accounts.api.doors import Door
from accounts.api.refusing import Refused, on
from accounts.roster.plans import LONGEST_ID
from integrations import launching
from integrations.models import ApiClient, Launch


class LaunchSerializer(Strict):
    """Who is to be signed in, and to what. Give `learner` or `learner_external_id`, and one thing to open."""

    learner = serializers.UUIDField(required=False, help_text="The learner's uuid.")
    learner_external_id = serializers.CharField(required=False, max_length=LONGEST_ID)
    issuer = references.issuer_field()
    lesson = serializers.UUIDField(required=False, help_text="Opens the lesson where the learner left it.")
    quiz = serializers.UUIDField(required=False, help_text="Opens the quiz, to start under a class of yours.")
    assignment = serializers.UUIDField(required=False, help_text="Opens its quiz, to start under its class.")
    course = serializers.UUIDField(required=False, help_text="Opens the course's outline.")


class LaunchedSerializer(serializers.Serializer[Any]):
    """An address that works once, for a minute."""

    uuid = serializers.UUIDField()
    learner = serializers.UUIDField(help_text="Who it signs in.")
    url = serializers.URLField(
        help_text="Send the learner's browser here at once, in a window of its own; not into a frame."
    )
    expires_at = serializers.DateTimeField(help_text="Sixty seconds from now.")


_EXAMPLE = {"learner_external_id": "s-1042", "lesson": "6f1d2c1e-0f0b-4b0e-9d53-0f6f5f4c7d11"}


class LaunchViewSet(Door):
    """Signing learners in, and opening a lesson, a quiz or a course."""

    queryset = Launch.objects.none()
    serializer_class = LaunchSerializer
    filter_backends: list[Any] = []
    pagination_class = None
    scopes = {"create": "launch"}

    @extend_schema(
        request=LaunchSerializer,
        responses={201: LaunchedSerializer},
        examples=[OpenApiExample("A lesson", value=_EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """A single-use address that signs a learner in. Ask for it when they click, not before.

        Only for pupils: 409 `not-launched` for teachers, staff, and accounts that belong to another
        school. 409 `not-given` for what the learner does not meet now.
        """
        given = validated(LaunchSerializer(data=request.data))
        kind, target = _target(request, given)
        learner = references.person(request, given, "learner")
        client = ApiClient.objects.select_related("organisation").get(user=references.caller(request))
        with transaction.atomic():
            try:
                made, token = launching.make_launch(client=client, learner=learner, kind=kind, target=target)
            except launching.LaunchRefused as refused:
                raise Refused(on(refused.field, refused.message), refused.code, conflict=True) from refused
            # Not the address: the log is read by people who are not to come in by it.
            after = {"learner": str(learner.uuid), "path": made.path, "expires_at": made.expires_at}
            self.note(request, made, after=after)
        url = request.build_absolute_uri(reverse("integrations:launch", kwargs={"token": token}))
        said = {"uuid": made.uuid, "learner": learner.uuid, "url": url, "expires_at": made.expires_at}
        return Response(LaunchedSerializer(said).data, status=status.HTTP_201_CREATED)


def _target(request: Request, given: dict[str, Any]) -> tuple[str, Any]:
    """The one thing to open, that the program sees itself."""
    kinds = [kind for kind in launching.TARGETS if given.get(kind)]
    if len(kinds) != 1:
        raise Refused(_("Give one of lesson, quiz, assignment and course."), "one-target")
    (kind,) = kinds
    seen = launching.TARGETS[kind](references.caller(request))
    found = seen.filter(uuid=given[kind]).first()
    if found is None:
        message = _("There is none of this uuid that is published for you.")
        raise Refused({kind: [message]}, f"unknown-{kind}")
    return kind, found
