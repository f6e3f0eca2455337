"""An article beside the questions of a quiz."""

import pytest

from articles.publishing import Incomplete, publish
from quizzes import publishing
from quizzes.publishing import From
from tests.factories.accounts import LearnerFactory
from tests.factories.articles import AnnotationFactory, ArticleFactory, ArticleRevisionFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuizFactory, QuizRevisionFactory

pytestmark = pytest.mark.django_db
TEXT = "The pier was shut at noon.\nNobody said why."


def question_page(client, question, pinned) -> str:
    attempt = AttemptFactory(
        learner=LearnerFactory(),
        quiz=QuizFactory(revision__questions=[question], revision__pinned_article=pinned),
    )
    client.force_login(attempt.learner)
    return client.get(attempt.items.get().get_absolute_url()).content.decode()


def annotated():
    """A published article with a note, which gives an answer away."""
    revision = ArticleRevisionFactory(text=TEXT)
    AnnotationFactory(set__revision=revision, start=0, end=8, rationale="THE NOTE")
    return publish(revision=revision)


def test_pinned_article_is_read_beside_a_question_without_its_notes(client):
    pinned = annotated()
    page = question_page(client, QuestionFactory(), pinned)
    assert "<p>The pier was shut at noon.</p>" in page
    assert "<p>Nobody said why.</p>" in page
    assert "THE NOTE" not in page


def test_pinned_article_is_hidden_where_it_would_repeat_the_passage(client):
    pinned = annotated()
    question = QuestionFactory(revision__passage=From(pinned, 0, 26))
    assert "<p>Nobody said why.</p>" not in question_page(client, question, pinned)
    other = QuestionFactory(revision__passage=From(ArticleFactory().published, 0, 9))
    assert "<p>Nobody said why.</p>" in question_page(client, other, pinned)


def test_quiz_with_a_pinned_draft_stays_a_draft():
    draft = QuizRevisionFactory(pinned_article=ArticleRevisionFactory())
    with pytest.raises(Incomplete, match="The article beside the questions is a draft"):
        publishing.publish_quiz(revision=draft)
