from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.models import User
from integrations import audit, idempotency
from integrations.oauth import ClientAuthentication

API = "/api/v1/"
View = Callable[..., HttpResponse]


class ApiMiddleware:
    """Every answer of the API names its request; a POST with an Idempotency-Key is done once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API):
            response[audit.HEADER] = audit.request_id(request)
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.path.startswith(API):
            return None
        if idempotency.HEADER not in request.headers:
            return None
        caller = _caller(request)
        if caller is None:
            return None  # the view refuses whoever is nobody
        return idempotency.replay(
            user=caller, request=request, body=request.body, work=lambda: view(request, *args, **kwargs)
        )


def _caller(request: HttpRequest) -> User | None:
    try:
        found = ClientAuthentication().authenticate(Request(request))
    except APIException:
        return None
    if found is not None:
        return found[0]
    return request.user if isinstance(request.user, User) else None
