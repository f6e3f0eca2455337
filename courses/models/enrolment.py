from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel, User
from courses.models.course import Course
from courses.models.lesson import Lesson

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def live(self) -> "EnrolmentQuerySet":
        return self.filter(ended_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "EnrolmentQuerySet":
        """Their own; a teacher also sees those of the classes that they teach."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(Q(learner=user) | Q(cohort__in=Cohort.objects.taught_by(user)))


class Enrolment(PublicModel):
    """A learner takes a course, alone or under a class, until `ended_at`."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="enrolments")
    enrolled_at = models.DateTimeField(_("enrolled at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at", "-pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            UniqueConstraint(
                fields=["learner", "course"],
                condition=Q(cohort=None, ended_at=None),
                name="enrolment_alone_once",
            ),
            UniqueConstraint(
                fields=["learner", "course", "cohort"],
                condition=Q(cohort__isnull=False, ended_at=None),
                name="enrolment_in_cohort_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("enrolled_at")),
                name="enrolment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.course}"


class StepProgress(models.Model):
    """How far an enrolment is with one step, by its key, whatever revision of the lesson it met."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="step_progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    step_key = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "opened_at", "pk"]
        verbose_name = _("progress in a step")
        verbose_name_plural = _("progress in steps")
        constraints = [
            UniqueConstraint(fields=["enrolment", "lesson", "step_key"], name="step_progress_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("opened_at")),
                name="step_progress_done_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.step_key}"
