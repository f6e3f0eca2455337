"""What a course uses already that did not come from a bundle, under the refs by which its own bundle knows it.

A course that was built here and is imported from the bundle that was written of it goes on with its own rows:
its learners keep their tries, and nothing is there twice.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Organisation
from articles.models import Article
from courses.bundles.outline import Outline
from courses.models import Course
from quizzes.models import Question, Quiz


@dataclass
class Used:
    """The rows of the organisation's course `bundle`, by ref; none where there is no such course."""

    organisation: Organisation
    bundle: str

    def of(self, model: type) -> dict[str, Any]:
        """The articles, questions or quizzes that other bundles do not bring."""
        rows: dict[type, Any] = {Article: self._articles, Question: self._questions, Quiz: self._quizzes}
        if self._outline is None:
            return {}
        found: dict[str, Any] = rows[model](self._outline)
        return {
            ref: row
            for ref, row in found.items()
            if row.organisation_id == self.organisation.pk and row.bundle == "" and row.archived_at is None
        }

    @cached_property
    def _outline(self) -> Outline | None:
        course = Course.objects.filter(organisation=self.organisation, bundle=self.bundle).first()
        return Outline(course) if course else None

    @staticmethod
    def _articles(outline: Outline) -> dict[str, Any]:
        """Those of which the text in force is used; an earlier one is another article in the bundle."""
        refs = outline.article_refs
        return {refs[text.pk]: text.article for text in outline.texts if text.article.published_id == text.pk}

    @staticmethod
    def _questions(outline: Outline) -> dict[str, Any]:
        """Those that are asked as they are; one that is held to a state is another in the bundle."""
        refs = outline.question_refs
        return {
            refs[asked]: row.question
            for asked, row in outline.questions.items()
            if row.question.published_id == row.pk
        }

    @staticmethod
    def _quizzes(outline: Outline) -> dict[str, Any]:
        return {outline.quiz_refs[quiz.pk]: quiz for quiz in outline.quizzes}
