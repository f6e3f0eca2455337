import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, CohortMember, PublicModel, User
from accounts.models.organisation import owned_by
from quizzes.models.quiz import Quiz, QuizRevision

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def live(self) -> "AssignmentQuerySet":
        return self.filter(archived_at=None, cohort__archived_at=None)

    def marked(self) -> "AssignmentQuerySet":
        """Those that belong into a gradebook: what is not taken back, and what was done of the rest.

        What teachers said of marks stays with an assignment that was taken back unless the class has the
        quiz again: then it was carried over.
        """
        from quizzes.models.attempt import Attempt  # late: attempts point at assignments

        done = Attempt.objects.counting().filter(assignment=OuterRef("pk"))
        said = GradeEntry.objects.filter(assignment=OuterRef("pk"))
        again = Assignment.objects.filter(cohort=OuterRef("cohort"), quiz=OuterRef("quiz"), archived_at=None)
        return self.filter(Q(archived_at=None) | Exists(done) | (Q(Exists(said)) & ~Q(Exists(again))))

    def done_by(self, learner: User) -> "AssignmentQuerySet":
        """Those under which they handed something in, or of whose mark for them a teacher said something."""
        from quizzes.models.attempt import Attempt  # late: attempts point at assignments

        done = Attempt.objects.counting().submitted().filter(assignment=OuterRef("pk"), learner=learner)
        said = GradeEntry.objects.filter(assignment=OuterRef("pk"), learner=learner)
        return self.filter(Exists(done) | Exists(said))

    def given_to(self, learner: User) -> "AssignmentQuerySet":
        """Live ones of the classes that they are a learner in, given to all or to them by name."""
        member = CohortMember.objects.learning().filter(cohort=OuterRef("cohort"), user=learner)
        named = AssignmentLearner.objects.filter(assignment=OuterRef("pk"), learner=learner)
        return self.live().filter(Q(everyone=True) | Exists(named)).filter(Exists(member))

    def visible_to(self, user: "User | AnonymousUser") -> "AssignmentQuerySet":
        """What is given to them; who teaches a class sees all of it; a service sees its organisation's."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser:
            return self
        seen = Q(pk__in=self.model.objects.given_to(user).values("pk"))
        seen |= Q(cohort__in=Cohort.objects.taught_by(user))
        if user.kind == User.Kind.SERVICE:
            seen |= owned_by(user, "cohort__organisation")
        return self.filter(seen)


class Assignment(PublicModel):
    """A quiz that a class, or some of it, is asked to take: from when, until when, and what counts.

    Null means no bound: not yet closed, never due, as often and as long as the quiz says. Late work
    is what is handed in after `due_at`; a class has one live assignment of a quiz. Written only by
    `quizzes.assigning`; how its dates and limits stand for one learner, `quizzes.terms` says.
    """

    class LatePolicy(models.TextChoices):
        ACCEPT = "accept", _("count late work in full")
        PERCENT = "percent", _("take off some per cent for each day")
        NONE = "none", _("take no late work")

    class AttemptRule(models.TextChoices):
        BEST = "best", _("the best try")
        LAST = "last", _("the last try")
        FIRST = "first", _("the first try")
        MEAN = "mean", _("the mean of all tries")

    class Release(models.TextChoices):
        AUTO = "auto", _("as soon as it is graded")
        HELD = "held", _("when the teacher says so")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="assignments", verbose_name=_("class"))
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="assignments", verbose_name=_("quiz"))
    everyone = models.BooleanField(_("for the whole class"), default=True)
    learners = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="quizzes.AssignmentLearner", related_name="+", blank=True
    )
    attempt_rule = models.CharField(_("which try counts"), max_length=5, choices=AttemptRule, default="best")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    late_policy = models.CharField(_("late work"), max_length=7, choices=LatePolicy, default="accept")
    late_percent = models.PositiveSmallIntegerField(
        _("per cent off for each day"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    attempts_allowed = models.PositiveSmallIntegerField(_("tries"), null=True, blank=True)
    time_limit_s = models.PositiveIntegerField(_("time limit in seconds"), null=True, blank=True)
    feedback = models.CharField(
        _("feedback"), max_length=12, choices=QuizRevision.Feedback, blank=True, default=""
    )
    release = models.CharField(_("marks are shown"), max_length=4, choices=Release, default="auto")
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", F("due_at").asc(nulls_last=True), "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            UniqueConstraint(
                fields=["cohort", "quiz"], condition=Q(archived_at=None), name="assignment_live_once"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(due_at=None) | Q(due_at__gte=F("opens_at")),
                name="assignment_due_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(due_at=None) | Q(closes_at__gte=F("due_at")),
                name="assignment_closes_after_due",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                name="assignment_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(late_policy__in=["accept", "none"], late_percent=0)
                | Q(late_policy="percent", late_percent__gte=1, late_percent__lte=100),
                name="assignment_late_percent",
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed=None) | Q(attempts_allowed__gt=0),
                name="assignment_some_attempts",
            ),
            models.CheckConstraint(
                condition=Q(time_limit_s=None) | Q(time_limit_s__gt=0), name="assignment_some_time"
            ),
            models.CheckConstraint(
                condition=Q(attempt_rule__in=["best", "last", "first", "mean"]),
                name="assignment_rule_known",
            ),
            models.CheckConstraint(
                condition=Q(feedback__in=["", "at_once", "after_submit", "after_close"]),
                name="assignment_feedback_known",
            ),
            models.CheckConstraint(
                condition=Q(release__in=["auto", "held"]), name="assignment_release_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.cohort}"

    @property
    def is_released(self) -> bool:
        """Whether learners may see their marks, as far as the teacher's word goes."""
        return self.release == self.Release.AUTO or self.released_at is not None


