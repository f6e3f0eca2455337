"""A lesson on paper: what is printed, what is not, and how lines are found again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles import choosing
from courses import enrolment
from courses.models import Lesson, Step
from courses.worksheets import worksheet
from quizzes.models import Quiz
from quizzes.publishing import From
from quizzes.types import mark_spans, registry
from quizzes.types.base import Passage
from tests.courses.classroom import MARKING, Classroom, classroom
from tests.factories.articles import ArticleFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db
PARAGRAPH = "The mayor opened the bridge, and nobody knows why she smiled at the band so long. " * 2


def page(room: Classroom, lesson: Lesson, name: str = "worksheet") -> str:
    kwargs: dict[str, Any] = {"uuid": room.cohort.uuid, "lesson": lesson.uuid}
    return room.client.get(reverse(f"courses:{name}", kwargs=kwargs)).content.decode()


def reading(*, first: int | None = None, last: int | None = None, questions: int = 1) -> Lesson:
    """A lesson that reads an article of three paragraphs and asks about the third."""
    text = "\n".join(f"{number} {PARAGRAPH.strip()}" for number in ("One", "Two", "Three"))
    article = ArticleFactory(revision__text=text)
    article.refresh_from_db()
    start = text.index("Three")
    foil = mark_spans.KeySpan(
        ref="foil",
        kind="foil",
        skill="attribution",
        start=len(text) - start - 10,
        end=len(text) - start,
        rationale="The band is named.",
    )
    asked = [
        QuestionFactory(
            revision__type="mark_spans",
            revision__prompt=mark_spans.Prompt(
                task="Mark what nobody could know.",
                skills=("attribution",),
                granularity="sentences",
                passage=Passage.of(text[start:]),
            ),
            revision__key=mark_spans.Key(spans=(foil,), praise="Nothing to mark: canary-praise."),
            revision__passage=From(article.published, start, len(text)),
        )
        for _number in range(questions)
    ]
    quiz = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=asked)
    steps = [
        {
            "key": "read",
            "kind": "read",
            "title": "Read",
            "article": article,
            "first_line": first,
            "last_line": last,
        },
        {"key": "practice", "kind": "practice", "title": "Practise", "quiz": quiz},
    ]
    lesson: Lesson = LessonFactory(revision__steps=steps)
    lesson.refresh_from_db()
    return lesson


def test_a_question_names_the_lines_of_its_passage() -> None:
    sheet = worksheet(reading())
    (text,), (part,) = sheet.texts, sheet.parts
    assert [len(block.lines) for block in text.blocks] == [3, 3, 3]
    assert [line.number for block in text.blocks for line in block.lines] == list(range(1, 10))
    assert (part.tasks[0].number, part.tasks[0].at) == (1, (7, 9))


def test_a_place_in_the_key_names_its_line_in_the_article() -> None:
    (part,) = worksheet(reading(), with_key=True).parts
    told = part.tasks[0].key[0]
    assert (told.at, told.line.rationale) == ((9, 9), "The band is named.")


def test_paragraphs_that_the_lesson_leaves_out_keep_their_numbers() -> None:
    (text,) = worksheet(reading(first=1, last=1)).texts
    assert [(block.lines[0].number, block.skips) for block in text.blocks] == [(1, False), (7, True)]


def test_the_worksheet_has_no_key_and_the_key_has() -> None:
    room, lesson = classroom(), reading()
    with Statements() as statements:
        sheet = page(room, lesson)
    assert ("canary-praise" in sheet, "Nothing to mark here" in sheet) == (False, True)
    assert not any("quizzes_questionkey" in asked for asked in statements.asked)
    assert "canary-praise" in page(room, lesson, "worksheet-key")


def test_a_passage_that_is_from_no_article_is_printed_with_its_question() -> None:
    room = classroom()
    assert MARKING.prompt.passage.text.split("\n")[0][:30] in page(room, room.lesson)
    key = " ".join(page(room, room.lesson, "worksheet-key").split())
    assert "To find" in key
    assert MARKING.key.spans[0].rationale in key
    assert "line 1" in key


def test_every_type_is_printed() -> None:
    room = classroom()
    questions = [
        QuestionFactory(revision__type=kind.slug, revision__title=f"A {kind.slug}")
        for kind in registry.all_types()
    ]
    quiz = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=questions)
    lesson = LessonFactory(revision__steps=[{"key": "p", "kind": "practice", "title": "All", "quiz": quiz}])
    for name in ("worksheet", "worksheet-key"):
        said = page(room, lesson, name)
        assert [kind.slug for kind in registry.all_types() if f"A {kind.slug}" not in said] == []


@pytest.mark.parametrize("name", ["worksheet", "worksheet-key"])
def test_paper_asks_the_same_of_few_and_many_questions(name: str) -> None:
    room = classroom()
    client = room.client
    counts = []
    for questions in (1, 6):
        lesson = reading(questions=questions)
        kwargs: dict[str, Any] = {"uuid": room.cohort.uuid, "lesson": lesson.uuid}
        client.get(reverse(f"courses:{name}", kwargs=kwargs))
        with Statements() as statements:
            client.get(reverse(f"courses:{name}", kwargs=kwargs))
        counts.append(len(statements.asked))
    assert counts[0] == counts[1]


def test_a_learner_gets_no_paper() -> None:
    room = classroom(learners=1)
    client = Client()
    client.force_login(room.learners[0])
    for name in ("worksheet", "worksheet-key"):
        kwargs: dict[str, Any] = {"uuid": room.cohort.uuid, "lesson": room.lesson.uuid}
        assert client.get(reverse(f"courses:{name}", kwargs=kwargs)).status_code == 404


def test_a_text_that_the_class_does_not_read_is_not_on_paper() -> None:
    lesson = reading()
    article = Step.objects.get(lesson_revision=lesson.published, key="read").article
    room = classroom()
    enrolment.give_course(cohort=room.cohort, course=lesson.course)
    assert "The mayor" in page(room, lesson)
    choosing.hide(cohort=room.cohort, article=article, by=room.teacher)
    for name in ("worksheet", "worksheet-key"):
        assert "The mayor" not in page(room, lesson, name)
    sheet = worksheet(lesson, hidden=frozenset({article.pk}))
    assert (sheet.texts, sheet.parts) == ([], [])
