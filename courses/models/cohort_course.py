from django.conf import settings
from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel
from courses.models.course import Course, Module
from courses.models.lesson import Lesson
from quizzes.models import Assignment


class CohortCourse(PublicModel):
    """A class takes a course, or one module or lesson of it: whoever joins the class is enrolled.

    At most one of `module` and `lesson` is set, and both are of `course`. Its graded quizzes become
    assignments (`CohortCourseItem`), with `opens_at` and `due_at`. Written only by `courses.enrolment`
    and `courses.assigning`.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="cohort_courses")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohort_courses")
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="+")
    lesson = models.ForeignKey(Lesson, models.PROTECT, null=True, blank=True, related_name="+")
    everyone = models.BooleanField(_("for the whole class"), default=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        ordering = ["cohort", "pk"]
        verbose_name = _("course of a class")
        verbose_name_plural = _("courses of classes")
        constraints = [
            UniqueConstraint(
                fields=["cohort", "course"],
                condition=Q(archived_at=None, module=None, lesson=None),
                name="cohort_course_once",
            ),
            UniqueConstraint(
                fields=["cohort", "module"],
                condition=Q(archived_at=None, module__isnull=False),
                name="cohort_module_once",
            ),
            UniqueConstraint(
                fields=["cohort", "lesson"],
                condition=Q(archived_at=None, lesson__isnull=False),
                name="cohort_lesson_once",
            ),
            models.CheckConstraint(
                condition=Q(module=None) | Q(lesson=None), name="cohort_course_module_or_lesson"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(due_at=None) | Q(due_at__gte=F("opens_at")),
                name="cohort_course_due_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.lesson or self.module or self.course}"


class CohortCourseLearner(models.Model):
    """A course of a class that is not for everyone is for this learner."""

    cohort_course = models.ForeignKey(CohortCourse, models.CASCADE, related_name="named")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("learner of a course of a class")
        verbose_name_plural = _("learners of courses of classes")
        constraints = [
            UniqueConstraint(fields=["cohort_course", "learner"], name="cohort_course_learner_once")
        ]

    def __str__(self) -> str:
        return f"{self.cohort_course_id} · {self.learner_id}"


class CohortCourseItem(models.Model):
    """The assignment that a class's course made of one graded quiz step, whatever revision it stood in."""

    cohort_course = models.ForeignKey(CohortCourse, models.PROTECT, related_name="items")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    step_key = models.CharField(max_length=64)
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="course_item")

    class Meta:
        verbose_name = _("assignment of a course")
        verbose_name_plural = _("assignments of courses")
        constraints = [
            UniqueConstraint(fields=["cohort_course", "lesson", "step_key"], name="cohort_course_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.cohort_course_id} · {self.step_key}"
