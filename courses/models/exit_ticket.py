from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from courses.models.presentation import Presentation


class ExitTicket(models.Model):
    """What one learner said at the end of a presented lesson: could they do it alone now?

    One for each learner and presentation; the newest word stands. Nobody but the learner is shown
    whose it is: teachers get counts, from five up. Written only by `courses.presenting`.
    """

    class Answer(models.TextChoices):
        ALONE = "alone", _("I can do this alone")
        NOT_YET = "not_yet", _("Not yet")

    presentation = models.ForeignKey(Presentation, models.PROTECT, related_name="tickets")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=7, choices=Answer)
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        ordering = ["presentation", "pk"]
        verbose_name = _("exit ticket")
        verbose_name_plural = _("exit tickets")
        constraints = [
            UniqueConstraint(fields=["presentation", "learner"], name="exit_ticket_once"),
            models.CheckConstraint(
                condition=Q(answer__in=["alone", "not_yet"]), name="exit_ticket_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.presentation_id} · {self.pk}"
