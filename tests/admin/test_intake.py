"""Articles coming in through the admin, their sentences mended, their annotations placed again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import roles
from articles import annotating, recutting, revising
from articles.models import Annotation, Article, ArticleRevision, Orphan
from articles.publishing import publish
from tests.admin.pages import act, address, form_data, list_of, page_of, said
from tests.admin.staff import with_role
from tests.admin.test_every_page import queries
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleFactory,
    ArticleRevisionFactory,
    OrphanFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db
ADD = address(Article, "add")
FACTS = {
    "title": "The night ferry",
    "source": "Invented.",
    "licence": "CC BY 4.0",
    "language": "en",
    "kind": "text",
}


@pytest.fixture
def author(client):
    """An author of one organisation, signed in."""
    author = with_role(StaffFactory(), roles.AUTHOR)
    OrganisationMemberFactory(user=author)
    client.force_login(author)
    return author


def paste(client, text, **other):
    return client.post(ADD, FACTS | {"pasted": text} | other)


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def test_an_article_is_pasted_cleaned_in_sight_and_kept(client, author):
    shown = paste(client, "<h2>Head</h2><p>It &amp; he left. Why?<script>x</script>", kind="html")
    assert shown.context["blocks"] == [("h2", "Head"), ("p", "It & he left. Why?")]
    assert [(what, times) for what, times, _sample in shown.context["removed"]] == [
        ("Codes for characters, now the characters", 1),
        ("Scripts", 1),
    ]
    assert shown.context["counts"] == "2 paragraphs, 3 sentences"
    assert not Article.objects.exists()
    left = shown.context["form"]["pasted"].value()
    kept = paste(client, left, _keep="Keep")
    revision = ArticleRevision.objects.get()
    assert kept["Location"] == page_of(revision)
    assert (revision.text, revision.blocks, revision.is_draft) == (
        "Head\nIt & he left. Why?",
        ["h2", "p"],
        True,
    )
    assert (revision.article.ref, revision.created_by, revision.direction) == (
        "the-night-ferry",
        author,
        "ltr",
    )
    assert revision.article.organisation == author.organisation_memberships.get().organisation


def test_a_second_article_of_one_title_gets_another_ref(client, author):
    for language in ("en", "ar"):
        paste(client, "Some words.", _keep="Keep", language=language)
    found = ArticleRevision.objects.order_by("pk").values_list("article__ref", "direction")
    assert list(found) == [("the-night-ferry", "ltr"), ("the-night-ferry-2", "rtl")]


def test_keeping_what_is_not_clean_yet_shows_it_first(client, author):
    response = paste(client, "Some\u200b words.", _keep="Keep")
    assert response.context["form"]["pasted"].value() == "Some words."
    assert not Article.objects.exists()


def test_nothing_typed_is_lost_where_a_field_is_missing(client, author):
    upload = SimpleUploadedFile("a.txt", "Мэр сказал, что трамвай пойдёт в мае.".encode("cp1251"))
    response = client.post(ADD, FACTS | {"title": "", "byline": "Ann", "upload": upload, "pasted": ""})
    assert list(errors(response)) == ["title"]
    form = response.context["form"]
    assert (form["byline"].value(), form["pasted"].value()) == (
        "Ann",
        "Мэр сказал, что трамвай пойдёт в мае.",
    )
    assert response.context["encoding"].startswith("Read as Windows-1251. That is a guess")


FIVE_THOUSAND = "\n".join("The board met on day one. The mayor came late to it." for _pair in range(2500))


@pytest.mark.parametrize(
    ("text", "kind", "field", "words"),
    [
        pytest.param("", "text", "pasted", "Paste the article’s words here", id="nothing"),
        pytest.param("***", "text", "pasted", "No words are left", id="no words"),
        pytest.param(
            "word " * 130_000, "text", "pasted", "650,000 characters; at most 600,000", id="too long"
        ),
        pytest.param("<i>" * 20_001, "html", "pasted", "20,001 tags", id="tags"),
    ],
)
def test_a_paste_that_cannot_be_taken_in_is_said_beside_it(client, author, text, kind, field, words):
    response = paste(client, text, kind=kind)
    assert words in errors(response)[field][0]
    assert response.context["form"]["pasted"].value() == text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("a.png", b"\x89PNG\r\n" + bytes(range(256)) * 3, "no plain text", id="a picture"),
        pytest.param("a.txt", b"\xff\xfea", "does not hold what its first bytes say", id="a broken encoding"),
        pytest.param("a.txt", b"a" * 10_000_000, "larger than 2 million bytes", id="10 MB"),
        pytest.param("a.html", b"<script>x</script>", "No words are left", id="only a script"),
        pytest.param("a.txt", b"", "Paste the article’s words here", id="empty"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_said_beside_it(client, author, name, data, words):
    response = client.post(ADD, FACTS | {"upload": SimpleUploadedFile(name, data), "pasted": ""})
    found = errors(response)
    assert words in (found.get("upload") or found["pasted"])[0]
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        pytest.param("a\0b c", "text", "ab c", id="NUL"),
        pytest.param(
            "<p>One<!--[if IE]>x<![endif]--><p>Two", "html", "One\nTwo", id="unclosed and conditional"
        ),
        pytest.param(FIVE_THOUSAND, "text", FIVE_THOUSAND, id="5,000 sentences"),
    ],
)
def test_a_hostile_paste_is_cleaned_and_kept(client, author, text, kind, left):
    shown = paste(client, text, kind=kind)
    paste(client, shown.context["form"]["pasted"].value(), _keep="Keep")
    revision = ArticleRevision.objects.get()
    assert revision.text == left
    assert client.get(page_of(revision)).status_code == 200
    assert client.get(address(ArticleRevision, "sentences", revision.pk)).status_code == 200


def test_a_paste_of_ten_megabytes_gets_a_page_that_says_how_to_mend_it(client, author):
    response = paste(client, "a" * 10_000_000)
    assert response.status_code == 413
    assert "Go back: what you wrote is still there" in response.content.decode()


def test_only_who_may_and_works_somewhere_takes_articles_in(client, teacher):
    assert client.get(ADD).status_code == 403
    client.force_login(with_role(StaffFactory(), roles.AUTHOR))
    assert paste(client, "Words.", _keep="Keep").status_code == 403


def test_another_organisation_is_no_choice(client, author):
    OrganisationMemberFactory(user=author)
    other = OrganisationFactory()
    response = paste(client, "Words.", organisation=other.pk, _keep="Keep")
    assert list(errors(response)) == ["organisation"]
    mine = author.organisation_memberships.first().organisation
    paste(client, "Words.", organisation=mine.pk, _keep="Keep")
    assert Article.objects.get().organisation == mine


# Sentences ---------------------------------------------------------------------------------------
def own_draft(author, **fields):
    organisation = author.organisation_memberships.first().organisation
    return ArticleRevisionFactory(article__organisation=organisation, **fields)


def mend(client, revision, **data):
    url = address(ArticleRevision, "sentences", revision.pk)
    response = client.post(url, {"seen": revision.updated_at.isoformat()} | data, follow=True)
    revision.refresh_from_db()
    return said(response)


def test_sentences_are_joined_and_split(client, author):
    draft = own_draft(author, text="One a. “Two b.”\nThree c.")
    assert mend(client, draft, sentence=0, join=1) == ["Joined."]
    assert draft.sentences == [[0, 15], [16, 24]]
    page = client.get(address(ArticleRevision, "sentences", draft.pk), {"split": 0})
    assert [cut.at for cut in page.context["rows"][0].cuts] == [4, 7, 12]
    assert mend(client, draft, sentence=0, at=7) == ["Split."]
    assert draft.sentences == [[0, 6], [7, 15], [16, 24]]


def test_sentences_mended_by_two_at_once_are_not_undone(client, author, monkeypatch):
    """The other's joining comes between the look at the draft and its lock."""
    draft = own_draft(author, text="One a. Two b. Three c. Four d.")
    mend_sentences = recutting.mend_sentences

    def late(**given):
        joined = recutting.join(draft.sentences, 2)
        mend_sentences(revision=ArticleRevision.objects.get(pk=draft.pk), sentences=joined)
        return mend_sentences(**given)

    monkeypatch.setattr(recutting, "mend_sentences", late)
    assert "Somebody changed this draft" in mend(client, draft, sentence=0, join=1)[0]
    assert draft.sentences == [[0, 6], [7, 13], [14, 30]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"sentence": 1, "join": 1}, "cannot go on in the next paragraph"),
        ({"sentence": 0, "at": 1}, "must be in one sentence, and whole"),
        ({"sentence": 0, "at": 0}, "before one of its words"),
        ({"sentence": 2, "join": 1}, "There is no next sentence"),
        ({"sentence": 0, "join": 1, "seen": "then"}, "Somebody changed this draft"),
    ],
)
def test_sentences_that_cannot_be_mended_so_are_refused_in_words(client, author, data, words):
    draft = own_draft(author, text="One a. Two b.\nThree c.")
    assert words in mend(client, draft, **data)[0]
    assert draft.sentences == [[0, 6], [7, 13], [14, 22]]


