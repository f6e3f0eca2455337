"""What courses tell the rooms below: who may see what, and where a quiz stands."""

import pytest
from django.utils import timezone

from accounts.joining import join_as
from accounts.models import User
from articles.models import Article
from courses import enrolment, publishing
from courses.models import Enrolment, StepProgress
from courses.registration import register
from quizzes import attempts, places
from quizzes.models import Quiz
from quizzes.places import Onward, Place
from tests.factories.accounts import (
    CohortFactory,
    JoinCodeFactory,
    LearnerFactory,
    OrganisationMemberFactory,
    StaffFactory,
)
from tests.factories.articles import ArticleFactory
from tests.factories.courses import (
    EXPLAIN,
    CohortCourseFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import AttemptFactory, QuizFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


def quiz_step(quiz, key="quiz"):
    return {"key": key, "kind": "quiz", "title": "A quiz", "quiz": quiz}


def read_step(article, key="read"):
    return {"key": key, "kind": "read", "title": "A reading", "article": article}


def lesson_with(*steps, **more):
    return LessonFactory(revision__steps=steps, **more)


@pytest.fixture
def quiz():
    return QuizFactory()


# Seeing -------------------------------------------------------------------------------------------


def test_learner_sees_the_quizzes_and_articles_of_the_lessons_they_take(quiz):
    article = ArticleFactory()
    lesson = lesson_with(quiz_step(quiz), read_step(article))
    lesson_with(quiz_step(QuizFactory()), read_step(ArticleFactory()))
    taken = EnrolmentFactory(course=lesson.course)
    assert set(Quiz.objects.visible_to(taken.learner)) == {quiz}
    assert set(Article.objects.visible_to(taken.learner)) == {article}
    assert not Quiz.objects.visible_to(LearnerFactory()).exists()
    assert not Article.objects.visible_to(LearnerFactory()).exists()


@pytest.mark.parametrize(
    "close",
    [
        pytest.param(lambda taken, _lesson: enrolment.end(enrolment=taken), id="the enrolment ended"),
        pytest.param(lambda _taken, lesson: archive(lesson), id="the lesson was archived"),
        pytest.param(lambda _taken, lesson: archive(lesson.module), id="the module was archived"),
        pytest.param(lambda _taken, lesson: archive(lesson.course), id="the course was archived"),
        pytest.param(
            lambda _taken, lesson: publishing.publish_lesson(
                revision=LessonRevisionFactory(lesson=lesson, steps=[EXPLAIN])
            ),
            id="the step is gone",
        ),
    ],
)
def test_learner_sees_no_longer_what_was_taken_away(quiz, close):
    article = ArticleFactory()
    lesson = lesson_with(quiz_step(quiz), read_step(article))
    taken = EnrolmentFactory(course=lesson.course)
    close(taken, lesson)
    assert not Quiz.objects.visible_to(taken.learner).exists()
    assert not Article.objects.visible_to(taken.learner).exists()
    assert places.place_of(taken.learner, quiz) == Place()


def archive(row):
    row.archived_at = timezone.now()
    row.save()


def test_learner_does_not_see_a_draft_course(quiz):
    lesson = lesson_with(quiz_step(quiz), module=ModuleFactory(course=CourseFactory(published_at=None)))
    taken = EnrolmentFactory(course=lesson.course)
    assert not Quiz.objects.visible_to(taken.learner).exists()


# Where a quiz stands ------------------------------------------------------------------------------


def test_place_is_the_lesson_and_what_comes_after(quiz):
    lesson = lesson_with(quiz_step(quiz), {**EXPLAIN, "title": "And then"}, revision__title="Who says so?")
    cohort = CohortFactory()
    taken = EnrolmentFactory(course=lesson.course, cohort=cohort)
    place = places.place_of(taken.learner, quiz)
    assert place == Place(title="Who says so?", url=f"/lessons/{lesson.uuid}/", cohort=cohort, enrolled=True)
    assert place.onward == Onward("And then", f"/lessons/{lesson.uuid}/explain/")


def test_place_at_the_end_of_a_course_leads_back_to_it(quiz):
    lesson = lesson_with(quiz_step(quiz))
    taken = EnrolmentFactory(course=lesson.course)
    place = places.place_of(taken.learner, quiz)
    assert place.onward == Onward("", f"/courses/{lesson.course.uuid}/")
    assert (place.cohort, place.enrolled) == (None, True)


def test_quiz_of_no_lesson_and_stranger_have_no_place(quiz):
    assert places.place_of(LearnerFactory(), quiz) == Place()
    lesson_with(quiz_step(quiz))
    assert places.place_of(LearnerFactory(), quiz) == Place()


def test_place_of_who_works_there_is_not_enrolled(quiz):
    lesson = lesson_with(quiz_step(quiz))
    author = OrganisationMemberFactory(organisation=lesson.course.organisation).user
    place = places.place_of(author, quiz)
    assert (place.url, place.enrolled, place.cohort) == (f"/lessons/{lesson.uuid}/", False, None)


@pytest.mark.parametrize("taken_course", [0, 1, 2])
def test_place_is_in_the_course_that_is_taken_wherever_else_the_quiz_stands(quiz, taken_course):
    lessons = [lesson_with(quiz_step(quiz)) for _number in range(3)]
    teacher = StaffFactory(is_superuser=True)
    EnrolmentFactory(learner=teacher, course=lessons[taken_course].course)
    place = places.place_of(teacher, quiz)
    assert (place.url, place.enrolled) == (f"/lessons/{lessons[taken_course].uuid}/", True)


def test_place_takes_the_same_queries_wherever_else_the_quiz_stands(quiz):
    taken = EnrolmentFactory(course=lesson_with(quiz_step(quiz)).course)
    counts = []
    for _time in range(2):
        reader = User.objects.get(pk=taken.learner.pk)  # as a request finds them: nothing is known yet
        counts.append(len(asked_by(lambda reader=reader: places.place_of(reader, quiz).onward)))
        for _number in range(3):
            lesson = lesson_with(quiz_step(quiz), quiz_step(quiz, "again"))
            EnrolmentFactory(learner=taken.learner, course=lesson.course)
    assert counts[0] == counts[1] <= 7


# What follows what --------------------------------------------------------------------------------


def test_joining_by_code_enrols_in_the_courses_of_the_class():
    given = CohortCourseFactory()
    learner = LearnerFactory()
    join_as(user=learner, code=JoinCodeFactory(cohort=given.cohort).code)
    [taken] = Enrolment.objects.all()
    assert (taken.learner, taken.course, taken.cohort) == (learner, given.course, given.cohort)


def test_handing_in_completes_the_step(quiz):
    taken = EnrolmentFactory(course=lesson_with(quiz_step(quiz)).course)
    attempts.submit(attempt=AttemptFactory(learner=taken.learner, quiz=quiz))
    [row] = StepProgress.objects.all()
    assert (row.enrolment, row.step_key, row.done_at is not None) == (taken, "quiz", True)


def test_registering_twice_is_once(quiz):
    register()
    given = CohortCourseFactory()
    learner = LearnerFactory()
    EnrolmentFactory(learner=learner, course=lesson_with(quiz_step(quiz)).course)
    statements = asked_by(lambda: list(Quiz.objects.visible_to(learner)))
    register()
    again = User.objects.get(pk=learner.pk)
    assert len(asked_by(lambda: list(Quiz.objects.visible_to(again)))) == len(statements)
    assert statements[-1].count("courses_step") == asked_by(lambda: list(Quiz.objects.visible_to(learner)))[
        -1
    ].count("courses_step")
    join_as(user=learner, code=JoinCodeFactory(cohort=given.cohort).code)
    assert Enrolment.objects.filter(cohort=given.cohort).count() == 1
