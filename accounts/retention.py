"""When pupils are forgotten by themselves: so many months after their last place, where the school says so."""

import calendar
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from accounts import erasing
from accounts.models import CohortMember, Organisation, OrganisationMember, User


def due(now: datetime | None = None) -> "list[User]":
    """Pupils whose time is over at `now`: they have no live place, and every organisation that they were in
    has a retention that has passed since they left their last place there. Never staff, nor who teaches.
    """
    now = now or timezone.now()
    places = CohortMember.objects.filter(user=OuterRef("pk"))
    people: QuerySet[User] = (
        User.objects.people()
        .filter(is_staff=False, is_superuser=False)
        .exclude(Exists(places.filter(left_at=None)))
        .exclude(Exists(places.exclude(role=CohortMember.Role.LEARNER)))
        .exclude(Exists(OrganisationMember.objects.filter(user=OuterRef("pk"))))
    )
    months = dict(Organisation.objects.values_list("pk", "retention_months"))
    left = (
        CohortMember.objects.filter(user__in=people.order_by().values("pk"))
        .order_by()
        .values_list("user", "cohort__organisation")
        .annotate(last=Max("left_at"))
    )
    over: dict[int, bool] = {}
    for user, organisation, last in left:
        kept = months[organisation]
        gone = kept is not None and months_after(last, kept) <= now
        over[user] = over.get(user, True) and gone
    return list(people.filter(pk__in=[user for user, is_over in over.items() if is_over]).order_by("pk"))


def erase_due(now: datetime | None = None) -> int:
    """Erase whoever is due; returns how many. Each by themselves, so that it goes on where it was stopped."""
    found = due(now)
    for person in found:
        erasing.erase(person=person)
    return len(found)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of the month, or its last day where the month is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
