"""Lessons go on showing the text that they were published with; their drafts follow the article."""

import importlib
from decimal import Decimal

import pytest
from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse

from articles import publishing as articles_publishing
from articles import revising
from articles.models import ArticleRevision
from articles.publishing import publish
from courses import building, publishing
from courses.checking import course_faults, lesson_faults
from courses.faults import Faulty
from courses.following import moved_lines
from courses.models import Lesson, LessonRevision, Step
from courses.worksheets import worksheet
from quizzes import building as quizzes_building
from quizzes import publishing as quizzes_publishing
from quizzes.moving import Pair
from quizzes.publishing import From, Slot
from tests.factories.articles import AnnotationFactory, ArticleRevisionFactory
from tests.factories.courses import EnrolmentFactory, LessonFactory, LessonRevisionFactory, ModuleFactory
from tests.factories.quizzes import QuestionFactory, QuestionRevisionFactory, QuizFactory

pytestmark = pytest.mark.django_db

INTRO, CROWD, HARBOUR, END = (
    "The town met on Monday evening.",
    "The furious crowd left before the vote. Nobody stayed to count the chairs.",
    "The harbour stays closed until spring. Its owner gave no reason for that.",
    "Nobody answered the phone at the office.",
)
TEXT = "\n".join([INTRO, CROWD, HARBOUR, END])
SECRET = "CANARY it names nobody"


def article(text=TEXT, **annotation) -> ArticleRevision:
    """A published text whose third paragraph has a note."""
    draft = ArticleRevisionFactory(text=text)
    words = "gave no reason"
    start = text.index(words)
    AnnotationFactory(
        set__revision=draft,
        start=start,
        end=start + len(words),
        exact=words,
        rationale=SECRET,
        **annotation,
    )
    return publish(revision=draft)


def read(revision, first=None, last=None, key="it"):
    return {
        "key": key,
        "kind": "read",
        "title": "Read it",
        "article": revision.article,
        "first_line": first,
        "last_line": last,
    }


def quiz_step(quiz, key="quiz"):
    return {"key": key, "kind": "quiz", "title": "Quiz", "quiz": quiz}


def asking(revision, words, title="Why closed?"):
    """A published question about the paragraph that holds these words."""
    start = revision.text.rindex("\n", 0, revision.text.index(words)) + 1
    end = revision.text.find("\n", start)
    passage = From(revision, start, end if end > 0 else len(revision.text))
    return QuestionFactory(revision__title=title, revision__passage=passage)


def follow(revision, text):
    """Publish another text of the article."""
    draft = revising.revise(article=type(revision.article).objects.get(pk=revision.article_id))
    revising.edit(revision=draft, text=text, blocks=["p"] * (text.count("\n") + 1))
    draft.refresh_from_db()
    return publish(revision=draft)


def page(client, lesson, key="it"):
    learner = EnrolmentFactory(course=lesson.course).learner
    client.force_login(learner)
    return client.get(reverse("courses:step", args=[lesson.uuid, key])).content.decode()


def step_of(draft, key="it"):
    step = Step.objects.get(lesson_revision=draft, key=key)
    return step.first_line, step.last_line, step.article_revision


def test_published_lesson_never_shows_other_paragraphs(client):
    first = article()
    lesson = LessonFactory(revision__steps=[read(first, 2, 2)])
    follow(first, f"Something quite new.\nAnd more of it.\n{TEXT}")
    shown = page(client, lesson)
    assert "furious" in shown
    assert "Something quite new" not in shown
    assert [text.article for text in worksheet(lesson).texts] == [first]


def test_key_of_a_graded_question_is_not_told_when_its_paragraph_moves_into_a_step(client):
    first = article()
    quiz = QuizFactory(revision__questions=[asking(first, "harbour")])
    lesson = LessonFactory(revision__steps=[read(first, 2, 2), quiz_step(quiz)])
    assert SECRET not in page(client, lesson)
    follow(first, "\n".join([INTRO, HARBOUR, END]))
    assert SECRET not in page(client, lesson)


def test_lesson_follows_its_article_as_a_draft():
    first = article()
    lesson = LessonFactory(revision__steps=[read(first, 2, 3)])
    second = follow(first, "\n".join(["New on top.", INTRO, CROWD.replace("furious", "angry"), HARBOUR, END]))
    draft = LessonRevision.objects.drafts().get(lesson=lesson)
    assert step_of(draft) == (3, 4, second)
    assert step_of(lesson.published) == (2, 3, first)
    assert lesson_faults(draft) == []
    assert [(fault.message, fault.row, fault.draft) for fault in course_faults(lesson.course)] == [
        (
            f"“{lesson.published}”, step “it”, shows an earlier text of “{second.title}”. Publish the lesson again"
            " to show the new one.",
            draft,
            draft,
        )
    ]
    publishing.publish_lesson(revision=draft)
    assert course_faults(lesson.course) == []


