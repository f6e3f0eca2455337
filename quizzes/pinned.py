"""The article that stands beside a quiz's questions: plain text, never its annotations."""

from dataclasses import dataclass

from django.db.models import F

from articles import choosing
from articles.models import ArticleRevision
from quizzes.models import Attempt, QuestionRevision, QuizRevision


@dataclass(frozen=True)
class Pinned:
    """An article to read; `lines` are (kind, text), kind "p" or "h2"."""

    article: ArticleRevision
    lines: list[tuple[str, str]]


def pinned_beside(
    quiz: QuizRevision, question: QuestionRevision, attempt: Attempt | None = None
) -> Pinned | None:
    """What to show beside a question; nothing where the question's own passage would be repeated by it.

    In an attempt: what its learner reads in its place, and nothing where their class does not read it.
    """
    article = quiz.pinned_article
    passage = question.article_revision
    if article is None or (passage is not None and passage.article_id == article.article_id):
        return None
    return _laid(article if attempt is None else _in_place_of(article, attempt))


def pinned_in(attempt: Attempt) -> Pinned | None:
    """The article beside the questions of an attempt, as its learner reads it. Two queries at most."""
    article = attempt.quiz_revision.pinned_article
    return _laid(_in_place_of(article, attempt)) if article is not None else None


def _in_place_of(article: ArticleRevision, attempt: Attempt) -> ArticleRevision | None:
    choice = choosing.choice_of(cohort=attempt.cohort_id, learner=attempt.learner_id)
    if article.article_id in choice.hidden:
        return None
    if article.article_id in choice.swapped:
        instead = ArticleRevision.objects.filter(
            article=choice.swapped[article.article_id], pk=F("article__published")
        )
        return instead.first() or article
    return article


def _laid(article: ArticleRevision | None) -> Pinned | None:
    if article is None:
        return None
    return Pinned(article, list(zip(article.blocks, article.text.split("\n"), strict=False)))
