from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.api.access import Grant
from accounts.models import User
from accounts.problems import problem
from integrations import audit, idempotency, launching
from integrations.oauth import ClientAuthentication

API = "/api/v1/"
#: Pages for people, who are refused as on every page.
PAGES = f"{API}docs/"
View = Callable[..., HttpResponse]


class LaunchedSessions:
    """A session that a program began ends as soon as the program could not begin it: its owner teaches now,
    works for a school or has rights. Asked at every request, because a place may come by any door. While it
    lasts, its user has nothing of other schools open (`User.launched_by`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_over(request):
            logout(request)
        elif launching.SESSION_KEY in request.session and self._is_of_the_account(request):
            # A password set now would outlive the launch, and whatever its owner becomes.
            raise PermissionDenied(
                _("Whoever came from another system signs in there, and sets no password here.")
            )
        elif launching.SESSION_KEY in request.session and isinstance(request.user, User):
            request.user.launched_by = request.session[launching.SESSION_KEY]
        return self.get_response(request)

    @staticmethod
    def _is_of_the_account(request: HttpRequest) -> bool:
        return request.path.startswith("/accounts/") and request.path != reverse("account_logout")

    @staticmethod
    def _is_over(request: HttpRequest) -> bool:
        organisation, user = request.session.get(launching.SESSION_KEY), request.user
        if organisation is None or not isinstance(user, User):
            return False
        return not launching.may_stay(user=user, organisation=organisation)


class ApiMiddleware:
    """Every answer of the API names its request, every refusal is a problem document, whoever refuses; a
    POST with an Idempotency-Key is done once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API):
            return response
        if response.status_code == 301 and request.method not in {"GET", "HEAD"}:
            response = _without_slash(request)
        if _is_page_of_refusal(response) and not request.path.startswith(PAGES):
            response = _as_problem(response)
        response[audit.HEADER] = audit.request_id(request)
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.path.startswith(API):
            return None
        if idempotency.HEADER not in request.headers:
            return None
        caller, scopes = _caller(request)
        if caller is None:
            return None  # the view refuses whoever is nobody
        return idempotency.replay(
            user=caller,
            scopes=scopes,
            request=request,
            body=request.body,
            work=lambda: view(request, *args, **kwargs),
        )


def _without_slash(request: HttpRequest) -> HttpResponse:
    """Whoever followed a redirect would ask by GET, be shown a list, and believe that something was made."""
    said: HttpResponse = problem(
        status=404,
        code="not-found",
        title=_("Not found"),
        detail=_("Addresses end in a slash: send it to %(path)s.") % {"path": f"{request.path}/"},
    )
    return said


def _is_page_of_refusal(response: HttpResponse) -> bool:
    return response.status_code >= 400 and response.headers.get("Content-Type", "").startswith("text/html")


def _as_problem(page: HttpResponse) -> HttpResponse:
    """What Django refuses before, or beside, the API's own views: with the same status, for a program."""
    code, title, detail = {
        400: ("bad-request", _("The request cannot be read"), _("Look at the host and the headers.")),
        403: ("permission-denied", _("Not allowed"), _("Whoever asks may not do this.")),
        404: (
            "not-found",
            _("Not found"),
            _("There is nothing at this address. They are in /api/v1/schema/."),
        ),
        405: ("method-not-allowed", _("Not this method"), _("Use one that the Allow header names.")),
        413: ("too-large", _("The request is too large"), _("Send it in parts.")),
    }.get(
        page.status_code,
        ("server-error", _("A fault of ours"), _("Send it again later, with the same Idempotency-Key.")),
    )
    said: HttpResponse = problem(status=page.status_code, code=code, title=title, detail=detail)
    for name in ("Allow", "Retry-After"):
        if name in page:
            said[name] = page[name]
    return said


def _caller(request: HttpRequest) -> tuple[User | None, frozenset[str]]:
    """Who asks, and within which scopes; nobody where the view will refuse them."""
    try:
        found: tuple[User, Grant] | None = ClientAuthentication().authenticate(Request(request))
    except APIException:
        return None, frozenset()
    if found is not None:
        return found[0], found[1].scopes
    return request.user if isinstance(request.user, User) else None, frozenset()
