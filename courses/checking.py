"""Everything that a learner will meet in lessons, looked through: each fault with the row to mend it on.

Lessons are read with what is below them (steps, articles, quizzes, questions, keys, passages), in a
number of queries that does not depend on how much there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from articles.models import Article, ArticleRevision
from articles.publishing import Incomplete
from courses.models import Course, Lesson, LessonRevision, Step
from quizzes import drawing
from quizzes.models import QuestionKey, QuestionRevision, QuestionSkill, Quiz, QuizRevision, QuizSlot
from quizzes.publishing import shortage_words
from quizzes.types import registry

#: The mode that a quiz must have to stand in a step of this kind.
QUIZ_MODE = {Step.Kind.PRACTICE: Quiz.Mode.PRACTICE, Step.Kind.QUIZ: Quiz.Mode.GRADED}


@dataclass(frozen=True)
class Fault:
    """Something that a learner must not meet: what is wrong, and the row on whose page it is mended.

    `draft` is what would mend it by being published, if that is all that is missing.
    """

    message: str
    row: Model
    draft: Model | None = None


class Faulty(Incomplete):
    """Something that learners will meet is wrong; `faults` has it one by one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


@dataclass
class _Met:
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


def lesson_faults(revision: LessonRevision, *, among_others: bool = True) -> list[Fault]:
    """What is wrong with a lesson as this revision has it, beside the other lessons that are published.

    Without `among_others` the course around it is left out, as when a whole course is being put in place.
    """
    course = revision.lesson.course
    others = _published(course).exclude(pk=revision.lesson.published_id).exclude(pk=revision.pk)
    around = [other for other in others if other.lesson_id != revision.lesson_id] if among_others else []
    return _faults([revision], around, course)


def course_faults(course: Course, *, with_drafts: bool = True) -> list[Fault]:
    """What is wrong with a course: its published lessons and, `with_drafts`, those that never were."""
    lessons = list(
        Lesson.objects.filter(course=course, archived_at=None, module__archived_at=None).select_related(
            "published", "module"
        )
    )
    drafts = {
        draft.lesson_id: draft
        for draft in LessonRevision.objects.drafts().filter(lesson__in=lessons).select_related("lesson")
        if with_drafts
    }
    shown = [lesson.published or drafts.get(lesson.pk) for lesson in lessons]
    found = _faults([revision for revision in shown if revision], [], course)
    for lesson in lessons if with_drafts else ():
        if lesson.published is None:
            draft = drafts.get(lesson.pk)
            words = _("The lesson “%s” is not published, so learners do not see it.")
            found.append(Fault(words % (draft.title if draft else lesson.ref), draft or lesson, draft))
    if not any(lesson.published for lesson in lessons):
        found.append(Fault(_("The course has no published lesson."), course))
    if course.opening and (course.opening.published_id is None or course.opening.archived_at):
        found.append(Fault(_("The quiz on the front page is not published, or archived."), course.opening))
    return found


def _published(course: Course) -> Any:
    return LessonRevision.objects.filter(
        pk__in=Lesson.objects.live().filter(course=course).values("published")
    ).select_related("lesson")


def _faults(
    revisions: Sequence[LessonRevision], around: Sequence[LessonRevision], course: Course
) -> list[Fault]:
    met = _load([*revisions, *around], course)
    found: dict[Fault, None] = {}
    for revision in revisions:
        found |= dict.fromkeys(_of_lesson(revision, met))
    found |= dict.fromkeys(_given_away([*revisions, *around], {revision.pk for revision in revisions}, met))
    return list(found)


