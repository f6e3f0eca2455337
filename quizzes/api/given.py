"""What is given to a class over REST, or to some learners of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.bodies import Fixed, Strict
from accounts.api.references import ByOtherNames, Named
from accounts.api.refusing import UNFIT
from accounts.models import Cohort, CohortMember, User
from quizzes.api import references

#: Who may give work, or read what came of it, may know what was given.
READERS = ("assignments:write", "attempts:read", "grades:read")


@extend_schema_field({"type": "array", "minItems": 1, "items": {"type": "string", "format": "uuid"}})
class LearnersField(serializers.ListField):
    """UUIDs of learners of the class; null for the whole class."""

    child = serializers.UUIDField()

    def to_representation(self, data: Any) -> Any:
        return [str(named.learner.uuid) for named in data.all()]


class GivenSerializer(Strict, ByOtherNames, Fixed):
    """A parent of bodies that say what a class is given; its rows have `everyone`, and else those `named`."""

    cohort = Named(references.cohorts, unknown="unknown-class", help_text="The class. It cannot be changed.")
    learners = LearnersField(
        source="named",
        allow_null=True,
        required=False,
        allow_empty=False,
        help_text="For these learners of the class only; null, the default, for the whole class.",
    )

    other_names = ("cohort",)

    def to_representation(self, instance: Any) -> Any:
        shown = super().to_representation(instance)
        return {**shown, "learners": None if instance.everyone else shown["learners"]}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With the `learners` themselves in place of their names."""
        given: dict[str, Any] = super().validate(attrs)
        if "named" in given:
            cohort = given["cohort"] if self.instance is None else self.instance.cohort
            given["learners"] = _learners_of(cohort, given.pop("named"))
        return given


def _learners_of(cohort: Cohort, named: Iterable[UUID] | None) -> list[User] | None:
    """Who is named, all learners of the class now; None for the whole class."""
    if named is None:
        return None
    wanted = set(named)
    members = CohortMember.objects.learning().filter(cohort=cohort)
    found = list(User.objects.filter(uuid__in=wanted, pk__in=members.values("user")))
    if len(found) != len(wanted):
        unknown = sorted(str(one) for one in wanted - {user.uuid for user in found})
        raise serializers.ValidationError(
            {"learners": [_("No learner of this class: %(who)s.") % {"who": ", ".join(unknown[:5])}]}, UNFIT
        )
    return found
