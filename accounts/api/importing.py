"""Rosters of up to a thousand rows at once, for programs."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.bodies import Strict, validated
from accounts.api.doors import Door
from accounts.api.references import issuer_field, organisation_of
from accounts.api.refusing import Refused
from accounts.models import CohortMember
from accounts.roster.plans import LONGEST_ID
from accounts.roster.rows import Fault, Outcome, RosterBusy, RowsRefused, Wanted, What
from accounts.roster.upserting import upsert

MOST_ROWS = 1_000


class RosterRowSerializer(Strict):
    """Who should be in which class. What is left out stays as it is."""

    external_id = serializers.CharField(max_length=LONGEST_ID, help_text="What you call the person.")
    issuer = issuer_field()
    display_name = serializers.CharField(
        required=False,
        max_length=80,
        help_text="What the class sees. Somebody new without one is called by the first word of `real_name`.",
    )
    real_name = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Seen by the teachers of the class only. Who comes back without one keeps that of their last place.",
    )
    role = serializers.ChoiceField(
        choices=CohortMember.Role.choices, required=False, help_text="Somebody new is a learner without one."
    )
    cohort = serializers.UUIDField(required=False, help_text="The class's uuid.")
    cohort_external_id = serializers.CharField(
        required=False,
        max_length=255,
        help_text="What you call the class. Without a class: the account alone.",
    )
    active = serializers.BooleanField(
        default=True, help_text="false ends the place. Who has none, or is unknown, is unchanged."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "cohort" in given and "cohort_external_id" in given:
            raise serializers.ValidationError(
                {"cohort": [ErrorDetail(_("Give either cohort or cohort_external_id."), "one-of-two")]}
            )
        return given


class RosterImportSerializer(Strict):
    """A roster. Sent again, it changes nothing: send what you have as often as you like."""

    rows = RosterRowSerializer(many=True, help_text=f"1 to {MOST_ROWS} rows.")
    all_or_nothing = serializers.BooleanField(
        default=False, help_text="true: where one row is refused, nothing is written, and the answer is 422."
    )
    make_cohorts = serializers.BooleanField(
        default=False, help_text="true: classes that there are not are made, called by their external id."
    )


class _Envelope(RosterImportSerializer):
    """The same, with rows as they came: each is read by itself, so that one does not stop the others."""

    rows = serializers.ListField(  # type: ignore[assignment]
        child=serializers.JSONField(), min_length=1, max_length=MOST_ROWS
    )


class RowErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="A JSON pointer into the request, such as /rows/17/role.")
    detail = serializers.CharField(help_text="What is wrong, and how to mend it.")
    code = serializers.CharField()


class RowOutcomeSerializer(serializers.Serializer[Any]):
    """What became of a row."""

    row = serializers.IntegerField(help_text="Its place in `rows`, from 0.")
    outcome = serializers.ChoiceField(choices=[what.value for what in What])
    user = serializers.UUIDField(allow_null=True, help_text="The person; null where there is none.")
    membership = serializers.UUIDField(allow_null=True, help_text="The place; null where there is none.")
    kept = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields that stay as they are because they are the person's own, such as `display_name`.",
    )
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


class RosterOutcomeSerializer(serializers.Serializer[Any]):
    """How many rows came to what, and each of them."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RowOutcomeSerializer(many=True)


_EXAMPLE = {
    "all_or_nothing": True,
    "make_cohorts": True,
    "rows": [
        {"external_id": "s-1042", "real_name": "Sam Lindqvist", "cohort_external_id": "7b-english"},
        {
            "external_id": "t-7",
            "real_name": "Kim Aydin",
            "role": "teacher",
            "cohort_external_id": "7b-english",
        },
        {"external_id": "s-0990", "cohort_external_id": "7b-english", "active": False},
    ],
}

