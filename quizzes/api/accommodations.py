"""Accommodations over REST: what a learner is granted beyond the others. Only who may grant them may read them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.bodies import Fixed, Strict
from accounts.api.doors import Ended
from accounts.api.references import ByOtherNames, Named, caller
from accounts.api.refusing import UNFIT
from quizzes import accommodating
from quizzes.api import references
from quizzes.api.moments import date_of_work
from quizzes.models import Accommodation

SCOPE = "assignments:write"
GRANTS = ("extra_percent", "extra_s", "extra_attempts", "extra_days", "due_at")


def _number(name: str, says: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=accommodating.MOST[name], allow_null=True, required=False, help_text=says
    )


class AccommodationSerializer(Strict, ByOtherNames, Fixed, serializers.ModelSerializer[Accommodation]):
    """What one learner is granted in a class or, in its place, for one assignment of it. Null: nothing."""

    learner = Named(
        references.learners,
        unknown="unknown-person",
        help_text="A learner of the class. It cannot be changed.",
    )
    cohort = Named(references.cohorts, unknown="unknown-class", help_text="The class. It cannot be changed.")
    assignment = Named(
        references.assignments,
        unknown="unknown-assignment",
        allow_null=True,
        required=False,
        help_text="For one assignment of the class; null, the default, for all of them. It cannot be changed.",
    )
    due_at = date_of_work("A due date of their own; for one assignment only.")
    extra_percent = _number("extra_percent", "More time for an attempt, in per cent of its limit.")
    extra_s = _number("extra_s", "More time for an attempt, in seconds.")
    extra_attempts = _number("extra_attempts", "More attempts.")
    extra_days = _number("extra_days", "More days until each due date, and each closing.")

    other_names = ("learner", "cohort")
    fixed = ("learner", "cohort", "assignment")
    fixed_says = _("This cannot be changed. Delete this one, and grant another.")

    class Meta:
        model = Accommodation
        fields = ["uuid", "learner", "cohort", "assignment", *GRANTS, "created_at", "updated_at"]
        read_only_fields = ["uuid", "created_at", "updated_at"]
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = super().validate(attrs)
        assignment = given.get("assignment")
        if assignment and assignment.cohort_id != given["cohort"].pk:
            raise serializers.ValidationError(
                {"assignment": [_("This is an assignment of another class.")]}, UNFIT
            )
        values = [given.get(name, getattr(self.instance, name, None)) for name in GRANTS]
        if all(value is None for value in values):
            raise serializers.ValidationError(
                _("Grant something: give at least one of %(names)s. To take it back, delete it.")
                % {"names": ", ".join(GRANTS)},
                UNFIT,
            )
        return given


class AccommodationFilters(FilterSet):
    learner = UUIDFilter(field_name="learner__uuid", help_text="Of one learner.")
    cohort = UUIDFilter(field_name="cohort__uuid", help_text="In one class.")
    assignment = UUIDFilter(field_name="assignment__uuid", help_text="For one assignment.")


class AccommodationViewSet(Ended):
    """More time, attempts or days for one learner. They say something of a person: no other scope reads them.

    One that is taken back is gone: `updated_since` does not tell of it.
    """

    queryset = Accommodation.objects.none()
    serializer_class = AccommodationSerializer
    filterset_class = AccommodationFilters
    tags_for = {"create": False}
    scopes = dict.fromkeys(("list", "retrieve", "create", "partial_update", "destroy"), SCOPE)

    def rows(self) -> "QuerySet[Any]":
        seen = references.cohorts(self.request.user)
        return Accommodation.objects.filter(cohort__in=seen).select_related("learner", "cohort", "assignment")

    @extend_schema(
        examples=[
            OpenApiExample(
                "A quarter more time",
                request_only=True,
                value={
                    "learner": "b7f0a0a6-6c55-4a39-8f0f-3f4f0a0d9c22",
                    "cohort": "0b9e7f5c-3a9b-4a31-9d0e-7c1a52f0e1aa",
                    "extra_percent": 25,
                },
            )
        ]
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Grant a learner something. What they had there before is replaced; running attempts follow at once."""
        return super().create(request, *args, **kwargs)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back: from now on the learner has what the others have.

        The accommodation is gone then: a second DELETE is answered 404.
        """
        return super().destroy(request, *args, **kwargs)

    def replaced(self, request: Request, given: dict[str, Any]) -> Any:
        accommodating.hold(given["learner"])
        place = {name: given.get(name) for name in AccommodationSerializer.fixed}
        return self.rows().filter(**place).first()

    def make(self, request: Request, given: dict[str, Any]) -> Any:
        return accommodating.grant(**given, by=caller(request))

    def change(self, request: Request, row: Accommodation, given: dict[str, Any]) -> Any:
        values = {name: given.get(name, getattr(row, name)) for name in GRANTS}
        return self._grant(request, row, values)

    def end(self, request: Request, row: Accommodation) -> None:
        self._grant(request, row, dict.fromkeys(GRANTS))

    def _grant(self, request: Request, row: Accommodation, values: dict[str, Any]) -> Any:
        return accommodating.grant(
            learner=row.learner,
            cohort=row.cohort,
            assignment=row.assignment,
            by=caller(request),
            **values,
        )

    def _locked(self) -> Accommodation:
        """The learner first, as the verb locks them."""
        accommodating.hold(self.get_object().learner)
        locked: Accommodation = super()._locked()
        return locked
