"""The page of a question that could not follow its article, and the button that confirms one that did."""

import pytest

from accounts import roles
from articles import publishing
from quizzes.models import Question, QuestionOrphan, QuestionRevision
from quizzes.publishing import publish_question
from tests.admin.pages import act, address, form_data, list_of, page_of, said
from tests.admin.staff import with_role
from tests.admin.test_every_page import queries
from tests.factories.accounts import OrganisationMemberFactory, StaffFactory
from tests.factories.articles import ArticleRevisionFactory
from tests.factories.quizzes import QuestionRevisionFactory
from tests.quizzes.test_placing import GONE, QUOTES, TEXT
from tests.quizzes.test_requoting import follow, quoting, spans_of

pytestmark = pytest.mark.django_db
DOORS = ("place", "take-along", "begin-again", "keep-old", "archive", "settle")


@pytest.fixture
def reviewer(client):
    """Somebody who writes and publishes for one organisation, signed in."""
    user = with_role(StaffFactory(), roles.REVIEWER)
    OrganisationMemberFactory(user=user)
    client.force_login(user)
    return user


def house(user):
    return user.organisation_memberships.get().organisation


def waiting(organisation, **given):
    """A question of the organisation that could not follow its article to GONE."""
    first = publishing.publish(revision=ArticleRevisionFactory(text=TEXT, article__organisation=organisation))
    question = quoting(first, **{"quotes": QUOTES, **given}).question
    Question.objects.filter(pk=question.pk).update(organisation=organisation)
    follow(first, GONE)
    return QuestionOrphan.objects.get(question=question)


def door(name, orphan):
    return address(QuestionOrphan, name, orphan.pk)


def test_the_likeliest_place_is_taken_by_one_click_until_a_draft_is_there(client, reviewer):
    orphan = waiting(house(reviewer))
    placed = []
    while orphan.resolved_at is None:
        page = client.get(page_of(orphan))
        wanted = page.context["seen"].wanted
        assert f"<mark>{wanted.exact}</mark>" in page.content.decode()
        best = page.context["candidates"][0]
        sent = {"of": wanted.exact, "start": best.start, "end": best.end, "text": best.text}
        answer = client.post(door("place", orphan), sent)
        placed.append((wanted.exact, best.text))
        orphan.refresh_from_db()
    draft = QuestionRevision.objects.drafts().get()
    assert answer["Location"] == page_of(draft)
    assert placed == list(zip(QUOTES, spans_of(draft), strict=True))
    assert "Put it here" not in client.get(page_of(orphan)).content.decode()
    assert client.post(door("place", orphan), sent, follow=True).context["messages"]


def test_words_that_are_typed_or_out_of_date_are_answered_in_words(client, reviewer):
    orphan = waiting(house(reviewer))
    for sent, words in (
        ({"of": "council met", "words": "nowhere"}, "These words are not in the text"),
        ({"of": "council met", "start": "0", "end": "3", "text": "Her"}, "edited meanwhile"),
        ({"of": "other", "start": "0", "end": "3", "text": "The"}, "has its place by now"),
        (
            {"of": "council met", "start": "9" * 30, "end": "x", "words": ""},
            "These words are not in the text",
        ),
    ):
        assert words in said(client.post(door("place", orphan), sent, follow=True))[-1]
    client.post(door("place", orphan), {"of": "council met", "words": "mayors sat"})
    assert "Forget the places chosen so far" in client.get(page_of(orphan)).content.decode()
    client.post(door("begin-again", orphan))
    orphan.refresh_from_db()
    assert orphan.chosen == []


@pytest.mark.parametrize(
    ("name", "words", "archived"),
    [
        ("keep-old", "The question keeps the older text.", False),
        ("archive", "The question is archived.", True),
        ("settle", "Done.", False),
    ],
)
def test_a_question_is_left_by_one_click_and_the_next_one_comes(client, reviewer, name, words, archived):
    orphan = waiting(house(reviewer))
    other = QuestionOrphan.objects.create(
        question=quoting(orphan.article_revision.article.revisions.get(number=1)).question,
        article_revision=orphan.article_revision,
        reason="span",
    )
    Question.objects.filter(pk=other.question_id).update(organisation=house(reviewer))
    answer = client.post(door(name, orphan), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(other)
    assert said(answer) == [f"{words} Here is the next."]
    orphan.refresh_from_db()
    assert (orphan.resolved_by, orphan.question.archived_at is not None) == (reviewer, archived)
    assert QuestionRevision.objects.get(question=orphan.question).published_at is not None


def test_an_open_draft_is_moved_by_one_click(client, reviewer):
    first = publishing.publish(
        revision=ArticleRevisionFactory(text=TEXT, article__organisation=house(reviewer))
    )
    question = quoting(first).question
    Question.objects.filter(pk=question.pk).update(organisation=house(reviewer))
    draft = publishing.copy_draft(of=question.published)
    follow(first, "New.\n" + TEXT)
    orphan = QuestionOrphan.objects.get()
    assert "Move the open draft" in client.get(page_of(orphan)).content.decode()
    assert client.post(door("take-along", orphan))["Location"] == page_of(draft)


def test_of_another_organisation_nothing_is_there_to_mend(client, reviewer):
    orphan = waiting(OrganisationMemberFactory().organisation)
    assert {client.post(door(name, orphan)).status_code for name in DOORS} == {404}
    orphan.refresh_from_db()
    assert orphan.resolved_at is None


def test_who_only_writes_archives_nothing_that_was_published(client, reviewer):
    orphan = waiting(house(reviewer))
    author = with_role(StaffFactory(), roles.AUTHOR)
    OrganisationMemberFactory(user=author, organisation=house(reviewer))
    client.force_login(author)
    page = client.get(page_of(orphan)).content.decode()
    assert "Put it here" in page
    assert "Archive the question" not in page
    assert client.post(door("archive", orphan)).status_code == 403
    assert client.get(door("keep-old", orphan)).status_code == 403


def test_the_page_takes_as_many_queries_with_many_places_as_with_one(client, reviewer):
    one, many = (
        waiting(house(reviewer), quotes=quotes)
        for quotes in (("hopes",), ("council met", "delay", "meant as", "the shops", "hopes"))
    )
    client.get(page_of(one))
    assert queries(client, page_of(one)) == queries(client, page_of(many)) <= 20


def test_a_draft_that_followed_its_article_is_confirmed_by_one_click(client, reviewer):
    draft = QuestionRevisionFactory(question__organisation=house(reviewer))
    QuestionRevision.objects.update(to_confirm=True)
    answer = act(client, "publish", draft)
    assert "followed its article to words that changed" in said(answer)[0]
    assert f'<a href="{page_of(draft)}">Read it, and confirm it</a>' in said(answer)[-1]
    page = client.get(page_of(draft)).content.decode()
    assert "It still holds" in page
    assert (
        "Saved, but not published."
        in said(
            client.post(
                page_of(draft), form_data(client.get(page_of(draft))) | {"_publish": "1"}, follow=True
            )
        )[-1]
    )
    confirm = address(QuestionRevision, "confirm", draft.pk)
    assert client.get(confirm).status_code == 403
    draft.refresh_from_db()
    answer = client.post(confirm, {"seen": draft.updated_at.isoformat()}, follow=True)
    assert said(answer) == ["Confirmed: the question still holds."]
    assert "It still holds" not in answer.content.decode()
    publish_question(revision=draft)
    assert client.post(confirm).status_code == 403
    assert client.get(list_of(QuestionOrphan)).status_code == 200
