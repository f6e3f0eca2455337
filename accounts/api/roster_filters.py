"""By what people, classes and places are found."""

from collections.abc import Collection
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet, UUIDFilter

from accounts.api.filters import IsSet
from accounts.models import CohortMember, ExternalIdentity, OrganisationMember


class CohortFilters(FilterSet):
    external_id = CharFilter(help_text="The other system's name of the class.")
    archived = IsSet("archived_at", help_text="Classes that are over, or only those that are not.")


class MembershipFilters(FilterSet):
    cohort = UUIDFilter(field_name="cohort__uuid", help_text="The class's uuid.")
    user = UUIDFilter(field_name="user__uuid", help_text="The person's uuid.")
    role = ChoiceFilter(choices=CohortMember.Role.choices)
    active = BooleanFilter(
        field_name="left_at", lookup_expr="isnull", help_text="Places that hold, or only those that ended."
    )


class UserFilters(FilterSet):
    """`cohort` and `role` are of one place that holds, `external_id` and `issuer` of one id."""

    cohort = UUIDFilter(field_name="uuid", help_text="The uuid of a class that they are in now.")
    role = ChoiceFilter(
        field_name="username",
        choices=CohortMember.Role.choices,
        help_text="What they are now, in the class that `cohort` names or in any of the organisation's.",
    )
    external_id = CharFilter(
        field_name="username", help_text="What a system of your organisation calls them."
    )
    issuer = CharFilter(field_name="username", help_text="The system that gave them an id.")

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        asked = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        mine = self.request.user.employers
        if asked.keys() & {"cohort", "role"}:
            place = {"cohort__uuid": asked.get("cohort"), "role": asked.get("role")}
            held = CohortMember.objects.live().filter(
                user=OuterRef("pk"),
                cohort__organisation__in=mine,
                **{name: value for name, value in place.items() if value is not None},
            )
            queryset = queryset.filter(Exists(held))
        if asked.keys() & {"external_id", "issuer"}:
            id = {"subject": asked.get("external_id"), "issuer": asked.get("issuer")}
            named = ExternalIdentity.objects.filter(
                user=OuterRef("pk"),
                organisation__in=mine,
                user__erased_at=None,
                **{name: value for name, value in id.items() if value is not None},
            )
            queryset = queryset.filter(Exists(named))
        return queryset


def told_at(organisations: Collection[int]) -> Any:
    """The latest moment at which what the organisations (primary keys) see of a user changed: the account
    itself, or an id or a place of theirs there, by which they may have come into sight.
    """
    ways: list[QuerySet[Any]] = [
        ExternalIdentity.objects.filter(organisation__in=organisations),
        OrganisationMember.objects.filter(organisation__in=organisations),
        CohortMember.objects.filter(cohort__organisation__in=organisations),
    ]
    newest = [
        Subquery(way.filter(user=OuterRef("pk")).order_by("-updated_at").values("updated_at")[:1])
        for way in ways
    ]
    own = F("updated_at")
    return Greatest(own, *(Coalesce(moment, own) for moment in newest), output_field=DateTimeField())
