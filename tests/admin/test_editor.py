"""The doors of the editor: who may open which, what they answer, and what they refuse."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from articles import annotating, publishing, recutting, revising
from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.states import state_of
from tests.admin.pages import page_of, rows_shown
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db
ENTRY = {"skill": "loaded-language", "kind": "required", "first": 1, "last": 2, "by": "words"}
SIGNED = {"swap-1": 1, "swap-2": 1, "swap-3": 1}
MOST_QUERIES = 20


@pytest.fixture
def house() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def draft(house: Organisation) -> ArticleRevision:
    return ArticleRevisionFactory(article=DraftArticleFactory(organisation=house))


def colleague(house: Organisation, role: str = roles.AUTHOR) -> User:
    user = with_role(StaffFactory(), role)
    OrganisationMemberFactory(organisation=house, user=user)
    return user


@pytest.fixture
def author(client: Any, house: Organisation) -> User:
    user = colleague(house)
    client.force_login(user)
    return user


def door(name: str, revision: ArticleRevision) -> str:
    return reverse(f"admin:articles_annotation_{name}", args=[revision.pk])


def send(client: Any, name: str, revision: ArticleRevision, **fields: Any) -> Any:
    """As a page does that shows the text as it is; `text=` says that it showed another."""
    fields = {"text": state_of(revision), **fields}
    return client.post(door(name, revision), fields, headers={"Accept": "application/json"})


def test_an_author_adds_changes_and_removes(client, author, draft):
    answer = send(client, "annotate", draft, **ENTRY, rationale="Why.").json()
    (row,) = answer["rows"]
    assert {name: row[name] for name in ("first", "last", "quote", "version", "ref", "rationale")} == {
        "first": 1,
        "last": 2,
        "quote": "board voted",
        "version": 1,
        "ref": "board-voted",
        "rationale": "Why.",
    }
    assert [one["code"] for one in answer["advice"]] == ["one-reading", "no-foils", "no-margin", "share"]
    changed = {
        **ENTRY,
        "first": 2,
        "last": 3,
        "readings": 2,
        "party": "The Board",
        "row": row["id"],
        "seen": 1,
    }
    (row,) = send(client, "mend", draft, **changed).json()["rows"]
    assert (row["quote"], row["version"], row["party"], row["readings"]) == ("voted on", 2, "the-board", "2")
    assert send(client, "take_off", draft, row=row["id"], seen=2).json()["rows"] == []
    assert [entry.user for entry in LogEntry.objects.all()] == [author]  # one for them all


def test_a_second_author_is_told_and_sees_both(client, author, house, draft):
    (row,) = send(client, "annotate", draft, **ENTRY).json()["rows"]
    change = {**ENTRY, "row": row["id"], "seen": 1}
    assert send(client, "mend", draft, **change, rationale="First.").status_code == 200
    client.force_login(colleague(house))
    answer = send(client, "mend", draft, **change, rationale="Second.")
    assert answer.status_code == 409
    assert re.fullmatch(rf"Changed by {author} at \d\d:\d\d\. Compare, .*", answer.json()["detail"])
    assert (answer.json()["current"]["rationale"], answer.json()["current"]["version"]) == ("First.", 2)
    assert send(client, "take_off", draft, row=row["id"], seen=1).status_code == 409
    send(client, "take_off", draft, row=row["id"], seen=2)
    gone = send(client, "mend", draft, **change, rationale="Second.")
    assert (gone.status_code, gone.json()["current"]) == (409, None)


def test_a_place_chosen_in_a_text_that_was_edited_meanwhile_is_asked_for_again(client, author, draft):
    (row,) = send(client, "annotate", draft, **ENTRY).json()["rows"]
    shown = state_of(draft)
    revising.edit(revision=draft, text=f"Yes. {draft.text}")
    other = {**ENTRY, "skill": "certainty", "text": shown, "rationale": "Mine."}
    for answer in (
        send(client, "annotate", draft, **other),
        send(client, "mend", draft, **other, row=row["id"], seen=1),
        send(client, "annotate", draft, **{**other, "text": ""}),
    ):
        assert (answer.status_code, answer.json()["field"]) == (409, "words")
        assert answer.json()["detail"].startswith("The text was edited after this page was opened")
        assert answer.json()["text"] == state_of(draft) != shown
    # Words about it are saved; they stand where the edit has moved the annotation.
    stays = {**other, "skill": ENTRY["skill"], "first": "", "last": "", "row": row["id"], "seen": 1}
    saved = send(client, "mend", draft, **stays)
    assert saved.json()["text"] == state_of(draft)
    assert [(one.exact, one.start, one.rationale) for one in Annotation.objects.all()] == [
        ("board voted", 9, "Mine.")
    ]


def test_a_sentence_chosen_before_sentences_were_mended_is_asked_for_again(client, author, draft):
    page = client.get(door("editor", draft), {"by": "sentences"})
    shown = page.context["layer"].state()["text"]
    recutting.mend_sentences(revision=draft, sentences=recutting.join(draft.sentences, 0))
    chosen = {**ENTRY, "by": "sentences", "first": 1, "last": 1}
    assert send(client, "annotate", draft, **chosen, text=shown).status_code == 409
    draft.refresh_from_db()
    now = state_of(draft, sentences=True)
    assert (
        send(client, "annotate", draft, **chosen, text=now).json()["rows"][0]["quote"]
        == "The mayor came late"
    )


def test_a_numbered_quote_of_an_edited_text_is_asked_for_again_and_what_was_typed_stays(
    client, author, draft
):
    shown = client.get(door("editor", draft)).context["form"]["text"].value()
    revising.edit(revision=draft, text=f"The board met. {draft.text}")
    entry = {
        "skill": "certainty",
        "kind": "foil",
        "quote": "The board",
        "occurrence": 2,
        "rationale": "Fine.",
    }
    again = client.post(door("annotate", draft), {**entry, "text": shown})
    form = again.context["form"]
    assert (again.status_code, form["rationale"].value()) == (422, "Fine.")
    assert "The text was edited after this page was opened" in form.non_field_errors()[0]
    assert not AnnotationSet.objects.exists()
    client.post(door("annotate", draft), {**entry, "text": form["text"].value()})
    assert Annotation.objects.get().start == 15


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"skill": "no-such"}, "skill"),
        ({"kind": "maybe"}, "kind"),
        ({"first": "99", "last": "99"}, "__all__"),
        ({"first": "9" * 30}, "first"),
        ({"first": "", "last": ""}, "quote"),
        ({"first": "", "quote": "No such words"}, "quote"),
        ({"rationale": "x" * 2001}, "rationale"),
        ({"rationale": "a\0b"}, "rationale"),
        ({"readings": "0"}, "readings"),
        ({"readings": "many"}, "readings"),
        ({"party": "партия"}, "party"),
        ({"fact_checked_on": "soon"}, "fact_checked_on"),
        ({"fact_checked_on": "9999-12-31"}, "fact_checked_on"),
        ({"occurrence": "0"}, "occurrence"),
    ],
)
def test_bad_input_is_named_by_its_field(client, author, draft, change, field):
    answer = send(client, "annotate", draft, **{**ENTRY, **change})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not Annotation.objects.exists()


def test_half_characters_and_odd_versions_are_no_error_of_ours(client, author, draft):
    body = "skill=certainty&kind=foil&first=0&last=0&rationale=%ED%A0%80%FF&row=%00&seen=x"
    form = "application/x-www-form-urlencoded"
    accept = {"Accept": "application/json"}
    assert client.post(door("annotate", draft), body, content_type=form, headers=accept).status_code == 422
    assert client.post(door("mend", draft), body, content_type=form, headers=accept).status_code == 422
    assert client.post(door("take_off", draft), body, content_type=form, headers=accept).status_code == 200
    row = AnnotationFactory(set=AnnotationSetFactory(revision=draft))
    long = {"row": row.pk, "seen": "9" * 5000}
    assert client.post(door("take_off", draft), long, headers=accept).status_code == 409


def test_a_plain_form_does_the_same(client, author, draft):
    entry = {
        "skill": "certainty",
        "kind": "foil",
        "quote": "The board",
        "occurrence": 2,
        "rationale": "Fine.",
    }
    assert client.post(door("annotate", draft), entry)["Location"] == door("editor", draft)
    row = Annotation.objects.get()
    assert (row.start, row.exact, row.set.keyer) == (28, "The board", author)
    page = client.get(door("editor", draft), {"edit": row.pk})
    assert page.context["form"]["rationale"].value() == "Fine."
    client.post(door("mend", draft), {**entry, "quote": "", "row": row.pk, "seen": 1, "rationale": "Better."})
    row.refresh_from_db()
    assert (row.start, row.rationale) == (28, "Better.")
    wrong = client.post(door("annotate", draft), {**entry, "quote": "Nowhere", "rationale": "Kept here."})
    assert wrong.status_code == 422
    assert "Kept here." in wrong.content.decode()
    assert "is not there" in wrong.content.decode()
    assert client.get(door("annotate", draft)).status_code == 302


def test_of_another_organisation_nothing_is_there(client, author):
    foreign = ArticleRevisionFactory(article=DraftArticleFactory(organisation=OrganisationFactory()))
    published = AnnotationFactory().set.revision
    publishing.publish(revision=published)  # shared: seen, and not theirs to annotate
    for revision in (foreign, published):
        assert client.get(door("editor", revision)).status_code == 404
        for name in ("annotate", "mend", "take_off", "sign", "count", "annotate_blind", "close_blind"):
            assert send(client, name, revision, **ENTRY).status_code == 404
    assert client.get("/admin/articles/annotation/editor/key/0x1/").status_code == 404
    assert client.get(f"/admin/articles/annotation/editor/key/{'9' * 40}/").status_code == 404


def test_a_row_of_another_layer_is_not_reached(client, author, draft):
    other = AnnotationFactory()
    answer = send(client, "mend", draft, **ENTRY, row=other.pk, seen=1)
    assert (answer.status_code, answer.json()["current"]) == (409, None)
    send(client, "take_off", draft, row=other.pk, seen=1)
    assert Annotation.objects.get() == other


@pytest.mark.parametrize(
    ("role", "status"),
    [(roles.AUTHOR, 200), (roles.REVIEWER, 200), (roles.SITE_ADMIN, 200), (roles.TEACHER, 403)],
)
def test_who_may_annotate(client, house, draft, role, status):
    client.force_login(colleague(house, role))
    assert client.get(door("editor", draft)).status_code == status
    offered = "Key it blind" in client.get(page_of(draft)).content.decode()
    assert offered == (status == 200)


def test_a_published_key_is_only_read(client, author, draft):
    row = AnnotationFactory(set=AnnotationSetFactory(revision=draft))
    publishing.publish(revision=draft)
    page = client.get(door("editor", draft)).content.decode()
    assert 'id="entry"' not in page
    answer = send(client, "mend", draft, **ENTRY, row=row.pk, seen=1)
    assert (answer.status_code, answer.json()["closed"]) == (409, True)


def test_a_second_keyer_sees_no_key_and_the_author_sees_them_once_closed(client, author, house, draft):
    send(client, "annotate", draft, **ENTRY, rationale="The authors canary.")
    second = colleague(house)
    client.force_login(second)
    assert "canary" not in client.get(door("editor_blind", draft)).content.decode()
    answer = send(client, "annotate_blind", draft, **{**ENTRY, "last": 3}, rationale="The seconds canary.")
    assert [row["quote"] for row in answer.json()["rows"]] == ["board voted on"]
    assert answer.json()["advice"] == []
    client.force_login(author)
    assert "seconds canary" not in client.get(door("editor", draft)).content.decode()
    assert client.get(door("editor", draft)).context["others"][0].compared == []
    assert "You wrote the key" in client.get(door("editor_blind", draft)).content.decode()
    client.force_login(second)
    client.post(door("close_blind", draft))
    client.force_login(author)
    page = client.get(door("editor", draft))
    (compared,) = page.context["others"][0].compared
    assert (compared.skill, compared.figures.both, compared.figures.one, compared.figures.other) == (
        "Words that judge",
        2,
        0,
        1,
    )
    (agreeing,) = page.context["behind"]
    client.post(door("count", draft), {"row": agreeing.pk})
    client.post(door("count", draft), {"row": agreeing.pk})  # a double click counts once
    agreeing.refresh_from_db()
    assert agreeing.readings == 2
    assert client.get(door("editor", draft)).context["behind"] == []
    send(client, "annotate", draft, **{**ENTRY, "first": 5, "last": 6}, rationale="Talked over since.")
    (as_then,) = client.get(door("editor", draft)).context["others"][0].compared
    assert as_then.figures == compared.figures


def test_the_swap_test_is_signed_step_by_step(client, author, draft):
    assert send(client, "sign", draft, **{"swap-1": 1}).status_code == 422
    seen = client.get(door("editor", draft)).context["state"]["seen"]
    signed = send(client, "sign", draft, **SIGNED, seen=seen).json()["signed"]
    assert signed["by"] == str(author)
    assert send(client, "annotate", draft, **ENTRY).json()["signed"] is None


def test_a_change_that_was_not_seen_is_not_signed(client, author, house, draft):
    seen = send(client, "annotate", draft, **ENTRY, party="board").json()["seen"]
    row = Annotation.objects.select_related("set").get()
    annotating.change(annotation=row, seen=1, by=colleague(house), party="council")
    refused = send(client, "sign", draft, **SIGNED, seen=seen)
    assert (refused.status_code, refused.json()["field"]) == (409, "swap")
    (shown,) = refused.json()["rows"]
    assert shown["party"] == "council"
    assert AnnotationSet.objects.get().swap_test_at is None
    assert send(client, "sign", draft, **SIGNED).status_code == 409
    assert send(client, "sign", draft, **SIGNED, seen=refused.json()["seen"]).json()["signed"]


def test_who_keys_a_text_blind_opens_neither_its_key_nor_what_changed_in_it(client, author, house):
    first = ArticleRevisionFactory(article=DraftArticleFactory(organisation=house))
    AnnotationFactory(set__revision=first, rationale="FIRSTREASON")
    publishing.publish(revision=first)
    draft = revising.revise(article=first.article)
    Annotation.objects.filter(set__revision=draft).update(rationale="SECONDREASON", to_confirm=True)
    blind = annotating.open_layer(revision=draft, purpose="blind", by=author)
    differences = reverse("admin:articles_article_differences", args=[draft.article_id])

    def shown():
        return [
            "SECONDREASON" in client.get(where, follow=True).content.decode()
            for where in (door("editor", draft), differences, page_of(draft))
        ]

    assert shown() == [False, False, False]
    assert client.get(door("editor", draft))["Location"] == door("editor_blind", draft)
    assert send(client, "annotate", draft, **ENTRY).status_code == 403
    annotating.close_layer(layer=blind)
    assert shown() == [True, True, True]


@pytest.mark.parametrize("name", ["editor", "editor_blind"])
def test_the_page_takes_as_many_queries_for_many_rows_as_for_one(client, author, house, draft, name):
    layer = AnnotationSetFactory(revision=draft)
    keyer = author if name == "editor_blind" else colleague(house)
    blind = AnnotationSetFactory(revision=draft, purpose="blind", keyer=keyer)
    AnnotationSetFactory(
        revision=draft, purpose="blind", keyer=colleague(house), closed_at="2026-01-01T00:00Z"
    )
    counts = []
    for end in (3, 9, 15):
        for row_set in (layer, blind):
            AnnotationFactory(set=row_set, end=end)
        client.get(door(name, draft))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(door(name, draft)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2] <= MOST_QUERIES


def test_a_long_text_opens(client, author, house):
    text = "\n".join(["The board <b>wants</b> the pier. It may."] * 2_500)
    draft = ArticleRevisionFactory(article=DraftArticleFactory(organisation=house), text=text)
    for by, units in (("words", 2_500 * 9), ("sentences", 5_000)):
        page = client.get(door("editor", draft), {"by": by}).content.decode()
        assert page.count('class="w"') == units
    assert "<b>wants" not in page


def test_skills_are_all_offered(client, author, draft):
    page = client.get(door("editor", draft))
    assert len(page.context["skills"]) == 12
    assert SkillFactory() in page.context["skills"]
    assert AnnotationSet.objects.count() == 0  # looking makes nothing


def test_blind_layers_stay_blind_in_every_list(client, author, house, draft):
    """An open one is its keyer's only; who has one is not shown the key of that text meanwhile."""
    key = AnnotationFactory(set=AnnotationSet.objects.get_or_create(revision=draft, purpose="key")[0])
    other = AnnotationSet.objects.create(revision=draft, purpose="blind", keyer=colleague(house))
    hidden = AnnotationFactory(set=other)
    assert set(rows_shown(client, Annotation)) == {key}
    assert client.get(page_of(hidden)).status_code == 404
    own = AnnotationSet.objects.create(revision=draft, purpose="blind", keyer=author)
    assert set(rows_shown(client, AnnotationSet)) == {own}
    assert rows_shown(client, Annotation) == []
    offers = reverse("admin:quizzes_questionrevision_from_annotations", args=[draft.pk])
    assert client.get(offers).status_code == 302
    AnnotationSet.objects.filter(purpose="blind").update(closed_at=timezone.now())
    assert set(rows_shown(client, Annotation)) == {key, hidden}
    assert client.get(offers).status_code == 200
