from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel, Stamped, User
from quizzes.models.attempt import AttemptItem
from quizzes.models.question import Question

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class GradingDraft(Stamped):
    """What a person makes of one item so far: levels of the rubric and a comment, not yet released.

    `levels` maps a criterion's ref to the level chosen. `holder` has it open until `held_until`;
    `edition` rises with each save, so that two graders never write over each other. Releasing makes
    an `ItemScore` of it and sets `released_at`. Written only by `quizzes.marking`.
    """

    item = models.OneToOneField(AttemptItem, models.PROTECT, related_name="grading_draft")
    levels = models.JSONField(_("levels"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    edition = models.PositiveIntegerField(default=0)
    done = models.BooleanField(_("graded"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        verbose_name = _("grading draft")
        verbose_name_plural = _("grading drafts")
        constraints = [
            models.CheckConstraint(
                condition=Q(holder=None, held_until=None) | Q(holder__isnull=False, held_until__isnull=False),
                name="grading_draft_held_until",
            ),
            models.CheckConstraint(condition=Q(done=False) | Q(by__isnull=False), name="grading_draft_by"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.edition}"


class SavedCommentQuerySet(models.QuerySet["SavedComment"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SavedCommentQuerySet":
        """Their own."""
        return self.filter(owner=user) if isinstance(user, User) else self.none()

    def for_question(self, question: Question) -> "SavedCommentQuerySet":
        """Those in use, of this question or of any."""
        return self.filter(Q(question=question) | Q(question=None), archived_at=None)


class SavedComment(PublicModel):
    """A sentence that a grader uses again; for one question, or (null) for any."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_comments")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("comment"), max_length=500)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = SavedCommentQuerySet.as_manager()

    class Meta:
        ordering = ["owner", "text"]
        verbose_name = _("saved comment")
        verbose_name_plural = _("saved comments")
        constraints = [
            UniqueConstraint(
                fields=["owner", "question", "text"],
                condition=Q(question__isnull=False, archived_at=None),
                name="saved_comment_once_a_question",
            ),
            UniqueConstraint(
                fields=["owner", "text"],
                condition=Q(question=None, archived_at=None),
                name="saved_comment_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RegradeQuerySet(models.QuerySet["Regrade"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RegradeQuerySet":
        """Those of a class that they lead."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(cohorts__in=Cohort.objects.led_by(user)).distinct()


class Regrade(PublicModel):
    """One decision to judge a question's answers anew, and how far carrying it out has come.

    *key*: by the key of `to_revision`. *everyone*: the full point for all. *drop*: the item leaves
    every mean. `done` of `total` attempts are judged; a stopped job goes on where it was, because an
    attempt that it has judged has scores of this regrade. Written only by `quizzes.regrading`.
    """

    class Kind(models.TextChoices):
        KEY = "key", _("by the mended key")
        EVERYONE = "everyone", _("everyone gets the point")
        DROP = "drop", _("drop the question")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    question = models.ForeignKey(Question, models.PROTECT, related_name="regrades")
    to_revision = models.ForeignKey(
        "quizzes.QuestionRevision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    #: Primary keys of the classes that it is for: those that whoever asked teaches.
    cohorts = models.ManyToManyField("accounts.Cohort", related_name="+")
    quiz = models.ForeignKey("quizzes.Quiz", models.PROTECT, null=True, blank=True, related_name="+")
    replace_manual = models.BooleanField(_("also scores given by hand"), default=False)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=7, choices=Status, default="waiting")
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = RegradeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="regrade_explained"),
            models.CheckConstraint(
                condition=Q(kind="key", to_revision__isnull=False)
                | Q(kind__in=["everyone", "drop"], to_revision=None),
                name="regrade_to_a_key",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "done", "failed"]), name="regrade_status_known"
            ),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="regrade_done_of_total"),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.kind}"

    @property
    def is_going_on(self) -> bool:
        return self.status in {self.Status.WAITING, self.Status.RUNNING}
