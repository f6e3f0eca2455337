"""The log of what programs wrote: the only writer of `ApiEntry`."""

import json
import uuid
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from accounts.api.access import Grant
from accounts.models import User
from integrations.models import ApiEntry
from quizzes.models import ItemResponse

HEADER = "X-Request-Id"
_LONGEST = 64


def request_id(request: HttpRequest) -> str:
    """What the client calls this request, else a name of ours; the same for the whole request."""
    known = getattr(request, "request_id", "")
    if not known:
        given = request.headers.get(HEADER, "")[:_LONGEST]
        known = given if given and given.isascii() and given.isprintable() else uuid.uuid4().hex
        request.request_id = known  # type: ignore[attr-defined]
    return str(known)


def keep(
    sender: Any,
    *,
    grant: Grant,
    request: Request,
    scope: str,
    row: Model,
    before: Any,
    after: Any,
    **_signal: Any,
) -> None:
    """Write down a change, in the transaction of the change."""
    ApiEntry.objects.create(
        client_id=grant.client,
        request_id=request_id(request._request),
        scope=scope,
        method=request.method or "",
        path=request.path[:500],
        kind=row._meta.label_lower,
        object_uuid=getattr(row, "uuid", None),
        person_id=_person(row),
        before=_plain(before),
        after=_plain(after),
    )


def _person(row: Model) -> int | None:
    """Whom the row is about, by primary key: who they are, or whose it is."""
    if isinstance(row, User):
        return row.pk
    if isinstance(row, ItemResponse):
        return row.item.attempt.learner_id
    found: int | None = getattr(row, "learner_id", None) or getattr(row, "user_id", None)
    return found


def _plain(shown: Any) -> Any:
    """What the API shows, as JSON holds it."""
    return None if shown is None else json.loads(json.dumps(shown, cls=JSONEncoder))
