"""How rows are named: by UUID; people and classes also by the ids of the other system."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotAuthenticated
from rest_framework.request import Request

from accounts.api.refusing import UNFIT, UNKNOWN, Refused
from accounts.models import Cohort, Organisation, User
from accounts.roster.plans import ISSUER, LONGEST_ID

ISSUER_HELP = (
    'The system that gave the external id: "roster", the default, is the school\'s own number, as on class '
    "lists; any other is a name of your choice, such as the address of your LMS."
)


def caller(request: Request) -> User:
    """The service account of the program that asks."""
    user = request.user
    if not isinstance(user, User):
        raise NotAuthenticated
    return user


def organisation_of(request: Request) -> Organisation:
    """The one organisation of the program that asks."""
    found: Organisation = Organisation.objects.of(caller(request)).get()
    return found


def issuer_field() -> serializers.CharField:
    return serializers.CharField(default=ISSUER, max_length=LONGEST_ID, help_text=ISSUER_HELP)


def person(request: Request, given: dict[str, Any], noun: str) -> User:
    """Whom `given[noun]` (a UUID) or `<noun>_external_id` with `issuer` names; raises Refused for nobody."""
    people = User.objects.visible_to(request.user)
    by_uuid, subject = given.get(noun), given.get(f"{noun}_external_id")
    if (by_uuid is None) == (subject is None):
        message = _("Give either %(noun)s or %(noun)s_external_id.") % {"noun": noun}
        raise Refused({noun: [message]}, "one-of-two")
    if by_uuid is not None:
        found = people.filter(uuid=by_uuid)
    else:
        issuer = given.get("issuer", ISSUER)
        found = people.filter(
            external_identities__organisation=organisation_of(request),
            external_identities__issuer=issuer,
            external_identities__subject=subject,
        )
    user: User | None = found.first()
    if user is None:
        field = noun if by_uuid is not None else f"{noun}_external_id"
        message = _("Nobody in this organisation is named so. Make them first.")
        raise Refused({field: [message]}, "unknown-person")
    return user


def cohort(request: Request, given: dict[str, Any]) -> Cohort:
    """The class that `cohort` (a UUID) or `cohort_external_id` names; raises Refused for none."""
    by_uuid: UUID | None = given.get("cohort")
    external = given.get("cohort_external_id")
    if (by_uuid is None) == (external is None):
        raise Refused({"cohort": [_("Give either cohort or cohort_external_id.")]}, "one-of-two")
    named = {"uuid": by_uuid} if by_uuid is not None else {"external_id": external}
    found = Cohort.objects.visible_to(request.user).filter(**named).first()
    if found is None:
        field = "cohort" if by_uuid is not None else "cohort_external_id"
        message = _("No class of this organisation is named so. Make it first.")
        raise Refused({field: [message]}, "unknown-class")
    return found


Seen = Callable[[Any], "QuerySet[Any]"]


def reference(*, by: str = "uuid", **kwargs: Any) -> "serializers.SlugRelatedField[Any]":
    """A row that is only read."""
    return serializers.SlugRelatedField(slug_field=by, read_only=True, **kwargs)


@extend_schema_field({"type": "string", "format": "uuid"})
class Named(serializers.RelatedField[Any, Any, Any]):
    """A row that a body names. `seen(user)` are those that it may be; any other is refused as `unknown`."""

    default_error_messages = {
        "invalid": serializers.UUIDField.default_error_messages["invalid"],
    }

    def __init__(self, seen: Seen, *, unknown: str, **kwargs: Any) -> None:
        self.seen, self.unknown = seen, unknown
        super().__init__(queryset=User.objects.none(), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        try:
            uuid = UUID(data)
        except (TypeError, ValueError, AttributeError):
            self.fail("invalid", value=data)
        found = self.seen(self.context["request"].user).filter(uuid=uuid).first()
        if found is None:
            raise serializers.ValidationError(_("There is none of this UUID that you may see."), self.unknown)
        return found

    def to_representation(self, value: Any) -> UUID:
        uuid: UUID = value.uuid
        return uuid


class ByOtherNames(serializers.Serializer[Any]):
    """A parent of bodies that name a class or a person by UUID, or by what the other system calls them.

    `other_names` are the fields that `<field>_external_id` may stand for. A `cohort` is a class, all else people.
    """

    other_names: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for name in self.other_names:
            fields[name].required = False
            fields[f"{name}_external_id"] = serializers.CharField(
                write_only=True,
                required=False,
                max_length=LONGEST_ID,
                help_text=f"In place of `{name}`: what your system calls it.",
            )
        if set(self.other_names) - {"cohort"}:
            fields["issuer"] = serializers.CharField(
                write_only=True, required=False, max_length=LONGEST_ID, help_text=ISSUER_HELP
            )
        return fields

    def to_internal_value(self, data: Any) -> Any:
        """The body with rows in place of names; a name of nobody, and two of one, are `unfit`."""
        given = super().to_internal_value(data)
        names = {key: given.pop(key) for key in [*given] if key == "issuer" or key.endswith("_external_id")}
        missing = {}
        for name in self.other_names:
            if f"{name}_external_id" in names:
                given[name] = self._named(name, {**names, **({name: data[name]} if name in data else {})})
            elif name not in given and not self.partial:
                missing[name] = [_("Give this, or %(noun)s_external_id.") % {"noun": name}]
        if missing:
            raise serializers.ValidationError(missing, "required")
        return given

    def _named(self, name: str, names: dict[str, Any]) -> Any:
        request: Request = self.context["request"]
        try:
            found = cohort(request, names) if name == "cohort" else person(request, names, name)
        except Refused as error:
            raise serializers.ValidationError(_unfit(error.detail)) from error
        field: Any = self.fields[name]
        try:
            return field.to_internal_value(str(found.uuid))
        except serializers.ValidationError as error:
            raise serializers.ValidationError({f"{name}_external_id": error.detail}) from error


def _unfit(faults: Any) -> dict[str, list[ErrorDetail]]:
    """Those of a name of nobody keep their code, which says so."""
    return {
        field: [one if one.code.startswith(UNKNOWN) else ErrorDetail(one, UNFIT) for one in found]
        for field, found in faults.items()
    }
