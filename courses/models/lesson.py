from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicModel, User
from articles.models import Article, ArticleRevision, Revision, RevisionPart, Skill
from articles.models.revision import PERMISSIONS, FrozenQuerySet, revision_constraints
from courses.models.course import Course, Module
from quizzes.models import Quiz

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class LessonQuerySet(models.QuerySet["Lesson"]):
    def live(self) -> "LessonQuerySet":
        return self.filter(published__isnull=False, archived_at=None, module__archived_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "LessonQuerySet":
        """What their classes were given and has opened; who works with a course sees all of it."""
        from courses.models.given import met_by  # late: what is given points at lessons

        if not isinstance(user, User):
            return self.none()
        courses = Course.objects.live()
        worked_with = Q(course__in=courses.filter(courses.worked_with_by(user)))
        return self.live().filter(worked_with | (Q(met_by(user)) & Q(course__in=courses)))


class Lesson(PublicModel):
    """One sitting: a sequence of steps, whatever revision it is in."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    module = models.ForeignKey(Module, models.PROTECT, related_name="lessons")
    ref = models.CharField(_("ref"), max_length=64)
    position = models.PositiveSmallIntegerField(_("position"))
    published = models.ForeignKey(
        "courses.LessonRevision", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["module__position", "position", "pk"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [UniqueConstraint(fields=["course", "ref"], name="lesson_ref_once")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("courses:lesson", kwargs={"uuid": self.uuid})


class LessonRevision(Revision):
    """One state of a lesson. `minutes` is what it takes, as the author states it."""

    identity_field = "lesson"

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="revisions")
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        ordering = ["lesson", "-number"]
        default_permissions = PERMISSIONS
        verbose_name = _("revision of a lesson")
        verbose_name_plural = _("revisions of lessons")
        constraints = [
            *revision_constraints("lesson_revision", "lesson"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="lesson_revision_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class StepQuerySet(FrozenQuerySet):
    def behind(self) -> "StepQuerySet":
        """Those whose article has another text in force than the one that they show."""
        other = Q(article__published__isnull=False) & ~Q(article_revision=F("article__published"))
        nowhere = Q(article_revision=None, article__isnull=False)
        return self.filter(
            (Q(article_revision__isnull=False) & other) | (nowhere & Q(first_line__isnull=False))
        )


class Step(RevisionPart):
    """One screen or one task of a lesson revision.

    `key` names it across revisions, so that progress survives an edit. A `read` step shows lines
    `first_line` to `last_line` (counted from 1; null: all) of `article_revision`, and of no other, with
    its annotations of `skill`. In a draft that revision may be null: where the article has no text yet, and
    where the lines have no place in its text any more. `on_short_route`: part of the shorter way through
    the module.
    """

    revision_path = "lesson_revision"

    class Kind(models.TextChoices):
        EXPLAIN = "explain", _("explain")
        READ = "read", _("read")
        PRACTICE = "practice", _("practice")
        QUIZ = "quiz", _("quiz")

    lesson_revision = models.ForeignKey(LessonRevision, models.PROTECT, related_name="steps")
    key = models.CharField(_("key"), max_length=64)
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=1)
    on_short_route = models.BooleanField(_("on the short route"), default=True)
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="+")
    article_revision = models.ForeignKey(
        ArticleRevision, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    first_line = models.PositiveSmallIntegerField(null=True, blank=True)
    last_line = models.PositiveSmallIntegerField(null=True, blank=True)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+")
    quiz = models.ForeignKey(Quiz, models.PROTECT, null=True, blank=True, related_name="steps")

    objects = StepQuerySet.as_manager()  # type: ignore[misc]  # as the queryset of its parent

    class Meta:
        ordering = ["lesson_revision", "position", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            UniqueConstraint(fields=["lesson_revision", "key"], name="step_key_once"),
            models.CheckConstraint(
                condition=(Q(kind="explain", article=None, quiz=None, skill=None) & ~Q(body=""))
                | Q(kind="read", article__isnull=False, quiz=None)
                | Q(kind__in=["practice", "quiz"], quiz__isnull=False, article=None, skill=None),
                name="step_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(first_line=None, last_line=None)
                | Q(kind="read", first_line__gte=1, last_line__gte=F("first_line")),
                name="step_lines_in_order",
            ),
            models.CheckConstraint(
                condition=Q(article_revision=None) | Q(kind="read"), name="step_revision_is_read"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_behind(self) -> bool:
        """As `StepQuerySet.behind`."""
        if self.article is None:
            return False
        if self.article_revision_id is None:
            return self.first_line is not None
        return self.article.published_id not in {None, self.article_revision_id}
