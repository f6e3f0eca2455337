import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, User
from articles.models import Article, Skill
from quizzes.models.question import Question, QuestionRevision
from quizzes.models.score import ItemScore

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SkillResult(models.Model):
    """What one score says of one skill, in counts that can be read out: "6 of 9; 2 of your 8".

    `found` of the `required` findings (`partly` more in part); `sound_marks` of the `marks` stood
    on words that are fine as written. `fraction` is 0 to 1.
    """

    score = models.ForeignKey(ItemScore, models.PROTECT, related_name="skill_results")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    fraction = models.FloatField()
    required = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    marks = models.PositiveIntegerField(default=0)
    sound_marks = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("result by skill")
        verbose_name_plural = _("results by skill")
        constraints = [
            UniqueConstraint(fields=["score", "skill"], name="skill_result_once"),
            models.CheckConstraint(
                condition=Q(fraction__gte=0, fraction__lte=1), name="skill_result_fraction_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score_id} · {self.skill}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def live(self) -> "EvidenceQuerySet":
        return self.filter(voided_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "EvidenceQuerySet":
        """Their own; a teacher also sees what was made under the classes that they teach."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(Q(learner=user) | Q(cohort__in=Cohort.objects.taught_by(user)))


class Evidence(models.Model):
    """A learner's first finished try at one unit of one question: what mastery is made of.

    Counts once for each (learner, question, skill, unit), whatever quiz or revision it was met
    in. `unit` is a sentence or an option ('' for the whole item), `ordinal` its place in text
    order. Only `voided_at` ever changes: a regrade voids rows and appends new ones.
    """

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("a problem")
        SOUND = "sound", _("sound")
        NONE = "none", _("neither")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    score = models.ForeignKey(ItemScore, models.PROTECT, related_name="evidence")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence")
    question = models.ForeignKey(Question, models.PROTECT, related_name="evidence")
    question_revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="+")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="evidence")
    unit = models.CharField(_("unit"), max_length=64, blank=True)
    ordinal = models.PositiveIntegerField(_("place"), default=0)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    category = models.CharField(_("category"), max_length=64, blank=True)
    correct = models.BooleanField(_("right"))
    fraction = models.FloatField(_("score"))
    confidence = models.PositiveSmallIntegerField(_("confidence"), null=True, blank=True)
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="+")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["learner", "skill", "at", "ordinal", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = [models.Index(fields=["learner", "skill", "at", "ordinal"], name="evidence_in_order")]
        constraints = [
            UniqueConstraint(fields=["score", "skill", "unit"], name="evidence_unit_once_a_score"),
            UniqueConstraint(
                fields=["learner", "question", "skill", "unit"],
                condition=Q(voided_at=None),
                name="evidence_first_try_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["problem", "sound", "none"]), name="evidence_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(fraction__gte=0, fraction__lte=1), name="evidence_fraction_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} · {self.skill_id} · {self.unit}"
