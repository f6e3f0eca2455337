"""Attempts over the API: a learner's own, and for programs those of their classes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import references
from accounts.api.access import Grant
from accounts.api.bodies import validated
from accounts.api.doors import Door, Listed
from accounts.api.filters import IsSet
from quizzes import attempts, bounds, deadlines, telling
from quizzes.api import starting, told_changes
from quizzes.api.feedback import ToldFeedback
from quizzes.api.items import Items
from quizzes.api.serializers import AttemptSerializer, MoreTimeSerializer, StartSerializer, SubmitSerializer
from quizzes.errors import NoTimeToGive, OpenElsewhere
from quizzes.models import Attempt


class AttemptFilters(FilterSet):
    learner = UUIDFilter("learner__uuid", help_text="Of this learner.")
    quiz = UUIDFilter("quiz__uuid", help_text="At this quiz.")
    assignment = UUIDFilter("assignment__uuid", help_text="Under this assignment.")
    cohort = UUIDFilter("cohort__uuid", help_text="Under this class.")
    submitted = IsSet("submitted_at", help_text="true: handed in; false: still open.")


#: What an attempt is shown with: as columns, because of whole rows most would be thrown away.
NAMES = {f"{name}_uuid": F(f"{name}__uuid") for name in ("learner", "quiz", "cohort", "assignment")}


class Attempts(Door):
    """What all views of attempts share: which rows there are, and what of them is told."""

    queryset = Attempt.objects.none()
    serializer_class = AttemptSerializer
    changed = "told_changed_at"

    def rows(self) -> "QuerySet[Any]":
        """A program's: those of its organisation's classes. A person's: their own, a teacher's too."""
        program = isinstance(self.request.auth, Grant)
        seen = Attempt.objects.visible_to if program else Attempt.objects.made_by
        whole = seen(self.request.user).select_related("quiz_revision", "assignment__cohort")
        rows = told_changes.dated(whole.annotate(**NAMES))
        return told_changes.with_number_here(rows) if program else rows

    def beside(self, rows: Sequence[Attempt]) -> dict[str, Any]:
        return {"waits": telling.waits_among(rows)}

    def anew(self, attempt: Attempt) -> Any:
        """The attempt as the API shows it, read again."""
        return self.shown(self.again(attempt))

    def note_closed(self, closed: Attempt) -> None:
        """Tell the log of an attempt that was handed in because its time was over; not what the program may not see."""
        if isinstance(self.request.auth, Grant):
            seen = self.rows().filter(pk=closed.pk).first()
            self.note(self.request, closed, after=None if seen is None else self.shown(seen))


class AttemptViewSet(Attempts, Items, ToldFeedback, Listed):
    """Attempts: start one, read what is asked, save responses, hand in, read what it came to.

    A signed-in learner sees and answers their own; with each POST they send the cookie `csrftoken`, which
    signing in and every page set, in the header `X-CSRFToken`. A program sees those that were made under the
    classes of its organisation, without previews, and answers for a learner where it may. `updated_since` finds
    every attempt of which something else may be told by now: also where it was another learner's work, or what
    they were granted, that it waited for; one that turned out the same may come too.
    """

    filterset_class = AttemptFilters
    for_people = True
    scopes = {
        "list": "attempts:read",
        "retrieve": "attempts:read",
        "items": "attempts:read",
        "item": "attempts:read",
        "article": "attempts:read",
        "create": "attempts:write",
        "responses": "attempts:write",
        "submit": "attempts:write",
    }
    tags_for = {"submit": False}

    @extend_schema(request=StartSerializer, responses={200: AttemptSerializer, 201: AttemptSerializer})
    def create(self, request: Request) -> Response:
        """Start a quiz (201), or go on with the attempt that is open (200). Starting twice is starting once.

        Refused (409) with `not-assigned`, `not-open-yet`, `assignment-closed`, `no-attempts-left`,
        `quiz-unavailable`, `open-elsewhere` (under a class of another organisation), and with `attempt-closed`
        where the time of the open attempt was over: what had been saved has then been handed in. For a person
        who does not take the quiz it is a preview.
        """
        choose = starting.by_program if isinstance(request.auth, Grant) else starting.by_learner
        asked = choose(request, validated(StartSerializer(data=request.data)))
        made: list[Attempt] = []

        def witness(attempt: Attempt) -> None:
            made.append(attempt)
            if isinstance(request.auth, Grant):
                self.note(request, attempt, after=self.anew(attempt))

        started = attempts.start(
            learner=asked.learner,
            quiz=asked.quiz,
            cohort=asked.cohort,
            preview=asked.preview,
            witness=witness,
            closed=self.note_closed,
        )
        bounds.refuse_elsewhere(started, asked.within)
        if not self.rows().filter(pk=started.pk).exists():
            raise OpenElsewhere(
                _(
                    "The learner has an attempt at this quiz open elsewhere. It has to be handed in there first."
                )
            )
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        return self.tagged(request, self.anew(started), code=code)

    @extend_schema(request=SubmitSerializer, responses=AttemptSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, uuid: UUID) -> Response:
        """Hand in: nothing is accepted any more after it. Twice is once."""
        given = validated(SubmitSerializer(data=request.data))
        attempt = self.get_object()
        program = isinstance(request.auth, Grant)
        before = self.shown(attempt) if program else None

        def witness(closed: Attempt) -> None:
            if program:
                self.note(request, closed, before=before, after=self.anew(closed))

        def guard(locked: Attempt) -> None:
            if "If-Match" in request.headers:
                self.match(request, self.anew(locked))

        cause = given["cause"] if program else Attempt.SubmitCause.LEARNER
        closed = attempts.submit(attempt=attempt, cause=cause, witness=witness, guard=guard)
        return self.tagged(request, self.anew(closed))


class MoreTimeViewSet(Attempts):
    """More time for one attempt that is running: for programs."""

    scopes = {"more_time": "assignments:write"}
    tags_for = {"more_time": False}

    @extend_schema(request=MoreTimeSerializer, responses=AttemptSerializer)
    @action(detail=True, methods=["post"], url_path="more-time")
    def more_time(self, request: Request, uuid: UUID) -> Response:
        """Add seconds to the end of an open attempt. Each request adds: send an Idempotency-Key with it.

        Refused with `no-time-to-give` (409) where the attempt has no end or was handed in.
        """
        given = validated(MoreTimeSerializer(data=request.data))
        attempt = self.get_object()
        caller = references.caller(request)
        with transaction.atomic():
            Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
            before = self.anew(attempt)
            self.match(request, before)
            if not deadlines.give_more_time(attempts=[attempt], by=caller, **given):
                raise NoTimeToGive(
                    _("This attempt has no end to move: it was handed in, or it has no time limit.")
                )
            after = self.anew(attempt)
            self.note(request, attempt, before=before, after=after)
        return self.tagged(request, after)
