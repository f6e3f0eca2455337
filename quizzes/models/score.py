from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pydantic_core import to_json

from quizzes.models.attempt import AttemptItem
from quizzes.models.question import QuestionRevision
from quizzes.models.response import ItemResponse
from quizzes.types.base import Outcome


class ItemScore(models.Model):
    """One judgement of one item: who or what gave it, when, against which key. Append-only.

    `fraction` is 0 to 1, or null while a person has still to grade. `outcome` is the type's
    `Outcome` as JSON. `dropped`: the item leaves the mean of its attempt. A regrade gives an item one
    score at most. Written only by `quizzes.recording`.
    """

    class Source(models.TextChoices):
        AUTO = "auto", _("scored by rule")
        MANUAL = "manual", _("graded by a person")
        REGRADE = "regrade", _("regraded")
        OVERRIDE = "override", _("overridden")

    item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="scores")
    number = models.PositiveIntegerField(_("number"))
    response = models.ForeignKey(ItemResponse, models.PROTECT, null=True, blank=True, related_name="scores")
    source = models.CharField(_("source"), max_length=8, choices=Source)
    key_revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="+")
    fraction = models.FloatField(_("score"), null=True, blank=True)
    answered = models.BooleanField(_("answered"))
    dropped = models.BooleanField(_("left out"), default=False)
    outcome = models.JSONField(_("outcome"), default=dict)
    rules_version = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    regrade = models.ForeignKey(
        "quizzes.Regrade", models.PROTECT, null=True, blank=True, related_name="scores", editable=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["item", "-number"]
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            UniqueConstraint(fields=["item", "number"], name="item_score_number_once"),
            UniqueConstraint(
                fields=["item", "regrade"],
                condition=Q(regrade__isnull=False),
                name="item_score_once_a_regrade",
            ),
            models.CheckConstraint(
                condition=Q(regrade=None) | Q(source="regrade"), name="item_score_of_a_regrade"
            ),
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__gte=0, fraction__lte=1),
                name="item_score_fraction_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(source="auto")
                | Q(source__in=["manual", "regrade", "override"], by__isnull=False) & ~Q(reason=""),
                name="item_score_explained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.number}"

    @cached_property
    def judged(self) -> Outcome:
        """The outcome as the types' own model; read once, for it may tell of every sentence of an article."""
        return Outcome.model_validate_json(to_json(self.outcome))
