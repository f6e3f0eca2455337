"""Questions follow their article into a draft, whole, or are listed with the reason; nothing else changes."""

import pytest

from articles import recutting, revising
from articles.publishing import Incomplete, discard, publish
from articles.text.positions import normalise
from quizzes.models import QuestionOrphan, QuestionRevision
from quizzes.moving import Place, _Spans
from quizzes.publishing import From, draft_question, publish_question
from quizzes.requoting import confirm, requote, settle
from quizzes.requoting import follow as follow_draft
from quizzes.types import registry
from quizzes.types.base import Passage
from tests.factories.articles import ArticleRevisionFactory, SkillFactory
from tests.factories.quizzes import AttemptFactory, DraftQuestionFactory, QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db
TEXT = normalise(
    "The first line stays.\nThe council met on Monday. The delay was meant as a warning to the shops. "
    "Everyone secretly hopes it fails.\nThe last line stays."
)
QUOTED = "The council met on Monday. The delay was meant as a warning to the shops. Everyone secretly hopes it fails."
START = TEXT.index(QUOTED)


def quoting(revision, **given):
    """A published question on the middle paragraph, with spans on some of its words."""
    return publish_question(revision=drafted(revision, **given))


def drafted(revision, kind="mark_spans", quotes=("meant as a warning to the shops", "hopes"), question=None):
    """The same as a draft."""
    passage = Passage.of(QUOTED).model_dump(mode="json")
    spans = [(QUOTED.index(quote), QUOTED.index(quote) + len(quote)) for quote in quotes]
    if kind == "mark_spans":
        prompt = {"task": "Mark.", "skills": ["attribution"], "granularity": "words", "passage": passage}
        key = {
            "spans": [
                {
                    "ref": f"s{at}",
                    "skill": "attribution",
                    "start": one,
                    "end": end,
                    "kind": "required",
                    "rationale": "Why.",
                }
                for at, (one, end) in enumerate(spans)
            ]
        }
    else:
        offered = [{"ref": f"s{at}", "start": one, "end": end} for at, (one, end) in enumerate(spans)]
        prompt = {"task": "Choose.", "passage": passage, "offered": offered}
        key = {
            "spans": [{"ref": one["ref"], "kind": "required", "rationale": "Why."} for one in offered[1:]]
            + [{"ref": "s0", "kind": "foil", "rationale": "Fine."}]
        }
    return draft_question(
        question=question or DraftQuestionFactory(),
        type=kind,
        prompt=registry.load(kind, "prompt", prompt, 1),
        key=registry.load(kind, "key", key, 1),
        skills=[SkillFactory()],
        title="Whose hope?",
        passage=From(revision, START, START + len(QUOTED)),
    )


def follow(first, text):
    """Publish another text for the article."""
    draft = revising.revise(article=first.article)
    revising.edit(revision=draft, text=text, blocks=["p"] * (text.count("\n") + 1))
    draft.refresh_from_db()
    return publish(revision=draft)


def spans_of(revision):
    held = revision.prompt.get("offered") or revision.answer_key.key["spans"]
    return [revision.prompt["passage"]["text"][one["start"] : one["end"]] for one in held]


@pytest.fixture
def first():
    return publish(revision=ArticleRevisionFactory(text=TEXT))


@pytest.mark.parametrize("kind", ["mark_spans", "hottext"])
def test_a_question_gets_a_draft_on_the_new_text(first, kind):
    published = quoting(first, kind=kind)
    second = follow(first, "A new line.\n" + TEXT.replace("stays", "remains"))
    draft = QuestionRevision.objects.drafts().get()
    assert (draft.question, draft.number, draft.article_revision, draft.title) == (
        published.question,
        2,
        second,
        "Whose hope?",
    )
    assert second.text[draft.start : draft.end] == QUOTED == draft.prompt["passage"]["text"]
    assert spans_of(draft) == ["meant as a warning to the shops", "hopes"]
    assert draft.prompt["passage"]["sentences"] == published.prompt["passage"]["sentences"]
    assert (draft.to_confirm, list(draft.skills.all())) == (False, [SkillFactory()])
    published.question.refresh_from_db()
    assert published.question.published == published
    assert not QuestionOrphan.objects.exists()
    publish_question(revision=draft)


