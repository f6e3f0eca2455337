from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Stamped
from articles.models import ArticleRevision
from quizzes.models.question import Question


class QuestionOrphan(Stamped):
    """A question that quotes an older text and could not follow `article_revision` by itself.

    The question stays as it is and goes on working; somebody looks at it and says *done*
    (`resolved_at`). `detail` holds the words that found no place, if it was some words; `chosen`, until all have
    one, where somebody put them: `old` and `new` [start, end), with the words there, `was` and `is`.
    `keeps_old`: somebody said that it stays with its older text, so newer ones do not ask about it again.
    """

    class Reason(models.TextChoices):
        PASSAGE = "passage", _("its passage is not there any more, or not in one piece")
        SPAN = "span", _("words that it judges have no place in the new text")
        DRAFT_OPEN = "draft open", _("it has an open draft, which was left alone")
        UNREADABLE = "unreadable", _("its parts cannot be read, or would not fit together")

    question = models.ForeignKey(Question, models.PROTECT, related_name="orphans", verbose_name=_("question"))
    article_revision = models.ForeignKey(
        # A draft can be discarded; then nothing is left to follow.
        ArticleRevision,
        models.CASCADE,
        related_name="+",
        verbose_name=_("revision of an article"),
    )
    reason = models.CharField(_("what happened"), max_length=10, choices=Reason)
    detail = models.TextField(_("words"), blank=True)
    chosen = models.JSONField(default=list, editable=False)
    keeps_old = models.BooleanField(default=False, editable=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("question that could not follow its article")
        verbose_name_plural = _("questions that could not follow their article")
        constraints = [
            UniqueConstraint(
                fields=["question", "article_revision"],
                condition=Q(resolved_at=None),
                name="question_orphan_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.get_reason_display()}"
