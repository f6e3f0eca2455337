"""Other systems: the clients that reach the API, what they did, and what was answered them before."""

from integrations.models.audit import ApiEntry
from integrations.models.client import ApiClient
from integrations.models.idempotency import StoredReply
from integrations.models.launch import Launch
from integrations.models.told_score import ToldScore
from integrations.models.webhook import Delivery, OutboxEvent, WebhookEndpoint

__all__ = [
    "ApiClient",
    "ApiEntry",
    "Delivery",
    "Launch",
    "OutboxEvent",
    "StoredReply",
    "ToldScore",
    "WebhookEndpoint",
]
