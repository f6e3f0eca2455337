"""Annotations as W3C Web Annotations: where they stand is true of the text, and only published keys are told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation
from articles import publishing, revising
from articles.api import annotations
from articles.models import Annotation, AnnotationSet, ArticleRevision
from articles.text.positions import selector
from tests.factories.accounts import UserFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
    SkillFactory,
)
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
#: Letters of one, two and three UTF-16 units, and of several code points.
TEXT = "🛳️ The board 🇳🇴 voted.\nNaïve 𝒜 readers 👩‍🚀 believe the mayor.\nNobody came."
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
SITE = "http://testserver/api/v1"


def annotate(layer: AnnotationSet, quote: str, **fields: Any) -> Annotation:
    text = layer.revision.text
    start = text.index(quote)
    end = start + len(quote)
    made: Annotation = AnnotationFactory(
        set=layer, start=start, end=end, **selector(text, start, end)._asdict(), **fields
    )
    return made


@pytest.fixture
def revision(school: Organisation) -> ArticleRevision:
    """Published, with three annotations in its key and one of a second keyer."""
    draft: ArticleRevision = ArticleRevisionFactory(
        article=DraftArticleFactory(organisation=school), text=TEXT, language="en-GB"
    )
    layer = AnnotationSetFactory(revision=draft)
    said = {"instead": "“some readers”", "minority": "It is a joke.", "readings": 2}
    judging = SkillFactory(slug="loaded-language")
    annotate(layer, "Naïve 𝒜 readers", ref="naive", skill=judging, rationale="It judges.", **said)
    annotate(layer, "The board 🇳🇴 voted", ref="vote", kind="foil", rationale="")
    annotate(layer, "Nobody came", ref="nobody", kind="acceptable")
    publishing.publish(revision=draft)
    blind = AnnotationSetFactory(revision=draft, purpose=AnnotationSet.Purpose.BLIND, keyer=UserFactory())
    annotate(blind, "believe the mayor", ref="blind")
    AnnotationSet.objects.filter(pk=blind.pk).update(closed_at=timezone.now())
    return draft


def all_of(lms: Program, revision: ArticleRevision, query: str = "", **headers: str) -> Any:
    return lms.get(f"/articles/{revision.article.uuid}/annotations/{query}", **headers)


def test_a_text_s_key_is_a_collection_of_annotations(program: Programs, revision: ArticleRevision) -> None:
    told = all_of(program(), revision).json()
    address = f"{SITE}/articles/{revision.article.uuid}"
    items = told["first"].pop("items")
    assert told == {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"caveat": "urn:read-it-twice:terms/"}],
        "id": f"{address}/annotations/",
        "type": "AnnotationCollection",
        "label": "The night ferry",
        "total": 3,
        "first": {"id": f"{address}/annotations/?page=1", "type": "AnnotationPage", "startIndex": 0},
        "last": f"{address}/annotations/?page=1",
    }
    plain = {"type": "TextualBody", "format": "text/plain", "language": "en-GB"}
    row = Annotation.objects.get(ref="naive")
    assert items[1] == {
        "id": f"{SITE}/annotations/{row.uuid}/",
        "type": "Annotation",
        "motivation": "classifying",
        "caveat:kind": "required",
        "caveat:ref": "naive",
        "caveat:readings": 2,
        "body": [
            {"type": "SpecificResource", "purpose": "classifying", "source": f"{SITE}/skills/S6/"},
            {**plain, "purpose": "describing", "value": "It judges."},
            {**plain, "purpose": "editing", "value": "“some readers”"},
            {**plain, "purpose": "questioning", "value": "It is a joke."},
        ],
        "target": {
            "type": "SpecificResource",
            "source": f"{address}/revisions/1/",
            "selector": [
                {"type": "TextPositionSelector", "start": row.start, "end": row.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": "Naïve 𝒜 readers",
                    "prefix": TEXT[: row.start],
                    "suffix": TEXT[row.end : row.end + 32],
                },
            ],
        },
    }


def test_selectors_name_the_same_words_of_the_text_that_they_point_at(
    program: Programs, revision: ArticleRevision
) -> None:
    """https://www.w3.org/TR/annotation-model/#text-position-selector: positions are in code points."""
    lms = program()
    items = all_of(lms, revision).json()["first"]["items"]
    assert [item["caveat:ref"] for item in items] == ["vote", "naive", "nobody"]
    for item in items:
        source = item["target"]["source"].removeprefix(SITE)
        text = lms.get(source, Accept="text/plain").content.decode()
        position, quote = item["target"]["selector"]
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])


