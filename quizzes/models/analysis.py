from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, Stamped
from quizzes.models.quiz import Quiz


class QuizAnalysis(Stamped):
    """The figures of one quiz and its items, for one class or (null) all, as computed once.

    `figures` is what `quizzes.scoring.items` makes of the first finished attempts; `newest_score` is
    the highest score id that went in: a higher one now means that the figures are stale. Written
    only by `quizzes.analysis`.
    """

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="analyses")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="+")
    figures = models.JSONField(_("figures"), default=dict)
    learners = models.PositiveIntegerField(_("learners"), default=0)
    newest_score = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField(_("computed at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked for at"), null=True, blank=True)

    class Meta:
        verbose_name = _("item analysis")
        verbose_name_plural = _("item analyses")
        constraints = [
            UniqueConstraint(
                fields=["quiz", "cohort"], condition=Q(cohort__isnull=False), name="analysis_once_a_cohort"
            ),
            UniqueConstraint(fields=["quiz"], condition=Q(cohort=None), name="analysis_once_a_quiz"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.computed_at}"
