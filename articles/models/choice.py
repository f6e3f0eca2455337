from django.conf import settings
from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort
from articles.models.article import Article


class HiddenArticle(models.Model):
    """A class does not meet this article. Marks are unaffected. Written only by `articles.choosing`."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("hidden article")
        verbose_name_plural = _("hidden articles")
        constraints = [UniqueConstraint(fields=["cohort", "article"], name="hidden_article_once")]

    def __str__(self) -> str:
        return f"{self.cohort_id} · {self.article_id}"


class ArticleSwap(models.Model):
    """One learner reads `parallel` in place of `article`, and nobody else is told.

    Only the learner's teachers see the row. Written only by `articles.choosing`.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="article_swaps")
    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    parallel = models.ForeignKey(Article, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("swapped article")
        verbose_name_plural = _("swapped articles")
        constraints = [
            UniqueConstraint(fields=["learner", "article"], name="article_swap_once"),
            models.CheckConstraint(condition=~Q(article=F("parallel")), name="article_swap_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} · {self.article_id}"
