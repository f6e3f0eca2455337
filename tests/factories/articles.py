"""Skills and articles: the plainest valid rows."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Organisation
from articles import publishing
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Orphan, Skill

TEXT = "The board voted on 2 March. The board wants the pier for cruise ships.\nThe mayor came late."


class SkillFactory(DjangoModelFactory):
    """One of the twelve skills, which a migration has made; attribution unless `slug` says otherwise."""

    class Meta:
        model = Skill
        django_get_or_create = ["slug"]

    slug = "attribution"
    code = factory.Sequence("X{}".format)
    position = factory.Sequence(lambda n: 100 + n)


class DraftArticleFactory(DjangoModelFactory):
    """An article of the site's own organisation that has no revision yet."""

    class Meta:
        model = Article

    organisation = factory.LazyFunction(Organisation.objects.shared)
    ref = factory.Sequence("article-{}".format)


class ArticleRevisionFactory(DjangoModelFactory):
    """A draft with its words and sentences found. `text=` sets the text, one paragraph a line."""

    class Meta:
        model = ArticleRevision

    article = factory.SubFactory(DraftArticleFactory)
    title = "The night ferry"
    source = "Invented for a test."
    licence = "CC BY 4.0"
    text = TEXT

    @classmethod
    def _create(cls, model_class: type[ArticleRevision], *args: Any, **kwargs: Any) -> ArticleRevision:
        return publishing.draft(**kwargs)


class ArticleFactory(DraftArticleFactory):
    """An article whose first revision is published. `revision__text=` sets its text."""

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def revision(self, create: bool, extracted: None, **fields: Any) -> None:
        if create:
            publishing.publish(revision=ArticleRevisionFactory(article=self, **fields))


class AnnotationSetFactory(DjangoModelFactory):
    """The key layer of a draft."""

    class Meta:
        model = AnnotationSet

    revision = factory.SubFactory(ArticleRevisionFactory)


class AnnotationFactory(DjangoModelFactory):
    """Something to find: the first words of the text. `start=` and `end=` say where."""

    class Meta:
        model = Annotation

    set = factory.SubFactory(AnnotationSetFactory)
    ref = factory.Sequence("annotation-{}".format)
    skill = factory.SubFactory(SkillFactory)
    kind = Annotation.Kind.REQUIRED
    start = 0
    end = 26
    exact = factory.LazyAttribute(lambda row: row.set.revision.text[row.start : row.end])
    rationale = "It names nobody who could know."


class OrphanFactory(DjangoModelFactory):
    """An annotation of a text before that found no place in this draft."""

    class Meta:
        model = Orphan

    revision = factory.SubFactory(ArticleRevisionFactory)
    ref = factory.Sequence("orphan-{}".format)
    skill = factory.SubFactory(SkillFactory)
    kind = Annotation.Kind.REQUIRED
    exact = "The council votes today"
    reason = Orphan.Reason.GONE
