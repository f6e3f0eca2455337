"""What the pages of courses ask of the database: the same, whatever the size of what they show."""

import pytest

from courses import progress
from courses.models import StepProgress
from quizzes import attempts
from quizzes.types import registry
from tests.factories.accounts import LearnerFactory, OrganisationMemberFactory
from tests.factories.articles import AnnotationFactory, AnnotationSetFactory, ArticleRevisionFactory
from tests.factories.courses import EXPLAIN, CourseFactory, EnrolmentFactory, LessonFactory, ModuleFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db


def article(notes):
    """A published article with `notes` notes on it."""
    from articles import publishing

    revision = ArticleRevisionFactory()
    key = AnnotationSetFactory(revision=revision)
    for start, end in [(0, 26), (27, 45), (46, 66)][:notes]:
        AnnotationFactory(set=key, start=start, end=end)
    publishing.publish(revision=revision)
    return revision.article


class World:
    """A learner of a course of `size` modules of `size` lessons, the first of each done and its quiz taken."""

    def __init__(self, size):
        self.course = CourseFactory()
        self.learner = LearnerFactory()
        self.taken = EnrolmentFactory(learner=self.learner, course=self.course)
        self.lessons = []
        for _number in range(size):
            module = ModuleFactory(course=self.course)
            self.lessons += [self.lesson(module, size) for _number in range(size)]
        for lesson in self.lessons:
            progress.complete(enrolment=self.taken, lesson=lesson, step_key="explain")
        for type in ["mark_spans", "classify", "single_choice"][:size]:
            attempt = attempts.start(
                learner=self.learner,
                quiz=QuizFactory(revision__questions=[QuestionFactory(revision__type=type)]),
            )
            right = registry.get(type).example.right.model_dump(mode="json")
            attempts.save_response(item=attempt.items.get(), sequence=1, data=right)
            attempts.submit(attempt=attempt)

    @staticmethod
    def lesson(module, size):
        read = {"key": "read", "kind": "read", "title": "A reading", "article": article(size)}
        asked = {"key": "quiz", "kind": "quiz", "title": "A quiz", "quiz": QuizFactory()}
        more = [{**EXPLAIN, "key": f"more-{number}"} for number in range(size)]
        return LessonFactory(module=module, revision__steps=[EXPLAIN, read, asked, *more])


def statements_of(client, url, status=200, post=False):
    client.get("/progress/")  # what a session does once is no part of a page
    with Statements() as statements:
        response = client.post(url) if post else client.get(url)
    assert response.status_code == status
    return len(statements.asked)


def same_for_1_and_3(client, url_of, most, **more):
    counts = []
    for size in (1, 3):
        world = World(size)
        client.force_login(world.learner)
        counts.append(statements_of(client, url_of(world), **more))
    assert counts[0] == counts[1] <= most


def test_lessons_where_there_is_one_course(client):
    same_for_1_and_3(client, lambda _world: "/lessons/", 11)


def test_course(client):
    same_for_1_and_3(client, lambda world: world.course.get_absolute_url(), 10)


def test_way_into_a_lesson(client):
    same_for_1_and_3(client, lambda world: world.lessons[0].get_absolute_url(), 9, status=302)


@pytest.mark.parametrize(("key", "most"), [("explain", 12), ("read", 14)])
def test_step(client, key, most):
    same_for_1_and_3(client, lambda world: f"{world.lessons[0].get_absolute_url()}{key}/", most)


def test_step_of_a_quiz_leads_to_it(client):
    same_for_1_and_3(client, lambda world: f"{world.lessons[0].get_absolute_url()}quiz/", 6, status=302)


def test_finishing_a_step(client):
    same_for_1_and_3(
        client, lambda world: f"{world.lessons[-1].get_absolute_url()}more-0/", 12, status=302, post=True
    )
    assert StepProgress.objects.filter(step_key="more-0").exclude(done_at=None).count() == 2


def test_what_a_learner_can_do(client):
    same_for_1_and_3(client, lambda _world: "/progress/", 13)


def test_list_of_courses(client):
    counts = []
    for size in (2, 5):
        learner = LearnerFactory()
        for _number in range(size):
            EnrolmentFactory(learner=learner)
        client.force_login(learner)
        counts.append(statements_of(client, "/lessons/"))
    assert counts[0] == counts[1] <= 6


def test_list_of_courses_of_who_works_there(client):
    author = OrganisationMemberFactory().user
    client.force_login(author)
    CourseFactory(organisation=author.organisation_memberships.get().organisation)
    CourseFactory(organisation=author.organisation_memberships.get().organisation)
    few = statements_of(client, "/lessons/")
    CourseFactory(organisation=author.organisation_memberships.get().organisation)
    assert statements_of(client, "/lessons/") == few


@pytest.mark.parametrize("query", ["", "?sentence=2", "?sentence=2&second=0"])
def test_front_page_asks_the_same_whatever_the_number_of_passages(client, query):
    counts = []
    for size in (2, 4):
        questions = [QuestionFactory(revision__type="mark_spans") for _number in range(size)]
        opening = QuizFactory(mode="practice", revision__questions=questions)
        course = CourseFactory(opening=opening)
        with Statements() as statements:
            assert client.get(f"/{query}").status_code == 200
        counts.append(len(statements.asked))
        course.archived_at = course.published_at
        course.save()
    assert counts[0] == counts[1] <= 4
