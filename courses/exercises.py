"""An exercise from an annotated article, in one go: questions, a practice quiz, and a lesson round them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from pydantic import ValidationError

from accounts.models import Organisation, User
from articles.models import Annotation, ArticleRevision, Skill
from articles.publishing import Incomplete
from articles.text.passages import Stretch
from courses import building, publishing
from courses.models import Course, LessonRevision, Module, Step
from quizzes import authoring, drafting
from quizzes import building as quizzes_building
from quizzes.authoring import Content
from quizzes.models import Quiz, QuizRevision
from quizzes.publishing import From, Slot, put_slots
from quizzes.tasks import marking_task
from quizzes.types import mark_spans

#: The least that a question, and the reading after it, take in minutes; and how many words go into one more.
MINUTES_A_QUESTION, WORDS_MARKED_A_MINUTE = 3, 100
MINUTES_TO_READ, WORDS_READ_A_MINUTE = 2, 150
#: A key of more places than this is no exercise, and no form could show it.
MOST_PLACES = 200
QUESTION_TITLE_LONGEST = 120
_PLACE = re.compile(r"spans\[(\d+)\]")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to make an exercise of: paragraphs of an article's revision, skills of its key, and a title."""

    revision: ArticleRevision
    stretch: Stretch
    skills: Sequence[Skill]
    title: str


def make_exercise(
    *,
    wanted: Wanted,
    organisation: Organisation,
    course: Course | None = None,
    by: User | None = None,
    publish: bool = False,
) -> LessonRevision:
    """Make a marking question for each skill, a practice quiz of them, and a lesson; return its revision.

    The lesson asks first and shows the annotations afterwards. It stands at the end of `course`, or in
    a course of its own. All are drafts of `organisation`, unless `publish`: then learners may meet all of
    it, and a course of its own is opened. Raises NoSuchPlace, and Incomplete for whatever keeps the
    questions from being made or published; then nothing is made.
    """
    with transaction.atomic():
        quiz = _quiz(wanted, organisation, by, whole=publish)
        module = _module(course, organisation, wanted)
        lesson = building.new_lesson(module=module, title=wanted.title, by=by)
        building.put_steps(revision=lesson, steps=_steps(wanted, quiz))
        if publish:
            publishing.publish_together(revision=lesson, by=by)
            if course is None:
                publishing.publish_course(course=module.course)
    return lesson


def _quiz(wanted: Wanted, organisation: Organisation, by: User | None, *, whole: bool) -> QuizRevision:
    rows = drafting.key_of(wanted.revision)
    slots = []
    for skill in wanted.skills:
        content = _marking(wanted, skill, rows)
        if whole:
            _refuse_faults(content)
        draft = authoring.add_question(organisation=organisation, type="mark_spans", content=content, by=by)
        slots.append(Slot(draft.question, Decimal(1)))
    quiz = quizzes_building.new_quiz(
        organisation=organisation, mode=Quiz.Mode.PRACTICE, title=wanted.title, by=by
    )
    put_slots(revision=quiz, slots=slots)
    return quiz


def _marking(wanted: Wanted, skill: Skill, rows: Sequence[Annotation]) -> Content:
    """A marking question of one skill; raises NoSuchPlace, and Incomplete where there is nothing to find."""
    of = drafting.source(wanted.revision, wanted.stretch, [skill.slug], rows)
    if not of.of_kind(Annotation.Kind.REQUIRED):
        raise Incomplete(
            _("For “%s” there is nothing to find in these paragraphs. Choose others, or another skill.")
            % skill.title
        )
    if len(of.annotations) > MOST_PLACES:
        raise Incomplete(
            _("For “%(skill)s” there are more than %(most)d places. Choose fewer paragraphs.")
            % {"skill": skill.title, "most": MOST_PLACES}
        )
    try:
        prompt, key = drafting.marking(of, marking_task(of.skills))
    except ValidationError as error:
        raise Incomplete(_("The question cannot be made: %s") % error.errors()[0]["msg"]) from error
    return Content(
        prompt=prompt,
        key=key,
        skills=[skill],
        title=f"{wanted.title}: {skill.title}"[:QUESTION_TITLE_LONGEST],
        passage=From(wanted.revision, of.cut.start, of.cut.end),
        origin=of.annotations[0].set,
    )


def _refuse_faults(content: Content) -> None:
    """Say by its words what keeps a place of the key from being published; raises Incomplete."""
    prompt: Any = content.prompt
    key: Any = content.key
    said = []
    for fault in mark_spans.check(prompt, key):
        place = _PLACE.match(fault.field)
        span = key.spans[int(place[1])] if place else None
        words = Truncator(prompt.passage.text[span.start : span.end]).words(12) if span else ""
        said.append(f"“{words}”: {fault.message.removeprefix(f'“{span.ref}”: ')}" if span else fault.message)
    if said:
        advice = _("Mend it in a new revision of the article; or make drafts, and mend the question.")
        raise Incomplete(" ".join([*said, advice]))


def _module(course: Course | None, organisation: Organisation, wanted: Wanted) -> Module:
    """The last module of the course; the only one of a new course."""
    if course is None:
        course = building.new_course(
            organisation=organisation, title=wanted.title, language=wanted.revision.language
        )
    last = course.modules.filter(archived_at=None).order_by("position").last()
    return last or building.new_module(course=course, title=str(_("Exercises")))


def _steps(wanted: Wanted, quiz: QuizRevision) -> list[dict[str, Any]]:
    """Asked first: the reading after it shows the annotations, which are the answers."""
    lines = wanted.revision.text.split("\n")[wanted.stretch.first - 1 : wanted.stretch.last]
    words = sum(len(line.split()) for line in lines)
    one = wanted.skills[0] if len(wanted.skills) == 1 else None
    return [
        {
            "kind": Step.Kind.PRACTICE,
            "title": _("Find it yourself"),
            "minutes": max(MINUTES_A_QUESTION, ceil(words / WORDS_MARKED_A_MINUTE)) * len(wanted.skills),
            "quiz": quiz.quiz,
        },
        {
            "kind": Step.Kind.READ,
            "title": _("What there was to see"),
            "minutes": max(MINUTES_TO_READ, ceil(words / WORDS_READ_A_MINUTE)),
            "article": wanted.revision.article,
            "skill": one,
            "first_line": wanted.stretch.first,
            "last_line": wanted.stretch.last,
        },
    ]
