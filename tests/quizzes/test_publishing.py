import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Frozen
from articles.publishing import AlreadyPublished, Incomplete
from quizzes import publishing, requoting
from quizzes.models import Question, QuestionKey, QuestionRevision, QuestionSkill, Quiz, QuizRevision
from quizzes.publishing import From
from quizzes.types import all_types, registry
from tests.factories.accounts import UserFactory
from tests.factories.articles import ArticleFactory, ArticleRevisionFactory
from tests.factories.quizzes import (
    DraftQuestionFactory,
    DraftQuizFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", [question_type.slug for question_type in all_types()])
def test_question_of_every_type_is_stored_and_published(slug):
    author = UserFactory()
    revision = QuestionRevisionFactory(type=slug)
    publishing.publish_question(revision=revision, by=author)
    stored = Question.objects.get().published
    example = registry.get(slug).example
    assert (stored, stored.published_by, stored.number) == (revision, author, 1)
    assert registry.load(slug, "prompt", stored.prompt, stored.schema_version) == example.prompt
    key = QuestionKey.objects.get(revision=stored)
    assert registry.load(slug, "key", key.key, stored.schema_version) == example.key
    assert [row.skill.slug for row in stored.question_skills.all()] == ["attribution"]


def test_question_without_key_stays_a_draft():
    revision = QuestionRevisionFactory()
    QuestionKey.objects.all().delete()
    with pytest.raises(Incomplete, match="The question has no key"):
        publishing.publish_question(revision=revision)
    assert QuestionRevision.objects.get().is_draft


def test_question_without_skill_stays_a_draft():
    revision = QuestionRevisionFactory(skills=[])
    with pytest.raises(Incomplete, match="The question names no skill"):
        publishing.publish_question(revision=revision)


def test_question_whose_key_does_not_fit_stays_a_draft():
    revision = QuestionRevisionFactory()
    QuestionKey.objects.update(key={"right": ["zzz"], "feedback": {}})
    with pytest.raises(Incomplete, match="right: “zzz” is none of the options"):
        publishing.publish_question(revision=revision)


@pytest.mark.parametrize(
    "columns",
    [{"type": "unheard-of"}, {"prompt": {"nothing": True}}, {"schema_version": 9}],
    ids=["type", "prompt", "version"],
)
def test_question_that_cannot_be_read_stays_a_draft(columns):
    revision = QuestionRevisionFactory()
    QuestionRevision.objects.update(**columns)
    with pytest.raises(Incomplete, match="The question cannot be read: "):
        publishing.publish_question(revision=revision)


def test_question_on_a_draft_of_an_article_stays_a_draft():
    article = ArticleRevisionFactory()
    revision = QuestionRevisionFactory(passage=From(article, 0, 27))
    with pytest.raises(Incomplete, match="The question's passage is from a draft"):
        publishing.publish_question(revision=revision)


def marking(article, place):
    example = registry.get("mark_spans").example
    return QuestionRevisionFactory(
        type="mark_spans", prompt=example.prompt, key=example.key, passage=From(article, *place)
    )


def test_question_whose_article_has_other_words_stays_a_draft():
    passage = registry.get("mark_spans").example.prompt.passage.text
    article = ArticleFactory(revision__text=f"First.\n{passage}").published
    start = len("First.\n")
    revision = marking(article, (start, start + len(passage) - 1))
    with pytest.raises(Incomplete, match=r"The article of “.*” has other words there now"):
        publishing.publish_question(revision=revision)
    whole = marking(article, (start, start + len(passage)))
    assert not publishing.publish_question(revision=whole).is_draft


def test_publishing_asks_no_more_of_a_passage_than_of_none():
    """Of its article it reads one row, and of the lessons whether one shows it."""
    passage = registry.get("mark_spans").example.prompt.passage.text
    article = ArticleFactory(revision__text=passage).published
    counts = []
    for revision in (QuestionRevisionFactory(), marking(article, (0, len(passage)))):
        revision = QuestionRevision.objects.get(pk=revision.pk)
        with CaptureQueriesContext(connection) as asked:
            publishing.publish_question(revision=revision)
        counts.append(len(asked))
    assert counts[1] == counts[0] + 2


def test_question_that_followed_its_article_stays_a_draft_until_it_is_confirmed():
    revision = QuestionRevisionFactory()
    QuestionRevision.objects.update(to_confirm=True)
    with pytest.raises(
        Incomplete, match="“Who makes the claim\\?” followed its article to words that changed"
    ):
        publishing.publish_question(revision=revision)
    requoting.confirm(revision=revision)
    publishing.publish_question(revision=revision)
    with pytest.raises(Frozen):
        requoting.confirm(revision=revision)


def test_question_is_published_once():
    with pytest.raises(AlreadyPublished):
        publishing.publish_question(revision=QuestionFactory().published)


def test_refused_draft_of_a_question_leaves_nothing():
    with pytest.raises(registry.UnknownType):
        QuestionRevisionFactory(type="unheard-of", prompt=None, key=None)
    assert not QuestionRevision.objects.exists()
    assert not QuestionSkill.objects.exists()


@pytest.mark.parametrize(
    ("mode", "feedback"),
    [
        ("practice", "at_once"),
        ("graded", "after_submit"),
        ("review", "after_submit"),
        ("transfer", "after_submit"),
    ],
)
def test_quiz_is_published_with_feedback_that_fits_its_mode(mode, feedback):
    quiz = QuizFactory(mode=mode)
    stored = Quiz.objects.get().published
    assert (stored, stored.feedback) == (quiz.published, feedback)
    assert [(slot.position, slot.points) for slot in stored.slots.all()] == [(1, 1)]


@pytest.mark.parametrize(
    ("mode", "feedback"), [("practice", "after_submit"), ("graded", "at_once"), ("review", "at_once")]
)
def test_feedback_that_does_not_fit_the_mode_is_refused(mode, feedback):
    revision = QuizRevisionFactory(quiz=DraftQuizFactory(mode=mode), feedback=feedback)
    with pytest.raises(Incomplete, match="Practice gives feedback at once, and nothing else does"):
        publishing.publish_quiz(revision=revision)
    assert QuizRevision.objects.get().is_draft


def test_quiz_without_questions_stays_a_draft():
    with pytest.raises(Incomplete, match="The quiz has no questions"):
        publishing.publish_quiz(revision=QuizRevisionFactory(questions=[]))


def test_quiz_with_an_unpublished_question_stays_a_draft():
    revision = QuizRevisionFactory(questions=[QuestionFactory(), DraftQuestionFactory()])
    with pytest.raises(Incomplete, match="Question 2 is not published, or archived"):
        publishing.publish_quiz(revision=revision)


def test_quiz_with_an_archived_question_stays_a_draft():
    question = QuestionFactory()
    revision = QuizRevisionFactory(questions=[question])
    Question.objects.update(archived_at=question.created_at)
    with pytest.raises(Incomplete, match="Question 1 is not published, or archived"):
        publishing.publish_quiz(revision=revision)


def test_quiz_pinned_to_a_draft_stays_a_draft():
    question = QuestionFactory()
    revision = QuizRevisionFactory(questions=[question])
    revision.slots.update(pinned=QuestionRevisionFactory(question=question))
    with pytest.raises(Incomplete, match="Question 1 is pinned to a draft"):
        publishing.publish_quiz(revision=revision)


def test_quiz_is_published_once():
    with pytest.raises(AlreadyPublished):
        publishing.publish_quiz(revision=QuizFactory().published)