def _load(revisions: Sequence[LessonRevision], course: Course) -> _Met:
    met = _Met()
    steps = (
        Step.objects.filter(lesson_revision__in=revisions)
        .select_related("article__published", "skill", "quiz__published")
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


def _add_drafts(met: _Met, model: Any, identities: Iterable[Any]) -> None:
    """Those of what is not published; a newer draft of what is changes nothing for learners."""
    open_only = [identity for identity in identities if identity and identity.published_id is None]
    if open_only:
        name = model.identity_field
        related = [name, "article_revision"] if model is QuestionRevision else [name]
        for draft in model.objects.drafts().filter(**{f"{name}__in": open_only}).select_related(*related):
            met.drafts[type(draft.identity), draft.identity.pk] = draft


def _of_lesson(revision: LessonRevision, met: _Met) -> Iterator[Fault]:
    steps = met.steps[revision.pk]
    if not steps:
        yield Fault(_("The lesson has no steps."), revision)
    for step in steps:
        if step.article:
            yield from _of_reading(revision, step, step.article, met)
        if step.quiz:
            yield from _of_quiz_step(revision, step, step.quiz, met)


def _missing(step: Step, identity: Any, met: _Met, words: str) -> Iterator[Fault]:
    draft = met.draft_of(identity)
    if identity.archived_at is not None:
        yield Fault(words % step.key, identity)
    elif identity.published_id is None:
        yield Fault(words % step.key, draft or identity, draft)


def _of_reading(revision: LessonRevision, step: Step, article: Article, met: _Met) -> Iterator[Fault]:
    yield from _missing(step, article, met, _("Step “%s”: its article is not published, or archived."))
    state = met.state_of(article)
    if state and step.last_line is not None and step.last_line > len(state.blocks):
        yield Fault(_("Step “%s” shows lines that the article does not have.") % step.key, revision)


def _of_quiz_step(revision: LessonRevision, step: Step, quiz: Quiz, met: _Met) -> Iterator[Fault]:
    yield from _missing(step, quiz, met, _("Step “%s”: its quiz is not published, or archived."))
    if quiz.mode != QUIZ_MODE[Step.Kind(step.kind)]:
        words = _("Step “%s”: the mode of its quiz does not fit the kind of the step.")
        yield Fault(words % step.key, revision)
    state = met.state_of(quiz)
    if state is None:
        return
    slots = met.slots[state.pk]
    if not slots:
        yield Fault(_("The quiz “%s” has no questions.") % state.title, state)
    for short in drawing.shortages(slots, drawing.pools(slots, met.bank)):
        yield Fault(_("In “%s”:") % state.title + " " + shortage_words(short), state)
    for slot in slots:
        if slot.question:
            yield from _of_question(slot, state, met)


def _of_question(slot: QuizSlot, quiz: QuizRevision, met: _Met) -> Iterator[Fault]:
    question: Any = slot.question
    state = slot.pinned or met.state_of(question)
    named = {"title": state.title if state and state.title else question.ref, "quiz": quiz.title}
    draft = met.draft_of(question)
    if question.archived_at is not None:
        yield Fault(_("The question “%(title)s” in “%(quiz)s” is archived.") % named, question)
    if question.published_id is None:
        words = _("The question “%(title)s” in “%(quiz)s” is not published.")
        yield Fault(words % named, draft or question, draft)
    if state is None:
        return
    if state.pk not in met.skilled:
        yield Fault(_("The question “%(title)s” names no skill.") % named, state)
    passage = state.article_revision
    if passage and passage.is_draft:
        words = _("The question “%(title)s” takes its passage from a draft.")
        yield Fault(words % named, passage, passage)
    if message := _misfit(state, met.keys.get(state.pk)):
        yield Fault(_("The question “%(title)s”:") % named + " " + message, state)


def _misfit(state: QuestionRevision, key: QuestionKey | None) -> str:
    """What does not fit between prompt and key; "" if all is well. Published ones were looked through then."""
    if key is None:
        return _("it has no key. Say what is right, and why.")
    if not state.is_draft:
        return ""
    try:
        kind = registry.get(state.type)
        answers = registry.load(state.type, "key", key.key, state.schema_version)
        faults = kind.check(state.asked, answers)
    except (registry.UnknownType, ValueError) as error:
        return str(error)
    return "; ".join(f"{fault.field}: {fault.message}" for fault in faults)


def _given_away(revisions: Sequence[LessonRevision], judged: set[int], met: _Met) -> Iterator[Fault]:
    """Graded questions about a paragraph whose annotations some lesson shows."""
    shown: dict[tuple[int, int], tuple[LessonRevision, Step]] = {}
    for revision in revisions:
        for step in met.steps[revision.pk]:
            state = met.state_of(step.article) if step.article else None
            for line in (
                range(step.first_line or 1, (step.last_line or len(state.blocks)) + 1) if state else ()
            ):
                shown.setdefault((step.article_id or 0, line), (revision, step))
    for revision in revisions:
        for step in met.steps[revision.pk]:
            state = met.state_of(step.quiz) if step.quiz and step.kind == Step.Kind.QUIZ else None
            for slot in met.slots[state.pk] if state else ():
                yield from _told(slot, revision, shown, judged, met)


def _told(
    slot: QuizSlot,
    revision: LessonRevision,
    shown: dict[tuple[int, int], tuple[LessonRevision, Step]],
    judged: set[int],
    met: _Met,
) -> Iterator[Fault]:
    asked = slot.pinned or (met.state_of(slot.question) if slot.question else None)
    passage = asked.article_revision if asked else None
    if asked is None or passage is None or asked.start is None or asked.end is None:
        return
    first = passage.text.count("\n", 0, asked.start) + 1
    last = passage.text.count("\n", 0, asked.end - 1) + 1
    for line in range(first, last + 1):
        lesson, step = shown.get((passage.article_id, line), (None, None))
        if lesson and step and judged & {revision.pk, lesson.pk}:
            yield Fault(
                _(
                    "The question “%(title)s” is graded, and asks about paragraph %(line)d of “%(article)s”,"
                    " whose notes are shown in “%(lesson)s”, step “%(step)s”. Ask about another one."
                )
                % {
                    "title": asked.title or asked.question_id,
                    "line": line,
                    "article": passage.title,
                    "lesson": lesson.title,
                    "step": step.key,
                },
                asked,
            )
            return
