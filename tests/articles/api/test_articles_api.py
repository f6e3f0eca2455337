"""Skills and articles for programs: what is published, in the same shape everywhere; changes publish anew."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation
from articles import publishing, revising
from articles.models import Annotation, Article, ArticleRevision
from integrations.models import ApiEntry
from quizzes.models import QuestionRevision
from quizzes.publishing import From
from tests.factories.accounts import OrganisationFactory
from tests.factories.articles import (
    TEXT,
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
)
from tests.factories.quizzes import QuestionFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def shown(lms: Program, article: Article) -> Any:
    return lms.get(f"/articles/{article.uuid}/")


def change(lms: Program, article: Article, body: Any, tag: str = "") -> Any:
    tag = tag or shown(lms, article).headers["ETag"]
    return lms.patch(f"/articles/{article.uuid}/", body, If_Match=tag)


def annotated(school: Organisation) -> Article:
    """An article whose second sentence is to be found."""
    revision = ArticleRevisionFactory(article=DraftArticleFactory(organisation=school), text=TEXT)
    start = TEXT.index("The board wants")
    end = TEXT.index("\n")
    AnnotationFactory(set=AnnotationSetFactory(revision=revision), start=start, end=end)
    publishing.publish(revision=revision)
    article: Article = revision.article
    return article


def test_skills_are_named_by_their_codes(program: Programs) -> None:
    lms = program()
    assert lms.get("/skills/S99/").status_code == 404
    listed = lms.get("/skills/").json()["results"]
    assert [skill["code"] for skill in listed] == [f"S{number}" for number in range(1, 13)]
    one = lms.get("/skills/S2/").json()
    assert one == listed[1]
    told = {name: one[name] for name in ("slug", "name", "polarity")}
    assert told == {"slug": "attribution", "name": "Who says so?", "polarity": True}


def test_an_article_is_told_with_its_text(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school, revision__text="Æ.\nAn hour.", revision__blocks=["h2", "p"])
    lms = program()
    whole = shown(lms, article).json()
    assert {name: whole[name] for name in ("text", "blocks", "words", "sentences")} == {
        "text": "Æ.\nAn hour.",
        "blocks": ["h2", "p"],
        "words": [[0, 1], [3, 5], [6, 10]],
        "sentences": [[0, 2], [3, 11]],
    }
    assert (whole["revision"], whole["title"], whole["shared"]) == (1, "The night ferry", False)
    line = lms.get("/articles/").json()["results"][0]
    assert line == {name: whole[name] for name in line}
    assert whole.keys() - line.keys() == {"text", "blocks", "words", "sentences"}


def test_what_is_published_here_and_by_the_site_is_told(program: Programs, school: Organisation) -> None:
    own = ArticleFactory(organisation=school)
    shared = ArticleFactory()
    ArticleRevisionFactory(article=DraftArticleFactory(organisation=school))
    ArticleFactory(organisation=OrganisationFactory())
    listed = program().get("/articles/").json()["results"]
    assert {row["uuid"]: row["shared"] for row in listed} == {str(own.uuid): False, str(shared.uuid): True}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("language=fr", ["french"], id="language"),
        pytest.param("bundle=ferry", ["english"], id="bundle"),
        pytest.param("ref=french", ["french"], id="ref"),
        pytest.param("archived=true", ["french"], id="archived"),
        pytest.param("archived=false", ["english"], id="in use"),
        pytest.param("language=fr&archived=false", [], id="both"),
    ],
)
def test_articles_are_narrowed(program: Programs, school: Organisation, query: str, found: list[str]) -> None:
    ArticleFactory(organisation=school, ref="english", bundle="ferry")
    ArticleFactory(organisation=school, ref="french", revision__language="fr", archived_at=timezone.now())
    listed = program().get(f"/articles/?{query}").json()["results"]
    assert [row["ref"] for row in listed] == found


def test_revisions_stay_where_they_are(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school)
    first = article.published
    article.refresh_from_db()
    revising.republish(article=article, text="Other words.", blocks=["p"])
    revising.revise(article=article)
    lms = program()
    path = f"/articles/{article.uuid}/revisions/"
    assert [row["revision"] for row in lms.get(path).json()["results"]] == [1, 2]
    assert [lms.get(f"{path}{number}/").status_code for number in (1, 2, 3)] == [200, 200, 404]
    assert lms.get(f"{path}1/").json()["text"] == first.text
    plain = lms.get(f"{path}1/", Accept="text/plain")
    assert (plain.content.decode(), plain.headers["Content-Type"]) == (
        first.text,
        "text/plain; charset=utf-8",
    )


def test_a_change_publishes_another_revision(program: Programs, school: Organisation) -> None:
    article = annotated(school)
    lms = program()
    before = shown(lms, article).json()
    answer = change(lms, article, {"title": "The day ferry", "content_note": "Quarrels."})
    assert answer.status_code == 200
    after = answer.json()
    told = {name for name in after if after[name] != before[name]}
    assert told == {"title", "content_note", "revision", "published_at", "updated_at"}
    assert (after["revision"], shown(lms, article).json()) == (2, after)
    kept = (
        Annotation.objects.filter(set__revision__article=article)
        .order_by("pk")
        .values_list("exact", flat=True)
    )
    assert list(kept) == ["The board wants the pier for cruise ships."] * 2
    entry = ApiEntry.objects.get()
    logged = (entry.scope, entry.object_uuid, entry.before["title"], entry.after["title"])
    assert logged == ("content:write", article.uuid, "The night ferry", "The day ferry")


def test_a_changed_text_takes_annotations_along_and_questions_as_drafts(
    program: Programs, school: Organisation
) -> None:
    article = annotated(school)
    article.refresh_from_db()
    asked = From(article.published, 0, len(TEXT.partition("\n")[0]))
    question = QuestionFactory(organisation=school, revision__passage=asked)
    answer = change(
        program(), article, {"text": TEXT.replace("The mayor came late", "The mayor came at ten")}
    )
    assert answer.status_code == 200
    assert answer.json()["text"].endswith("The mayor came at ten.")
    moved = Annotation.objects.get(set__revision__article=article, set__revision__number=2)
    assert moved.exact == answer.json()["text"][moved.start : moved.end]
    assert QuestionRevision.objects.drafts().filter(question=question).count() == 1


def test_a_change_that_changes_nothing_makes_no_revision(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school)
    lms = program()
    now = shown(lms, article).json()
    sent = {name: now[name] for name in ("title", "text", "blocks")}
    assert change(lms, article, sent).json() == now


def with_draft(article: Article) -> None:
    article.refresh_from_db()
    revising.revise(article=article)


@pytest.mark.parametrize(
    ("body", "status", "kind", "pointer"),
    [
        pytest.param(
            {"text": "Other words.\nThe mayor came."}, 409, "annotations-lose-their-place", None, id="lost"
        ),
        pytest.param({"text": "One line."}, 400, "invalid", "/blocks", id="lines without blocks"),
        pytest.param({"text": "…\n…"}, 400, "invalid", "/text", id="no words"),
        pytest.param({"title": ""}, 400, "invalid", "/title", id="no title"),
        pytest.param({"blocks": ["p", "h9"]}, 400, "invalid", "/blocks/1", id="an unknown block"),
    ],
)
def test_a_change_that_cannot_be_leaves_all_as_it_was(
    program: Programs, school: Organisation, body: Any, status: int, kind: str, pointer: str | None
) -> None:
    article = annotated(school)
    lms = program()
    refused = change(lms, article, body)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (status, kind)
    if pointer:
        assert refused.json()["errors"][0]["pointer"] == pointer
    assert ArticleRevision.objects.filter(article=article).count() == 1
    assert not ApiEntry.objects.exists()


def test_an_open_draft_is_not_passed_by(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school)
    with_draft(article)
    refused = change(program(), article, {"title": "The day ferry"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "draft-open")


def test_what_was_changed_meanwhile_is_not_written_over(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school)
    lms = program()
    tag = shown(lms, article).headers["ETag"]
    assert change(lms, article, {"title": "The day ferry"}, tag).status_code == 200
    assert change(lms, article, {"title": "The last ferry"}, tag).status_code == 412


def test_what_the_site_shares_is_only_read(program: Programs) -> None:
    article = ArticleFactory()
    refused = change(program(), article, {"title": "Ours now"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "content-of-others")


def test_what_is_archived_is_not_changed(program: Programs, school: Organisation) -> None:
    article = ArticleFactory(organisation=school, archived_at=timezone.now())
    refused = change(program(), article, {"title": "The day ferry"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "archived")
