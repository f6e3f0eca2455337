"""Questions that could not follow are moved by hand: word by word, or not at all; nothing of a key is lost."""

import pytest

from articles.models import ArticleRevision
from articles.publishing import Incomplete, copy_draft, discard, publish
from quizzes import placing
from quizzes.models import QuestionOrphan, QuestionRevision
from quizzes.placing import Resolved
from quizzes.publishing import publish_question
from quizzes.requoting import confirm
from tests.factories.articles import ArticleRevisionFactory
from tests.factories.quizzes import QuestionFactory
from tests.quizzes.test_requoting import QUOTED, TEXT, drafted, edit, follow, quoting, spans_of

pytestmark = pytest.mark.django_db
QUOTES = ("council met", "hopes")
GONE = TEXT.replace("council met", "mayors sat").replace("hopes", "says")


@pytest.fixture
def first():
    return publish(revision=ArticleRevisionFactory(text=TEXT))


@pytest.fixture
def unpublished():
    return ArticleRevisionFactory(text=TEXT)


def listed(revision):
    return QuestionOrphan.objects.select_related("question", "article_revision").get(
        article_revision=revision, resolved_at=None
    )


def put(orphan, words):
    """Place what is wanted on `words`, which the text has once."""
    orphan.refresh_from_db()
    wanted = placing.look(orphan).wanted
    start = orphan.article_revision.text.index(words)
    return placing.place(orphan=orphan, of=wanted.exact, start=start, end=start + len(words), words=words)


def test_words_are_placed_one_after_the_other_and_leave_a_draft(first):
    published = quoting(first, quotes=QUOTES)
    second = follow(first, GONE)
    orphan = listed(second)
    seen = placing.look(orphan)
    assert (seen.quoting, seen.reason, seen.is_draft, seen.has_old_text) == (published, "span", False, True)
    wanted = seen.wanted
    assert (wanted.exact, wanted.prefix) == ("council met", "The first line stays.\nThe ")
    passage = second.text[slice(*wanted.within)]
    assert passage == QUOTED.replace("council met", "mayors sat").replace("hopes", "says")
    assert put(orphan, "mayors sat") is None
    orphan.refresh_from_db()
    assert (orphan.reason, orphan.detail, orphan.resolved_at) == ("span", "hopes", None)
    draft = put(orphan, "says")
    assert (draft.question, draft.number, draft.article_revision, draft.to_confirm) == (
        published.question,
        2,
        second,
        True,
    )
    assert spans_of(draft) == ["mayors sat", "says"]
    orphan.refresh_from_db()
    assert orphan.resolved_at is not None
    confirm(revision=draft)
    publish_question(revision=draft)
    with pytest.raises(Resolved):
        placing.take_along(orphan=orphan)


def test_a_passage_is_placed_by_its_first_and_last_sentence(first):
    quoting(first, quotes=("secretly",))
    second = follow(
        first, "No.\nOn Monday they sat down. Then they went.\nEveryone secretly wants it so. So they said."
    )
    orphan = listed(second)
    assert placing.look(orphan).wanted.exact == "The council met on Monday"
    assert put(orphan, "On Monday they sat down") is None
    orphan.refresh_from_db()
    assert placing.look(orphan).wanted.exact == "Everyone secretly hopes it fails"
    # The words between are found by themselves, for they are in the passage now.
    draft = put(orphan, "Everyone secretly wants it so") or put(orphan, "secretly")
    assert draft.prompt["passage"]["text"] == (
        "On Monday they sat down. Then they went.\nEveryone secretly wants it so."
    )
    assert spans_of(draft) == ["secretly"]


@pytest.mark.parametrize(
    ("words", "start", "end", "said"),
    [
        pytest.param("says", 0, 4, "edited meanwhile", id="other words stand there"),
        pytest.param("The", 0, 3, "Choose words of the passage", id="outside the passage"),
        pytest.param("", 4, 4, "one or more words", id="nothing"),
    ],
)
def test_a_place_that_does_not_fit_is_refused(first, words, start, end, said):
    quoting(first, quotes=QUOTES)
    orphan = listed(follow(first, GONE))
    with pytest.raises(Incomplete, match=said):
        placing.place(orphan=orphan, of="council met", start=start, end=end, words=words)
    with pytest.raises(Incomplete, match="has its place by now"):
        placing.place(orphan=orphan, of="hopes", start=0, end=3, words="The")
    orphan.refresh_from_db()
    assert orphan.chosen == []


def test_a_passage_that_would_end_before_it_begins_is_refused(first):
    quoting(first, quotes=("secretly",))
    orphan = listed(follow(first, "One fine line.\nAnother secretly fine line."))
    assert put(orphan, "Another secretly fine line") is None
    with pytest.raises(Incomplete, match="would not fit together"):
        put(orphan, "One fine line")
    placing.begin_again(orphan=orphan)
    orphan.refresh_from_db()
    assert placing.look(orphan).wanted.exact == "The council met on Monday"


@pytest.mark.parametrize(
    ("words", "said"),
    [("nowhere", "not in the text"), ("the shops", "several times"), (" ", "not in the text")],
)
def test_words_that_name_no_one_place_are_refused(first, words, said):
    quoting(first, quotes=QUOTES)
    orphan = listed(follow(first, GONE.replace("The delay", "Of the shops the delay")))
    with pytest.raises(Incomplete, match=said):
        placing.place_by_words(orphan=orphan, of="council met", words=words)


