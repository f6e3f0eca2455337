from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import enrolment, progress, publishing
from courses.models import StepProgress
from quizzes import attempts
from tests.factories.accounts import CohortFactory
from tests.factories.courses import EXPLAIN, EnrolmentFactory, LessonFactory, LessonRevisionFactory
from tests.factories.quizzes import AttemptFactory, QuizFactory

pytestmark = pytest.mark.django_db


def taking(lesson=None, **more):
    lesson = lesson or LessonFactory()
    return EnrolmentFactory(course=lesson.course, **more), lesson


def quiz_step(quiz, key="quiz"):
    return {"key": key, "kind": "quiz", "title": "A quiz", "quiz": quiz}


def lesson_with(*steps):
    return LessonFactory(revision__steps=steps)


def done():
    """The steps that are done, as learner, course and key."""
    rows = StepProgress.objects.exclude(done_at=None)
    return set(rows.values_list("enrolment__learner", "enrolment__course", "step_key"))


def hand_in(learner, quiz, **more):
    return attempts.submit(attempt=AttemptFactory(learner=learner, quiz=quiz, **more))


@pytest.mark.parametrize(
    "changes",
    [{}, {"step_key": "other", "done_at": timezone.now() - timedelta(days=1)}],
    ids=["twice", "order"],
)
def test_row_that_breaks_a_rule_is_refused(changes):
    taken, lesson = taking()
    fields = {"enrolment": taken, "lesson": lesson, "step_key": "explain"}
    StepProgress.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        StepProgress.objects.create(**{**fields, **changes})


def test_note_opened_keeps_the_first_time():
    taken, lesson = taking()
    for _time in range(2):
        progress.note_opened(enrolment=taken, lesson=lesson, step_key="explain")
    row = StepProgress.objects.get()
    assert (row.enrolment, row.lesson, row.step_key, row.done_at) == (taken, lesson, "explain", None)
    opened = row.opened_at
    progress.complete(enrolment=taken, lesson=lesson, step_key="explain")
    progress.note_opened(enrolment=taken, lesson=lesson, step_key="explain")
    row.refresh_from_db()
    assert (row.opened_at, row.done_at is not None) == (opened, True)


def test_complete_keeps_the_first_time(monkeypatch):
    taken, lesson = taking()
    first = progress.complete(enrolment=taken, lesson=lesson, step_key="explain")
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    again = progress.complete(enrolment=taken, lesson=lesson, step_key="explain")
    assert (again, again.done_at, again.opened_at) == (first, first.done_at, first.done_at)
    assert StepProgress.objects.count() == 1


def test_complete_of_a_step_that_was_opened_sets_its_time():
    taken, lesson = taking()
    progress.note_opened(enrolment=taken, lesson=lesson, step_key="explain")
    row = progress.complete(enrolment=taken, lesson=lesson, step_key="explain")
    assert row.opened_at < row.done_at


def test_complete_does_not_mind_a_step_opened_a_moment_later():
    """Another request may open the step between our look at the clock and our look at the row."""
    taken, lesson = taking()
    later = timezone.now() + timedelta(seconds=5)
    StepProgress.objects.create(enrolment=taken, lesson=lesson, step_key="explain", opened_at=later)
    assert progress.complete(enrolment=taken, lesson=lesson, step_key="explain").done_at == later


def test_handing_in_completes_the_steps_that_ask_for_the_quiz():
    quiz = QuizFactory()
    lesson = lesson_with(
        EXPLAIN, quiz_step(quiz), quiz_step(quiz, "again"), quiz_step(QuizFactory(), "other")
    )
    taken, _lesson = taking(lesson)
    alike, _lesson = taking(lesson)
    attempt = AttemptFactory(learner=taken.learner, quiz=quiz)
    assert done() == set()
    attempts.submit(attempt=attempt)
    assert done() == {(taken.learner_id, lesson.course_id, key) for key in ("quiz", "again")}
    assert alike.step_progress.count() == 0


def test_handing_in_counts_in_every_course_and_class_that_takes_the_quiz():
    quiz = QuizFactory()
    here, there, nowhere = (lesson_with(quiz_step(quiz)) for _number in range(3))
    alone, _lesson = taking(here)
    in_class, _lesson = taking(here, learner=alone.learner, cohort=CohortFactory())
    second, _lesson = taking(there, learner=alone.learner)
    ended, _lesson = taking(nowhere, learner=alone.learner)
    enrolment.end(enrolment=ended)
    hand_in(alone.learner, quiz)
    rows = StepProgress.objects.exclude(done_at=None).values_list("enrolment", flat=True)
    assert set(rows) == {alone.pk, in_class.pk, second.pk}


def test_preview_completes_nothing():
    quiz = QuizFactory()
    taken, _lesson = taking(lesson_with(quiz_step(quiz)))
    attempts.submit(attempt=attempts.start(learner=taken.learner, quiz=quiz, preview=True))
    assert done() == set()


def test_step_of_an_older_revision_is_not_completed():
    quiz = QuizFactory()
    lesson = lesson_with(quiz_step(quiz))
    taken, _lesson = taking(lesson)
    publishing.publish_lesson(revision=LessonRevisionFactory(lesson=lesson, steps=[EXPLAIN]))
    hand_in(taken.learner, quiz)
    assert done() == set()


def test_progress_survives_a_new_revision_by_the_steps_key():
    quiz = QuizFactory()
    lesson = lesson_with(quiz_step(quiz))
    taken, _lesson = taking(lesson)
    hand_in(taken.learner, quiz)
    publishing.publish_lesson(
        revision=LessonRevisionFactory(lesson=lesson, steps=[EXPLAIN, quiz_step(QuizFactory())])
    )
    assert done() == {(taken.learner_id, lesson.course_id, "quiz")}
    assert set(lesson.published.steps.values_list("key", flat=True)) == {"explain", "quiz"}
