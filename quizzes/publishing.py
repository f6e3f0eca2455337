"""Publishing questions and quizzes: from a draft to what learners meet.

Only these verbs make and publish revisions of questions and quizzes. A question is published with
its key, a quiz with its slots; neither changes afterwards.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from accounts.models import User
from articles.models import AnnotationSet, ArticleRevision, Skill
from articles.publishing import Incomplete, open_draft, put_in_force
from quizzes import drawing
from quizzes.models import (
    Question,
    QuestionKey,
    QuestionRevision,
    QuestionSkill,
    Quiz,
    QuizRevision,
    QuizSlot,
)
from quizzes.signals import question_published, quiz_published
from quizzes.types import registry


class From(NamedTuple):
    """Where a question's passage is from: a half-open stretch of a revision, in code points."""

    revision: ArticleRevision
    start: int
    end: int


class Draw(NamedTuple):
    """How many questions of a skill to take out of the bank; of this difficulty (1 to 5), or of any."""

    skill: Skill
    size: int
    difficulty: int | None = None


class Slot(NamedTuple):
    """A place in a quiz: a question or a draw, and what each question weighs, in any unit above 0.

    `pinned` holds a question to one of its revisions.
    """

    question: Question | None
    points: Decimal
    draw: Draw | None = None
    pinned: QuestionRevision | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of `QuizSlot`, position and revision left out."""
        skill, size, difficulty = self.draw or (None, None, None)
        return {
            "question": self.question,
            "points": self.points,
            "pinned": self.pinned,
            "draw_skill": skill,
            "draw_count": size,
            "draw_difficulty": difficulty,
        }


def draft_question(
    *,
    question: Question,
    type: str,
    prompt: BaseModel,
    key: BaseModel,
    skills: Iterable[Skill],
    title: str = "",
    difficulty: int | None = None,
    passage: From | None = None,
    origin: AnnotationSet | None = None,
    by: User | None = None,
) -> QuestionRevision:
    """Return a new draft of `question` with its key and skills; raises DraftOpen and UnknownType."""
    place: dict[str, Any] = {}
    if passage:
        place = {"article_revision": passage.revision, "start": passage.start, "end": passage.end}
    with transaction.atomic():
        revision = open_draft(
            model=QuestionRevision,
            identity=question,
            by=by,
            type=type,
            title=title,
            schema_version=registry.get(type).schema_version,
            prompt=prompt.model_dump(mode="json"),
            difficulty=difficulty,
            **place,
        )
        QuestionKey.objects.create(revision=revision, key=key.model_dump(mode="json"), origin_set=origin)
        QuestionSkill.objects.bulk_create(QuestionSkill(revision=revision, skill=skill) for skill in skills)
    return revision


def publish_question(
    *, revision: QuestionRevision, by: User | None = None, announce: bool = True
) -> QuestionRevision:
    """Publish a draft of a question with its key, and return it; tells `question_published`.

    Without `announce` nobody is told: for an import, whose lessons are judged with it as a whole.

    Raises AlreadyPublished, and Incomplete when key or skills are missing or do not fit the prompt, when it
    followed its article and nobody has confirmed it, or when its passage is not what its article says there.
    """
    with transaction.atomic():
        put_in_force(revision=revision, by=by, refuse_incomplete=_refuse_incomplete_question)
        if announce:
            question_published.send(sender=QuestionRevision, revision=revision)
    return revision


def _refuse_incomplete_question(revision: QuestionRevision) -> None:
    key = QuestionKey.objects.filter(revision=revision).first()
    if key is None:
        raise Incomplete(_("The question has no key. Say what is right, and why."))
    if not revision.question_skills.exists():
        raise Incomplete(_("The question names no skill."))
    if revision.article_revision and revision.article_revision.is_draft:
        raise Incomplete(_("The question's passage is from a draft. Publish the article first."))
    if revision.to_confirm:
        raise Incomplete(
            _(
                "“%s” followed its article to words that changed. Read it, and confirm on its page that it holds."
            )
            % (revision.title or revision.question)
        )
    _refuse_other_words(revision, _refuse_misfit(revision, key))


def _refuse_other_words(revision: QuestionRevision, prompt: BaseModel) -> None:
    """A passage is what its article says there: a draft's text may have been edited since it was taken."""
    article, passage = revision.article_revision, getattr(prompt, "passage", None)
    if article is None or passage is None or article.text[revision.start : revision.end] == passage.text:
        return
    raise Incomplete(
        _(
            "The article of “%s” has other words there now. Open the question, choose its paragraphs again,"
            " and save."
        )
        % (revision.title or revision.question)
    )


