"""How often somebody may try: what is counted, and when to come back. The rates are in the settings.

A school comes in from one address within minutes, and some of it mistypes. So an account fails a few
times only; an address may fail on many accounts and with many codes. Only failures count, each once;
and whom an address knows, and which codes, is never held up by what others did there. The reasons are
in decision 25.
"""

import hashlib
import math
import time
from collections.abc import Iterable
from typing import Any

from allauth.core.internal import ratelimit
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
ACCOUNTS_FAILED = "accounts_failed"
JOINING = "join"
WRONG_CODE = "wrong_code"
#: Seconds for which the same failure from the same address counts once.
_SAME_CODE_S = 600
_SAME_ACCOUNT_S = 3_600
#: Seconds for which an address knows who came in there, and the codes with which they did.
_KNOWN_S = 30 * 86_400


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
    return bool(ratelimit.consume(request, app=_APP, action=action))


def may_guess(request: HttpRequest, code: str) -> bool:
    """Count a wrong code, and say whether that was still within the limit of the client's address.

    The same wrong code again is no new guess: a class that copies one misread code counts once.
    """
    if not cache.add(_at(request, "wrong-code", name_key(code)), True, _SAME_CODE_S):
        return True
    return may(request, WRONG_CODE)


def may_try_code(request: HttpRequest, readings: Iterable[str]) -> bool:
    """Whether a code may be tried: not after too many wrong ones, unless it is known at the address."""
    if not exhausted(request, WRONG_CODE):
        return True
    return any(cache.get(_at(request, "known-code", code)) for code in readings)


def know_codes(request: HttpRequest, codes: Iterable[str]) -> None:
    """A teacher looked at the codes at the client's address, or somebody came in with one."""
    keys = [_at(request, "known-code", code) for code in codes]
    known = cache.get_many(keys)
    for key in keys:
        if key not in known:
            cache.set(key, True, _KNOWN_S)


def count_failure(request: HttpRequest, login: str) -> None:
    """Count an account on which a sign-in failed against the address, once an hour.

    A name that nobody has counts for nothing: no password was guessed.
    """
    known = signing_in_as(login)
    if known and cache.add(_at(request, "failed", str(known[0].pk)), True, _SAME_ACCOUNT_S):
        may(request, ACCOUNTS_FAILED)


def may_try_account(request: HttpRequest, login: str) -> bool:
    """Whether a password may be tried: not after failures on too many accounts, unless they are known there."""
    if not exhausted(request, ACCOUNTS_FAILED):
        return True
    return any(cache.get(_at(request, "known-user", str(user.pk))) for user in signing_in_as(login))


def know_user(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """They signed in, or came in with a code, at the client's address."""
    if "REMOTE_ADDR" in request.META:  # a program that signs somebody in comes from nowhere
        cache.set(_at(request, "known-user", str(user.pk)), True, _KNOWN_S)


def _at(request: HttpRequest, kind: str, what: str) -> str:
    """A key of the cache for something at the client's address."""
    told = hashlib.sha256(f"{ratelimit.get_ip(request)} {what}".encode(errors="replace")).hexdigest()
    return f"{kind}:{told}"


def exhausted(request: HttpRequest, action: str) -> bool:
    """Whether one more would be over the limit. Counts nothing."""
    return not ratelimit.consume(request, app=_APP, action=action, dry_run=True)


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
