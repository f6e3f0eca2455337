"""What the pages of quizzes ask of the database: the same, whatever the number of questions and tries."""

import pytest
from django.urls import reverse

from quizzes import attempts
from quizzes.models import Attempt, Evidence, ItemResponse
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, LearnerFactory, TeacherFactory
from tests.factories.courses import EnrolmentFactory, LessonFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db

EVERY_TYPE_AND_MODE = [
    *(("graded", question_type.slug) for question_type in registry.all_types()),
    *(("practice", slug) for slug in ("single_choice", "mark_spans", "rewrite")),
]
#: One that is judged as a whole, one with results by skill, one that a person grades.
HEAVIEST = ["single_choice", "mark_spans", "rewrite"]


class World:
    """A learner of a class whose lesson asks for a quiz of `size` questions, and `tries` (`size`) at it."""

    def __init__(self, size, *, mode="graded", type="single_choice", tries=None):
        questions = [QuestionFactory(revision__type=type) for _number in range(size)]
        self.quiz = QuizFactory(mode=mode, revision__questions=questions)
        kind = "practice" if mode == "practice" else "quiz"
        step = {"key": "it", "kind": kind, "title": "A quiz", "quiz": self.quiz}
        self.course = LessonFactory(revision__steps=[step]).course
        self.cohort = CohortFactory()
        self.learner = LearnerFactory()
        EnrolmentFactory(learner=self.learner, course=self.course, cohort=self.cohort)
        self.right = registry.get(type).example.right.model_dump(mode="json")
        verb = attempts.check_response if mode == "practice" else attempts.save_response
        self.tries = []
        for _number in range(size if tries is None else tries):
            attempt = attempts.start(learner=self.learner, quiz=self.quiz, cohort=self.cohort)
            for item in attempt.items.all():
                verb(item=item, sequence=1, data=self.right)
            self.tries.append(attempts.submit(attempt=attempt))

    def begin(self):
        """One more try, with an answer to its last question."""
        attempt = attempts.start(learner=self.learner, quiz=self.quiz, cohort=self.cohort)
        attempts.save_response(item=attempt.items.last(), sequence=1, data=self.right)
        return attempt


def statements_of(client, user, url, status=200, *, accept="text/html", **data):
    client.force_login(user)
    client.get(reverse("courses:progress"))  # what a session does once is no part of a page
    with Statements() as statements:
        response = client.post(url, data, headers={"accept": accept}) if data else client.get(url)
    assert response.status_code == status
    return len(statements.asked)


def same_for_1_and_3(ask, most, **world):
    """How many statements `ask` takes of a world, where it is the same in a small and a larger one."""
    small, larger = (ask(World(size, **world)) for size in (1, 3))
    assert small == larger <= most


def url_of(name, attempt, **more):
    return reverse(f"quizzes:{name}", kwargs={"uuid": attempt.uuid, **more})


@pytest.mark.parametrize("query", ["", "?again"])
def test_page_of_a_quiz(client, query):
    def ask(world):
        page = world.quiz.get_absolute_url() + query
        return statements_of(client, world.learner, page, 200 if query else 302)

    same_for_1_and_3(ask, 16)


def test_page_of_a_quiz_that_was_begun(client):
    def ask(world):
        world.begin()
        return statements_of(client, world.learner, world.quiz.get_absolute_url())

    same_for_1_and_3(ask, 16)


@pytest.mark.parametrize("mode", ["graded", "practice"])
def test_results(client, mode):
    def ask(world):
        return statements_of(client, world.learner, world.tries[0].get_absolute_url())

    same_for_1_and_3(ask, 18, mode=mode)


def test_results_as_a_teacher_sees_them(client):
    def ask(world):
        teacher = TeacherFactory(cohort=world.cohort)
        return statements_of(client, teacher, world.tries[0].get_absolute_url())

    same_for_1_and_3(ask, 18)


def test_looking_the_answers_over(client):
    same_for_1_and_3(lambda world: statements_of(client, world.learner, url_of("review", world.begin())), 14)


