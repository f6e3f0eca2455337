"""New revisions, edited drafts and what their annotations become; orphans; mended sentences."""

import pytest

from articles import orphans, recutting, revising
from articles.models import Annotation, AnnotationSet, Frozen, Orphan
from articles.publishing import DraftOpen, Incomplete, PublishingError, discard, publish
from articles.signals import article_published
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
    OrphanFactory,
)

pytestmark = pytest.mark.django_db
TEXT = "The board voted on 2 March. The board wants the pier for cruise ships.\nThe mayor came late."


def annotated(*quotes, text=TEXT):
    """A draft with an annotation on each quote."""
    draft = ArticleRevisionFactory(text=text)
    layer = AnnotationSetFactory(revision=draft)
    for quote in quotes:
        start = text.index(quote)
        row = AnnotationFactory(
            set=layer, ref=quote[:8].lower().replace(" ", "-"), start=start, end=start + len(quote)
        )
        revising.put(row, text, row.start, row.end)
        row.save()
    return draft


def standing(draft):
    rows = Annotation.objects.filter(set__revision=draft)
    return [(draft.text[row.start : row.end], row.exact, row.to_confirm) for row in rows]


def test_a_new_revision_is_the_published_one_with_its_annotations():
    first = publish(revision=annotated("wants", "late"))
    draft = revising.revise(article=first.article)
    assert (draft.number, draft.is_draft, draft.text, draft.sentences) == (2, True, TEXT, first.sentences)
    assert standing(draft) == standing(first) == [("wants", "wants", False), ("late", "late", False)]
    with pytest.raises(DraftOpen):
        revising.revise(article=first.article)
    discard(revision=draft)
    assert len(standing(first)) == 2


def test_what_was_never_published_has_no_new_revision():
    with pytest.raises(PublishingError, match="no published revision"):
        revising.revise(article=ArticleRevisionFactory().article)


def test_annotations_move_with_an_edited_text():
    draft = annotated("wants the pier", "cruise ships", "late")
    text = "New. " + TEXT.replace("cruise ships", "big ships")
    edited = revising.edit(revision=draft, text=text)
    assert (edited.moved, edited.to_confirm, edited.lost) == (2, 0, 1)
    draft.refresh_from_db()
    assert standing(draft) == [("wants the pier", "wants the pier", False), ("late", "late", False)]
    orphan = Orphan.objects.get()
    assert (orphan.exact, orphan.reason, orphan.paragraph, orphan.outcome) == ("cruise ships", "gone", 1, "")


def test_an_annotation_on_words_that_changed_a_little_is_to_confirm():
    draft = annotated("wants the pier for cruise ships")
    edited = revising.edit(revision=draft, text=TEXT.replace("for cruise", "for a cruise"))
    draft.refresh_from_db()
    assert (edited.moved, edited.to_confirm) == (1, 1)
    ((now, exact, to_confirm),) = standing(draft)
    assert (now, exact, to_confirm) == ("wants the pier for a cruise ships", now, True)
    with pytest.raises(Incomplete, match="1 annotation stands on words that changed"):
        publish(revision=draft)
    revising.confirm(annotation=Annotation.objects.get())
    assert standing(draft) == [(now, now, False)]
    assert publish(revision=draft).published_at is not None


def test_an_orphan_keeps_all_that_the_annotation_said_and_where_it_was_published():
    first = publish(revision=annotated("cruise ships"))
    draft = revising.revise(article=first.article)
    revising.edit(revision=draft, text="Nothing of it.")
    orphan = Orphan.objects.get()
    was = Annotation.objects.get(set__revision=first)
    assert orphan.origin == was
    assert orphans.judgement(orphan) == orphans.judgement(was)
    discard(revision=draft)
    assert not Orphan.objects.exists()


def test_an_orphan_comes_back_to_confirm_when_its_words_do():
    draft = annotated("cruise ships")
    revising.edit(revision=draft, text="Nothing of it.")
    assert revising.edit(revision=draft, text=TEXT).found_again == 1
    draft.refresh_from_db()
    assert standing(draft) == [("cruise ships", "cruise ships", True)]
    assert Orphan.objects.get().outcome == "placed"


