"""The one error handler of the API: every refusal as RFC 9457 problem details."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.views import set_rollback

from accounts.problems import problem
from articles.publishing import PublishingError
from courses.api.problems import bundle_refused, content_refused
from courses.bundles.faults import BundleRefused
from quizzes.accommodating import NotGranted
from quizzes.api import problems
from quizzes.assigning import AssignedAlready, AssignmentRefused
from quizzes.errors import AttemptError
from quizzes.grades import EntryRefused
from quizzes.types.registry import ResponseRefused

#: What programs are answered where a verb refuses; the first that fits.
REFUSALS: dict[type[Exception], Callable[[Any], HttpResponse]] = {
    AssignedAlready: problems.assigned_already,
    AssignmentRefused: problems.assignment_refused,
    NotGranted: problems.not_granted,
    EntryRefused: problems.entry_refused,
    BundleRefused: bundle_refused,
    PublishingError: content_refused,
}

#: Titles of kinds whose own name the method or the media type: a title is the same for all of a kind.
_TITLES: dict[type[exceptions.APIException], Any] = {
    exceptions.MethodNotAllowed: gettext_lazy("Not this method"),
    exceptions.UnsupportedMediaType: gettext_lazy("Not this media type"),
}


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """What the API answers for `error`; None lets an unforeseen one be logged and become a 500."""
    set_rollback()
    if isinstance(error, ResponseRefused):
        return problems.response_refused(error)
    if isinstance(error, AttemptError):
        return problem(status=409, code=error.code, title=_("Refused"), detail=str(error), **error.members)
    for kind, answer in REFUSALS.items():
        if isinstance(error, kind):
            return answer(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    return _known(error)


def _known(error: exceptions.APIException) -> HttpResponse:
    members: dict[str, Any] = {}
    if isinstance(error, exceptions.ValidationError):
        members["errors"] = list(_faults(error.detail))
    detail = members["errors"][0]["detail"] if members.get("errors") else str(error.detail)
    code = str(error.default_code).replace("_", "-")
    title = str(_TITLES.get(type(error), error.default_detail))
    reply = problem(status=error.status_code, code=code, title=title, detail=detail, **members)
    if (wait := getattr(error, "wait", None)) is not None:
        reply["Retry-After"] = str(int(wait) + 1)
    if challenge := getattr(error, "auth_header", None):
        reply["WWW-Authenticate"] = challenge
    return reply


def _faults(detail: Any, pointer: str = "") -> Any:
    """Each fault with the JSON pointer of the field that it is in."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else f"/{name}"
            yield from _faults(inner, pointer + own)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _faults(inner, pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail), "code": getattr(detail, "code", "invalid")}
