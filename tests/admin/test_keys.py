"""What is right: in the admin for who writes and reviews questions, and for no mere teacher."""

import html

import pytest

from accounts import roles
from accounts.models import Organisation
from articles.models import Annotation, Article
from articles.publishing import copy_draft, publish
from courses.models import LessonRevision
from quizzes.models import Question, QuestionKey
from quizzes.types import registry
from tests.admin.pages import address, page_of, said
from tests.admin.staff import with_role
from tests.factories.accounts import OrganisationMemberFactory, StaffFactory
from tests.factories.articles import AnnotationFactory, ArticleRevisionFactory
from tests.factories.courses import LessonRevisionFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db
CANARY = "Canaryword"
each_role = pytest.mark.parametrize(
    ("role", "sees"), [(role, role in roles.WRITERS) for role in roles.ROLES], ids=roles.ROLES
)


@pytest.fixture
def work_of(client):
    """Signs somebody in with a role, and returns the organisation that they work for."""

    def sign_in(role):
        person = with_role(StaffFactory(), role)
        client.force_login(person)
        return OrganisationMemberFactory(user=person).organisation

    return sign_in


@each_role
def test_what_changed_in_a_key_is_for_who_sees_keys(client, work_of, role, sees):
    ours = work_of(role)
    question = QuestionFactory(organisation=ours)
    key = QuestionKey.objects.get(revision=copy_draft(of=question.published))
    key.key["feedback"]["engineer"] = CANARY
    key.save()
    old = ArticleRevisionFactory(text="He said so.", article__organisation=ours)
    AnnotationFactory(set__revision=old, start=3, end=7, exact="said")
    publish(revision=old)
    Annotation.objects.filter(set__revision=copy_draft(of=old)).update(rationale=CANARY)
    for row in (question, Article.objects.get(pk=old.article_id)):
        response = client.get(address(type(row), "differences", row.pk))
        assert response.status_code == 200
        assert (CANARY in response.content.decode()) is sees, row


def lesson_with(quiz, organisation):
    step = {"key": "q", "kind": "quiz", "title": "Q", "quiz": quiz}
    return LessonRevisionFactory(lesson__module__course__organisation=organisation, steps=[step])


def answered(client, lesson, position=1):
    url = address(LessonRevision, "preview_item", lesson.pk, "q", position)
    return client.post(url, {"chosen": registry.get("single_choice").example.right.chosen})


@each_role
def test_a_preview_judges_a_graded_quiz_for_who_sees_keys(client, work_of, role, sees):
    ours = work_of(role)
    quiz = QuizFactory(organisation=ours, revision__questions=[QuestionFactory(), QuestionFactory()])
    lesson = lesson_with(quiz, ours)
    response = answered(client, lesson)
    if sees:
        assert "Your answer: right" in html.unescape(response.content.decode())
        return
    assert response["Location"] == address(LessonRevision, "preview_item", lesson.pk, "q", 2)
    assert answered(client, lesson, 2)["Location"] == page_of(lesson)
    told = said(client.get(page_of(lesson)))
    assert told == ["Your answer was not judged: what is right here is for those who write it."] * 2
    assert answered(client, lesson, 3).status_code == 404


def test_a_preview_judges_for_a_teacher_what_practice_tells_everybody(client, work_of):
    work_of(roles.TEACHER)
    quiz = QuizFactory(mode="practice", revision__questions=[QuestionFactory()], revision__feedback="at_once")
    lesson = lesson_with(quiz, Organisation.objects.shared())
    lesson.published_at = lesson.created_at
    lesson.save()
    assert "Your answer: right" in html.unescape(answered(client, lesson).content.decode())


def test_keys_and_figures_have_no_address_for_a_teacher(client, work_of):
    ours = work_of(roles.TEACHER)
    question = QuestionFactory(organisation=ours)
    quiz = QuizFactory(organisation=ours, revision__questions=[question])
    pages = [
        page_of(question.published.answer_key),
        address(QuestionKey, "changelist"),
        address(type(quiz), "figures", quiz.pk),
        address(Question, "history", question.pk),
    ]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403, 200]
