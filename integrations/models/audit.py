from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.client import ApiClient


class ApiEntry(models.Model):
    """One write of a client: what it did to which row, under which scope, and how the row stood before and after.

    Append-only. `before` and `after` are as the API shows the row; null where there was none. `person` is whom
    the row is about, if anybody: once they are erased, both are null. Written only by `integrations.audit`.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="entries")
    request_id = models.CharField(_("request"), max_length=64)
    scope = models.CharField(_("scope"), max_length=32)
    method = models.CharField(_("method"), max_length=8)
    path = models.CharField(_("path"), max_length=500)
    kind = models.CharField(_("kind"), max_length=64, blank=True)
    object_uuid = models.UUIDField(_("row"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("of whom"),
    )
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("write over the API")
        verbose_name_plural = _("writes over the API")
        indexes = [models.Index(fields=["object_uuid", "at"], name="api_entry_of_row")]

    def __str__(self) -> str:
        return f"{self.client} · {self.method} {self.path}"
