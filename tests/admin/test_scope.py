"""Whose rows staff see who are not superusers."""

import pytest
from django.contrib.auth.models import Permission

from accounts import roles
from accounts.models import Cohort, JoinCode, Organisation, User
from articles.models import Article, ArticleRevision
from courses.models import CohortCourse, Course
from quizzes.models import Question, QuestionKey, QuestionRevision
from tests.admin.pages import act, address, form_data, page_of, rows_shown, said
from tests.admin.rows import UNDER_A_CLASS
from tests.admin.staff import with_role
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.articles import ArticleFactory, ArticleRevisionFactory, DraftArticleFactory
from tests.factories.courses import CourseFactory
from tests.factories.quizzes import DraftQuestionFactory, QuestionFactory, QuestionRevisionFactory

pytestmark = pytest.mark.django_db
each_model = pytest.mark.parametrize("model", UNDER_A_CLASS, ids=lambda model: model._meta.label)


@each_model
def test_a_teacher_sees_what_is_under_their_class_and_nothing_else(client, taught, model):
    ours, theirs = (UNDER_A_CLASS[model](cohort=cohort) for cohort in (taught, CohortFactory()))
    shown = rows_shown(client, model)
    assert (ours in shown, theirs in shown) == (True, False)
    assert client.get(page_of(ours)).status_code == 200
    assert client.get(page_of(theirs)).status_code == 404


@each_model
def test_a_site_admin_sees_what_is_under_the_classes_of_their_organisation(client, school, model):
    cohorts = CohortFactory(organisation=school), CohortFactory()
    ours, theirs = (UNDER_A_CLASS[model](cohort=cohort) for cohort in cohorts)
    shown = rows_shown(client, model)
    assert (ours in shown, theirs in shown) == (True, False)
    assert client.get(page_of(theirs)).status_code == 404


def test_a_teacher_does_not_see_the_class_in_which_they_learn(client, teacher):
    learns = CohortMemberFactory(user=teacher)
    assert learns.cohort not in rows_shown(client, Cohort)
    assert learns not in rows_shown(client, type(learns))


def test_a_site_admin_without_an_organisation_sees_no_class(client):
    client.force_login(with_role(StaffFactory(), roles.SITE_ADMIN))
    CohortFactory()
    assert rows_shown(client, Cohort) == []


@pytest.mark.parametrize("model", [Article, Question])
def test_an_author_sees_the_content_of_their_organisation_and_what_is_published_of_the_shared(client, model):
    published = {Article: ArticleFactory, Question: QuestionFactory}[model]
    draft = {Article: DraftArticleFactory, Question: DraftQuestionFactory}[model]
    author = with_role(StaffFactory(), roles.AUTHOR)
    mine = OrganisationMemberFactory(user=author).organisation
    seen = {draft(organisation=mine), published()}
    unseen = {draft(), published(organisation=OrganisationFactory())}
    client.force_login(author)
    assert set(rows_shown(client, model)) == seen
    assert {client.get(page_of(row)).status_code for row in unseen} == {404}


def test_an_author_does_not_see_a_draft_of_what_is_shared(client):
    author = with_role(StaffFactory(), roles.AUTHOR)
    mine = OrganisationMemberFactory(user=author).organisation
    published = QuestionFactory()
    QuestionRevisionFactory(question=published)
    own = QuestionRevisionFactory(question__organisation=mine)
    client.force_login(author)
    assert set(rows_shown(client, QuestionRevision)) == {published.published, own}
    assert {key.revision for key in rows_shown(client, QuestionKey)} == {published.published, own}


def test_a_teacher_sees_no_key(client, teacher):
    assert client.get(address(QuestionKey, "changelist")).status_code == 403


def test_a_site_admin_changes_nothing_that_is_shared(client, school):
    article, course = ArticleFactory(), CourseFactory()
    draft = ArticleRevisionFactory(article=article)
    act(client, "archive", article)
    act(client, "archive", course)
    article.refresh_from_db()
    course.refresh_from_db()
    assert (article.archived_at, course.archived_at) == (None, None)
    assert client.get(page_of(course)).context["has_change_permission"] is False
    assert draft not in rows_shown(client, ArticleRevision)


