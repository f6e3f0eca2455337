"""What a question's form draws on: the skills, the articles that its author sees, and what is stored."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q, QuerySet

from accounts.admin import scope
from accounts.admin.numbers import whole_number
from accounts.models import User
from articles.models import ArticleRevision, Skill
from quizzes.models import QuestionRevision

ARTICLES_OFFERED = 300


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

    @cached_property
    def articles(self) -> list[tuple[str, str]]:
        """The revisions that can be quoted: what is in force, open drafts, and the one quoted already."""
        stored = self.stored.article_revision_id if self.stored else None
        found = self.revisions.filter(Q(article__published=F("pk")) | Q(published_at=None) | Q(pk=stored))
        rows = found.order_by("title", "-number").values_list("pk", "title", "number", "published_at")
        return [
            (str(pk), f"{title} · {number}{'' if published else ' *'}")
            for pk, title, number, published in rows[:ARTICLES_OFFERED]
        ]

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
