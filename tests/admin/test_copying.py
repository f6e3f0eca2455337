"""“Copy to our organisation”: what is shared becomes drafts of one's own, deep enough to work."""

import pytest

from accounts import roles
from accounts.models import Organisation
from articles.models import Annotation, Article
from courses import publishing
from courses.bundles.load import load
from courses.models import Course
from quizzes.models import Question, Quiz
from tests.admin.pages import act, said
from tests.admin.staff import with_role
from tests.courses.bundles.plain_bundle import write_bundle
from tests.factories.accounts import OrganisationMemberFactory, StaffFactory
from tests.factories.articles import DraftArticleFactory, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client, tmp_path):
    """An author of one organisation, signed in; the site ships one course."""
    for slug in ("attribution", "loaded-language"):
        SkillFactory(slug=slug)
    load(write_bundle(tmp_path), Organisation.objects.shared())
    person = OrganisationMemberFactory(user=with_role(StaffFactory(), roles.AUTHOR)).user
    client.force_login(person)
    return person


def ours(model, author):
    return model.objects.get(organisation=author.organisation_memberships.get().organisation)


def test_an_article_is_copied_with_its_annotations(client, author):
    response = act(client, "copy_here", Article.objects.get())
    copy = ours(Article, author)
    draft = copy.revisions.get()
    assert (copy.bundle, copy.ref, copy.published, draft.created_by) == ("", "the-night-ferry", None, author)
    assert Annotation.objects.filter(set__revision=draft).count() == 4
    assert said(response)[-1] == "1 copy was made. It is a draft that you can change."


def test_a_quiz_is_copied_with_its_questions(client, author):
    shared = Quiz.objects.get(ref="try")
    act(client, "copy_here", shared)
    draft = ours(Quiz, author).revisions.get()
    slots = list(draft.slots.all())
    assert [slot.question.organisation for slot in slots] == [draft.quiz.organisation] * 2
    assert [slot.points for slot in slots] == [1, 2.5]
    assert [slot.question.revisions.get().answer_key.key["spans"] != [] for slot in slots] == [True] * 2


def test_a_course_is_copied_deep_enough_to_be_published(client, author):
    act(client, "copy_here", Course.objects.get())
    copy = ours(Course, author)
    assert (copy.title, copy.published_at, copy.opening.organisation) == (
        "Read the ferry",
        None,
        copy.organisation,
    )
    lessons = list(copy.lessons.order_by("position"))
    assert [lesson.ref for lesson in lessons] == ["who", "end"]
    steps = [step for lesson in lessons for step in lesson.revisions.get().steps.all()]
    assert {step.quiz.organisation for step in steps if step.quiz} == {copy.organisation}
    for lesson in lessons:
        publishing.publish_together(revision=lesson.revisions.get(), by=author)
    publishing.publish_course(course=copy)
    assert Question.objects.live().filter(organisation=copy.organisation).count() == 3


def test_what_is_not_published_is_not_copied(client, author):
    draft = DraftArticleFactory(organisation=author.organisation_memberships.get().organisation)
    assert "is not published" in said(act(client, "copy_here", draft))[0]


def test_who_works_nowhere_is_told_so(head):
    DraftArticleFactory()
    assert "You work for no organisation yet" in said(act(head, "copy_here", Article.objects.first()))[0]