def _refuse_misfit(revision: QuestionRevision, key: QuestionKey) -> BaseModel:
    """The prompt, if it can be read and the key fits it."""
    try:
        question_type = registry.get(revision.type)
        prompt: BaseModel = registry.load(revision.type, "prompt", revision.prompt, revision.schema_version)
        answers = registry.load(revision.type, "key", key.key, revision.schema_version)
    except (registry.UnknownType, ValueError) as error:
        raise Incomplete(_("The question cannot be read: %s") % error) from error
    faults = question_type.check(prompt, answers)
    if faults:
        raise Incomplete("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
    return prompt


def draft_quiz(*, quiz: Quiz, slots: Iterable[Slot], by: User | None = None, **fields: Any) -> QuizRevision:
    """Return a new draft of `quiz` with its slots, in order; raises DraftOpen.

    `fields` are the other columns of the revision; `feedback` follows the mode when it is not given.
    """
    fields.setdefault("feedback", fitting_feedback(quiz))
    with transaction.atomic():
        revision = open_draft(model=QuizRevision, identity=quiz, by=by, **fields)
        _fill(revision, slots)
    return revision


def put_slots(*, revision: QuizRevision, slots: Iterable[Slot]) -> None:
    """Put these slots into a draft, in order, in the place of those that it has; raises Frozen."""
    with transaction.atomic():
        revision.slots.all().delete()
        _fill(revision, slots)


def _fill(revision: QuizRevision, slots: Iterable[Slot]) -> None:
    QuizSlot.objects.bulk_create(
        QuizSlot(quiz_revision=revision, position=position, **slot.columns)
        for position, slot in enumerate(slots, start=1)
    )


def fitting_feedback(quiz: Quiz) -> QuizRevision.Feedback:
    """At once in practice, after submitting elsewhere."""
    practice = quiz.mode == Quiz.Mode.PRACTICE
    return QuizRevision.Feedback.AT_ONCE if practice else QuizRevision.Feedback.AFTER_SUBMIT


def publish_quiz(*, revision: QuizRevision, by: User | None = None, announce: bool = True) -> QuizRevision:
    """Publish a draft of a quiz with its slots, and return it; tells `quiz_published`, if it is to `announce` it.

    Raises AlreadyPublished, and Incomplete when it has no slots, a question or a pinned revision is
    not published, the bank cannot fill a draw, the feedback does not fit the mode, or a room above refuses.
    """
    with transaction.atomic():
        put_in_force(revision=revision, by=by, refuse_incomplete=_refuse_incomplete_quiz)
        if announce:
            quiz_published.send(sender=QuizRevision, revision=revision)
    return revision


def _refuse_incomplete_quiz(revision: QuizRevision) -> None:
    slots = list(revision.slots.select_related("question", "pinned", "draw_skill"))
    if not slots:
        raise Incomplete(_("The quiz has no questions."))
    for slot in slots:
        if slot.question and (slot.question.published_id is None or slot.question.archived_at is not None):
            raise Incomplete(_("Question %d is not published, or archived.") % slot.position)
        if slot.pinned and slot.pinned.is_draft:
            raise Incomplete(_("Question %d is pinned to a draft.") % slot.position)
    short = drawing.shortages(slots, drawing.pools(slots, drawing.bank(slots, revision.quiz.organisation)))
    if short:
        raise Incomplete(" ".join(map(shortage_words, short)))
    if revision.pinned_article and revision.pinned_article.is_draft:
        raise Incomplete(_("The article beside the questions is a draft. Publish it first."))
    practice = revision.quiz.mode == Quiz.Mode.PRACTICE
    if practice != (revision.feedback == QuizRevision.Feedback.AT_ONCE):
        raise Incomplete(_("Practice gives feedback at once, and nothing else does."))


def shortage_words(short: drawing.Shortage) -> str:
    """What is wrong with a draw that the bank cannot fill."""
    return _(
        "The draw in place %(position)d takes %(wanted)d questions, and the bank has %(found)d for it."
        " Publish more of them, or draw fewer."
    ) % {"position": short.position, "wanted": short.wanted, "found": short.found}
