"""What every learner's page of this room has in front of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.problems import problem

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """What a view behind `signed_in` is given. For type checkers only."""

    user: User


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks (the page's own saving), not a form."""
    return request.headers.get("Accept", "").startswith("application/json")


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also where it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def signed_in(view: View) -> View:
    """Let signed-in users through; nothing is kept where the next user of the device could see it."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if wants_json(request):
            return problem(
                status=401,
                code="signed-out",
                title=_("Signed out"),
                detail=_("You are signed out. Sign in again; your answer waits here."),
            )
        return redirect_to_login(request.get_full_path())

    return never_cache(door)
