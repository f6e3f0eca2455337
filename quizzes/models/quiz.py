from django.db import models
from django.db.models import Q, Sum, UniqueConstraint
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import ArticleRevision, Identity, Revision, RevisionPart, Skill
from articles.models.identity import MetQuerySet
from articles.models.revision import PERMISSIONS, revision_constraints
from quizzes.models.question import Question, QuestionRevision


class Quiz(Identity):
    """A set of questions that is taken together. `mode` is fixed for life.

    *practice*: feedback at once, again at will. *graded*: feedback after submitting.
    """

    class Mode(models.TextChoices):
        PRACTICE = "practice", _("practice")
        GRADED = "graded", _("graded")
        REVIEW = "review", _("review")
        TRANSFER = "transfer", _("transfer")

    mode = models.CharField(_("mode"), max_length=8, choices=Mode)
    published = models.ForeignKey(
        "quizzes.QuizRevision", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = MetQuerySet.as_manager()

    class Meta(Identity.Meta):
        ordering = ["ref", "pk"]
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            *Identity.Meta.constraints,
            models.CheckConstraint(
                condition=Q(mode__in=["practice", "graded", "review", "transfer"]), name="quiz_mode_known"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("quizzes:quiz", kwargs={"uuid": self.uuid})


class QuizRevision(Revision):
    """One state of a quiz: its words and rules. `time_limit_s` is in seconds, null for none.

    `pinned_article` is read beside the questions, plain: its annotations are never shown there.
    """

    identity_field = "quiz"

    class Feedback(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        AFTER_SUBMIT = "after_submit", _("after submitting")
        AFTER_CLOSE = "after_close", _("when the assignment has closed")

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="revisions", verbose_name=_("quiz"))
    title = models.CharField(_("title"), max_length=200)
    instructions = models.TextField(_("instructions"), blank=True)
    time_limit_s = models.PositiveIntegerField(_("time limit in seconds"), null=True, blank=True)
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), null=True, blank=True)
    feedback = models.CharField(_("feedback"), max_length=12, choices=Feedback)
    shuffle_items = models.BooleanField(_("shuffle the questions"), default=False)
    shuffle_options = models.BooleanField(_("shuffle the options"), default=False)
    pinned_article = models.ForeignKey(
        ArticleRevision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article beside the questions"),
    )

    class Meta:
        ordering = ["quiz", "-number"]
        default_permissions = PERMISSIONS
        verbose_name = _("revision of a quiz")
        verbose_name_plural = _("revisions of quizzes")
        constraints = [
            *revision_constraints("quiz_revision", "quiz"),
            models.CheckConstraint(
                condition=Q(time_limit_s=None) | Q(time_limit_s__gt=0), name="quiz_revision_some_time"
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed=None) | Q(attempts_allowed__gt=0),
                name="quiz_revision_some_attempts",
            ),
            models.CheckConstraint(
                condition=Q(feedback__in=["at_once", "after_submit", "after_close"]),
                name="quiz_revision_feedback_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def question_count(self) -> int:
        """How many questions an attempt asks; a draw counts as many as it takes. One query."""
        asked = self.slots.aggregate(count=Sum(Coalesce("draw_count", 1)))["count"]
        return asked or 0


class QuizSlot(RevisionPart):
    """A place in a quiz revision, for one question or for a draw; each question is worth `points`.

    Points are weights, in any unit above 0. A question's published revision is settled when an attempt
    starts, unless one is pinned. A draw takes `draw_count` questions of `draw_skill` out of the bank,
    of `draw_difficulty` (null: any), for each attempt anew: see `quizzes.drawing`.
    """

    revision_path = "quiz_revision"

    quiz_revision = models.ForeignKey(QuizRevision, models.PROTECT, related_name="slots")
    position = models.PositiveSmallIntegerField(_("position"))
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, default=1)
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="slots", verbose_name=_("question")
    )
    pinned = models.ForeignKey(QuestionRevision, models.PROTECT, null=True, blank=True, related_name="+")
    draw_skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skill to draw")
    )
    draw_count = models.PositiveSmallIntegerField(_("how many"), null=True, blank=True)
    draw_difficulty = models.PositiveSmallIntegerField(_("difficulty"), null=True, blank=True)

    class Meta:
        ordering = ["quiz_revision", "position"]
        verbose_name = _("slot of a quiz")
        verbose_name_plural = _("slots of quizzes")
        constraints = [
            UniqueConstraint(fields=["quiz_revision", "position"], name="quiz_slot_position_once"),
            UniqueConstraint(
                fields=["quiz_revision", "question"],
                condition=Q(question__isnull=False),
                name="quiz_slot_question_once",
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="quiz_slot_some_points"),
            models.CheckConstraint(
                condition=Q(question__isnull=False, draw_skill=None, draw_count=None, draw_difficulty=None)
                | Q(question=None, pinned=None, draw_skill__isnull=False, draw_count__isnull=False),
                name="quiz_slot_question_or_draw",
            ),
            models.CheckConstraint(
                condition=Q(draw_count=None) | Q(draw_count__gt=0), name="quiz_slot_draws_some"
            ),
            models.CheckConstraint(
                condition=Q(draw_difficulty=None) | Q(draw_difficulty__gte=1, draw_difficulty__lte=5),
                name="quiz_slot_difficulty_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_revision} · {self.position}"
