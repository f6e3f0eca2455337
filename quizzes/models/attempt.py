from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel, User
from accounts.models.organisation import owned_by
from quizzes.models.assignment import Assignment
from quizzes.models.question import Question, QuestionRevision
from quizzes.models.quiz import Quiz, QuizRevision, QuizSlot

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> "AttemptQuerySet":
        return self.filter(submitted_at=None)

    def submitted(self) -> "AttemptQuerySet":
        return self.exclude(submitted_at=None)

    def counting(self) -> "AttemptQuerySet":
        """Without previews, which never count."""
        return self.filter(is_preview=False)

    def untold(self) -> "AttemptQuerySet":
        """Graded, and their marks could not be seen until now, as far as was looked."""
        return self.submitted().counting().filter(told_at=None, fraction__isnull=False)

    def visible_to(self, user: "User | AnonymousUser") -> "AttemptQuerySet":
        """Their own; a teacher also sees those made under the classes that they teach.

        A service sees those made under its organisation's classes, but no previews.
        """
        if not isinstance(user, User):
            return self.none()
        if user.kind == User.Kind.SERVICE:
            return self.counting().filter(owned_by(user, "cohort__organisation"))
        return self.filter(
            Q(learner=user) | Q(cohort__in=Cohort.objects.taught_by(user)), _not_elsewhere(user)
        )

    def made_by(self, user: "User | AnonymousUser") -> "AttemptQuerySet":
        """Their own only: the rows that a person may answer in."""
        return self.filter(_not_elsewhere(user), learner=user) if isinstance(user, User) else self.none()


def _not_elsewhere(user: User, cohort: str = "cohort") -> Q:
    """Who was sent here by a school has nothing of other schools open: that school could open the session itself."""
    if user.launched_by is None:
        return Q()
    return Q(**{cohort: None}) | Q(**{f"{cohort}__organisation": user.launched_by})


class Attempt(PublicModel):
    """One learner's pass through one quiz revision; open until `submitted_at` is set.

    The quiz revision, and each item's question revision, order and seed, are fixed at the start
    and never change. `fraction` is a cache of the items' current scores: 0 to 1, null while a person
    has still to grade (then `graded_at` is null too), and where every item was dropped. `told_at` is
    when it was noticed that its marks can be seen: null while they wait (see `quizzes.releasing`). `extra_s` is
    time that the teacher added to this attempt; only `quizzes.terms` computes `deadline_at`. Written
    only by `quizzes.attempts`, scored by `quizzes.grading` and `quizzes.recording`, told by `quizzes.releasing`.
    """

    class SubmitCause(models.TextChoices):
        LEARNER = "learner", _("the learner")
        DEADLINE = "deadline", _("the deadline")
        TEACHER = "teacher", _("the teacher")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts")
    quiz_revision = models.ForeignKey(QuizRevision, models.PROTECT, related_name="attempts")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="attempts")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    seed = models.PositiveIntegerField()
    is_preview = models.BooleanField(_("preview"), default=False)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    extra_s = models.PositiveIntegerField(_("more time in seconds"), default=0)
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submit_cause = models.CharField(_("submitted by"), max_length=8, choices=SubmitCause, blank=True)
    fraction = models.FloatField(_("score"), null=True, blank=True)
    graded_at = models.DateTimeField(_("graded at"), null=True, blank=True)
    told_at = models.DateTimeField(_("marks told at"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(fields=["cohort", "submitted_at"], name="attempt_of_cohort"),
            models.Index(fields=["assignment", "learner"], name="attempt_of_assignment"),
            models.Index(
                fields=["id"],
                condition=Q(
                    told_at=None, submitted_at__isnull=False, fraction__isnull=False, is_preview=False
                ),
                name="attempt_untold",
            ),
        ]
        constraints = [
            UniqueConstraint(fields=["learner", "quiz", "number"], name="attempt_number_once"),
            UniqueConstraint(
                fields=["learner", "quiz"], condition=Q(submitted_at=None), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=Q(assignment=None) | Q(cohort__isnull=False), name="attempt_assigned_in_a_cohort"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="attempt_numbered_from_1"),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(submitted_at__gte=F("started_at")),
                name="attempt_submitted_after_start",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submit_cause="")
                | Q(submitted_at__isnull=False, submit_cause__in=["learner", "deadline", "teacher"]),
                name="attempt_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(submitted_at__isnull=False), name="attempt_told_when_submitted"
            ),
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__gte=0, fraction__lte=1),
                name="attempt_fraction_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.quiz} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:attempt", kwargs={"uuid": self.uuid})

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    @property
    def is_dropped(self) -> bool:
        """Whether every question of it was dropped: nothing of it counts, and nothing waits to be graded."""
        return self.graded_at is not None and self.fraction is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.was_overdue_at(timezone.now())

    def was_overdue_at(self, moment: datetime) -> bool:
        """Whether `moment` is past the deadline and the short grace after it."""
        if self.deadline_at is None:
            return False
        return moment > self.deadline_at + timedelta(seconds=settings.ATTEMPT_GRACE_S)


class AttemptItemQuerySet(models.QuerySet["AttemptItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AttemptItemQuerySet":
        return self.filter(attempt__in=Attempt.objects.visible_to(user))

    def for_answering(self, learner: "User | AnonymousUser") -> "AttemptItemQuerySet":
        """Items of the learner's own attempts. The key is a row of its own and is not joined."""
        if not isinstance(learner, User):
            return self.none()
        return self.filter(_not_elsewhere(learner, "attempt__cohort"), attempt__learner=learner).to_answer()

    def to_answer(self) -> "AttemptItemQuerySet":
        """With what saving an answer needs, and no more: it is the most frequent write of all."""
        return self.select_related("revision").only(
            "attempt_id",
            "position",
            "question_id",
            "revision__type",
            "revision__prompt",
            "revision__schema_version",
            "revision__article_revision_id",
        )


class AttemptItem(models.Model):
    """A question as it stands in one attempt: which revision, in which order, for how many points.

    Only `first_shown_at` and `current_score` ever change. `option_order` lists the refs of the
    options in the order that this learner sees.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    slot = models.ForeignKey(QuizSlot, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="attempt_items")
    revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="attempt_items")
    option_order = models.JSONField(default=list)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    first_shown_at = models.DateTimeField(_("first shown at"), null=True, blank=True)
    current_score = models.ForeignKey(
        "quizzes.ItemScore", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("score")
    )

    objects = AttemptItemQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "position"]
        verbose_name = _("item of an attempt")
        verbose_name_plural = _("items of attempts")
        constraints = [
            UniqueConstraint(fields=["attempt", "position"], name="attempt_item_position_once"),
            UniqueConstraint(fields=["attempt", "question"], name="attempt_item_question_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="attempt_item_some_points"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} · {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:item", kwargs={"uuid": self.attempt.uuid, "position": self.position})
