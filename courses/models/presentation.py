from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel
from courses.models.lesson import Lesson


class Presentation(PublicModel):
    """A lesson shown to a class on the projector: at which scene it is, and at which finding.

    One runs in a class at a time. `started_at` is when "Start together" was pressed. Written only by
    `courses.presenting`.
    """

    class Scene(models.TextChoices):
        JOIN = "join", _("joining")
        WORK = "work", _("working")
        MARKS = "marks", _("the class's marks")
        FINDING = "finding", _("one finding at a time")
        TICKET = "ticket", _("exit ticket")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="presentations")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    scene = models.CharField(_("scene"), max_length=7, choices=Scene, default="join")
    finding = models.PositiveSmallIntegerField(_("finding"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")
        constraints = [
            UniqueConstraint(
                fields=["cohort"], condition=Q(ended_at=None), name="presentation_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(scene__in=["join", "work", "marks", "finding", "ticket"]),
                name="presentation_scene_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.lesson}"