def test_changed_words_make_a_draft_to_confirm(first):
    quoting(first)
    follow(first, TEXT.replace("a warning", "the warning"))
    draft = QuestionRevision.objects.drafts().get()
    assert spans_of(draft) == ["meant as the warning to the shops", "hopes"]
    assert draft.to_confirm is True


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        pytest.param("The first line stays.\nThe last line stays.", "passage", "", id="the passage is gone"),
        pytest.param(TEXT.replace("secretly hopes", "says"), "span", "hopes", id="judged words are gone"),
        pytest.param(
            TEXT.replace("The council met on Monday. ", "") + "\nThe council met on Monday.",
            "passage",
            "",
            id="its beginning moved behind its end",
        ),
    ],
)
def test_what_cannot_be_moved_whole_is_listed(first, text, reason, detail):
    published = quoting(first)
    second = follow(first, text)
    orphan = QuestionOrphan.objects.get()
    assert (orphan.question, orphan.article_revision, orphan.reason, orphan.detail) == (
        published.question,
        second,
        reason,
        detail,
    )
    assert not QuestionRevision.objects.drafts().exists()
    settle(orphan=orphan)
    orphan.refresh_from_db()
    assert orphan.resolved_at is not None


def test_an_open_draft_is_left_alone_and_listed(first):
    published = quoting(first)
    draft = draft_question(
        question=published.question,
        type=published.type,
        prompt=published.asked,
        key=registry.load(published.type, "key", published.answer_key.key, 1),
        skills=[SkillFactory()],
        passage=From(first, published.start, published.end),
    )
    before = draft.updated_at
    second = follow(first, TEXT + " More.")
    draft.refresh_from_db()
    assert (draft.article_revision, draft.updated_at) == (first, before)
    assert QuestionOrphan.objects.get().reason == "draft open"
    requote(revision=second)
    assert QuestionOrphan.objects.count() == 1


@pytest.fixture
def unpublished():
    return ArticleRevisionFactory(text=TEXT)


def edit(draft, text):
    revising.edit(revision=draft, text=text, blocks=["p"] * (text.count("\n") + 1))


@pytest.mark.parametrize("kind", ["mark_spans", "hottext"])
def test_a_question_draft_follows_the_draft_that_it_quotes(unpublished, kind):
    draft = drafted(unpublished, kind=kind)
    edit(unpublished, "A new line.\n" + TEXT)
    edit(unpublished, "A newer line.\n" + TEXT.replace("stays", "remains"))
    draft.refresh_from_db()
    unpublished.refresh_from_db()
    assert unpublished.text[draft.start : draft.end] == QUOTED == draft.prompt["passage"]["text"]
    assert (spans_of(draft), draft.to_confirm) == (["meant as a warning to the shops", "hopes"], False)
    publish(revision=unpublished)
    assert not QuestionOrphan.objects.exists()
    assert publish_question(revision=draft).number == 1


def test_a_question_draft_on_words_that_changed_is_to_confirm(unpublished):
    draft = drafted(unpublished)
    edit(unpublished, TEXT.replace("a warning", "the warning"))
    publish(revision=unpublished)
    draft.refresh_from_db()
    assert spans_of(draft) == ["meant as the warning to the shops", "hopes"]
    with pytest.raises(Incomplete, match="Whose hope"):
        publish_question(revision=draft)
    confirm(revision=draft)
    publish_question(revision=draft)


def test_only_what_was_read_is_confirmed(unpublished):
    draft = drafted(unpublished)
    edit(unpublished, TEXT.replace("a warning", "the warning"))
    draft.refresh_from_db()
    read = draft.updated_at
    edit(unpublished, TEXT.replace("a warning", "no warning"))
    with pytest.raises(Incomplete, match="Read it as it is now"):
        confirm(revision=draft, seen=read)
    draft.refresh_from_db()
    assert draft.to_confirm
    confirm(revision=draft, seen=draft.updated_at)
    assert not QuestionRevision.objects.get().to_confirm


def test_a_question_draft_that_cannot_follow_is_listed_and_not_published(unpublished):
    draft = drafted(unpublished)
    edit(unpublished, TEXT.replace("secretly hopes", "says"))
    edit(unpublished, TEXT.replace(QUOTED, "Another line."))
    orphan = QuestionOrphan.objects.get()
    assert (orphan.question, orphan.article_revision, orphan.reason, orphan.detail) == (
        draft.question,
        unpublished,
        "passage",
        "",
    )
    publish(revision=unpublished)
    draft.refresh_from_db()
    assert draft.prompt["passage"]["text"] == QUOTED
    with pytest.raises(Incomplete, match="The article of “Whose hope\\?” has other words there now"):
        publish_question(revision=draft)


