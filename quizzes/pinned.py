"""The article that stands beside a quiz's questions: plain text, never its annotations."""

from dataclasses import dataclass

from articles.models import ArticleRevision
from quizzes.models import QuestionRevision, QuizRevision


@dataclass(frozen=True)
class Pinned:
    """An article to read; `lines` are (kind, text), kind "p" or "h2"."""

    article: ArticleRevision
    lines: list[tuple[str, str]]


def pinned_beside(quiz: QuizRevision, question: QuestionRevision) -> Pinned | None:
    """What to show beside a question; nothing where the question's own passage would be repeated by it."""
    article = quiz.pinned_article
    passage = question.article_revision
    if article is None or (passage is not None and passage.article_id == article.article_id):
        return None
    return Pinned(article, list(zip(article.blocks, article.text.split("\n"), strict=False)))
