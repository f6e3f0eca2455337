"""Everything that a learner will meet in lessons, looked through: each fault with the row to mend it on.

Lessons are read with what is below them (steps, articles, quizzes, questions, keys, passages), in a
number of queries that does not depend on how much there is.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article
from courses.faults import Fault
from courses.giving_away import given_away
from courses.met import Met, load_met
from courses.models import Course, Lesson, LessonRevision, Step
from quizzes import drawing
from quizzes.models import QuestionKey, QuestionRevision, Quiz, QuizRevision, QuizSlot
from quizzes.publishing import shortage_words
from quizzes.types import registry

#: The mode that a quiz must have to stand in a step of this kind.
QUIZ_MODE = {Step.Kind.PRACTICE: Quiz.Mode.PRACTICE, Step.Kind.QUIZ: Quiz.Mode.GRADED}


def lesson_faults(revision: LessonRevision, *, among_others: bool = True) -> list[Fault]:
    """What is wrong with a lesson as this revision has it, beside the other lessons that are published.

    Without `among_others` the course around it is left out, as when a whole course is being put in place.
    """
    course = revision.lesson.course
    others = published_lessons(course).exclude(pk=revision.lesson.published_id).exclude(pk=revision.pk)
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
    found += _behind(lessons, drafts) if with_drafts else []
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


def published_lessons(course: Course) -> Any:
    """The revisions that learners of a course meet."""
    return LessonRevision.objects.filter(
        pk__in=Lesson.objects.live().filter(course=course).values("published")
    ).select_related("lesson")


def _behind(lessons: Sequence[Lesson], drafts: dict[int, LessonRevision]) -> list[Fault]:
    """Published lessons that go on showing the text of an article that has another one by now. One query."""
    revisions = [row.pk for lesson in lessons for row in (lesson.published, drafts.get(lesson.pk)) if row]
    steps: dict[int, list[Step]] = {}
    for step in (
        Step.objects.behind().filter(lesson_revision__in=revisions).select_related("article__published")
    ):
        steps.setdefault(step.lesson_revision_id, []).append(step)
    found = []
    for lesson in lessons:
        draft = drafts.get(lesson.pk)
        lost = {step.key for step in steps.get(draft.pk, ())} if draft else set()
        for step in steps.get(lesson.published_id or 0, ()):
            names = {"lesson": lesson.published, "step": step.key, "article": step.article}
            if step.article and step.article.published:
                names["article"] = step.article.published.title
            if step.key in lost:
                words = _(
                    "“%(lesson)s”, step “%(step)s”, shows an earlier text of “%(article)s”. Its paragraphs have no"
                    " place in the new one: choose them again in the draft."
                )
                found.append(Fault(words % names, draft or lesson))
            else:
                words = _(
                    "“%(lesson)s”, step “%(step)s”, shows an earlier text of “%(article)s”. Publish the lesson"
                    " again to show the new one."
                )
                found.append(Fault(words % names, draft or lesson, draft))
    return found


def _faults(
    revisions: Sequence[LessonRevision], around: Sequence[LessonRevision], course: Course
) -> list[Fault]:
    met = load_met([*revisions, *around], course)
    found: dict[Fault, None] = {}
    for revision in revisions:
        found |= dict.fromkeys(_of_lesson(revision, met))
    found |= dict.fromkeys(given_away([*revisions, *around], {revision.pk for revision in revisions}, met))
    return list(found)


def _of_lesson(revision: LessonRevision, met: Met) -> Iterator[Fault]:
    steps = met.steps[revision.pk]
    if not steps:
        yield Fault(_("The lesson has no steps."), revision)
    for step in steps:
        if step.article:
            yield from _of_reading(revision, step, step.article, met)
        if step.quiz:
            yield from _of_quiz_step(revision, step, step.quiz, met)


def _missing(step: Step, identity: Any, met: Met, words: str) -> Iterator[Fault]:
    draft = met.draft_of(identity)
    if identity.archived_at is not None:
        yield Fault(words % step.key, identity)
    elif identity.published_id is None:
        yield Fault(words % step.key, draft or identity, draft)


def _of_reading(revision: LessonRevision, step: Step, article: Article, met: Met) -> Iterator[Fault]:
    yield from _missing(step, article, met, _("Step “%s”: its article is not published, or archived."))
    state = met.shown_by(step)
    if step.is_behind and revision.is_draft:
        words = _(
            "Step “%(step)s”: its paragraphs have no place in the new text of “%(article)s”. Choose them again."
        )
        names = {"step": step.key, "article": article.published.title if article.published else article.ref}
        yield Fault(words % names, revision)
    elif state and step.last_line is not None and step.last_line > len(state.blocks):
        yield Fault(_("Step “%s” shows lines that the article does not have.") % step.key, revision)


def _of_quiz_step(revision: LessonRevision, step: Step, quiz: Quiz, met: Met) -> Iterator[Fault]:
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


def _of_question(slot: QuizSlot, quiz: QuizRevision, met: Met) -> Iterator[Fault]:
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
