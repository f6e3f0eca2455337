"""Who may do what to whose content: one table, looked up page by page."""

import pytest
from django.contrib import admin

from accounts import roles
from accounts.models import Organisation
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision
from courses.models import Course, Lesson, LessonRevision, Module, Step
from quizzes.models import (
    Question,
    QuestionKey,
    QuestionRevision,
    QuestionSkill,
    Quiz,
    QuizRevision,
    QuizSlot,
)
from tests.admin.pages import address, page_of, rows_shown
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationFactory, OrganisationMemberFactory, StaffFactory
from tests.factories.articles import AnnotationFactory, ArticleFactory, ArticleRevisionFactory
from tests.factories.courses import CourseFactory, LessonFactory, LessonRevisionFactory, ModuleFactory
from tests.factories.quizzes import QuestionFactory, QuestionRevisionFactory, QuizFactory, QuizRevisionFactory

pytestmark = pytest.mark.django_db
ROLES = (roles.TEACHER, *roles.WRITERS)


def annotation(organisation):
    return AnnotationFactory(set__revision__article__organisation=organisation)


def question(organisation):
    return QuestionRevisionFactory(question__organisation=organisation)


def quiz(organisation):
    return QuizRevisionFactory(quiz__organisation=organisation)


def lesson(organisation):
    return LessonRevisionFactory(lesson__module__course__organisation=organisation)


#: A draft of each table, of an organisation.
DRAFTS = {
    ArticleRevision: lambda o: ArticleRevisionFactory(article__organisation=o),
    AnnotationSet: lambda o: annotation(o).set,
    Annotation: annotation,
    QuestionRevision: question,
    QuestionKey: lambda o: question(o).answer_key,
    QuestionSkill: lambda o: question(o).question_skills.get(),
    QuizRevision: quiz,
    QuizSlot: lambda o: quiz(o).slots.get(),
    LessonRevision: lesson,
    Step: lambda o: lesson(o).steps.get(),
}
#: What is published, of an organisation.
PUBLISHED = {
    Article: lambda o: ArticleFactory(organisation=o),
    ArticleRevision: lambda o: ArticleFactory(organisation=o).published,
    Question: lambda o: QuestionFactory(organisation=o),
    QuestionRevision: lambda o: QuestionFactory(organisation=o).published,
    QuestionKey: lambda o: QuestionFactory(organisation=o).published.answer_key,
    Quiz: lambda o: QuizFactory(organisation=o),
    QuizRevision: lambda o: QuizFactory(organisation=o).published,
    Course: lambda o: CourseFactory(organisation=o),
    Module: lambda o: ModuleFactory(course__organisation=o),
    Lesson: lambda o: LessonFactory(module__course__organisation=o),
    LessonRevision: lambda o: LessonFactory(module__course__organisation=o).published,
}
#: Tables that no teacher sees: they hold what is right.
KEYS = {AnnotationSet, Annotation, QuestionKey}
#: Drafts whose own page is open; the others are written on the page of what they belong to.
WRITTEN = {ArticleRevision, QuestionRevision, QuizRevision, LessonRevision}


def signed_in(client, role):
    person = OrganisationMemberFactory(user=with_role(StaffFactory(), role)).user
    client.force_login(person)
    return person.organisation_memberships.get().organisation


def owners(ours):
    return {"own": ours, "shared": Organisation.objects.shared(), "other": OrganisationFactory()}


def opened(client, row):
    """What comes of opening a row's page: "no" right at all, "gone" as if it did not exist, "read" or "write"."""
    response = client.get(page_of(row))
    if response.status_code != 200:
        return {403: "no", 404: "gone"}[response.status_code]
    return "write" if response.context.get("has_change_permission") else "read"


def expected(role, model, owner, *, is_draft):
    if role == roles.TEACHER and model in KEYS:
        return "no"
    if owner == "other" or (owner == "shared" and is_draft):
        return "gone"
    if role == roles.TEACHER or owner == "shared":
        return "read"
    if is_draft:
        return "write" if model in WRITTEN else "any"
    may_publish = role in roles.PUBLISHERS
    return "write" if may_publish and model in {Course, Module, Lesson} else "read"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("makers", "is_draft"), [(DRAFTS, True), (PUBLISHED, False)], ids=["draft", "published"]
)
def test_who_opens_lists_writes_and_deletes_what(client, role, makers, is_draft):
    found, wanted = {}, {}
    organisations = owners(signed_in(client, role))
    for model, make in makers.items():
        rows = {owner: make(organisation) for owner, organisation in organisations.items()}
        listed = set() if role == roles.TEACHER and model in KEYS else set(rows_shown(client, model))
        for owner, row in rows.items():
            name = f"{owner} {model._meta.model_name}"
            wanted[name] = expected(role, model, owner, is_draft=is_draft)
            found[name] = opened(client, row)
            if wanted[name] == "any" and found[name] in {"read", "write"}:
                found[name] = "any"
            assert (row in listed) == (wanted[name] not in {"no", "gone"}), name
            assert not deleted(client, row), name
    assert found == wanted


def deleted(client, row):
    """Nothing is: a draft is discarded by its own page and action, an annotation taken out in the editor."""
    status = client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code
    assert status in {302, 403, 404}
    return not type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ROLES)
def test_who_makes_what(client, role):
    signed_in(client, role)
    request = client.get("/admin/").wsgi_request
    for model in {**DRAFTS, **PUBLISHED}:
        may = admin.site.get_model_admin(model).has_add_permission(request)
        assert client.get(address(model, "add")).status_code == (200 if may else 403), model
        assert not may or role in roles.WRITERS, model


@pytest.mark.parametrize("role", ROLES)
def test_who_has_which_actions(client, role):
    signed_in(client, role)
    request = client.get("/admin/").wsgi_request
    for model in (ArticleRevision, QuestionRevision, QuizRevision, LessonRevision):
        actions = admin.site.get_model_admin(model).get_actions(request)
        assert ("publish" in actions) is (role in roles.PUBLISHERS)
        assert ("discard" in actions) is (role in roles.WRITERS)
    for model in (Article, Question, Quiz, Course):
        actions = admin.site.get_model_admin(model).get_actions(request)
        assert ("copy_here" in actions) is (role in roles.WRITERS)
        assert ("archive" in actions) is (role in roles.WRITERS)
