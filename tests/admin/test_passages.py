"""How a question's form comes to its passage: the article by typing, then its paragraphs."""

import json

import pytest
from django.utils import timezone

from accounts import roles
from articles import publishing, revising
from articles.models import ArticleRevision
from quizzes import authoring
from quizzes.models import QuestionRevision
from quizzes.publishing import From
from quizzes.types import mark_spans
from quizzes.types.base import Passage
from tests.admin.pages import address, errors_of, form_data
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import ArticleFactory, ArticleRevisionFactory, SkillFactory
from tests.factories.quizzes import QuestionRevisionFactory

pytestmark = pytest.mark.django_db
ADD = address(QuestionRevision, "add")
FIELD = "app_label=quizzes&model_name=questionrevision&field_name=article_revision"
#: Three paragraphs of 300 words, and one of three.
LONG = "\n".join([*(f"Part {name} " + "word " * 297 + "end." for name in "ABC"), "A short one."])


def offered(client, term=""):
    answer = client.get(f"/admin/autocomplete/?{FIELD}&term={term}")
    assert answer.status_code == 200
    return [row["text"] for row in json.loads(answer.content)["results"]]


def show(client, do="show", **values):
    return client.post(f"{ADD}?type=mark_spans", {"do": do, **values})


def draft_about(article):
    """A draft of a marking question about the first paragraph of an article's revision."""
    cut = Passage.of(article.text.split("\n")[0])
    prompt = mark_spans.Prompt(task="Mark.", skills=("attribution",), granularity="words", passage=cut)
    return QuestionRevisionFactory(
        type="mark_spans",
        prompt=prompt,
        key=mark_spans.Key(spans=()),
        passage=From(article, 0, len(cut.text)),
    )


def stretch(response):
    data = form_data(response)
    return data["first"], data["last"]


# The article ------------------------------------------------------------------------------------
def test_what_may_be_quoted_is_offered_by_title(head):
    old = ArticleFactory(revision__title="The night ferry").published
    publishing.publish(revision=revising.revise(article=old.article))
    ArticleRevisionFactory(title="The night bus")
    ArticleFactory(revision__title="The night tram", archived_at=timezone.now())
    assert offered(head, "NIGHT") == ["The night ferry · 2", "The night bus · 1 (draft)"]
    assert offered(head, "day") == []


def test_an_author_is_offered_nobody_elses_drafts(client):
    user = with_role(StaffFactory(), roles.AUTHOR)
    school = OrganisationFactory()
    OrganisationMemberFactory(organisation=school, user=user)
    client.force_login(user)
    ArticleRevisionFactory(title="Ours", article__organisation=school)
    ArticleRevisionFactory(title="Theirs", article__organisation=OrganisationFactory())
    assert offered(client) == ["Ours · 1 (draft)"]


def test_the_form_holds_the_chosen_article_alone(head):
    chosen, _other = ArticleFactory(revision__title="Chosen").published, ArticleFactory()
    page = show(head, article=chosen.pk).content.decode()
    assert f'<option value="{chosen.pk}" selected>Chosen · 1</option>' in page
    assert "The night ferry" not in page
    assert 'data-field-name="article_revision"' in page
    assert "select2.full" in page


def test_an_article_that_is_quoted_stays_chosen_when_it_is_superseded(head):
    article = ArticleFactory().published
    old = draft_about(article)
    publishing.publish(revision=revising.revise(article=article.article))
    page = head.get(address(QuestionRevision, "change", old.pk))
    assert f'<option value="{article.pk}" selected>The night ferry · 1</option>' in page.content.decode()


# Its paragraphs ---------------------------------------------------------------------------------
def test_paragraphs_are_offered_to_begin_with(head):
    article = ArticleFactory(revision__text=LONG).published
    page = show(head, article=article.pk, first="2", last="2")
    sheet = page.context["sheet"]
    assert [(one.number, one.taken) for one in sheet.paragraphs] == [
        (1, False),
        (2, True),
        (3, False),
        (4, False),
    ]
    assert sheet.paragraphs[3].text == "A short one."
    assert sheet.paragraphs[0].text.startswith("Part A word")
    assert sheet.paragraphs[0].text.endswith("…")


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        ("1", ("1", "1")),
        ("3", ("3", "4")),
        ("4", ("4", "4")),
        ("5", ("9", "")),
        ("0", ("9", "")),
        ("x", ("9", "")),
        ("9" * 30, ("9", "")),
    ],
)
def test_a_passage_begins_where_the_author_says(head, begin, expected):
    article = ArticleFactory(revision__text=LONG).published
    assert stretch(show(head, f"from:{begin}", article=article.pk, first="9")) == expected


