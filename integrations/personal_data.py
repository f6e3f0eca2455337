"""What this room keeps of people, and what becomes of it when somebody is erased."""

from oauth2_provider import models as oauth

from accounts import personal_data
from accounts.models import User
from accounts.personal_data import Table, blank, delete, excuse, keep
from integrations.models import (
    ApiClient,
    ApiEntry,
    Delivery,
    Launch,
    OutboxEvent,
    StoredReply,
    WebhookEndpoint,
)

_PROGRAM = "a program and its service account; who made it has no name any more"
_MARKS = frozenset({"fraction", "points"})


def register() -> None:
    """Called once the apps are ready."""
    personal_data.register(ApiClient, "", by=["user", "made_by"], erase=keep(_PROGRAM))
    personal_data.register(
        ApiEntry, "person", fields=["method", "kind", "at"], erase=blank(before=None, after=None)
    )
    personal_data.register(StoredReply, "user", fields=["key", "status", "at"], erase=delete)
    personal_data.register(OutboxEvent, "learner", fields=["kind", "data", "at"], erase=_forget_marks)
    personal_data.register(Launch, "learner", fields=["path", "created_at", "used_at"], erase=delete)
    excuse(Delivery, "how an event travelled; OutboxEvent says about whom it is")
    excuse(WebhookEndpoint, "an address of a program")
    personal_data.register(oauth.Application, "", by=["user"], erase=keep(_PROGRAM))
    for token in (oauth.AccessToken, oauth.RefreshToken, oauth.IDToken, oauth.Grant, oauth.DeviceGrant):
        personal_data.register(token, "user", erase=delete)


def _forget_marks(table: Table, person: User) -> None:
    """What waits is still sent, in its order: it names rows by their UUIDs, and the account has no name any more."""
    events = [event for event in table.of(person) if not _MARKS.isdisjoint(event.data)]
    for event in events:
        event.data |= dict.fromkeys(_MARKS & event.data.keys())
    OutboxEvent.objects.bulk_update(events, ["data"], batch_size=200)
