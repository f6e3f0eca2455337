"""Authors write drafts, reviewers publish them."""

import pytest

from accounts import roles
from articles.models import Article
from articles.publishing import copy_draft
from courses.models import Course
from tests.admin.pages import act, page_of
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationMemberFactory, StaffFactory
from tests.factories.articles import ArticleFactory, ArticleRevisionFactory, DraftArticleFactory
from tests.factories.courses import CourseFactory, DraftLessonFactory, LessonFactory, ModuleFactory
from tests.factories.quizzes import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    """An author of one organisation, signed in."""
    author = with_role(StaffFactory(display_name="Ann"), roles.AUTHOR)
    OrganisationMemberFactory(user=author)
    client.force_login(author)
    return author


def employer(user):
    return user.organisation_memberships.get().organisation


def colleague(user, role, **made):
    return OrganisationMemberFactory(
        organisation=employer(user), user=with_role(StaffFactory(**made), role)
    ).user


def test_an_author_alone_publishes_nothing(client, author):
    draft = ArticleRevisionFactory(article__organisation=employer(author))
    act(client, "publish", draft)
    draft.refresh_from_db()
    assert draft.is_draft


def test_who_is_author_and_reviewer_publishes_alone(client, author):
    with_role(author, roles.REVIEWER)
    draft = ArticleRevisionFactory(article__organisation=employer(author))
    act(client, "publish", draft)
    draft.refresh_from_db()
    assert (draft.is_draft, draft.published_by) == (False, author)


def test_an_author_discards_a_draft(client, author):
    question = QuestionFactory(organisation=employer(author))
    act(client, "discard", copy_draft(of=question.published))
    assert list(question.revisions.all()) == [question.published]


def test_the_page_of_a_draft_says_who_publishes(client, author):
    draft = ArticleRevisionFactory(article__organisation=employer(author))
    shown = client.get(page_of(draft)).content.decode()
    assert f"{employer(author)} has no reviewer yet." in shown
    colleague(author, roles.REVIEWER, display_name="Bea")
    colleague(author, roles.SITE_ADMIN, display_name="Cy")
    colleague(author, roles.REVIEWER, display_name="Dot", is_active=False)
    with_role(StaffFactory(display_name="Elsewhere"), roles.REVIEWER)
    assert "You can ask Bea, Cy." in client.get(page_of(draft)).content.decode()
    with_role(author, roles.REVIEWER)
    assert "who-publishes" not in client.get(page_of(draft)).content.decode()


def test_an_author_archives_only_what_was_never_published(client, author):
    ours = {"organisation": employer(author)}
    draft, published = DraftArticleFactory(**ours), ArticleFactory(**ours)
    act(client, "archive", draft, published)
    assert list(Article.objects.exclude(archived_at=None)) == [draft]
    with_role(author, roles.REVIEWER)
    act(client, "archive", published)
    assert Article.objects.exclude(archived_at=None).count() == 2


@pytest.mark.parametrize(("is_open", "role", "may"), [(0, 0, 1), (1, 0, 0), (1, 1, 1)])
def test_who_changes_the_outline_of_a_course(client, author, is_open, role, may):
    """It is live: what stands there is what learners meet."""
    if role:
        with_role(author, roles.REVIEWER)
    course = CourseFactory(organisation=employer(author))
    rows = [course, ModuleFactory(course=course), LessonFactory(module__course=course)]
    if not is_open:
        Course.objects.update(published_at=None)
    for row in rows:
        assert client.get(page_of(row)).context["has_change_permission"] is bool(may), row


def test_an_author_moves_a_lesson_that_nobody_has_met(client, author):
    lesson = DraftLessonFactory(module__course__organisation=employer(author))
    assert client.get(page_of(lesson)).context["has_change_permission"] is True