def test_way_back_into_an_open_attempt(client):
    same_for_1_and_3(
        lambda world: statements_of(client, world.learner, world.begin().get_absolute_url(), 302), 8
    )


@pytest.mark.parametrize(("mode", "type"), EVERY_TYPE_AND_MODE)
def test_open_question(client, mode, type):
    def ask(world):
        return statements_of(client, world.learner, url_of("item", world.begin(), position=1))

    same_for_1_and_3(ask, 16, mode=mode, type=type)


@pytest.mark.parametrize(("mode", "type"), EVERY_TYPE_AND_MODE)
def test_question_with_its_feedback(client, mode, type):
    def ask(world):
        return statements_of(client, world.learner, url_of("item", world.tries[0], position=1))

    same_for_1_and_3(ask, 18, mode=mode, type=type)


def test_question_that_was_just_checked(client):
    def ask(world):
        attempt = attempts.start(learner=world.learner, quiz=world.quiz)
        attempts.check_response(item=attempt.items.first(), sequence=1, data=world.right)
        return statements_of(client, world.learner, url_of("item", attempt, position=1))

    same_for_1_and_3(ask, 18, mode="practice")


@pytest.mark.parametrize("tries", [0, 2])
def test_starting(client, tries):
    def ask(world):
        url = reverse("quizzes:start", kwargs={"uuid": world.quiz.uuid})
        return statements_of(client, world.learner, url, 302, nothing="")

    same_for_1_and_3(ask, 16, tries=tries)


@pytest.mark.parametrize("type", HEAVIEST)
def test_saving_by_itself(client, type):
    def ask(world):
        attempt = attempts.start(learner=world.learner, quiz=world.quiz, cohort=world.cohort)
        url = url_of("item", attempt, position=1)
        return statements_of(client, world.learner, url, accept="application/json", sequence=1)

    same_for_1_and_3(ask, 8, type=type)


@pytest.mark.parametrize(("mode", "do"), [("graded", "next"), ("practice", "check")])
def test_answering(client, mode, do):
    def ask(world):
        attempt = attempts.start(learner=world.learner, quiz=world.quiz, cohort=world.cohort)
        url = url_of("item", attempt, position=1)
        count = statements_of(client, world.learner, url, 302, do=do, sequence=1, chosen="engineer")
        assert ItemResponse.objects.get(item__attempt=attempt).data == {"chosen": "engineer"}
        return count

    same_for_1_and_3(ask, 18, mode=mode)


@pytest.mark.parametrize("type", HEAVIEST)
@pytest.mark.parametrize("tries", [0, 1])
def test_handing_in(client, type, tries):
    def ask(world):
        attempt = world.begin()
        count = statements_of(client, world.learner, url_of("submit", attempt), 302, nothing="")
        assert not Attempt.objects.get(pk=attempt.pk).is_open
        return count

    same_for_1_and_3(ask, 16, type=type, tries=tries)


def test_pages_answer_a_question_for_their_head(client):
    world = World(1)
    client.force_login(world.learner)
    for url in [world.quiz.get_absolute_url() + "?again", world.tries[0].get_absolute_url()]:
        assert client.head(url).status_code == 200


def test_looking_at_pages_writes_only_when_a_question_was_first_shown(client):
    world = World(1)
    attempt = world.begin()
    client.force_login(world.learner)
    urls = [
        world.quiz.get_absolute_url(),
        world.tries[0].get_absolute_url(),
        url_of("item", world.tries[0], position=1),
        attempt.get_absolute_url(),
        url_of("review", attempt),
        url_of("item", attempt, position=1),
        url_of("item", attempt, position=1),
    ]
    with Statements() as statements:
        for url in urls:
            client.get(url)
    writing = [text for text in statements.asked if not text.startswith("SELECT")]
    assert [text.split(" SET ")[0] for text in writing] == ['UPDATE "quizzes_attemptitem"']
    assert (Attempt.objects.count(), Evidence.objects.count()) == (2, 1)
