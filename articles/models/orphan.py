from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.annotation import Annotation
from articles.models.article import ArticleRevision
from articles.models.revision import RevisionPart
from articles.models.skill import Skill


class Orphan(RevisionPart):
    """An annotation of an older text that found no place in this draft: kept whole, until a teacher decides.

    Open while `outcome` is empty. Then it was *placed* (an annotation of the draft took it over) or
    *left out*, for the reason in `note`. `reason` says why it had no place; `origin` is the published
    annotation that it goes back to, where there is one. Freezes with its revision.
    """

    class Reason(models.TextChoices):
        SEVERAL = "several", _("the words are there several times")
        GONE = "gone", _("the words are not there any more")

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for you")
        PLACED = "placed", _("placed")
        LEFT_OUT = "left out", _("left out")

    revision = models.ForeignKey(
        ArticleRevision, models.PROTECT, related_name="orphans", verbose_name=_("revision of an article")
    )
    ref = models.CharField(_("ref"), max_length=64)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", verbose_name=_("skill"))
    kind = models.CharField(_("kind"), max_length=10, choices=Annotation.Kind)
    exact = models.TextField(_("words"))
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    paragraph = models.PositiveIntegerField(_("paragraph"), null=True, blank=True)
    rationale = models.TextField(_("why"), blank=True)
    instead = models.TextField(_("sound reporting would say"), blank=True)
    minority = models.TextField(_("some readers say"), blank=True)
    readings = models.PositiveSmallIntegerField(_("independent readings"), default=1)
    party = models.CharField(_("party that the fault hits"), max_length=64, blank=True)
    fact_checked_on = models.DateField(_("fact checked on"), null=True, blank=True)
    origin = models.ForeignKey(Annotation, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("what happened"), max_length=10, choices=Reason)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)
    note = models.CharField(_("why it was left out"), max_length=500, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["revision", "paragraph", "pk"]
        verbose_name = _("annotation without a place")
        verbose_name_plural = _("annotations without a place")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", resolved_at=None)
                | Q(outcome="placed", resolved_at__isnull=False)
                | (Q(outcome="left out", resolved_at__isnull=False) & ~Q(note="")),
                name="orphan_resolved_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.exact[:60]
