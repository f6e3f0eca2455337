"""Who teaches: the doors of the pages on which classes are run, and whether the site shows a way there."""

from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.class_pages import links
from accounts.models import Cohort, User

SESSION_KEY = "teaches"


def is_teacher(user: User) -> bool:
    """Whether they teach or assist in a class now, or may start one."""
    return Cohort.objects.taught_by(user).exists() or user.has_perm("accounts.start_cohort")


def remember(session: SessionBase, user: User) -> None:
    """Keep it in the session, so that a page need not ask; to be called whenever it may have changed."""
    session[SESSION_KEY] = is_teacher(user)


def remember_at_login(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    remember(request.session, user)


def teaches(request: HttpRequest) -> dict[str, Any]:
    """For templates: `teaches`. Without a query, if the session has been through a login here."""
    return {
        "teaches": bool(request.session.get(SESSION_KEY, False)) if hasattr(request, "session") else False
    }


def taught_class(user: User, uuid: UUID) -> Cohort:
    """A class that they teach or assist in; raises Http404 for every other."""
    return get_object_or_404(Cohort.objects.taught_by(user).select_related("organisation"), uuid=uuid)


def led_class(user: User, uuid: UUID) -> Cohort:
    """A class that they may change: its teachers, not its assistants. Raises Http404 for every other."""
    return get_object_or_404(Cohort.objects.led_by(user).select_related("organisation"), uuid=uuid)


def class_context(cohort: Cohort, current: str, **more: Any) -> dict[str, Any]:
    """What `accounts/class_base.html` needs, and `more`; `current` is the name of the view."""
    return {"cohort": cohort, "class_links": links(cohort, current), "nav": "classes", **more}