def test_whole_article_follows_whole():
    first = article()
    lesson = LessonFactory(revision__steps=[read(first)])
    second = follow(first, "\n".join([END, HARBOUR]))
    assert step_of(LessonRevision.objects.drafts().get(lesson=lesson)) == (None, None, second)


def test_draft_that_is_open_moves_where_it_is_and_its_page_is_told():
    first = article()
    draft = LessonRevisionFactory(steps=[read(first, 2, 2)])
    second = follow(first, "New on top.\n" + TEXT)
    assert LessonRevision.objects.get() == draft
    assert step_of(draft) == (3, 3, second)
    assert LessonRevision.objects.get().updated_at > draft.updated_at


def test_paragraphs_without_a_place_are_listed_and_chosen_again():
    first = article()
    lesson = LessonFactory(revision__steps=[read(first, 2, 2)])
    second = follow(first, "\n".join([INTRO, HARBOUR, END]))
    draft = LessonRevision.objects.drafts().get(lesson=lesson)
    assert step_of(draft) == (2, 2, first)
    said = f"Step “it”: its paragraphs have no place in the new text of “{second.title}”. Choose them again."
    assert [(fault.message, fault.row) for fault in lesson_faults(draft)] == [(said, draft)]
    assert [(fault.message, fault.row, fault.draft) for fault in course_faults(lesson.course)] == [
        (
            f"“{lesson.published}”, step “it”, shows an earlier text of “{second.title}”. Its paragraphs have no"
            " place in the new one: choose them again in the draft.",
            draft,
            None,
        )
    ]
    with pytest.raises(Faulty):
        publishing.publish_lesson(revision=draft)
    building.put_steps(revision=draft, steps=[read(second, 1, 1)])
    publishing.publish_lesson(revision=draft)
    assert step_of(draft) == (1, 1, second)


def test_revising_a_lesson_catches_up():
    first = article()
    lesson = LessonFactory(revision__steps=[read(first, 2, 2)])
    second = follow(first, "New on top.\n" + TEXT)
    articles_publishing.discard(revision=LessonRevision.objects.drafts().get())
    assert step_of(building.revise_lesson(lesson=Lesson.objects.get(pk=lesson.pk))) == (3, 3, second)


def test_steps_on_a_first_draft_move_with_each_edit_of_its_text():
    text = ArticleRevisionFactory(text=TEXT)
    draft = LessonRevisionFactory(steps=[read(text, 2, 2)])
    revising.edit(revision=text, text="New.\n" + TEXT, blocks=["p"] * 5)
    assert step_of(draft) == (3, 3, text)
    revising.edit(revision=text, text="\n".join([INTRO, END]), blocks=["p"] * 2)
    assert step_of(draft) == (3, 3, None)
    publish(revision=text)
    assert [fault.message for fault in lesson_faults(draft)] == [
        f"Step “it”: its paragraphs have no place in the new text of “{text.title}”. Choose them again."
    ]


def test_archived_lessons_follow_nothing():
    first = article()
    lesson = LessonFactory(revision__steps=[read(first, 2, 2)])
    Lesson.objects.filter(pk=lesson.pk).update(archived_at="2026-01-01T00:00Z")
    follow(first, "New on top.\n" + TEXT)
    assert not LessonRevision.objects.drafts().exists()


@pytest.mark.parametrize(
    ("now", "lines", "expected"),
    [
        ([INTRO, CROWD, HARBOUR, END], (2, 3), (2, 3)),
        (["On top.", INTRO, CROWD, "Between.", HARBOUR, END], (2, 3), (3, 5)),
        ([INTRO, *CROWD.split(". "), HARBOUR, END], (2, 3), (2, 4)),
        ([INTRO, f"{CROWD} {HARBOUR}", END], (2, 3), (2, 2)),
        ([INTRO, HARBOUR, CROWD, END], (2, 3), None),
        ([INTRO, "Quite other words stand here now.", HARBOUR, END], (2, 3), None),
        ([INTRO, "Quite other words stand here now.", HARBOUR, END], (1, 3), (1, 3)),
    ],
)
def test_lines_move_with_their_paragraphs(now, lines, expected):
    older, newer = ArticleRevisionFactory(text=TEXT), ArticleRevisionFactory(text="\n".join(now))
    assert moved_lines(Pair(older, newer), *lines) == expected


