import pytest

from articles.publishing import AlreadyPublished, Incomplete
from courses import publishing
from courses.checking import QUIZ_MODE
from courses.models import Course, Lesson, LessonRevision, Step
from courses.signals import course_published, lesson_published
from tests.factories.accounts import UserFactory
from tests.factories.articles import ArticleFactory, DraftArticleFactory
from tests.factories.courses import (
    EXPLAIN,
    CourseFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import DraftQuizFactory, QuizFactory

pytestmark = pytest.mark.django_db


def step(kind: str, **columns) -> dict:
    return {"key": "it", "kind": kind, "title": "A step", **columns}


def test_lesson_is_published_with_its_steps():
    author = UserFactory()
    steps = [
        EXPLAIN,
        step("read", key="read", article=ArticleFactory(), first_line=1, last_line=2),
        step("practice", key="practice", quiz=QuizFactory(mode="practice")),
        step("quiz", key="quiz", quiz=QuizFactory(mode="graded")),
    ]
    revision = LessonRevisionFactory(steps=steps)
    publishing.publish_lesson(revision=revision, by=author)
    stored = Lesson.objects.get().published
    assert (stored, stored.published_by) == (revision, author)
    assert list(stored.steps.values_list("position", "key")) == [
        (1, "explain"),
        (2, "read"),
        (3, "practice"),
        (4, "quiz"),
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(list, "The lesson has no steps", id="no steps"),
        pytest.param(
            lambda: [step("read", article=DraftArticleFactory())],
            "Step “it”: its article is not published, or archived",
            id="unpublished article",
        ),
        pytest.param(
            lambda: [step("read", article=ArticleFactory(), first_line=1, last_line=3)],
            "Step “it” shows lines that the article does not have",
            id="lines",
        ),
        pytest.param(
            lambda: [EXPLAIN, step("quiz", quiz=DraftQuizFactory())],
            "Step “it”: its quiz is not published, or archived",
            id="unpublished quiz",
        ),
        pytest.param(
            lambda: [step("quiz", quiz=QuizFactory(mode="practice"))],
            "Step “it”: the mode of its quiz does not fit",
            id="practice as a quiz",
        ),
        pytest.param(
            lambda: [step("practice", quiz=QuizFactory(mode="graded"))],
            "Step “it”: the mode of its quiz does not fit",
            id="graded as practice",
        ),
        pytest.param(
            lambda: [step("practice", quiz=QuizFactory(mode="review"))],
            "Step “it”: the mode of its quiz does not fit",
            id="review as practice",
        ),
    ],
)
def test_lesson_that_cannot_be_taught_stays_a_draft(make, message):
    revision = LessonRevisionFactory(steps=make())
    with pytest.raises(Incomplete, match=message):
        publishing.publish_lesson(revision=revision)
    assert LessonRevision.objects.get().is_draft
    assert Lesson.objects.get().published is None


@pytest.mark.parametrize(("kind", "field"), [("read", "article"), ("quiz", "quiz")])
def test_lesson_with_something_archived_stays_a_draft(kind, field):
    thing = ArticleFactory() if kind == "read" else QuizFactory()
    type(thing).objects.update(archived_at=thing.created_at)
    revision = LessonRevisionFactory(steps=[step(kind, **{field: thing})])
    with pytest.raises(Incomplete, match=f"Step “it”: its {field} is not published, or archived"):
        publishing.publish_lesson(revision=revision)


def test_lesson_is_published_once_and_announced_once():
    heard = []

    def listen(sender, revision, **kwargs):
        heard.append((sender, revision))

    lesson_published.connect(listen)
    try:
        lesson = LessonFactory()
        with pytest.raises(AlreadyPublished):
            publishing.publish_lesson(revision=lesson.published)
    finally:
        lesson_published.disconnect(listen)
    assert heard == [(LessonRevision, lesson.published)]


def test_receiver_that_fails_undoes_the_publishing():
    def fail(**kwargs):
        raise RuntimeError

    revision = LessonRevisionFactory()
    lesson_published.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            publishing.publish_lesson(revision=revision)
    finally:
        lesson_published.disconnect(fail)
    assert LessonRevision.objects.get().is_draft
    assert Lesson.objects.get().published is None


def test_course_is_opened_once_and_announced_once():
    course = CourseFactory(published_at=None)
    LessonFactory(module=ModuleFactory(course=course))
    heard = []

    def listen(sender, course, **kwargs):
        heard.append((sender, course))

    course_published.connect(listen)
    try:
        publishing.publish_course(course=course)
        with pytest.raises(AlreadyPublished):
            publishing.publish_course(course=course)
    finally:
        course_published.disconnect(listen)
    assert heard == [(Course, course)]
    assert Course.objects.get().published_at == course.published_at
    assert course.published_at is not None


def test_course_without_a_published_lesson_stays_closed():
    course = CourseFactory(published_at=None)
    LessonRevisionFactory(lesson__module__course=course)
    with pytest.raises(Incomplete, match="The course has no published lesson"):
        publishing.publish_course(course=course)
    assert Course.objects.get().published_at is None


def test_every_kind_of_step_with_a_quiz_has_a_mode():
    assert set(QUIZ_MODE) == {Step.Kind.PRACTICE, Step.Kind.QUIZ}