def test_a_question_draft_goes_back_to_its_words_when_they_come_back(unpublished):
    draft = drafted(unpublished)
    edit(unpublished, "The first line stays.\nThe last line stays.")
    assert QuestionOrphan.objects.get().resolved_at is None
    edit(unpublished, "New.\n" + TEXT)
    draft.refresh_from_db()
    unpublished.refresh_from_db()
    assert unpublished.text[draft.start : draft.end] == QUOTED
    assert spans_of(draft) == ["meant as a warning to the shops", "hopes"]
    assert QuestionOrphan.objects.get().resolved_at is not None


def test_a_question_draft_follows_mended_sentences(unpublished):
    draft = drafted(unpublished)
    sentences = recutting.join(unpublished.sentences, 1)
    recutting.mend_sentences(revision=unpublished, sentences=sentences)
    draft.refresh_from_db()
    assert len(draft.prompt["passage"]["sentences"]) == 2
    assert (draft.to_confirm, spans_of(draft)) == (False, ["meant as a warning to the shops", "hopes"])


def test_an_edit_elsewhere_leaves_a_question_draft_untouched(unpublished):
    draft = drafted(unpublished)
    edit(unpublished, TEXT.replace("The last line stays.", "The last line has changed."))
    before = draft.updated_at
    draft.refresh_from_db()
    assert draft.updated_at == before


def test_an_edit_asks_once_for_the_questions_on_a_draft(unpublished, django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, one look, and its end
        assert follow_draft(revision=unpublished, before=recutting.Before.of(unpublished)) == ((), ())


def test_questions_that_quote_nothing_or_are_archived_stay_out_of_it(first):
    archived = quoting(first)
    type(archived.question).objects.filter(pk=archived.question.pk).update(archived_at=archived.published_at)
    QuestionFactory()
    follow(first, TEXT + " More.")
    assert not QuestionRevision.objects.drafts().exists()
    assert not QuestionOrphan.objects.exists()


def test_a_question_that_could_not_follow_one_revision_is_asked_about_at_the_next(first):
    published = quoting(first)
    second = follow(first, TEXT.replace("secretly hopes", "says"))
    third = follow(second, TEXT.replace("secretly hopes", "says now"))
    settled, listed = QuestionOrphan.objects.order_by("pk")
    assert (settled.article_revision, settled.resolved_at is None) == (second, False)
    assert (listed.question, listed.article_revision, listed.resolved_at) == (published.question, third, None)
    fourth = follow(third, "A new line.\n" + TEXT)
    draft = QuestionRevision.objects.drafts().get()
    assert (draft.article_revision, spans_of(draft)) == (fourth, ["meant as a warning to the shops", "hopes"])
    assert not QuestionOrphan.objects.filter(resolved_at=None).exists()


def test_a_question_whose_draft_was_discarded_follows_again(first):
    published = quoting(first)
    second = follow(first, "A new line.\n" + TEXT)
    discard(revision=QuestionRevision.objects.drafts().get())
    third = follow(second, "A newer line.\n" + TEXT)
    draft = QuestionRevision.objects.drafts().get()
    assert (draft.question, draft.article_revision) == (published.question, third)


def test_questions_on_several_revisions_follow_together(first):
    quoting(first)
    second = follow(first, "A new line.\n" + TEXT)
    publish_question(revision=QuestionRevision.objects.drafts().get())
    older = quoting(first)
    third = follow(second, "A newer line.\n" + TEXT)
    drafts = QuestionRevision.objects.drafts().order_by("question")
    assert [draft.article_revision for draft in drafts] == [third, third]
    assert drafts[1].question == older.question


def test_a_draft_on_the_new_text_already_is_not_listed(first):
    published = quoting(first)
    second = revising.revise(article=first.article)
    draft = drafted(second, question=published.question)
    publish(revision=second)
    assert QuestionRevision.objects.drafts().get() == draft
    assert not QuestionOrphan.objects.exists()


def test_a_running_attempt_does_not_notice(first):
    published = quoting(first)
    attempt = AttemptFactory(quiz=QuizFactory(revision__questions=[published.question]))
    follow(first, TEXT.replace("Monday", "Tuesday"))
    assert [item.revision for item in attempt.items.all()] == [published]


def test_any_mapping_with_two_whole_numbers_is_a_span():
    class Shift:
        start = 5

        def place(self, start, end):
            return Place(start + 10, end + 10, changed=False)

    spans = _Spans(Shift(), (15, 99))
    node = {
        "a": [{"start": 1, "end": 3, "x": {"start": 0, "end": 2}}],
        "start": "no",
        "end": 4,
        "n": {"start": True, "end": 2},
    }
    assert spans.walk(node) == node | {"a": [{"start": 1, "end": 3, "x": {"start": 0, "end": 2}}]}
