from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quizzes.models.attempt import AttemptItem

#: The highest sequence number: the largest signed 32-bit integer.
LAST_SEQUENCE = 2**31 - 1


class ItemResponse(models.Model):
    """What a learner gave for one item, at one moment. Append-only.

    `sequence` is the client's: the highest of an item is what counts. `confidence` is in per
    cent, `active_ms` in milliseconds. `is_check` marks the "Check" of practice.
    """

    item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="responses")
    sequence = models.PositiveIntegerField(_("sequence"))
    data = models.JSONField(_("response"))
    schema_version = models.PositiveSmallIntegerField(default=1)
    confidence = models.PositiveSmallIntegerField(_("confidence"), null=True, blank=True)
    active_ms = models.PositiveIntegerField(_("active time in ms"), default=0)
    is_check = models.BooleanField(_("checked"), default=False)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)

    class Meta:
        ordering = ["item", "-sequence"]
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            UniqueConstraint(fields=["item", "sequence"], name="item_response_sequence_once"),
            models.CheckConstraint(
                condition=Q(sequence__gte=1, sequence__lte=LAST_SEQUENCE), name="item_response_sequence_range"
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=100),
                name="item_response_confidence_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.sequence}"
