from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel
from courses.models.course import Course


class CohortCourse(PublicModel):
    """A class takes a course: whoever joins the class is enrolled in it."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="cohort_courses")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohort_courses")
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        ordering = ["cohort", "pk"]
        verbose_name = _("course of a class")
        verbose_name_plural = _("courses of classes")
        constraints = [
            UniqueConstraint(
                fields=["cohort", "course"], condition=Q(archived_at=None), name="cohort_course_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.course}"