@pytest.mark.parametrize("data", [{}, {"sentence": "x"}, {"sentence": 99, "join": 1}, {"sentence": "9" * 40}])
def test_what_names_no_sentence_changes_nothing(client, author, data):
    draft = own_draft(author)
    before = draft.sentences
    mend(client, draft, **data)
    assert draft.sentences == before


def test_the_draft_of_another_organisation_is_not_there(client, author):
    theirs, orphan = ArticleRevisionFactory(), OrphanFactory()
    addresses = [
        address(ArticleRevision, "sentences", theirs.pk),
        address(ArticleRevision, "confirm", theirs.pk),
        address(Orphan, "place", orphan.pk),
        address(Orphan, "leave-out", orphan.pk),
    ]
    assert {client.post(url).status_code for url in addresses} == {404}
    assert client.post(address(Article, "revise", theirs.article.pk)).status_code == 404


# Revisions ---------------------------------------------------------------------------------------
def test_a_new_revision_is_begun_from_the_page_of_an_article(client, author):
    article = ArticleFactory(organisation=author.organisation_memberships.first().organisation)
    assert "Start a new revision" in client.get(page_of(article)).content.decode()
    assert "Start a new revision" in client.get(page_of(article.published)).content.decode()
    response = client.post(address(Article, "revise", article.pk))
    draft = ArticleRevision.objects.drafts().get()
    assert response["Location"] == page_of(draft)
    assert client.post(address(Article, "revise", article.pk))["Location"] == page_of(draft)
    assert ArticleRevision.objects.drafts().get() == draft


