"""Sending what the outbox holds: at least once, in order for a learner, for three days.

A delivery is claimed by one conditional UPDATE, so that of two workers one has it; who is killed while
sending frees it when the claim runs out, and it is sent again. What is dead can be sent anew by hand.
"""

import json
import logging
import random
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations import calling, signing
from integrations.models import Delivery

#: How long a worker may be at one delivery.
CLAIM = timedelta(seconds=60)
#: After this long it is given up.
GIVE_UP = timedelta(days=3)
#: Waits before the second try, the third and so on; the last one repeats.
WAITS_S = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)
#: At most so many in one turn, and none begun after so many seconds, so that the worker comes to its other work.
TURN = 50
TURN_S = 10
_NOTED = ("tries", "since", "answer", "fault", "claimed_until", "status", "done_at", "next_at")
_log = logging.getLogger(__name__)


def deliver_due(now: datetime | None = None) -> int:
    """Send what is due, one after another; how many were taken by their receivers."""
    taken, began = 0, monotonic()
    _give_up_unwanted(now or timezone.now())
    for _turn in range(TURN):
        delivery = _claim(now or timezone.now()) if monotonic() - began < TURN_S else None
        if delivery is None:
            break
        taken += _send(delivery, now or timezone.now())
    return taken


def send_again(*, delivery: Delivery) -> None:
    """Let what was given up, or delivered, be sent once more, now."""
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        status=Delivery.Status.WAITING, done_at=None, since=now, next_at=now, claimed_until=None, tries=0
    )


def _due(now: datetime) -> "QuerySet[Delivery]":
    """What may be sent now: not claimed, and nothing older of the same learner waits for the same endpoint."""
    waiting = Delivery.objects.filter(
        status=Delivery.Status.WAITING, endpoint__disabled_at=None, endpoint__client__revoked_at=None
    )
    older = waiting.filter(
        endpoint=OuterRef("endpoint"), event__learner=OuterRef("event__learner"), event__lt=OuterRef("event")
    )
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return waiting.filter(free, next_at__lte=now).exclude(Exists(older)).order_by("event_id")


def _give_up_unwanted(now: datetime) -> None:
    """What waits for an endpoint that is told nothing more, and is not just being sent."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    ended = Q(endpoint__disabled_at__isnull=False) | Q(endpoint__client__revoked_at__isnull=False)
    unwanted = Delivery.objects.filter(free, ended, status=Delivery.Status.WAITING)
    if unwanted.exists():  # looking takes no lock
        unwanted.update(
            status=Delivery.Status.DEAD, done_at=now, fault=_("Nothing is sent to this address any more.")
        )


def _claim(now: datetime) -> Delivery | None:
    for pk in _due(now).values_list("pk", flat=True)[:5]:
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        ours = Delivery.objects.filter(free, pk=pk, status=Delivery.Status.WAITING, next_at__lte=now)
        if ours.update(claimed_until=now + CLAIM):
            return Delivery.objects.select_related("endpoint", "event").get(pk=pk)
    return None


def _send(delivery: Delivery, now: datetime) -> bool:
    event, endpoint = delivery.event, delivery.endpoint
    body = json.dumps(
        {"type": event.kind, "timestamp": event.at.isoformat(), "data": event.data}, separators=(",", ":")
    ).encode()
    secrets = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_until and endpoint.old_until > now:
        secrets.append(endpoint.old_secret)
    signed = signing.headers(secrets, id=str(event.uuid), timestamp=int(now.timestamp()), body=body)
    sent = {**signed, "Content-Type": "application/json", "User-Agent": "read-it-twice-webhooks"}
    try:
        answer, fault = (
            calling.post(endpoint.url, body=body, headers=sent, private=settings.WEBHOOKS_MAY_BE_PRIVATE),
            "",
        )
    except calling.NotCalled as error:
        answer, fault = None, str(error)
    except Exception as error:  # one address that nobody thought of must not hold up all others
        _log.exception("A webhook could not be sent")
        answer, fault = None, f"{type(error).__name__}: {error}"[:300]
    return _note(delivery, answer, fault, now)


def _note(delivery: Delivery, answer: int | None, fault: str, now: datetime) -> bool:
    """Write down how it went: taken is 200 to 299; a redirect is no answer to a POST."""
    taken = answer is not None and 200 <= answer < 300
    claim = delivery.claimed_until
    delivery.tries += 1
    if delivery.tries == 1:
        delivery.since = now  # not what it waited behind others: each has its three days
    delivery.answer, delivery.fault, delivery.claimed_until = answer, fault, None
    if taken:
        delivery.status, delivery.done_at = Delivery.Status.DELIVERED, now
    elif now - delivery.since >= GIVE_UP:
        delivery.status, delivery.done_at = Delivery.Status.DEAD, now
    else:
        wait = WAITS_S[min(delivery.tries, len(WAITS_S)) - 1]
        delivery.next_at = now + timedelta(seconds=wait * (1 + random.random() / 10))  # noqa: S311 - only to spread
    # Only while the claim is ours: a late worker must not undo what another has done since.
    ours = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.WAITING, claimed_until=claim)
    ours.update(**{name: getattr(delivery, name) for name in _NOTED})
    return taken
