"""What every page of this room for people who have signed in has in front of it."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts.models import User

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """What a view behind `signed_in` is given. For type checkers only."""

    user: User


def signed_in(view: View) -> View:
    """Let signed-in users through; nothing is kept where the next user of the device could see it."""
    return never_cache(login_required(view))
