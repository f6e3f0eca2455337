from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, PublicModel, User
from accounts.models.organisation import worked_with_by
from articles.models.revision import PERMISSIONS
from quizzes.models import Quiz

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CourseQuerySet(models.QuerySet["Course"]):
    def live(self) -> "CourseQuerySet":
        return self.filter(published_at__isnull=False, archived_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "CourseQuerySet":
        """What they are enrolled in; who works for an organisation sees its courses and the shared ones."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser:
            return self
        enrolled = Q(pk__in=user.enrolments.filter(ended_at=None).values("course"))
        seen = enrolled & Q(published_at__isnull=False, archived_at=None)
        return self.filter(seen | self.worked_with_by(user))

    def worked_with_by(self, user: "User") -> Q:
        """What somebody may look at for their work: all, for a superuser."""
        return worked_with_by(user, "published_at")


class Course(PublicModel):
    """Modules of lessons. The outline is live; the unit with revisions is the lesson.

    `opening` is the practice quiz that the home page offers without an account.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="courses")
    bundle = models.CharField(_("bundle"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=35, default="en")
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    opening = models.ForeignKey(Quiz, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        default_permissions = PERMISSIONS
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [UniqueConstraint(fields=["organisation", "bundle"], name="course_bundle_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", kwargs={"uuid": self.uuid})


class Module(PublicModel):
    """A part of a course, in order."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="modules")
    ref = models.CharField(_("ref"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        ordering = ["course", "position", "pk"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [UniqueConstraint(fields=["course", "ref"], name="module_ref_once")]

    def __str__(self) -> str:
        return self.title
