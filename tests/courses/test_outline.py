import pytest
from django.utils import timezone

from courses import progress
from courses.outline import outline
from quizzes.models import Quiz
from tests.factories.courses import (
    EXPLAIN,
    CourseFactory,
    DraftLessonFactory,
    EnrolmentFactory,
    LessonFactory,
    ModuleFactory,
)
from tests.factories.quizzes import QuizFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


def step(key, **columns):
    return {**EXPLAIN, "key": key, "title": key.title(), **columns}


@pytest.fixture
def course():
    """Two modules: the second in time stands first; its lesson has two steps, the others one."""
    course = CourseFactory()
    later, sooner = ModuleFactory(course=course, position=2), ModuleFactory(course=course, position=1)
    LessonFactory(module=later, position=2, revision__title="Third", revision__steps=[step("c")])
    LessonFactory(module=later, position=1, revision__title="Second", revision__steps=[step("b")])
    LessonFactory(
        module=sooner,
        position=5,
        revision__title="First",
        revision__minutes=7,
        revision__summary="In short.",
        revision__steps=[step("a", minutes=3), step("quiz", kind="quiz", body="", quiz=QuizFactory(), minutes=4,
                                                    on_short_route=False)],
    )  # fmt: skip
    return course


def keys(whole):
    return [[[step.key for step in lesson.steps] for lesson in module.lessons] for module in whole.modules]


def test_step_of_an_archived_quiz_is_left_out(course):
    step = next(step for step in outline(course, None).steps if step.kind == "quiz")
    Quiz.objects.update(archived_at=timezone.now())
    assert step.key not in [step.key for step in outline(course, None).steps]


def lesson_of(course, key):
    return next(step.lesson for step in outline(course, None).steps if step.key == key)


def test_outline_is_in_the_order_of_the_course(course):
    whole = outline(course, None)
    assert keys(whole) == [[["a", "quiz"]], [["b"], ["c"]]]
    assert [(line.number, line.title) for line in whole.lessons] == [
        (1, "First"),
        (2, "Second"),
        (3, "Third"),
    ]
    assert [step.key for step in whole.steps] == ["a", "quiz", "b", "c"]


def test_outline_leaves_out_what_learners_do_not_meet(course):
    module = course.modules.get(position=2)
    DraftLessonFactory(module=module)
    LessonFactory(module=module, archived_at=timezone.now())
    LessonFactory(module=ModuleFactory(course=course, archived_at=timezone.now()))
    LessonFactory()
    assert keys(outline(course, None)) == [[["a", "quiz"]], [["b"], ["c"]]]


def test_outline_of_an_empty_course_leads_nowhere():
    whole = outline(CourseFactory(), None)
    assert (whole.modules, whole.steps, whole.next_step) == ([], [], None)


def test_outline_counts_minutes(course):
    first = outline(course, None).modules[0]
    assert (first.minutes, first.short_minutes) == (7, 3)
    assert (first.lessons[0].minutes, first.lessons[0].short_minutes, first.lessons[0].summary) == (
        7,
        3,
        "In short.",
    )


def test_outline_knows_where_each_step_is(course):
    whole = outline(course, None)
    lesson = whole.lessons[0].lesson
    quiz = lesson.published.steps.get(key="quiz").quiz
    assert [step.url for step in whole.steps[:2]] == [f"/lessons/{lesson.uuid}/a/", f"/quizzes/{quiz.uuid}/"]
    assert whole.lessons[0].url == f"/lessons/{lesson.uuid}/"


def test_outline_without_an_enrolment_has_nothing_done(course):
    taken = EnrolmentFactory(course=course)
    progress.complete(enrolment=taken, lesson=lesson_of(course, "a"), step_key="a")
    whole = outline(course, None)
    assert not any(step.done or step.opened for step in whole.steps)
    assert whole.next_step.key == "a"


def test_outline_shows_the_progress_of_the_enrolment(course):
    taken, classmate = EnrolmentFactory(course=course), EnrolmentFactory(course=course)
    progress.complete(enrolment=taken, lesson=lesson_of(course, "a"), step_key="a")
    progress.note_opened(enrolment=taken, lesson=lesson_of(course, "b"), step_key="b")
    progress.complete(enrolment=classmate, lesson=lesson_of(course, "c"), step_key="c")
    whole = outline(course, taken)
    assert [(s.key, s.opened, s.done) for s in whole.steps] == [
        ("a", True, True),
        ("quiz", False, False),
        ("b", True, False),
        ("c", False, False),
    ]
    assert [(line.begun, line.done, line.steps_done) for line in whole.lessons] == [
        (True, False, 1),
        (True, False, 0),
        (False, False, 0),
    ]
    assert (whole.next_step.key, whole.lessons[0].next_step.key) == ("quiz", "quiz")


def test_progress_counts_in_its_own_lesson(course):
    """Two lessons may both have a step of one name."""
    twin = LessonFactory(module=course.modules.get(position=2), position=9, revision__steps=[step("a")])
    taken = EnrolmentFactory(course=course)
    progress.complete(enrolment=taken, lesson=twin, step_key="a")
    assert [(s.key, s.done) for s in outline(course, taken).steps if s.key == "a"] == [
        ("a", False),
        ("a", True),
    ]


def test_finished_course_has_no_next_step_and_its_lessons_begin_again(course):
    taken = EnrolmentFactory(course=course)
    for one in outline(course, None).steps:
        progress.complete(enrolment=taken, lesson=one.lesson, step_key=one.key)
    whole = outline(course, taken)
    assert (whole.next_step, all(line.done for line in whole.lessons)) == (None, True)
    assert whole.lessons[0].next_step.key == "a"


@pytest.mark.parametrize(("key", "following"), [("a", "quiz"), ("quiz", "b"), ("b", "c"), ("c", None)])
def test_after_a_step_comes_the_next_in_this_lesson_or_another(course, key, following):
    after = outline(course, None).after(lesson_of(course, key), key)
    assert (after.key if after else None) == following


def test_after_a_step_that_is_gone_comes_nothing(course):
    assert outline(course, None).after(lesson_of(course, "a"), "gone") is None


def test_outline_takes_four_queries_whatever_its_size(course):
    for _number in range(3):
        module = ModuleFactory(course=course)
        LessonFactory(module=module, revision__steps=[step("x"), step("y")])
    small = LessonFactory().course
    for one in (small, course):
        assert len(asked_by(outline, course=one, enrolment=EnrolmentFactory(course=one))) == 4