def test_words_are_placed_by_typing_them(first):
    quoting(first, quotes=QUOTES)
    orphan = listed(follow(first, GONE))
    assert placing.place_by_words(orphan=orphan, of="council met", words=" mayors sat ") is None
    assert spans_of(placing.place_by_words(orphan=orphan, of="hopes", words="says")) == ["mayors sat", "says"]


def test_an_open_draft_is_taken_along_by_one_click(first):
    question = quoting(first, quotes=QUOTES).question
    draft = copy_draft(of=question.published)
    second = follow(first, "New.\n" + TEXT)
    orphan = listed(second)
    seen = placing.look(orphan)
    assert (orphan.reason, seen.quoting, seen.reason, seen.wanted) == ("draft open", draft, None, None)
    assert placing.take_along(orphan=orphan) == draft
    draft.refresh_from_db()
    assert (draft.article_revision, second.text[draft.start : draft.end]) == (second, QUOTED)
    assert draft.to_confirm is False


def test_the_old_text_is_kept(first):
    published = quoting(first, quotes=QUOTES)
    orphan = listed(follow(first, GONE))
    placing.keep_old(orphan=orphan)
    orphan.refresh_from_db()
    published.question.refresh_from_db()
    assert orphan.resolved_at is not None
    assert published.question.published == published
    assert not QuestionRevision.objects.drafts().exists()


def test_what_keeps_the_old_text_is_not_asked_about_again(first):
    published = quoting(first, quotes=QUOTES)
    second = follow(first, GONE)
    placing.keep_old(orphan=listed(second))
    third = follow(second, TEXT)
    assert not QuestionOrphan.objects.filter(resolved_at=None).exists()
    assert not QuestionRevision.objects.drafts().exists()
    publish_question(revision=drafted(third, question=published.question))
    fourth = follow(third, GONE)
    assert listed(fourth).question == published.question


def test_places_chosen_for_one_revision_are_kept_for_the_next(first):
    quoting(first, quotes=QUOTES)
    second = follow(first, GONE)
    assert put(listed(second), "mayors sat") is None
    third = follow(second, GONE.replace("The last line stays.", "The last line is gone."))
    assert placing.look(listed(third)).wanted.exact == "hopes"


def test_of_a_draft_that_was_edited_no_old_text_is_left_to_keep(unpublished):
    draft = drafted(unpublished, quotes=QUOTES)
    edit(unpublished, GONE)
    orphan = listed(unpublished)
    seen = placing.look(orphan)
    # Of the text that it quoted only its passage is left, so more is asked for.
    assert (seen.quoting, seen.wanted.exact, seen.has_old_text) == (draft, "The council met on Monday", False)
    with pytest.raises(Incomplete, match="no older text to keep"):
        placing.keep_old(orphan=orphan)
    for words in ("The mayors sat on Monday", "Everyone secretly says it fails", "mayors sat"):
        assert put(orphan, words) is None
    assert put(orphan, "says") == draft
    draft.refresh_from_db()
    assert spans_of(draft) == ["mayors sat", "says"]
    publish(revision=unpublished)
    confirm(revision=draft)
    publish_question(revision=draft)


def test_a_choice_of_an_edited_text_is_asked_for_again(unpublished):
    drafted(unpublished, quotes=QUOTES)
    edit(unpublished, GONE)
    orphan = listed(unpublished)
    assert put(orphan, "The mayors sat on Monday") is None
    assert placing.look(listed(unpublished)).wanted.exact == "Everyone secretly hopes it fails"
    edit(unpublished, "More.\n" + GONE)
    assert placing.look(listed(unpublished)).wanted.exact == "The council met on Monday"


def test_an_archived_question_is_listed_no_more(first):
    question = quoting(first, quotes=QUOTES).question
    orphan = listed(follow(first, GONE))
    placing.archive(orphan=orphan)
    question.refresh_from_db()
    assert question.archived_at is not None
    assert not QuestionOrphan.objects.filter(resolved_at=None).exists()


def test_a_question_that_quotes_it_no_more_has_nothing_to_move(first):
    orphan = QuestionOrphan.objects.create(
        question=QuestionFactory(), article_revision=first, reason=QuestionOrphan.Reason.PASSAGE
    )
    assert placing.look(orphan) == (None, None, None)
    with pytest.raises(Incomplete, match="does not quote this article"):
        placing.take_along(orphan=orphan)


def test_a_draft_goes_with_what_is_listed_of_it_but_not_from_under_a_question(first):
    later = copy_draft(of=first)
    question = drafted(later, quotes=QUOTES)
    edit(later, GONE)
    with pytest.raises(Incomplete, match="quoted"):
        discard(revision=ArticleRevision.objects.get(pk=later.pk))
    QuestionRevision.objects.filter(pk=question.pk).update(article_revision=first)
    discard(revision=ArticleRevision.objects.get(pk=later.pk))
    assert not QuestionOrphan.objects.exists()


@pytest.mark.once
def test_looking_takes_as_many_queries_with_many_places_as_with_one(first, django_assert_num_queries):
    for quotes in (("hopes",), ("council met", "delay", "meant as", "the shops", "hopes")):
        quoting(first, quotes=quotes)
    follow(first, GONE)
    for orphan in QuestionOrphan.objects.select_related("question", "article_revision"):
        with django_assert_num_queries(2):
            assert placing.look(orphan).wanted is not None
