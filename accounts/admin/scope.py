"""Which rows a member of staff looks after in the admin. A superuser looks after all.

Each room registers its tables; a table that nobody registered shows nothing to the others. It
rests on `visible_to`, and adds the organisation's point of view: whoever may change classes runs
those of the organisations that they work for.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import Cohort, CohortMember, JoinCode, Organisation, OrganisationMember, User
from accounts.models.organisation import owned_by

Rows = Callable[[User], "QuerySet[Any]"]
_ROWS: dict[type[models.Model], Rows] = {}


def register(model: type[models.Model], rows_of: Rows) -> None:
    """Let staff who are not superusers see `rows_of(user)` of `model`."""
    _ROWS[model] = rows_of


def follow(model: type[models.Model], path: str, to: type[models.Model]) -> None:
    """Let staff see the rows of `model` whose foreign key at `path` leads to a row of `to` that they see."""
    register(model, lambda user: model._default_manager.filter(**{f"{path}__in": rows(to, user).order_by()}))


def rows(model: type[models.Model], user: User) -> "QuerySet[Any]":
    everything = model._default_manager.all()
    if user.is_superuser:
        return everything
    return _ROWS[model](user) if model in _ROWS else everything.none()


def runs_organisations(user: User) -> bool:
    """Whether they look after their whole organisations, and not only the classes that they teach."""
    return user.has_perm("accounts.change_cohort")


def cohorts(user: User) -> "QuerySet[Cohort]":
    """Classes that they teach, or whose organisation they run. Not those in which they learn."""
    taught = Q(pk__in=Cohort.objects.taught_by(user).order_by().values("pk"))
    return Cohort.objects.filter(taught | owned_by(user) if runs_organisations(user) else taught)


def people(user: User) -> "QuerySet[User]":
    """Themselves, and whoever has a live place in such a class or works for such an organisation."""
    places = CohortMember.objects.filter(cohort__in=cohorts(user).order_by(), left_at=None)
    seen = Q(pk=user.pk) | Q(pk__in=places.order_by().values("user"))
    if runs_organisations(user):
        colleagues = OrganisationMember.objects.filter(owned_by(user))
        seen |= Q(pk__in=colleagues.values("user"))
    found: QuerySet[User] = User.objects.filter(seen)
    return found


def may_change_person(by: User, person: User) -> bool:
    """Whether `by` may edit the account of `person`, which they see, and set its password.

    Nobody changes an account that can do more than their own, or works where they do not.
    """
    if person.erased_at is not None:
        return False
    if by.is_superuser:
        return True
    if person.is_superuser or person.pk == by.pk or person.kind != User.Kind.PERSON:
        return False
    employers = set(person.organisation_memberships.values_list("organisation", flat=True))
    classes = set(Cohort.objects.taught_by(person).order_by().values_list("pk", flat=True))
    if not (person.is_staff or employers or classes):
        return True
    return (
        runs_organisations(by)
        and bool(employers or classes)
        and employers <= set(Organisation.objects.of(by).order_by().values_list("pk", flat=True))
        and classes <= set(cohorts(by).order_by().values_list("pk", flat=True))
        and person.get_all_permissions() <= by.get_all_permissions()
    )


register(Organisation, Organisation.objects.of)
register(OrganisationMember, lambda user: OrganisationMember.objects.filter(owned_by(user)))
register(User, people)
register(Cohort, cohorts)
follow(CohortMember, "cohort", Cohort)
follow(JoinCode, "cohort", Cohort)
# Everybody may see what the groups are called; whether they see the page, permissions say.
register(Group, lambda _user: Group.objects.all())