def test_too_long_a_passage_is_not_shown_and_its_paragraphs_are(head, monkeypatch):
    monkeypatch.setattr("quizzes.admin.types.passages.MOST_WORDS_SHOWN", 500)
    article = ArticleFactory(revision__text=LONG).published
    page = show(head, article=article.pk, first="1", last="3")
    assert page.context["sheet"].passage == []
    assert '<details class="q-more" id="paragraphs" open>' in page.content.decode()
    page = show(head, "from:2", article=article.pk, first="1", last="3")
    assert len(page.context["sheet"].passage) == 1
    assert '<details class="q-more" id="paragraphs">' in page.content.decode()


def test_without_an_article_there_are_no_paragraphs(head):
    for values in ({}, {"article": "999"}, {"article": "²"}):
        page = show(head, "from:1", **values)
        assert page.context["sheet"].paragraphs == []


# An article that is edited meanwhile --------------------------------------------------------------
SAYING = "The board said no.\nThe mayor said yes.\nThe end came late."


def chosen(client, article):
    """The form of a new question, with the second paragraph chosen and “said” picked in it."""
    page = show(client, article=article.pk, first="2", last="2", skill="attribution", task="Mark who speaks.")
    picked = {**form_data(page), "do": "pick", "pick_first": "2", "pick_last": "2"}
    data = form_data(client.post(f"{ADD}?type=mark_spans", picked))
    assert data["spans-0-quote"] == "said"
    return {**data, "spans-0-kind": "required", "spans-0-rationale": "The mayor speaks."}


def edit(article, text):
    revising.edit(revision=article, text=text, blocks=["p"] * (text.count("\n") + 1))


@pytest.mark.parametrize("do", ["", "pick"])
def test_paragraphs_that_are_others_by_now_are_chosen_again(head, do):
    SkillFactory()
    article = ArticleRevisionFactory(text=SAYING)
    data = chosen(head, article)
    edit(article, f"Zero came first.\n{SAYING}")
    sent = {**data, "do": do, "pick_first": "2", "pick_last": "2"} if do else data
    told = head.post(f"{ADD}?type=mark_spans", sent)
    (said,) = errors_of(told)["first"]
    assert said.startswith("The article was edited after this page was opened")
    again = form_data(told)
    assert (again["spans-0-rationale"], "spans-1-quote" in again) == ("The mayor speaks.", False)
    assert not QuestionRevision.objects.exists()
    again = form_data(show(head, **{**again, "do": "show", "first": "3", "last": "3"}))
    assert head.post(f"{ADD}?type=mark_spans", again).status_code == 302
    assert QuestionRevision.objects.get().prompt["passage"]["text"] == "The mayor said yes."


def test_an_edit_of_other_paragraphs_is_not_told(head):
    SkillFactory()
    article = ArticleRevisionFactory(text=SAYING)
    data = chosen(head, article)
    edit(article, SAYING.replace("came late", "came early"))
    assert head.post(f"{ADD}?type=mark_spans", data).status_code == 302


def test_a_passage_that_is_edited_while_it_is_saved_is_looked_at_again(head, monkeypatch):
    SkillFactory()
    article = ArticleRevisionFactory(text=SAYING)
    data = chosen(head, article)
    add_question = authoring.add_question

    def late(**given):
        edit(ArticleRevision.objects.get(pk=article.pk), f"Zero came first.\n{SAYING}")
        return add_question(**given)

    monkeypatch.setattr(authoring, "add_question", late)
    told = head.post(f"{ADD}?type=mark_spans", data)
    assert errors_of(told)[""] == [
        "The article was edited just now. Look at the passage again, and save once more."
    ]
    assert not QuestionRevision.objects.exists()
