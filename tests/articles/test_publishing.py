import pytest

from articles import publishing
from articles.models import Article, ArticleRevision
from articles.publishing import AlreadyPublished, DraftOpen, Incomplete
from tests.factories.accounts import UserFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
)

pytestmark = pytest.mark.django_db


def test_publish_moves_the_article_to_the_revision():
    author = UserFactory()
    revision = ArticleRevisionFactory()
    assert publishing.publish(revision=revision, by=author) is revision
    stored = ArticleRevision.objects.get()
    assert (stored.published_at, stored.published_by) == (revision.published_at, author)
    assert stored.published_at is not None
    assert stored.updated_at == stored.published_at
    assert Article.objects.get().published == stored
    assert revision.article.published == stored


def test_draft_is_numbered_after_the_highest():
    article = ArticleFactory()
    second = ArticleRevisionFactory(article=article)
    assert second.number == 2
    assert Article.objects.get().published.number == 1
    publishing.publish(revision=second)
    assert Article.objects.get().published == second


def test_draft_finds_words_and_sentences():
    revision = publishing.draft(
        article=DraftArticleFactory(), title="x", source="x", licence="x", text="It is so. Yes.\nNo."
    )
    assert revision.sentences == [[0, 9], [10, 14], [15, 18]]
    assert revision.words == [[0, 2], [3, 5], [6, 8], [10, 13], [15, 17]]
    assert revision.blocks == ["p", "p"]


def test_second_draft_is_refused():
    revision = ArticleRevisionFactory()
    with pytest.raises(DraftOpen, match=f"“{revision.article.ref}” has a draft already"):
        ArticleRevisionFactory(article=revision.article)


def test_published_revision_is_published_once():
    revision = ArticleFactory().published
    before = ArticleRevision.objects.get().published_at
    with pytest.raises(AlreadyPublished):
        publishing.publish(revision=revision)
    assert ArticleRevision.objects.get().published_at == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"text": "…"}, "The article has no words.", id="no words"),
        pytest.param(
            {"sha256": "0" * 64}, "The words and sentences are those of an older text.", id="old cut"
        ),
        pytest.param({"blocks": ["p"]}, "The article needs one kind of block for each line.", id="blocks"),
    ],
)
def test_incomplete_article_stays_a_draft(fields, message):
    revision = ArticleRevisionFactory(**fields)
    with pytest.raises(Incomplete, match=message):
        publishing.publish(revision=revision)
    assert ArticleRevision.objects.get().is_draft
    assert Article.objects.get().published is None


def test_annotation_that_stands_elsewhere_keeps_the_article_a_draft():
    layer = AnnotationSetFactory()
    AnnotationFactory(set=layer, start=4, end=9, exact="bread")
    with pytest.raises(Incomplete, match="The annotation on “bread” does not stand where it says"):
        publishing.publish(revision=layer.revision)


def test_annotations_freeze_with_their_article():
    annotation = AnnotationFactory()
    publishing.publish(revision=annotation.set.revision)
    assert Article.objects.get().published.annotation_sets.get().annotations.get() == annotation
