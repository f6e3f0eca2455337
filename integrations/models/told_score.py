from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quizzes.models import AssignmentScore


class ToldScore(models.Model):
    """What programs know of a score: what they were told of it last, or could have read then.

    `state` is one of quizzes.scores.ScoreState. Kept whether or not a program listens, so that one which
    comes later is told of changes only. Written only by `integrations.score_news`.
    """

    score = models.OneToOneField(AssignmentScore, models.PROTECT, primary_key=True, related_name="+")
    state = models.CharField(_("state"), max_length=11)
    fraction = models.FloatField(_("fraction"), null=True, blank=True)
    maximum = models.FloatField(_("maximum"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("score as told")
        verbose_name_plural = _("scores as told")
        constraints = [
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__gte=0, fraction__lte=1),
                name="told_score_fraction_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(state="released", fraction__isnull=False)
                | ~Q(state="released") & Q(fraction=None),
                name="told_score_fraction_of_released",
            ),
            models.CheckConstraint(condition=Q(maximum__gte=0), name="told_score_maximum_not_below_0"),
        ]

    def __str__(self) -> str:
        return f"{self.score_id} · {self.state}"
