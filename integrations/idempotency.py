"""A POST that is sent again is done once: the same key and body get the answer that the first one got.

A middleware, because it must hold the whole answer. The key's row is taken before the work begins, so
that of two at once one works and the other is told to come back; the row and the work do not share a
transaction: a killed request leaves a row without an answer, which is free again after a minute. One whose
process lives keeps its key, for half an hour at most.

An answer holds what its scopes let the program see, so the scopes are a part of the request: a token of
others gets nothing of it. And it may hold a token or a way in, so it is kept encrypted with a key that is
not in the database.
"""

import base64
import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import background
from accounts.models import User
from accounts.problems import problem
from integrations.models import StoredReply

#: How long an answer is kept.
KEPT = timedelta(hours=24)
#: After this long a request that gave no answer is believed to be dead, if its process is.
DEAD = timedelta(minutes=1)
HEADER = "Idempotency-Key"
LONGEST_KEY = 255
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
#: Refusals that say how things stand or who asks: once that is mended, the same request may be tried again.
_PASSING = frozenset({401, 403, 409, 412, 428, 429})


def replay(
    *,
    user: User,
    request: HttpRequest,
    body: bytes,
    work: Callable[[], HttpResponse],
    scopes: Collection[str] = (),
) -> HttpResponse:
    """What `work` answers, or what it answered before to the same request under the same key and scopes."""
    if HEADER not in request.headers:
        return work()
    key = request.headers[HEADER]
    if not key or key != key.strip() or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        return problem(
            status=400,
            code="idempotency-key-invalid",
            title=_("Invalid Idempotency-Key"),
            detail=_("An Idempotency-Key is 1 to 255 printable ASCII characters; a UUID will do."),
        )
    asked = [
        b"POST",
        request.get_full_path().encode(),
        " ".join(sorted(scopes)).encode(),
        _without_boundary(request, body),
    ]
    fingerprint = hashlib.sha256(b"\0".join(asked)).hexdigest()
    taken = _take(user, key, fingerprint)
    if isinstance(taken, HttpResponse):
        return taken
    try:
        reply = work()
    except BaseException:
        _ours(taken).delete()
        raise
    _keep(taken, reply)
    return reply


def _without_boundary(request: HttpRequest, body: bytes) -> bytes:
    """What is sent in parts, without the mark on the lines between them: it is drawn anew each time."""
    boundary = (request.content_params or {}).get("boundary", "")
    if not boundary or not (request.content_type or "").lower().startswith("multipart/"):
        return body
    return (b"\r\n" + body).replace(b"\r\n--" + boundary.encode(), b"\r\n--")


def forget_old() -> int:
    """Drop answers older than a day; how many."""
    return StoredReply.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _take(user: User, key: str, fingerprint: str) -> StoredReply | HttpResponse:
    """The row that is ours to fill; or the answer: stored before, another request's key, or still at work."""
    now = timezone.now()
    fresh = {"fingerprint": fingerprint, "at": now, "worker": background.worker_id()}
    try:
        with transaction.atomic():
            return StoredReply.objects.create(user=user, key=key, **fresh)
    except IntegrityError:
        pass
    stale = StoredReply.objects.filter(user=user, key=key)
    stored = stale.first()
    if stored is None:
        return _take(user, key, fingerprint)
    if not _is_over(stored, fingerprint, now):
        return _answer(stored, fingerprint)
    # Of two that find it over, one takes it; an answer that came meanwhile is given.
    if stale.filter(at=stored.at, status=stored.status).update(status=None, **fresh):
        return StoredReply.objects.get(user=user, key=key)
    return _take(user, key, fingerprint)


def _is_over(stored: StoredReply, fingerprint: str, now: datetime) -> bool:
    """Whether its key is free again. Who was killed may come again; another request under it is still another one."""
    if stored.at < now - KEPT:
        return True
    if stored.status is not None or stored.fingerprint != fingerprint or stored.at >= now - DEAD:
        return False
    return background.is_lost(stored.worker, since=stored.at)


def _answer(stored: StoredReply, fingerprint: str) -> HttpResponse:
    if stored.fingerprint != fingerprint:
        return problem(
            status=422,
            code="idempotency-key-reused",
            title=_("This Idempotency-Key was used for another request"),
            detail=_(
                "The key stands for a request with another address or body, or by a token of other scopes. "
                "Send a new key."
            ),
        )
    if stored.status is None:
        reply = problem(
            status=409,
            code="idempotency-key-in-use",
            title=_("The same request is at work"),
            detail=_("The first request with this key has no answer yet. Ask again in a second."),
        )
        reply["Retry-After"] = "1"
        return reply
    try:
        body = _cipher().decrypt(bytes(stored.body))
    except InvalidToken:
        return problem(
            status=409,
            code="idempotency-answer-lost",
            title=_("The answer cannot be read any more"),
            detail=_(
                "The first request with this key was done. Read how things stand, and go on from there."
            ),
        )
    again = HttpResponse(body, status=stored.status, headers=stored.headers)
    again["Idempotent-Replayed"] = "true"
    return again


def _keep(taken: StoredReply, reply: HttpResponse) -> None:
    """Keep the answer; of a failure of ours, or one that asks to come back, nothing: it may be tried again."""
    if reply.status_code >= 500 or reply.status_code in _PASSING:
        _ours(taken).delete()
        return
    if hasattr(reply, "render") and not getattr(reply, "is_rendered", True):
        reply.render()
    headers = {name: reply[name] for name in _KEPT_HEADERS if name in reply}
    _ours(taken).update(status=reply.status_code, headers=headers, body=_cipher().encrypt(reply.content))


def _ours(taken: StoredReply) -> "QuerySet[StoredReply]":
    """The row, unless somebody believed us dead and took it over."""
    return StoredReply.objects.filter(pk=taken.pk, fingerprint=taken.fingerprint, at=taken.at, status=None)


def _cipher() -> MultiFernet:
    """Encrypts with a key of the site's secret; reads what its older secrets encrypted, too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac(__name__, b"", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
