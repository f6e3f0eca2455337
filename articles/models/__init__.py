"""What is read: skills, articles with their revisions, and the annotations on them."""

from articles.models.annotation import Annotation, AnnotationSet
from articles.models.article import Article, ArticleRevision
from articles.models.choice import ArticleSwap, HiddenArticle
from articles.models.identity import Identity
from articles.models.orphan import Orphan
from articles.models.revision import Frozen, FrozenQuerySet, Revision, RevisionPart, RevisionQuerySet
from articles.models.skill import Skill

__all__ = [
    "Annotation",
    "AnnotationSet",
    "Article",
    "ArticleRevision",
    "ArticleSwap",
    "Frozen",
    "FrozenQuerySet",
    "HiddenArticle",
    "Identity",
    "Orphan",
    "Revision",
    "RevisionPart",
    "RevisionQuerySet",
    "Skill",
]