def test_a_draft_with_an_orphan_is_published_when_it_is_placed_or_left_out():
    draft = ArticleRevisionFactory(text=TEXT)
    placed, left = OrphanFactory(revision=draft), OrphanFactory(revision=draft)
    with pytest.raises(Incomplete, match="2 annotations have no place"):
        publish(revision=draft)
    row = orphans.place_by_words(orphan=placed, words=" wants the pier ")
    assert (row.exact, row.ref, row.to_confirm) == ("wants the pier", placed.ref, False)
    with pytest.raises(Incomplete, match="Say why"):
        orphans.leave_out(orphan=left, note=" ")
    orphans.leave_out(orphan=left, note="It was mended.")
    with pytest.raises(orphans.Resolved):
        orphans.place(orphan=placed, start=0, end=3)
    publish(revision=draft)
    with pytest.raises(Frozen):
        orphans.leave_out(orphan=left, note="Too late.")


@pytest.mark.parametrize(
    ("words", "said"), [("the whale", "not in the text"), ("board", "several times"), ("", "not in the text")]
)
def test_an_orphan_is_not_put_on_words_that_name_no_one_place(words, said):
    orphan = OrphanFactory(revision=ArticleRevisionFactory(text=TEXT))
    with pytest.raises(Incomplete, match=said):
        orphans.place_by_words(orphan=orphan, words=words)


@pytest.mark.parametrize(("start", "end"), [(9, 9), (9, 4), (66, 80), (500, 900), (26, 27)])
def test_an_orphan_is_not_put_where_no_words_of_one_paragraph_are(start, end):
    orphan = OrphanFactory(revision=ArticleRevisionFactory(text=TEXT))
    with pytest.raises(Incomplete, match="one paragraph"):
        orphans.place(orphan=orphan, start=start, end=end)


def test_a_text_that_a_second_keyer_has_read_stays(admin_user):
    draft = ArticleRevisionFactory(text=TEXT)
    AnnotationSetFactory(revision=draft, purpose=AnnotationSet.Purpose.BLIND, keyer=admin_user)
    with pytest.raises(Incomplete, match="second keyer"):
        revising.edit(revision=draft, text="Another.")


def test_publishing_tells_which_revision_went_before():
    heard = []
    article_published.connect(receiver := lambda **said: heard.append((said["previous"], said["revision"])))
    try:
        first = publish(revision=ArticleRevisionFactory(article=DraftArticleFactory()))
        second = publish(revision=revising.revise(article=first.article))
    finally:
        article_published.disconnect(receiver)
    assert heard == [(None, first), (first, second)]


TWO = "One a. Two b.\nThree c."


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        pytest.param([(0, 13), (14, 22)], None, id="joined"),
        pytest.param([(0, 3), (4, 6), (7, 13), (14, 22)], None, id="split"),
        pytest.param([(0, 2), (2, 13), (14, 22)], "“One” must be in one", id="a word cut"),
        pytest.param([(0, 6), (5, 13), (14, 22)], "overlap", id="overlap"),
        pytest.param([(0, 22)], "next paragraph", id="over a line"),
        pytest.param([(0, 6), (14, 22)], "“Two” must be in one", id="a word left over"),
        pytest.param([(0, 13), (14, 99)], "inside the text", id="outside"),
        pytest.param([(0, 13), (14, 14), (14, 22)], "begin before it ends", id="empty"),
        pytest.param([], "“One” must be in one", id="none"),
    ],
)
def test_sentences_are_mended_if_every_word_stays_whole_in_one(sentences, said):
    draft = ArticleRevisionFactory(text=TWO)
    if said is None:
        recutting.mend_sentences(revision=draft, sentences=sentences)
    else:
        with pytest.raises(Incomplete, match=said):
            recutting.mend_sentences(revision=draft, sentences=sentences)
    draft.refresh_from_db()
    assert draft.sentences == [
        list(one) for one in (sentences if said is None else [(0, 6), (7, 13), (14, 22)])
    ]


def test_mended_sentences_stay_where_their_paragraph_stays():
    draft = ArticleRevisionFactory(text=TWO)
    recutting.mend_sentences(revision=draft, sentences=recutting.join(draft.sentences, 0))
    draft.refresh_from_db()
    assert revising.edit(revision=draft, text="Zero. Z.\n" + TWO).lines_cut_again == ()
    draft.refresh_from_db()
    assert [draft.text[start:end] for start, end in draft.sentences] == [
        "Zero.",
        "Z.",
        "One a. Two b.",
        "Three c.",
    ]
    assert revising.edit(revision=draft, text="One a. Two bb.").lines_cut_again == ("One a. Two b.",)


def test_sentences_of_what_is_published_stay():
    published = publish(revision=ArticleRevisionFactory(text=TWO))
    with pytest.raises(Frozen):
        recutting.mend_sentences(revision=published, sentences=[(0, 13), (14, 22)])
