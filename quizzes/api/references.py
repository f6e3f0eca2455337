"""Other rows, named by UUID under the noun's name: read everywhere, and found only where the caller sees them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.references import caller as caller
from accounts.models import Cohort, CohortMember, User
from articles.models import Skill
from quizzes.models import Assignment, Quiz

Seen = Callable[[Any], "QuerySet[Any]"]


def reference(**kwargs: Any) -> "serializers.SlugRelatedField[Any]":
    """A row that is only read."""
    return serializers.SlugRelatedField(slug_field="uuid", read_only=True, **kwargs)


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


class SkillFilter(ModelChoiceFilter):
    """Rows of one skill, named by its code; a code that there is not is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Skill.objects.all(),
            to_field_name="code",
            error_messages={"invalid_choice": _("There is no skill of this code. See /skills/.")},
            **kwargs,
        )


def cohorts(user: Any) -> "QuerySet[Any]":
    return Cohort.objects.visible_to(user)


def quizzes(user: Any) -> "QuerySet[Any]":
    return Quiz.objects.visible_to(user)


def assignments(user: Any) -> "QuerySet[Any]":
    return Assignment.objects.visible_to(user)


def learners(user: Any) -> "QuerySet[Any]":
    """Who learns, or has learnt, in a class that the caller sees."""
    places = CohortMember.objects.filter(role=CohortMember.Role.LEARNER, cohort__in=cohorts(user))
    found: QuerySet[Any] = User.objects.filter(pk__in=places.values("user"))
    return found
