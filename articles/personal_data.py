"""What this room keeps of people: who wrote, and which text somebody reads in place of another."""

from accounts import personal_data
from accounts.personal_data import delete, excuse, keep
from articles.models import (
    Annotation,
    AnnotationSet,
    Article,
    ArticleRevision,
    ArticleSwap,
    HiddenArticle,
    Orphan,
    Skill,
)

_AUTHORS = "content belongs to the school; its author has no name any more"


def register() -> None:
    """Called once the apps are ready."""
    personal_data.register(ArticleRevision, "", by=["created_by", "published_by"], erase=keep(_AUTHORS))
    personal_data.register(AnnotationSet, "", by=["keyer", "swap_test_by"], erase=keep(_AUTHORS))
    personal_data.register(Annotation, "", by=["changed_by"], erase=keep(_AUTHORS))
    personal_data.register(Orphan, "", by=["resolved_by"], erase=keep(_AUTHORS))
    personal_data.register(HiddenArticle, "", by=["by"], erase=keep("a decision for a class"))
    personal_data.register(
        ArticleSwap,
        "learner",
        by=["by"],
        fields=["parallel__published__title", "at"],
        erase=delete,
    )
    excuse(Article, "content")
    excuse(Skill, "content")
