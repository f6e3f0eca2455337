"""Which rows a member of staff looks after in the admin. A superuser looks after all.

Each room registers its tables; a table that nobody registered shows nothing to the others. It
rests on `visible_to`, and adds the organisation's point of view: whoever may change classes runs
those of the organisations that they work for.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet

from accounts.authority import cohorts, people, runs_organisations
from accounts.models import Cohort, CohortMember, JoinCode, Organisation, OrganisationMember, User
from accounts.models.organisation import owned_by

__all__ = ["cohorts", "follow", "people", "register", "rows", "runs_organisations", "show_classes_of"]

Rows = Callable[[User], "QuerySet[Any]"]
_ROWS: dict[type[models.Model], Rows] = {}


def register(model: type[models.Model], rows_of: Rows) -> None:
    """Let staff who are not superusers see `rows_of(user)` of `model`."""
    _ROWS[model] = rows_of


def follow(model: type[models.Model], path: str, to: type[models.Model]) -> None:
    """Let staff see the rows of `model` whose foreign key at `path` leads to a row of `to` that they see."""
    register(model, lambda user: model._default_manager.filter(**{f"{path}__in": rows(to, user).order_by()}))


def show_classes_of(model: type[models.Model]) -> None:
    """Let staff see the rows of `model` that they see anyway, and all under the classes that they look after."""

    def rows_of(user: User) -> "QuerySet[Any]":
        every: Any = model._default_manager
        found: QuerySet[Any] = every.visible_to(user) | every.filter(cohort__in=cohorts(user).order_by())
        return found

    register(model, rows_of)


def rows(model: type[models.Model], user: User) -> "QuerySet[Any]":
    everything = model._default_manager.all()
    if user.is_superuser:
        return everything
    return _ROWS[model](user) if model in _ROWS else everything.none()


register(Organisation, Organisation.objects.of)
register(OrganisationMember, lambda user: OrganisationMember.objects.filter(owned_by(user)))
register(User, people)
register(Cohort, cohorts)
follow(CohortMember, "cohort", Cohort)
follow(JoinCode, "cohort", Cohort)
# Everybody may see what the groups are called; whether they see the page, permissions say.
register(Group, lambda _user: Group.objects.all())
