"""In which time zone a reader is shown times, kept in the session so that a page need not ask."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import Organisation, User

SESSION_KEY = "timezone"
UTC = "UTC"


def zone_name(user: User) -> str:
    """Their own, else that of their newest live class, else their organisation's, else UTC."""
    if user.timezone:
        return user.timezone
    places = user.cohort_memberships.filter(left_at=None, cohort__archived_at=None)
    newest = places.order_by("-joined_at", "-pk").select_related("cohort").first()
    if newest is not None:
        return newest.cohort.timezone
    organisation = Organisation.objects.of(user).first()
    return organisation.timezone if organisation is not None else UTC


def remember(session: SessionBase, user: User) -> None:
    """Keep the user's zone in their session; to be called whenever it may have changed."""
    session[SESSION_KEY] = zone_name(user)


def remember_at_login(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    remember(request.session, user)


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The zone to show times in: without a query, if the session has been through a login here."""
    user = request.user
    if not isinstance(user, User):
        return ZoneInfo(UTC)
    if not user.timezone and SESSION_KEY not in request.session:
        remember(request.session, user)
    try:
        return ZoneInfo(user.timezone or request.session[SESSION_KEY])
    except (ZoneInfoNotFoundError, ValueError):  # the tz database has lost the name, or never had it
        return ZoneInfo(UTC)
