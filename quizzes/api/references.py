"""Which rows the API lets a caller name: each by the noun of its field."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter

from accounts.models import Cohort, CohortMember, User
from articles.models import Skill
from quizzes.models import Assignment, Quiz


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