def test_an_edit_moves_annotations_and_says_what_became_of_them(client, author):
    draft = own_draft(author, text="The board voted. The mayor came late.")
    layer = AnnotationSetFactory(revision=draft)
    AnnotationFactory(set=layer, start=4, end=9)
    AnnotationFactory(set=layer, start=21, end=26)
    data = form_data(client.get(page_of(draft)))
    response = client.post(
        page_of(draft), data | {"text": "Then the board voted. She came late."}, follow=True
    )
    assert said(response)[0] == "1 annotation has no place in the new text. It waits below."
    assert [(row.exact, row.start) for row in Annotation.objects.all()] == [("board", 9)]
    assert "Without a place in this text" in client.get(page_of(draft)).content.decode()


def test_the_second_of_two_authors_is_told_and_loses_nothing(client, author):
    draft = own_draft(author)
    data = form_data(client.get(page_of(draft)))
    client.post(page_of(draft), data | {"title": "Mine"})
    response = client.post(page_of(draft), data | {"title": "Theirs"})
    form = response.context["adminform"].form
    assert form.non_field_errors()[0].startswith(f"{author} saved this draft at ")
    assert f'<a href="{page_of(draft)}"' in form.non_field_errors()[0]
    assert form["title"].value() == "Theirs"
    client.post(page_of(draft), form_data(response))
    draft.refresh_from_db()
    assert draft.title == "Theirs"


def test_a_draft_with_orphans_is_refused_with_a_link_to_them(head):
    orphan = OrphanFactory()
    first, second = (
        said(act(head, "publish", orphan.revision))[0],
        said(act(head, "publish", orphan.revision))[-1],
    )
    assert "1 annotation has no place" in first
    assert f"revision__id__exact={orphan.revision_id}" in second


def test_an_orphan_is_placed_by_one_click_and_the_next_one_comes(client, author):
    draft = own_draft(author, text="The council voted today for it. The mayor came.")
    orphan, other = (OrphanFactory(revision=draft) for _row in range(2))
    page = client.get(page_of(orphan))
    best = page.context["candidates"][0]
    assert best.text == "The council voted today"
    place = address(Orphan, "place", orphan.pk)
    stale = {"start": best.start + 4, "end": best.end + 4, "text": best.text}
    assert "The text was edited meanwhile" in said(client.post(place, stale, follow=True))[-1]
    response = client.post(place, {"start": best.start, "end": best.end, "text": best.text})
    assert response["Location"] == page_of(other)
    assert Annotation.objects.get().exact == "The council voted today"
    response = client.post(address(Orphan, "leave-out", other.pk), {"note": ""})
    assert response["Location"] == page_of(other)
    response = client.post(address(Orphan, "leave-out", other.pk), {"note": "Mended."})
    assert response["Location"] == page_of(draft)
    publish(revision=draft)
    assert client.post(place, {"start": 0, "end": 3}).status_code == 403