class AssignmentLearner(models.Model):
    """An assignment that is not for everyone is for this learner. Written only by `quizzes.assigning`."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="named")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("learner of an assignment")
        verbose_name_plural = _("learners of assignments")
        constraints = [UniqueConstraint(fields=["assignment", "learner"], name="assignment_learner_once")]

    def __str__(self) -> str:
        return f"{self.assignment_id} · {self.learner_id}"


class Accommodation(PublicModel):
    """More time, tries or days for one learner: in a whole class, or for one assignment of it.

    The row of an assignment stands in place of the class's, field by field where it is not null;
    `due_at` is for one assignment, `extra_days` for every due date of the class. `extra_percent` and
    `extra_s` (seconds) both lengthen a time limit. Written only by `quizzes.accommodating`.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="accommodations")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="accommodations"
    )
    extra_percent = models.PositiveSmallIntegerField(_("more time, in per cent"), null=True, blank=True)
    extra_s = models.PositiveIntegerField(_("more time, in seconds"), null=True, blank=True)
    extra_attempts = models.PositiveSmallIntegerField(_("more tries"), null=True, blank=True)
    extra_days = models.PositiveSmallIntegerField(_("more days"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        constraints = [
            UniqueConstraint(
                fields=["learner", "assignment"],
                condition=Q(assignment__isnull=False),
                name="accommodation_once_an_assignment",
            ),
            UniqueConstraint(
                fields=["learner", "cohort"],
                condition=Q(assignment=None),
                name="accommodation_once_a_cohort",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(assignment__isnull=False),
                name="accommodation_date_of_an_assignment",
            ),
            models.CheckConstraint(
                condition=Q(extra_percent=None) | Q(extra_percent__lte=400),
                name="accommodation_percent_to_400",
            ),
            models.CheckConstraint(
                condition=Q(extra_s=None) | Q(extra_s__lte=86_400), name="accommodation_a_day_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} · {self.cohort_id}"


class GradeEntry(models.Model):
    """A teacher's word on one learner's mark for one assignment, beside what was scored.

    *excused*: it leaves the mean. *override*: `fraction` (0 to 1) stands in place of the scored one.
    *none*: an earlier word is taken back. Append-only: the newest holds. Written by `quizzes.grades`.
    """

    class Kind(models.TextChoices):
        EXCUSED = "excused", _("excused")
        OVERRIDE = "override", _("set by hand")
        NONE = "none", _("as scored")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="grade_entries")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grade_entries")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    fraction = models.FloatField(_("mark"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["assignment", "learner", "-at", "-pk"]
        verbose_name = _("entry in the gradebook")
        verbose_name_plural = _("entries in the gradebook")
        indexes = [models.Index(fields=["assignment", "learner", "at"], name="grade_entry_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["excused", "none"], fraction=None)
                | Q(kind="override", fraction__isnull=False, fraction__gte=0, fraction__lte=1),
                name="grade_entry_fraction_of_override",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grade_entry_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} · {self.learner_id}"
