import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, PublicModel
from integrations.models.client import ApiClient


class WebhookEndpoint(PublicModel):
    """An address of a client that is told of `events`, signed with `secret`.

    While a secret is changed, both sign until `old_until`. Written only by `integrations.endpoints`.
    """

    client = models.ForeignKey(
        ApiClient, models.PROTECT, related_name="endpoints", verbose_name=_("API client")
    )
    url = models.URLField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    secret = models.CharField(max_length=120, editable=False)
    old_secret = models.CharField(max_length=120, blank=True, editable=False)
    old_until = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)

    class Meta:
        ordering = ["client", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            UniqueConstraint(
                fields=["client", "url"], condition=Q(disabled_at=None), name="webhook_address_once"
            ),
            models.CheckConstraint(
                condition=Q(old_secret="", old_until=None) | ~Q(old_secret="") & Q(old_until__isnull=False),
                name="webhook_old_secret_until",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it did; told to nobody if that was undone.

    `uuid` is the webhook-id by which a receiver knows what it has had before. Events of one learner are
    told in the order of their ids. Append-only; written only by `integrations.outbox`. That a score changed
    is written a moment later, by a transaction of its own (`integrations.score_news`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=32)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(_("data"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.kind} · {self.uuid}"


class Delivery(models.Model):
    """One event on its way to one endpoint: tried until it is taken, or dead after three days.

    `claimed_until` is set while a worker is at it; a worker that was killed frees it by that. Written
    only by `integrations.outbox` and `integrations.delivering`.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        DEAD = "dead", _("given up")

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="deliveries")
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WAITING)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    since = models.DateTimeField(_("since"), default=timezone.now)
    next_at = models.DateTimeField(_("next try"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.PositiveSmallIntegerField(_("answered"), null=True, blank=True)
    fault = models.CharField(_("what went wrong"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["next_at"], condition=Q(status="waiting"), name="delivery_waiting"),
        ]
        constraints = [
            UniqueConstraint(fields=["endpoint", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(status="waiting", done_at=None)
                | Q(status__in=["delivered", "dead"], done_at__isnull=False),
                name="delivery_done_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.endpoint}"
