"""People, classes and places, for programs."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import classes, enrolling, people
from accounts.api import references
from accounts.api.doors import Ended, Written
from accounts.api.refusing import refusals
from accounts.api.roster_filters import CohortFilters, MembershipFilters, UserFilters, told_at
from accounts.api.serializers import (
    CohortSerializer,
    EnrolSerializer,
    MembershipSerializer,
    UserSerializer,
)
from accounts.models import Cohort, CohortMember, ExternalIdentity, User
from accounts.roster.plans import ISSUER

ROSTER = {
    "list": "roster:read",
    "retrieve": "roster:read",
    "create": "roster:write",
    "partial_update": "roster:write",
    "destroy": "roster:write",
}
_CLASS = {"external_id": "7b-english", "name": "7b English", "timezone": "Europe/Berlin"}
_PERSON = {"external_ids": [{"subject": "s-1042"}], "display_name": "Blue Heron", "language": "en"}
_PLACE = {
    "user_external_id": "s-1042",
    "cohort_external_id": "7b-english",
    "role": "learner",
    "real_name": "Sam Lindqvist",
}


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("A class", value=_CLASS, request_only=True)]),
    partial_update=extend_schema(
        examples=[OpenApiExample("It is over", value={"archived": True}, request_only=True)]
    ),
)
class CohortViewSet(Written):
    """The classes of the client's organisation. A class that a program makes has no join code."""

    queryset = Cohort.objects.none()
    serializer_class = CohortSerializer
    filterset_class = CohortFilters
    http_method_names = ["get", "post", "patch", "head"]
    scopes = ROSTER

    def rows(self) -> "QuerySet[Any]":
        return Cohort.objects.visible_to(self.request.user)

    def make(self, request: Request, given: dict[str, Any]) -> Cohort:
        archived = given.pop("is_archived", False)
        organisation = references.organisation_of(request)
        with refusals():
            made = enrolling.make_class(
                by=references.caller(self.request), organisation=organisation, **given
            )
        return self._archive(made, archived)

    def change(self, request: Request, row: Cohort, given: dict[str, Any]) -> Cohort:
        archived = given.pop("is_archived", row.is_archived)
        if given:
            with refusals():
                row = enrolling.change_class(by=references.caller(self.request), cohort=row, **given)
        return self._archive(row, archived)

    def _archive(self, cohort: Cohort, archived: bool) -> Cohort:
        classes.set_archived(by=references.caller(self.request), cohort=cohort, archived=archived)
        cohort.refresh_from_db()
        return cohort


@extend_schema_view(
    create=extend_schema(examples=[OpenApiExample("A pupil", value=_PERSON, request_only=True)]),
    partial_update=extend_schema(
        examples=[OpenApiExample("Another nickname", value={"display_name": "Heron"}, request_only=True)]
    ),
)
class UserViewSet(Written):
    """The people of the client's organisation: whom it names by an id, who works there, who is in its classes.

    A new account has no password: its owner signs in by a launch. A program changes accounts that
    programs made, while their owner is in no other organisation and has no rights on this site; any
    other is refused with 409 `not-yours-to-change`. `updated_since` also finds who got an id or a place in
    the organisation since. Whoever was erased stays in the list, with `erased_at`, and without ids.
    """

    queryset = User.objects.none()
    serializer_class = UserSerializer
    filterset_class = UserFilters
    http_method_names = ["get", "post", "patch", "head"]
    scopes = ROSTER
    changed = "told_at"

    def rows(self) -> "QuerySet[Any]":
        mine = references.caller(self.request).employers
        ids = ExternalIdentity.objects.filter(organisation__in=mine, user__erased_at=None).order_by("pk")
        seen: QuerySet[User] = User.objects.visible_to(self.request.user).annotate(told_at=told_at(mine))
        return seen.prefetch_related(Prefetch("external_identities", ids, to_attr="named_here"))

    def make(self, request: Request, given: dict[str, Any]) -> Any:
        with refusals():
            made = people.make_person(
                organisation=references.organisation_of(request),
                ids=_ids(given["named_here"]),
                display_name=given["display_name"],
                language=given.get("language", ""),
                zone=given.get("timezone", ""),
            )
        return self.again(made)

    def change(self, request: Request, row: User, given: dict[str, Any]) -> Any:
        with refusals():
            people.change_person(
                organisation=references.organisation_of(request),
                person=row,
                display_name=given.get("display_name"),
                language=given.get("language"),
                zone=given.get("timezone"),
                ids=_ids(given["named_here"]) if "named_here" in given else None,
            )
        return self.again(row)


@extend_schema_view(
    create=extend_schema(
        request=EnrolSerializer,
        responses={201: MembershipSerializer},
        examples=[OpenApiExample("A pupil comes into a class", value=_PLACE, request_only=True)],
    ),
    partial_update=extend_schema(
        examples=[OpenApiExample("A teacher only helps", value={"role": "assistant"}, request_only=True)]
    ),
)
class MembershipViewSet(Ended):
    """Who has, or had, a place in a class of the client's organisation.

    Who comes into a class gets its courses; who leaves keeps what they did. A class that has a teacher
    keeps one: the last cannot be taken out.
    """

    queryset = CohortMember.objects.none()
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilters
    http_method_names = ["get", "post", "patch", "delete", "head"]
    scopes = ROSTER

    def get_serializer_class(self) -> Any:
        return EnrolSerializer if self.action == "create" else MembershipSerializer

    def shown(self, row: CohortMember) -> Any:
        return MembershipSerializer(row).data

    def rows(self) -> "QuerySet[Any]":
        return CohortMember.objects.visible_to(self.request.user).select_related("cohort", "user")

    def _locked(self) -> Any:
        """The class first, as all verbs do: else two who change one place wait for each other."""
        Cohort.objects.select_for_update(no_key=True).get(members=self.get_object())
        return super()._locked()

    def make(self, request: Request, given: dict[str, Any]) -> CohortMember:
        user, cohort = references.person(request, given, "user"), references.cohort(request, given)
        with refusals():
            return enrolling.enrol(
                by=references.caller(self.request),
                cohort=cohort,
                user=user,
                role=given["role"],
                real_name=given["real_name"],
            )

    def change(self, request: Request, row: CohortMember, given: dict[str, Any]) -> CohortMember:
        with refusals():
            return enrolling.change_place(by=references.caller(self.request), member=row, **given)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a place, now; the row stays to be read, with `left_at`. Twice is once."""
        return super().destroy(request, *args, **kwargs)

    def end(self, request: Request, row: CohortMember) -> CohortMember:
        with refusals():
            classes.remove_member(by=references.caller(self.request), member=row)
        return row


def _ids(given: list[dict[str, str]]) -> list[people.Id]:
    return [(one.get("issuer", ISSUER), one["subject"]) for one in given]
