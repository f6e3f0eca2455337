"""Filters of the bank. Each looks at the revision that the list shows: the draft, else what is published."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import staff
from accounts.models import User
from articles.models import ArticleRevision, Skill
from quizzes import usage
from quizzes.admin.forms import name_of
from quizzes.models import QuestionRevision
from quizzes.types import registry

Choices = Iterable[tuple[Any, Any]]


class ShownFilter(admin.SimpleListFilter):
    """By a column of the revision that is shown."""

    column: str

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        value = self.value()
        if not value or value not in {str(key) for key, _label in self.lookup_choices}:
            return queryset
        revisions = QuestionRevision.objects.filter(**{self.column: value})
        return queryset.filter(shown__in=revisions.order_by().values("pk"))


class TypeFilter(ShownFilter):
    title, parameter_name, column = _("type"), "type", "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(kind.slug, name_of(kind.slug)) for kind in registry.all_types()]


class SkillFilter(ShownFilter):
    title, parameter_name, column = _("skill"), "skill", "question_skills__skill"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(skill.pk, skill.title) for skill in Skill.objects.all()]


class DifficultyFilter(ShownFilter):
    title, parameter_name, column = _("difficulty"), "difficulty", "difficulty"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(level, str(level)) for level in range(1, 6)]


class ArticleFilter(ShownFilter):
    title, parameter_name, column = _("article"), "article", "article_revision__article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        quoted = QuestionRevision.objects.filter(
            question__in=model_admin.get_queryset(request).order_by().values("pk")
        ).exclude(article_revision=None)
        revisions = ArticleRevision.objects.filter(pk__in=quoted.order_by().values("article_revision"))
        titles: dict[int, str] = dict(revisions.order_by("number").values_list("article", "title"))
        return sorted(titles.items(), key=lambda pair: pair[1])


class AuthorFilter(ShownFilter):
    title, parameter_name, column = _("author"), "author", "created_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        seen = model_admin.get_queryset(request).order_by().values("shown")
        authors = QuestionRevision.objects.filter(pk__in=seen).order_by().values("created_by")
        return [(user.pk, str(user)) for user in User.objects.filter(pk__in=authors)]


class UsageFilter(admin.SimpleListFilter):
    title, parameter_name = _("usage"), "usage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("unused", _("in no quiz")),
            ("quiz", _("in a quiz")),
            ("lesson", _("in a published lesson")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        in_quiz = usage.current_slots().filter(question__isnull=False).order_by().values("question")
        match self.value():
            case "unused":
                return queryset.exclude(pk__in=in_quiz)
            case "quiz":
                return queryset.filter(pk__in=in_quiz)
            case "lesson":
                return queryset.filter(pk__in=usage.taught_questions())
        return queryset


class StatusFilter(admin.SimpleListFilter):
    title, parameter_name = _("status"), "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("draft", _("only a draft")),
            ("published", _("published")),
            ("both", _("published, with a draft")),
            ("archived", _("archived")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        live = Q(archived_at=None)
        match self.value():
            case "draft":
                return queryset.filter(live, published=None)
            case "published":
                return queryset.filter(live, published__isnull=False, draft=None)
            case "both":
                return queryset.filter(live, published__isnull=False, draft__isnull=False)
            case "archived":
                return queryset.exclude(archived_at=None)
        return queryset


class OwnFilter(admin.SimpleListFilter):
    """By organisation, where there is more than one to see."""

    title, parameter_name = _("organisation"), "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        works = staff(request).employers
        return [("ours", _("ours")), ("shared", _("shared"))] if works else []

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        ours = Q(organisation__members__user=staff(request))
        match self.value():
            case "ours":
                return queryset.filter(ours)
            case "shared":
                return queryset.exclude(ours)
        return queryset
