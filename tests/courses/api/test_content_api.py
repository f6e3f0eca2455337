"""Courses, trees and lessons for programs; opening a course."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation
from courses import building
from courses.models import Course, Lesson, Module
from integrations.models import ApiEntry
from quizzes.models import Quiz
from tests.factories.articles import ArticleFactory
from tests.factories.courses import (
    EXPLAIN,
    CourseFactory,
    DraftLessonFactory,
    LessonFactory,
    LessonRevisionFactory,
    ModuleFactory,
)
from tests.factories.quizzes import QuizFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


@pytest.fixture
def lesson(school: Organisation) -> Lesson:
    """A lesson of three steps in a course of the school, beside one that is a draft and one in the archive."""
    module = ModuleFactory(course__organisation=school, course__bundle="ferry")
    steps = [
        EXPLAIN,
        {"key": "read", "kind": "read", "title": "Read", "article": ArticleFactory(organisation=school)},
        {
            "key": "try",
            "kind": "practice",
            "title": "Try",
            "quiz": QuizFactory(organisation=school, mode=Quiz.Mode.PRACTICE),
            "minutes": 4,
            "on_short_route": False,
        },
    ]
    made: Lesson = LessonFactory(module=module, revision__steps=steps, revision__summary="Owners.")
    LessonRevisionFactory(lesson=DraftLessonFactory(module=module))
    LessonFactory(module=module, archived_at=timezone.now())
    return made


def test_a_tree_is_what_learners_meet(program: Programs, lesson: Lesson) -> None:
    read, tried = lesson.published.steps.order_by("position")[1:]
    lms = program()
    building.revise_lesson(lesson=lesson)
    told = lms.get(f"/courses/{lesson.course.uuid}/tree/").json()
    step = {"position": 1, "minutes": 1, "on_short_route": True, "article": None, "quiz": None}
    steps = [
        {**step, "key": "explain", "kind": "explain", "title": "A claim and a source"},
        {
            **step,
            "key": "read",
            "position": 2,
            "kind": "read",
            "title": "Read",
            "article": str(read.article.uuid),
        },
        {
            **step,
            "key": "try",
            "position": 3,
            "kind": "practice",
            "title": "Try",
            "quiz": str(tried.quiz.uuid),
            "minutes": 4,
            "on_short_route": False,
        },
    ]
    line = {"uuid": str(lesson.uuid), "ref": lesson.ref, "title": "Who says so?", "summary": "Owners."}
    module = {"uuid": str(lesson.module.uuid), "ref": lesson.module.ref, "title": lesson.module.title}
    assert told == {
        "course": str(lesson.course.uuid),
        "title": lesson.course.title,
        "modules": [{**module, "lessons": [{**line, "minutes": 10, "revision": 1, "steps": steps}]}],
    }


def test_a_lesson_is_told_with_what_its_steps_say(program: Programs, lesson: Lesson) -> None:
    told = program().get(f"/lessons/{lesson.uuid}/").json()
    assert told["course"] == str(lesson.course.uuid)
    assert [(step["kind"], step["body"], step["article_revision"]) for step in told["steps"]] == [
        ("explain", "Every claim has an owner.", None),
        ("read", "", 1),
        ("practice", "", None),
    ]


def test_what_is_no_longer_in_use_says_so(program: Programs, lesson: Lesson) -> None:
    lms = program()
    path = f"/lessons/?course={lesson.course.uuid}"
    before = {row["uuid"]: row["archived_at"] is None for row in lms.get(path).json()["results"]}
    assert sorted(before.values()) == [False, True]
    mark = lms.get("/lessons/").json()["high_water"]
    Lesson.objects.update(updated_at="2026-01-01T00:00:00Z")
    now = timezone.now()
    Module.objects.filter(pk=lesson.module_id).update(archived_at=now, updated_at=now)
    changed = lms.http.get("/api/v1/lessons/", {"updated_since": mark}, headers=lms.headers).json()["results"]
    assert [row["archived_at"] is None for row in changed] == [False, False]
    assert lms.get(f"/courses/{lesson.course.uuid}/tree/").json()["modules"] == []


@pytest.mark.parametrize(
    ("address", "found"),
    [
        pytest.param("/courses/?bundle=ferry", 1, id="bundle"),
        pytest.param("/courses/?bundle=train", 0, id="another bundle"),
        pytest.param("/courses/?language=en&archived=false", 1, id="language"),
        pytest.param("/courses/?archived=true", 0, id="archived"),
        pytest.param("/courses/?archived=yes", None, id="neither true nor false"),
        pytest.param("/quizzes/?course={course}", 1, id="quizzes of a course"),
        pytest.param("/quizzes/?course={quiz}", 0, id="of none"),
        pytest.param("/quizzes/?mode=graded", 1, id="mode"),
        pytest.param("/lessons/?ref={ref}", 1, id="ref"),
    ],
)
def test_lists_are_narrowed(
    program: Programs, school: Organisation, lesson: Lesson, address: str, found: int | None
) -> None:
    other = QuizFactory(organisation=school)
    CourseFactory(organisation=school, published_at=None)
    path = address.format(course=lesson.course.uuid, quiz=other.uuid, ref=lesson.ref)
    answer = program().get(path)
    assert (answer.status_code == 400) is (found is None)
    assert found is None or len(answer.json()["results"]) == found


def test_a_course_gets_another_title(program: Programs, lesson: Lesson) -> None:
    lms = program()
    path = f"/courses/{lesson.course.uuid}/"
    tag = lms.get(path).headers["ETag"]
    assert lms.patch(path, {"title": "Read the train", "bundle": "train"}, If_Match=tag).status_code == 400
    changed = lms.patch(path, {"title": "Read the train"}, If_Match=tag)
    assert (changed.status_code, changed.json()["title"]) == (200, "Read the train")
    assert lms.patch(path, {"title": "Read the bus"}, If_Match=tag).status_code == 412
    assert ApiEntry.objects.get().after["title"] == "Read the train"


def test_a_course_of_the_site_is_only_read(program: Programs) -> None:
    shared = CourseFactory()
    lms = program()
    tag = lms.get(f"/courses/{shared.uuid}/").headers["ETag"]
    refused = lms.patch(f"/courses/{shared.uuid}/", {"title": "Ours"}, If_Match=tag)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "content-of-others")
    published = publish(lms, shared)
    assert (published.status_code, published.json()["type"].rpartition("/")[2]) == (403, "content-of-others")


def publish(lms: Program, course: Course, **headers: str) -> Any:
    return lms.post(f"/courses/{course.uuid}/publish/", **headers)


def test_a_course_is_opened_once(program: Programs, school: Organisation) -> None:
    course = CourseFactory(organisation=school, published_at=None)
    LessonFactory(module=ModuleFactory(course=course))
    lms = program()
    assert lms.get(f"/courses/{course.uuid}/").status_code == 404
    assert publish(lms, course, If_Match='"another"').status_code == 412
    opened = publish(lms, course)
    assert opened.status_code == 200
    assert opened.json() == lms.get(f"/courses/{course.uuid}/").json()
    again = publish(lms, course)
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "already-published")
    assert [entry.before["published_at"] for entry in ApiEntry.objects.all()] == [None]


def test_a_course_with_faults_is_not_opened(program: Programs, school: Organisation) -> None:
    course = CourseFactory(organisation=school, published_at=None)
    refused = publish(program(), course)
    assert refused.status_code == 409
    assert refused.json()["type"].rpartition("/")[2] == "faulty"
    assert [fault["detail"] for fault in refused.json()["errors"]] == ["The course has no published lesson."]
    course.refresh_from_db()
    assert course.published_at is None
