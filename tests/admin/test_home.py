"""The admin's first page: go on, drafts, what needs somebody, where to begin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from accounts.admin import home
from articles import revising
from articles.models import AnnotationSet, ArticleRevision
from articles.publishing import copy_draft, publish
from courses.bundles import waiting
from courses.models import LessonRevision
from quizzes.models import QuestionOrphan
from tests.admin.pages import act, address, page_of
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleFactory,
    ArticleRevisionFactory,
    OrphanFactory,
)
from tests.factories.courses import LessonFactory, LessonRevisionFactory
from tests.factories.quizzes import QuestionRevisionFactory, QuizRevisionFactory

pytestmark = pytest.mark.django_db
HOME = "/admin/"


@pytest.fixture
def reviewer(client):
    """A reviewer of one organisation, signed in."""
    person = OrganisationMemberFactory(user=with_role(StaffFactory(), roles.REVIEWER)).user
    client.force_login(person)
    return person


def employer(person):
    return person.organisation_memberships.get().organisation


def drafts(organisation, by=None):
    return [
        ArticleRevisionFactory(article__organisation=organisation, by=by),
        QuestionRevisionFactory(question__organisation=organisation, by=by),
        QuizRevisionFactory(quiz__organisation=organisation, by=by),
        LessonRevisionFactory(lesson__module__course__organisation=organisation, by=by),
    ]


def test_drafts_of_the_organisation_are_shown_the_oldest_first(client, reviewer):
    mine = drafts(employer(reviewer), by=reviewer)
    older = ArticleRevisionFactory(article__organisation=employer(reviewer))
    type(older).objects.filter(pk=older.pk).update(created_at="2020-01-01T00:00Z")
    others = drafts(OrganisationMemberFactory().organisation)
    response = client.get(HOME)
    groups = response.context["draft_groups"]
    assert [len(group.drafts) for group in groups] == [2, 1, 1, 1]
    assert [draft.url for draft in groups[0].drafts] == [page_of(older), page_of(mine[0])]
    assert [draft.is_mine for draft in groups[0].drafts] == [False, True]
    shown = response.content.decode()
    assert all(page_of(draft) in shown for draft in mine)
    assert not any(page_of(draft) in shown for draft in others)


def test_reviewers_are_told_of_drafts_that_wait_for_them_and_authors_are_not(client, reviewer):
    drafts(employer(reviewer), by=reviewer)
    drafts(employer(reviewer))
    assert [need.words[:18] for need in client.get(HOME).context["needs"]] == ["1 draft of others "] * 4
    reviewer.groups.clear()
    with_role(reviewer, roles.AUTHOR)
    assert client.get(HOME).context["needs"] == []


def test_blind_readings_and_uploads_wait_for_whoever_began_them(client, reviewer, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    for keyer in (reviewer, StaffFactory()):
        revision = ArticleFactory(organisation=employer(reviewer)).published
        blind = AnnotationSetFactory(revision=revision, purpose=AnnotationSet.Purpose.BLIND, keyer=keyer)
        waiting.keep(file=SimpleUploadedFile("b.zip", b"x"), by=keyer)
        if keyer == reviewer:
            mine = blind
    token = waiting.tokens(reviewer)[0]
    upload = reverse("admin:courses_course_import_preview", args=[token, employer(reviewer).pk])
    assert [need.url for need in client.get(HOME).context["needs"]] == [page_of(mine), upload]


def test_what_lost_its_place_waits_for_its_organisation(client, reviewer):
    ours, theirs = employer(reviewer), OrganisationFactory()
    for organisation in (ours, theirs):
        row = AnnotationFactory(set__revision__article__organisation=organisation, to_confirm=True)
        OrphanFactory(revision=row.set.revision)
        question = QuestionRevisionFactory(question__organisation=organisation).question
        QuestionOrphan.objects.create(question=question, article_revision=row.set.revision, reason="passage")
    reviewer.groups.clear()
    with_role(reviewer, roles.AUTHOR)
    draft = ArticleRevision.objects.get(article__organisation=ours, published_at=None)
    needs = client.get(HOME).context["needs"]
    assert [need.words for need in needs] == [
        f"Annotations of “{draft.title}”: 1 without a place, 1 to confirm",
        "1 question could not follow its article",
    ]
    assert needs[0].url == page_of(draft)


def test_what_was_edited_last_comes_first_and_what_is_gone_is_left_out(client, reviewer):
    kept = drafts(employer(reviewer), by=reviewer)[0]
    gone = copy_draft(of=ArticleFactory(organisation=employer(reviewer)).published, by=reviewer)
    act(client, "publish", kept)
    act(client, "discard", gone)
    assert [one.url for one in client.get(HOME).context["recent"]] == [page_of(kept)]


def test_buttons_lead_to_what_somebody_may_make(client, reviewer):
    starts = [str(words) for words, _ in client.get(HOME).context["starts"]]
    assert {"Build a quiz", "Build a lesson", "Make a course"} <= set(starts)
    for _words, url in client.get(HOME).context["starts"]:
        assert client.get(url).status_code == 200
    client.force_login(with_role(StaffFactory(), roles.TEACHER))
    assert client.get(HOME).context["starts"] == []


def test_the_first_page_takes_as_many_queries_for_many_rows_as_for_one(client, reviewer):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        return len(captured)

    def more():
        made = drafts(employer(reviewer), by=reviewer)
        drafts(employer(reviewer))
        act(client, "publish", made[0])

    client.get(HOME)
    more()
    one = queries()
    for _more in range(2):
        more()
    assert queries() == one <= 20


def test_content_comes_in_the_order_in_which_it_is_made(head):
    apps = head.get(HOME).context["app_list"]
    assert [app["app_label"] for app in apps][:4] == ["articles", "quizzes", "courses", "accounts"]
    assert [model["object_name"] for model in apps[1]["models"]][:2] == ["Question", "Quiz"]


def test_lessons_whose_paragraphs_have_no_place_wait_for_their_authors(client, reviewer):
    article = ArticleFactory(
        organisation=employer(reviewer), revision__text="The board voted.\nIt wants the pier."
    )
    step = {"key": "it", "kind": "read", "title": "Read", "article": article, "first_line": 1, "last_line": 1}
    lesson = LessonFactory(module__course__organisation=employer(reviewer), revision__steps=[step])
    newer = revising.revise(article=article)
    revising.edit(revision=newer, text="It wants the pier.", blocks=["p"])
    newer.refresh_from_db()
    publish(revision=newer)
    draft = LessonRevision.objects.drafts().get(lesson=lesson)
    assert (
        home.Need(
            f"“{draft.title}”: paragraphs have no place in the new text of their article. Choose them again.",
            address(LessonRevision, "check", draft.pk),
        )
        in client.get(HOME).context["needs"]
    )
