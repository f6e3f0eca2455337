from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import name_key
from articles.models import AnnotationSet, ArticleRevision, Identity, Revision, RevisionPart, Skill
from articles.models.identity import IdentityQuerySet
from articles.models.revision import PERMISSIONS, revision_constraints
from quizzes.types import registry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def search_key(title: str, prompt: Any, ref: str) -> str:
    """What a question is found by, folded as what is looked for is folded: by `name_key`."""
    task = prompt.get("task", "") if isinstance(prompt, dict) else ""
    return name_key(" ".join([title, task if isinstance(task, str) else "", ref]))


class QuestionQuerySet(IdentityQuerySet):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The bank: their organisation's questions, and the published shared ones. Not for learners."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(self.worked_with_by(user))


class Question(Identity):
    """One thing that is asked, whatever revision it is in. Evidence counts once a question."""

    published = models.ForeignKey(
        "quizzes.QuestionRevision", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = QuestionQuerySet.as_manager()

    class Meta(Identity.Meta):
        ordering = ["ref", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")


class QuestionRevision(Revision):
    """One state of a question: its type, and the prompt that a learner may see.

    `prompt` carries the passage itself with its words and sentences, so that nothing about it
    changes later; `article_revision`, `start` and `end` say where the passage is from. What is
    right is in `QuestionKey`, a row of its own. `search_key` is what the bank is searched by: title, task
    and ref, folded for every script (SQLite itself folds ASCII only); kept with each save.
    """

    identity_field = "question"

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="revisions", verbose_name=_("question")
    )
    type = models.CharField(_("type"), max_length=40)
    title = models.CharField(_("short title"), max_length=120, blank=True)
    prompt = models.JSONField(_("prompt"))
    search_key = models.TextField(blank=True, editable=False)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), null=True, blank=True)
    article_revision = models.ForeignKey(
        ArticleRevision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    to_confirm = models.BooleanField(
        _("to confirm"),
        default=False,
        editable=False,
        help_text=_("It followed its article, and some of the words changed. Read it again."),
    )
    skills: "models.ManyToManyField[Skill, Any]" = models.ManyToManyField(
        Skill, through="quizzes.QuestionSkill"
    )

    class Meta:
        ordering = ["question", "-number"]
        default_permissions = PERMISSIONS
        verbose_name = _("revision of a question")
        verbose_name_plural = _("revisions of questions")
        constraints = [
            *revision_constraints("question_revision", "question"),
            models.CheckConstraint(
                condition=Q(article_revision=None, start=None, end=None)
                | Q(
                    article_revision__isnull=False, start__isnull=False, end__isnull=False, end__gt=F("start")
                ),
                name="question_revision_passage_whole",
            ),
            models.CheckConstraint(
                condition=Q(difficulty=None) | Q(difficulty__gte=1, difficulty__lte=5),
                name="question_revision_difficulty_1_to_5",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(self.title, self.prompt, self.question.ref)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    @cached_property
    def asked(self) -> Any:
        """The prompt as its type's own model; read once, for it may hold a whole article."""
        return registry.load(self.type, "prompt", self.prompt, self.schema_version)


class QuestionKey(RevisionPart):
    """What is right, and why: kept apart, so that showing it by mistake takes an explicit join.

    Read only by grading, by feedback that is due, and by the admin. `key` holds rationales, foils
    and feedback too; `origin_set` is the layer of annotations that it was copied from.
    """

    revision = models.OneToOneField(
        QuestionRevision, models.PROTECT, primary_key=True, related_name="answer_key"
    )
    key = models.JSONField(_("key"))
    origin_set = models.ForeignKey(AnnotationSet, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("key of a question")
        verbose_name_plural = _("keys of questions")

    def __str__(self) -> str:
        return str(self.revision)


class QuestionSkill(RevisionPart):
    """This revision gives evidence for this skill."""

    revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="question_skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["revision", "skill"], name="question_skill_once")]
        verbose_name = _("skill of a question")
        verbose_name_plural = _("skills of questions")

    def __str__(self) -> str:
        return f"{self.revision} · {self.skill}"
