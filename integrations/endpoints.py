"""Where a client is told of events: the only writer of webhooks."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations import calling, signing
from integrations.models import ApiClient, WebhookEndpoint
from integrations.outbox import EVENTS, NEEDS

#: How long an old secret signs beside the new one.
OVERLAP = timedelta(hours=24)


class EndpointRefused(Exception):
    """No webhook was made, in a sentence for whoever asked."""


@transaction.atomic
def make_endpoint(*, client: ApiClient, url: str, events: Collection[str]) -> WebhookEndpoint:
    """An endpoint with a new secret. Raises EndpointRefused for an address that may not be called."""
    if fault := calling.fault_of(url, private=settings.WEBHOOKS_MAY_BE_PRIVATE):
        raise EndpointRefused(fault)
    unknown = sorted(set(events) - set(EVENTS))
    if unknown or not events:
        raise EndpointRefused(_("Choose events from the list."))
    if lacking := sorted({NEEDS[event] for event in events} - set(client.scopes)):
        raise EndpointRefused(_("For these events the client needs the scope %s.") % ", ".join(lacking))
    if WebhookEndpoint.objects.filter(client=client, url=url, disabled_at=None).exists():
        raise EndpointRefused(_("This client is told at this address already."))
    return WebhookEndpoint.objects.create(
        client=client,
        url=url,
        events=[event for event in EVENTS if event in events],
        secret=signing.new_secret(),
    )


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint) -> str:
    """A new secret; for a day the old one signs beside it."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.old_secret, locked.old_until = locked.secret, timezone.now() + OVERLAP
    locked.secret = signing.new_secret()
    locked.save()
    return locked.secret


@transaction.atomic
def disable(*, endpoint: WebhookEndpoint) -> None:
    """Tell it nothing more; what waits for it is given up. Twice is once."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(
        disabled_at=timezone.now(), updated_at=timezone.now()
    )