def test_an_annotation_to_confirm_is_confirmed_by_one_click(client, author):
    draft = own_draft(author)
    row = AnnotationFactory(set=AnnotationSetFactory(revision=draft), to_confirm=True)
    page = client.get(page_of(draft)).content.decode()
    assert "It still holds" in page
    assert f'name="seen" value="{row.state}"' in page
    for number in ("x", "9" * 30, str(row.pk)):
        client.post(address(ArticleRevision, "confirm", draft.pk), {"annotation": number, "seen": row.state})
    row.refresh_from_db()
    assert row.to_confirm is False


def test_an_annotation_on_words_that_nobody_read_is_not_confirmed(client, author):
    text = "The crowd of furious people left the hall at noon."
    draft = own_draft(author, text=text)
    exact = "crowd of furious people left"
    start = text.index(exact)
    AnnotationFactory(
        set=AnnotationSetFactory(revision=draft), start=start, end=start + len(exact), exact=exact
    )
    revising.edit(revision=draft, text=text.replace("people", "peoples"), blocks=["p"])
    read = Annotation.objects.get()
    assert read.to_confirm
    revising.edit(revision=draft, text=text.replace("furious people", "joyous peoples"), blocks=["p"])
    url = address(ArticleRevision, "confirm", draft.pk)
    told = client.post(url, {"annotation": read.pk, "seen": read.state}, follow=True)
    assert said(told) == [
        "The annotation was changed or moved after you opened the page. Read it as it is now."
    ]
    now = Annotation.objects.get()
    assert now.to_confirm
    client.post(url, {"annotation": now.pk, "seen": now.state})
    assert not Annotation.objects.get().to_confirm


def test_what_a_verb_refuses_comes_back_with_all_that_was_typed(client, author):
    draft = own_draft(author)
    data = form_data(client.get(page_of(draft)))
    annotating.open_layer(revision=draft, purpose="blind", by=StaffFactory())
    typed = {"title": "A title", "text": f"{draft.text}\nHalf an hour of work."}
    page = client.post(page_of(draft), data | typed)
    form = page.context["adminform"].form
    assert form.non_field_errors() == [
        "A second keyer has keyed this text. Publish it, and change the words in a new revision."
    ]
    assert {name: form[name].value() for name in typed} == typed
    assert said(page) == []
    again = client.post(page_of(draft), form_data(page) | {"text": data["text"]})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.title == "A title"


def test_a_draft_takes_as_many_queries_with_many_annotations_as_with_one(head):
    draft = ArticleRevisionFactory()
    layer = AnnotationSetFactory(revision=draft)

    def more(count):
        for _row in range(count):
            AnnotationFactory(set=layer, to_confirm=True)
            OrphanFactory(revision=draft, skill=SkillFactory(slug="certainty"))

    more(1)
    urls = [page_of(draft), address(ArticleRevision, "sentences", draft.pk), page_of(Orphan.objects.first())]
    for url in urls:  # what is looked up once a process is looked up now
        head.get(url)
    one = [queries(head, url) for url in urls]
    more(3)
    assert [queries(head, url) for url in urls] == one
    assert max(one) <= 20
    assert head.get(list_of(Orphan)).status_code == 200


def test_what_saving_a_draft_takes_out_of_its_text_is_said(client, author):
    draft = own_draft(author, text="The council voted today.\nThe mayor came.")
    form = form_data(client.get(page_of(draft)))
    plain = said(
        client.post(page_of(draft), {**form, "text": form["text"].replace("\n", "\r\n")}, follow=True)
    )
    assert not any("Taken out" in one for one in plain)
    form = form_data(client.get(page_of(draft)))
    told = said(client.post(page_of(draft), {**form, "text": "The coun\u200bcil voted."}, follow=True))
    assert any("Taken out of the text, or changed in it: " in one for one in told)
    draft.refresh_from_db()
    assert draft.text == "The council voted."