# What is given away ---------------------------------------------------------------------------


def names(faults):
    return [fault.message.partition(" is graded")[0] for fault in faults]


def test_a_moved_paragraph_is_given_away_wherever_it_is_now():
    """The question quotes the first text, the new lesson shows the second, in which the paragraph is another."""
    first = article()
    quiz = QuizFactory(revision__questions=[asking(first, "harbour")])
    lesson = LessonFactory(revision__steps=[quiz_step(quiz)])
    second = follow(first, "\n".join([INTRO, HARBOUR, END]))
    reading = LessonRevisionFactory(lesson__module=lesson.module, steps=[read(second, 2, 2)])
    assert names(lesson_faults(reading)) == ["The question “Why closed?”"]
    other = LessonRevisionFactory(lesson__module=lesson.module, steps=[read(second, 3, 3)])
    assert lesson_faults(other) == []


def test_every_lesson_that_shows_it_is_told_of():
    """A lesson that shows the paragraph already does not hide the one that is judged."""
    first = article()
    quiz = QuizFactory(mode="graded", revision__questions=[asking(first, "harbour")])
    module = ModuleFactory()
    LessonFactory(module=module, revision__steps=[read(first, 3, 3)])
    steps = [quiz_step(quiz)]
    graded = LessonRevisionFactory(lesson__module=module, steps=steps)
    publishing.publish_lesson(revision=graded, among_others=False)
    again = LessonRevisionFactory(lesson__module=module, steps=[read(first, 3, 3)])
    assert names(lesson_faults(again)) == ["The question “Why closed?”"]


def shown_and_asked():
    """A lesson that shows the whole text, and a graded quiz that asks something else."""
    first = article()
    quiz = QuizFactory(revision__questions=[QuestionFactory()])
    LessonFactory(revision__steps=[read(first), quiz_step(quiz)])
    return first, quiz


def test_quiz_is_not_published_while_a_lesson_shows_what_it_asks():
    first, quiz = shown_and_asked()
    draft = quizzes_building.revise_quiz(quiz=quiz)
    quizzes_publishing.put_slots(revision=draft, slots=[Slot(asking(first, "harbour"), Decimal(1))])
    with pytest.raises(Faulty) as refused:
        quizzes_publishing.publish_quiz(revision=draft)
    assert names(refused.value.faults) == ["The question “Why closed?”"]
    draft.refresh_from_db()
    assert draft.is_draft


def test_question_is_not_published_while_a_lesson_shows_what_it_asks():
    first, quiz = shown_and_asked()
    question = quiz.published.slots.get().question
    start = TEXT.index(HARBOUR)
    draft = QuestionRevisionFactory(
        question=question, title="Why closed?", passage=From(first, start, start + len(HARBOUR))
    )
    with pytest.raises(Faulty) as refused:
        quizzes_publishing.publish_question(revision=draft)
    assert names(refused.value.faults) == ["The question “Why closed?”"]
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_a_practice_quiz_asks_may_be_shown():
    first = article()
    quiz = QuizFactory(mode="practice", revision__questions=[QuestionFactory()])
    LessonFactory(revision__steps=[read(first), {**quiz_step(quiz), "kind": "practice"}])
    draft = quizzes_building.revise_quiz(quiz=quiz)
    quizzes_publishing.put_slots(revision=draft, slots=[Slot(asking(first, "harbour"), Decimal(1))])
    quizzes_publishing.publish_quiz(revision=draft)
    assert not draft.is_draft


# Lessons from before ---------------------------------------------------------------------------


def test_steps_from_before_show_what_was_in_force_when_their_lesson_was_published():
    first = article()
    lesson = LessonFactory(revision__steps=[read(first, 2, 2)])
    second = follow(first, "New on top.\n" + TEXT)
    QuerySet(Step).update(article_revision=None)
    migration = importlib.import_module("courses.migrations.0006_steps_say_which_text_they_show")
    migration.pin(apps=Historical(), schema_editor=None)
    draft = LessonRevision.objects.drafts().get()
    assert step_of(lesson.published)[2] == first
    assert step_of(draft)[2] == second


class Historical:
    """The models of today without their guard, as a migration has them."""

    def get_model(self, app, name):
        model = apps.get_model(app, name)
        return type(name, (), {"objects": QuerySet(model)})
