"""What a question's form draws on: the skills, the articles that its author sees, and what is stored."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet

from accounts.admin import scope
from accounts.admin.numbers import whole_number
from accounts.models import User
from articles.admin.choices import choice_label
from articles.models import ArticleRevision, Skill
from quizzes.models import QuestionRevision


def quoting() -> AutocompleteSelect:
    """The admin's widget for choosing the revision that a question quotes."""
    return AutocompleteSelect(QuestionRevision._meta.get_field("article_revision"), admin.site)


@dataclass
class Sources:
    """For one author and one draft (None: a new one)."""

    user: User
    stored: QuestionRevision | None = None

    @cached_property
    def skills(self) -> list[Skill]:
        return list(Skill.objects.all())

    def skills_named(self, slugs: list[str]) -> list[Skill]:
        by_slug = {skill.slug: skill for skill in self.skills}
        return [by_slug[slug] for slug in slugs if slug in by_slug]

    @property
    def revisions(self) -> "QuerySet[ArticleRevision]":
        found: QuerySet[ArticleRevision] = scope.rows(ArticleRevision, self.user)
        return found

    def chosen_article(self, pk: str) -> list[tuple[str, str]]:
        """The choice that stands for this revision, if this author sees it."""
        revision = self.article(pk)
        return [(str(revision.pk), choice_label(revision))] if revision else []

    def article(self, pk: str) -> ArticleRevision | None:
        """The revision, if this author sees it; a guessed number finds nothing."""
        number = whole_number(pk)
        if number is None:
            return None
        if pk not in self._read:
            self._read[pk] = self.revisions.filter(pk=number).first()
        return self._read[pk]

    @cached_property
    def _read(self) -> dict[str, ArticleRevision | None]:
        return {}
