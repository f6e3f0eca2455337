from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StoredReply(models.Model):
    """What a POST with an Idempotency-Key was answered, for 24 hours: the same again is answered the same.

    `status` is null while the first request is at work, in the process `worker`. `fingerprint` is the SHA-256
    of method, path, scopes and body: another request under the same key is refused. `body` is encrypted.
    Written only by `integrations.idempotency`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(_("at"), default=timezone.now)
    worker = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("stored reply")
        verbose_name_plural = _("stored replies")
        indexes = [models.Index(fields=["at"], name="stored_reply_age")]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="stored_reply_once"),
            models.CheckConstraint(condition=~Q(key=""), name="stored_reply_has_key"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.key}"
