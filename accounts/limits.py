"""How often somebody may try: what is counted, and when to come back. The rates are in the settings.

A class of thirty comes in from one address within a minute, and some of them mistype. So an address
may fail often, one account only a few times.
"""

import hashlib
import math
import time

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts.backends import signing_in_as
from accounts.models import User
from accounts.names import name_key

_APP = "allauth.account"
#: Actions, as ACCOUNT_RATE_LIMITS names them.
LOGIN_FAILED = "login_failed"
JOINING = "join"
WRONG_CODE = "wrong_code"
#: Seconds for which the same wrong code from the same address counts once.
_SAME_CODE_S = 600


def account_key(login: str) -> str:
    """What the failures of one account are counted under, however its name was typed."""
    known = signing_in_as(login)
    return f"user:{known[0].pk}" if known else f"nobody:{name_key(login)}"


def forgive(user: User) -> None:
    """Forget the failures of an account: to be called when it got a new password."""
    key = f"user:{user.pk}"
    for rate in get_rates(app=_APP, action=LOGIN_FAILED):
        if rate.per == "key":
            cache.delete(get_cache_key(None, app=_APP, action=LOGIN_FAILED, rate=rate, key=key))


def may(request: HttpRequest, action: str) -> bool:
    """Count one more, and say whether it was still within the limit of the client's address."""
    return bool(ratelimit.consume(request, action=action))


def may_guess(request: HttpRequest, code: str) -> bool:
    """Count a wrong code, and say whether that was still within the limit of the client's address.

    The same wrong code again is no new guess: a class that copies one misread code counts once.
    """
    address = get_adapter(request).get_client_ip(request)
    told = hashlib.sha256(f"{address} {name_key(code)}".encode(errors="replace")).hexdigest()
    if not cache.add(f"wrong-code:{told}", True, _SAME_CODE_S):
        return True
    return may(request, WRONG_CODE)


def exhausted(request: HttpRequest, action: str) -> bool:
    """Whether one more would be over the limit. Counts nothing."""
    return not ratelimit.consume(request, action=action, dry_run=True)


def seconds_left(request: HttpRequest, action: str, key: str | None = None) -> float:
    """Until one more is allowed; 0 if it is now."""
    now = time.time()
    left = 0.0
    for rate in get_rates(app=_APP, action=action):
        history = cache.get(get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
        counted = [at for at in history if at > now - rate.duration]
        if len(counted) >= rate.amount:
            left = max(left, min(counted) + rate.duration - now)
    return left


def refusal(request: HttpRequest, action: str, key: str | None = None) -> ValidationError:
    """The error to show: it says in how many minutes to try again."""
    minutes = max(1, math.ceil(seconds_left(request, action, key) / 60))
    message = ngettext(
        "Too many tries. Try again in %(minutes)d minute.",
        "Too many tries. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
    return ValidationError(message, code="too_many_tries")