def test_each_annotation_and_skill_is_at_the_address_that_names_it(
    program: Programs, revision: ArticleRevision
) -> None:
    lms = program()
    item = all_of(lms, revision).json()["first"]["items"][0]
    one = lms.get(item["id"].removeprefix(SITE)).json()
    assert one == {"@context": annotations.CONTEXT, **item}
    skill = lms.get(item["body"][0]["source"].removeprefix(SITE)).json()
    assert skill["slug"] == "attribution"


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        pytest.param("*/*", "application/json", id="anything"),
        pytest.param("application/json", "application/json", id="JSON"),
        pytest.param(PROFILE, PROFILE, id="annotations"),
        pytest.param("application/ld+json", "application/ld+json", id="JSON-LD"),
    ],
)
def test_annotations_come_under_the_name_that_is_asked_for(
    program: Programs, revision: ArticleRevision, accepted: str, given: str
) -> None:
    lms = program()
    answer = all_of(lms, revision, Accept=accepted)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, given)
    assert answer.json()["total"] == 3


def test_what_a_second_keyer_marked_and_what_is_a_draft_is_told_to_no_program(
    program: Programs, revision: ArticleRevision
) -> None:
    lms = program()
    draft = revising.revise(article=revision.article)
    hidden = Annotation.objects.exclude(set__revision=revision, set__purpose="key")
    assert {one.ref for one in hidden} == {"blind", "vote", "naive", "nobody"}
    assert {lms.get(f"/annotations/{one.uuid}/").status_code for one in hidden} == {404}
    assert all_of(lms, revision).json()["total"] == 3
    assert all_of(lms, revision, f"?revision={draft.number}").status_code == 404


def test_a_revision_that_was_followed_by_another_keeps_its_annotations(
    program: Programs, revision: ArticleRevision
) -> None:
    lms = program()
    first = all_of(lms, revision).json()["first"]["items"]
    article = revision.article
    article.refresh_from_db()
    revising.republish(article=article, title="The day ferry")
    newer = all_of(lms, revision).json()["first"]["items"]
    assert not {one["id"] for one in first} & {one["id"] for one in newer}
    assert all_of(lms, revision, "?revision=1").json()["first"]["items"] == first


def test_a_long_key_comes_in_pages(
    program: Programs, revision: ArticleRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotations, "PAGE_SIZE", 2)
    lms = program()
    told = all_of(lms, revision).json()
    last = lms.http.get(told["first"]["next"], headers=lms.headers).json()
    assert told["last"] == last["id"]
    assert last["partOf"] == {"id": told["id"], "type": "AnnotationCollection", "total": 3}
    assert (last["startIndex"], "next" in last, last["prev"]) == (2, False, told["first"]["id"])
    assert [one["caveat:ref"] for one in (*told["first"]["items"], *last["items"])] == [
        "vote",
        "naive",
        "nobody",
    ]
    assert all_of(lms, revision, "?page=3").status_code == 400


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?revision=-1", "?pages=1"])
def test_a_collection_that_cannot_be_shown_says_why(
    program: Programs, revision: ArticleRevision, query: str
) -> None:
    refused = all_of(program(), revision, query)
    name = query[1:].partition("=")[0]
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, f"/{name}")


def test_a_key_of_100_asks_no_more_than_a_key_of_one(program: Programs, school: Organisation) -> None:
    lms, asked = program(), []
    for rows in (1, 100):
        draft = ArticleRevisionFactory(article=DraftArticleFactory(organisation=school))
        first = AnnotationFactory(set=AnnotationSetFactory(revision=draft))
        said = {name: getattr(first, name) for name in ("skill", "kind", "start", "end", "exact")}
        Annotation.objects.bulk_create(
            Annotation(set=first.set, ref=f"copy-{number}", **said) for number in range(rows - 1)
        )
        publishing.publish(revision=draft)
        with CaptureQueriesContext(connection) as captured:
            assert all_of(lms, draft).json()["total"] == rows
        asked.append(len(captured))
    assert asked[0] == asked[1]