def test_a_site_admin_archives_what_their_organisation_owns(client, school):
    course = CourseFactory(organisation=school)
    assert said(act(client, "archive", course)) == ["1 row was changed."]
    course.refresh_from_db()
    assert course.archived_at is not None
    act(client, "restore", course)
    course.refresh_from_db()
    assert course.archived_at is None


def test_a_guessed_class_is_no_choice(client, school):
    other = CohortFactory()
    response = client.post(address(JoinCode, "add"), {"cohort": other.pk})
    assert response.status_code == 200
    assert list(response.context["adminform"].errors) == ["cohort"]
    assert JoinCode.objects.count() == 0


def test_a_class_takes_a_shared_course(client, school):
    cohort, course = CohortFactory(organisation=school), CourseFactory()
    client.post(address(CohortCourse, "add"), {"cohort": cohort.pk, "course": course.pk})
    assert CohortCourse.objects.values_list("cohort", "course").get() == (cohort.pk, course.pk)


@pytest.mark.parametrize(
    ("field", "model"), [("user", "cohortmember"), ("cohort", "cohortmember"), ("course", "cohortcourse")]
)
def test_autocomplete_offers_only_what_may_be_seen(client, school, field, model):
    room = "courses" if model == "cohortcourse" else "accounts"
    cohort = CohortFactory(organisation=school)
    ours = {"user": CohortMemberFactory(cohort=cohort).user, "cohort": cohort}
    ours["course"] = CourseFactory(organisation=school)
    CohortMemberFactory()
    CourseFactory(organisation=OrganisationFactory())
    query = {"app_label": room, "model_name": model, "field_name": field, "term": ""}
    found = {result["id"] for result in client.get("/admin/autocomplete/", query).json()["results"]}
    myself = {str(User.objects.get(pk=client.session["_auth_user_id"]).pk)} if field == "user" else set()
    assert found == {str(ours[field].pk)} | myself


def test_autocomplete_bears_a_nul(head):
    query = {"app_label": "accounts", "model_name": "cohortmember", "field_name": "user", "term": "a\0b"}
    assert head.get("/admin/autocomplete/", query).status_code == 200


def test_filters_name_no_class_of_others(client, school):
    for cohort in CohortFactory(organisation=school, name="Ours"), CohortFactory(name="Not ours"):
        UNDER_A_CLASS[JoinCode](cohort=cohort)
    assert b"Not ours" not in client.get(address(JoinCode, "changelist")).content


def test_site_admins_may_all_but_what_the_site_itself_needs():
    """Groups, permissions, second factors and the mail addresses of allauth are the superuser's."""
    granted = Permission.objects.filter(group__name=roles.SITE_ADMIN)
    rooms = set(granted.values_list("content_type__app_label", flat=True))
    assert rooms == {
        "accounts",
        "articles",
        "quizzes",
        "courses",
        "integrations",
        "admin",
    }  # what was done: to be seen only


def test_who_writes_who_publishes_and_who_sees_no_work():
    def granted(role):
        rows = Permission.objects.filter(group__name=role).values_list("codename", "content_type__model")
        return {codename for codename, _model in rows}

    author, reviewer, admin = map(granted, roles.WRITERS)
    published = {"articlerevision", "questionrevision", "quizrevision", "lessonrevision", "course"}
    assert reviewer - author == {f"publish_{model}" for model in published}
    assert reviewer <= admin
    assert {codename for codename in granted(roles.TEACHER) if not codename.startswith("view_")} == {
        "change_user",
        "start_cohort",
    }
    assert not {codename for codename in reviewer if "attempt" in codename or "evidence" in codename}


def test_organisations_are_their_peoples_own(client, school):
    OrganisationFactory()
    assert rows_shown(client, Organisation) == [school]
    data = form_data(client.get(page_of(school))) | {"name": "Another name"}
    client.post(page_of(school), data)
    school.refresh_from_db()
    assert school.name == "Another name"


def test_a_pupil_who_left_is_not_shown_any_more(client, taught):
    left = CohortMemberFactory(cohort=taught, user=UserFactory())
    left.left_at = left.joined_at
    left.save()
    assert left.user not in rows_shown(client, User)


def test_a_course_of_another_organisation_is_not_there(client, school):
    course = CourseFactory(organisation=OrganisationFactory())
    assert course not in rows_shown(client, Course)
    assert client.get(page_of(course)).status_code == 404
