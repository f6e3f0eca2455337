"""Who may ask the API for what: a program by its scopes, a person where a resource is for people.

Which rows they see is settled in querysets (`visible_to`); here is only whether the door opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User

#: What a client may be allowed, and what that means, in the order in which it is offered.
SCOPES: Mapping[str, Any] = {
    "roster:read": _("Read people, classes and who is in them"),
    "roster:write": _("Make and change people, classes and who is in them"),
    "content:read": _("Read courses, articles, questions and quizzes, without keys"),
    "content:write": _("Make and change courses, articles, questions and quizzes"),
    "keys:read": _("Read keys and annotations"),
    "assignments:write": _("Assign quizzes, and grant accommodations"),
    "attempts:read": _("Read attempts and responses"),
    "attempts:write": _("Start, answer and hand in attempts for learners"),
    "grades:read": _("Read scores, evidence and item analyses"),
    "grades:write": _("Set and release marks"),
    "launch": _("Sign learners in and open a lesson or quiz"),
}


@dataclass(frozen=True)
class Grant:
    """What a request of a program comes with: which client it is of, and the scopes of its token."""

    client: int
    scopes: frozenset[str]


class ScopeMissing(PermissionDenied):
    """The token lacks a scope that this needs."""

    default_code = "scope_missing"
    default_detail = _("This token lacks a scope.")


class Scoped(BasePermission):
    """Programs need `view.scopes[action]`, or one of them; people are let in where `view.for_people` is true.

    An action that `scopes` does not name is closed to programs.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return False
        if view.action is None or str(request.method).lower() not in view.http_method_names:
            return True  # no view takes this method: 405, whoever asks
        grant = request.auth
        if not isinstance(grant, Grant):
            return bool(getattr(view, "for_people", False)) and request.user.kind == User.Kind.PERSON
        needed = scopes_of(view)
        if not needed:
            raise PermissionDenied(_("This is not open to programs."))
        if grant.scopes.isdisjoint(needed):
            raise ScopeMissing(_("The token needs the scope %(scope)s.") % {"scope": _either(needed)})
        return True


def scopes_of(view: Any) -> tuple[str, ...]:
    """The scopes of which each is enough for what is asked of the view; none where it is closed to programs."""
    needed = getattr(view, "scopes", {}).get(getattr(view, "action", None)) or ()
    return (needed,) if isinstance(needed, str) else tuple(needed)


def holds(request: Request, scope: str) -> bool:
    """Whether a program asks whose token has the scope."""
    return isinstance(request.auth, Grant) and scope in request.auth.scopes


def need(request: Request, scope: str) -> None:
    """What is asked in the body needs one scope more; raises ScopeMissing. People are let through."""
    if isinstance(request.auth, Grant) and not holds(request, scope):
        raise ScopeMissing(_("The token needs the scope %(scope)s.") % {"scope": scope})


def _either(scopes: tuple[str, ...]) -> str:
    return str(_(" or ")).join(scopes)