_USERS = (
    "b7f0a0a6-6c55-4a39-8f0f-3f4f0a0d9c22",
    "7c0d9e8f-1a2b-4c3d-8e4f-5a6b7c8d9e0f",
    "0d9f2f63-6d0c-4d41-9f0e-0b6a1f5c7e10",
)
_PLACES = (
    "2f1e0d3c-4b5a-4968-8776-655443322110",
    "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d",
    "3c1a7d52-1f0e-4c8b-8a55-7be2f1a9d604",
)
#: What becomes of it: two come in, and the third, who was there, leaves.
_ANSWER = {
    "created": 2,
    "updated": 1,
    "unchanged": 0,
    "refused": 0,
    "results": [
        {"row": row, "outcome": outcome, "user": user, "membership": place, "kept": [], "errors": []}
        for row, (outcome, user, place) in enumerate(
            zip(("created", "created", "updated"), _USERS, _PLACES, strict=True)
        )
    ],
}


class RosterImportViewSet(Door):
    """Many people and places at once."""

    serializer_class = RosterImportSerializer
    filter_backends: list[Any] = []
    pagination_class = None
    scopes = {"create": "roster:write"}

    @extend_schema(
        request=RosterImportSerializer,
        responses={200: RosterOutcomeSerializer},
        examples=[
            OpenApiExample("A class", value=_EXAMPLE, request_only=True),
            OpenApiExample("What became of it", value=_ANSWER, response_only=True),
        ],
    )
    def create(self, request: Request) -> Response:
        """Bring in a roster: people are found by their external id, made where they are new, and placed.

        Nobody leaves a class because they are not in the list: say `active: false`.
        """
        asked = validated(_Envelope(data=request.data))
        given = [_wanted(row) for row in asked["rows"]]
        try:
            outcomes = upsert(
                organisation=organisation_of(request),
                rows=given,
                all_or_nothing=asked["all_or_nothing"],
                make_cohorts=asked["make_cohorts"],
                note=lambda row, before, after: self.note(request, row, before=before, after=after),
            )
        except RowsRefused as refused:
            raise _all_refused(given, refused.outcomes) from refused
        except RosterBusy as busy:
            raise Refused(
                _("These people are being changed. Send it again."), "busy", conflict=True
            ) from busy
        counts = Counter(outcome.what for outcome in outcomes)
        results = [
            _shown(number, row, one) for number, (row, one) in enumerate(zip(given, outcomes, strict=True))
        ]
        return Response({**{what.value: counts[what] for what in What}, "results": results})


def _wanted(row: Any) -> Wanted:
    """A row as it was sent, with what is wrong with it."""
    read = RosterRowSerializer(data=row)
    if not read.is_valid():
        faults = tuple(
            Fault("" if field == "non_field_errors" else field, str(fault.code), str(fault))
            for field, found in read.errors.items()
            for fault in found
        )
        return Wanted(("", ""), faults=faults)
    given = read.validated_data
    return Wanted(
        id=(given["issuer"], given["external_id"]),
        cohort=given.get("cohort") or given.get("cohort_external_id", ""),
        display_name=given.get("display_name"),
        real_name=given.get("real_name"),
        role=given.get("role"),
        active=given["active"],
    )


def _field(row: Wanted, fault: Fault) -> str:
    """The field as it was sent: a class may be named in two ways."""
    is_name = fault.field == "cohort" and isinstance(row.cohort, str) and row.cohort
    return "cohort_external_id" if is_name else fault.field


def _shown(number: int, row: Wanted, outcome: Outcome) -> dict[str, Any]:
    return {
        "row": number,
        "outcome": outcome.what.value,
        "user": str(outcome.user.uuid) if outcome.user else None,
        "membership": str(outcome.member.uuid) if outcome.member else None,
        "kept": outcome.kept,
        "errors": [
            {
                "pointer": "/".join(filter(None, ("/rows", str(number), _field(row, fault)))),
                "detail": fault.message,
                "code": fault.code,
            }
            for fault in outcome.faults
        ],
    }


def _all_refused(rows: list[Wanted], outcomes: list[Outcome]) -> Refused:
    """Every fault of every row, each with its pointer."""
    found: dict[str, Any] = {}
    for number, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
        for fault in outcome.faults:
            field = _field(row, fault) or "non_field_errors"
            faults = found.setdefault(str(number), {}).setdefault(field, [])
            faults.append(ErrorDetail(fault.message, fault.code))
    return Refused({"rows": found}, "rows-refused")
