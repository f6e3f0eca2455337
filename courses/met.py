"""What lessons lead to: their steps, and the articles, quizzes, questions and keys below those.

Loaded in a number of queries that does not depend on how much there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.models import ArticleRevision
from courses.models import Course, LessonRevision, Step
from quizzes import drawing
from quizzes.models import QuestionKey, QuestionRevision, QuestionSkill, QuizRevision, QuizSlot


@dataclass
class Met:
    """What the lessons at hand lead to, loaded together."""

    steps: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    slots: dict[int, list[QuizSlot]] = field(default_factory=lambda: defaultdict(list))
    drafts: dict[tuple[type, int], Any] = field(default_factory=dict)
    keys: dict[int, QuestionKey] = field(default_factory=dict)
    skilled: set[int] = field(default_factory=set)
    bank: list[drawing.BankRow] = field(default_factory=list)

    def draft_of(self, identity: Any) -> Any:
        return self.drafts.get((type(identity), identity.pk))

    def state_of(self, identity: Any) -> Any:
        """The published revision, else the draft; none where there is neither."""
        return identity.published or self.draft_of(identity)

    def shown_by(self, step: Step) -> ArticleRevision | None:
        """The text that a reading step shows, or will once it has one of its own."""
        if step.article is None:
            return None
        found: ArticleRevision | None = step.article_revision or self.state_of(step.article)
        return found


def load_met(revisions: Sequence[LessonRevision], course: Course) -> Met:
    """All that these revisions of lessons of `course` lead to."""
    met = Met()
    steps = (
        Step.objects.filter(lesson_revision__in=revisions)
        .select_related("article__published", "article_revision", "skill", "quiz__published")
        .order_by("position", "pk")
    )
    for step in steps:
        met.steps[step.lesson_revision_id].append(step)
    every = [step for rows in met.steps.values() for step in rows]
    _add_drafts(met, ArticleRevision, [step.article for step in every])
    quizzes = {step.quiz.pk: step.quiz for step in every if step.quiz}
    _add_drafts(met, QuizRevision, quizzes.values())
    asked = [state for quiz in quizzes.values() if (state := met.state_of(quiz))]
    slots = QuizSlot.objects.filter(quiz_revision__in=asked).order_by("position")
    for slot in slots.select_related(
        "question__published__article_revision", "pinned__article_revision", "draw_skill"
    ):
        met.slots[slot.quiz_revision_id].append(slot)
    draws = [slot for rows in met.slots.values() for slot in rows]
    met.bank = drawing.bank(
        draws, course.organisation
    )  # a quiz in a lesson is its own organisation's, or shared
    questions = [slot.question for rows in met.slots.values() for slot in rows]
    _add_drafts(met, QuestionRevision, questions)
    shown = [
        state.pk
        for rows in met.slots.values()
        for slot in rows
        if slot.question and (state := slot.pinned or met.state_of(slot.question))
    ]
    met.keys = {key.revision_id: key for key in QuestionKey.objects.filter(revision__in=shown)}
    met.skilled = set(QuestionSkill.objects.filter(revision__in=shown).values_list("revision", flat=True))
    return met


def _add_drafts(met: Met, model: Any, identities: Iterable[Any]) -> None:
    """Those of what is not published; a newer draft of what is changes nothing for learners."""
    open_only = [identity for identity in identities if identity and identity.published_id is None]
    if open_only:
        name = model.identity_field
        related = [name, "article_revision"] if model is QuestionRevision else [name]
        for draft in model.objects.drafts().filter(**{f"{name}__in": open_only}).select_related(*related):
            met.drafts[type(draft.identity), draft.identity.pk] = draft
