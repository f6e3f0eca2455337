"""What published lessons do not let a quiz or a question become: a graded one whose answers they show."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from courses.checking import published_lessons
from courses.faults import Faulty
from courses.giving_away import given_away
from courses.met import load_met
from courses.models import Course, Step
from quizzes.models import QuestionRevision, Quiz, QuizRevision, QuizSlot


def on_quiz_published(*, revision: QuizRevision, **_signal: Any) -> None:
    """The receiver of `quiz_published`; raises Faulty."""
    if revision.quiz.mode == Quiz.Mode.GRADED:
        _refuse(Q(quiz=revision.quiz_id), lambda slot: slot.quiz_revision_id == revision.pk)


def on_question_published(*, revision: QuestionRevision, **_signal: Any) -> None:
    """The receiver of `question_published`; raises Faulty."""
    if revision.article_revision_id is not None:
        asking = QuizSlot.objects.filter(question=revision.question_id, pinned=None)
        asked = Q(quiz__published__in=asking.values("quiz_revision"))
        _refuse(asked, lambda slot: slot.question_id == revision.question_id and slot.pinned_id is None)


def _refuse(asking: Q, asked_in: Callable[[QuizSlot], bool]) -> None:
    """Look through the courses whose published lessons ask for a graded quiz."""
    steps = Step.objects.filter(asking, kind=Step.Kind.QUIZ)
    for course in Course.objects.filter(
        archived_at=None, lessons__published__steps__in=steps, lessons__archived_at=None
    ).distinct():
        lessons = list(published_lessons(course))
        faults = list(given_away(lessons, {one.pk for one in lessons}, load_met(lessons, course), asked_in))
        if faults:
            raise Faulty(list(dict.fromkeys(faults)))
