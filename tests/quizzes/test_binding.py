"""What a class has under an assignment is started only under it, wherever its learners meet the quiz."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Cohort
from courses import assigning as giving
from courses import enrolment
from quizzes import assigning, attempts, places, telling
from quizzes.errors import NotAssigned, NotOpenYet
from quizzes.models import Assignment, Attempt
from quizzes.telling import Wait
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.courses import EnrolmentFactory, LessonFactory
from tests.factories.quizzes import QuizFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class World:
    """A class whose lesson asks for a quiz, which is assigned; two learners."""

    def __init__(self, mode="graded"):
        self.quiz = QuizFactory(mode=mode)
        kind = "practice" if mode == "practice" else "quiz"
        step = {"key": "it", "kind": kind, "title": "A quiz", "quiz": self.quiz}
        self.lesson = LessonFactory(revision__steps=[step])
        self.lesson.refresh_from_db()
        self.cohort = CohortFactory(organisation=self.lesson.course.organisation)
        self.teacher = TeacherFactory(cohort=self.cohort)
        self.learner, self.other = (CohortMemberFactory(cohort=self.cohort).user for _n in range(2))
        giving.give(cohort=self.cohort, course=self.lesson.course, by=self.teacher)
        if mode == "practice":
            assigning.assign(quiz=self.quiz, cohort=self.cohort, by=self.teacher)
        self.assignment = Assignment.objects.get()

    def start(self, learner=None):
        return attempts.start(learner=learner or self.learner, quiz=self.quiz, cohort=self.cohort)


@pytest.fixture
def world():
    return World()


def to_others(world):
    assigning.address(assignment=world.assignment, by=world.teacher, learners=[world.other])


def later(world):
    assigning.change(assignment=world.assignment, by=world.teacher, opens_at=timezone.now() + DAY)


def later_to_others(world):
    later(world)
    to_others(world)


def taken_back(world):
    assigning.archive(assignment=world.assignment, by=world.teacher)


def class_over(world):
    Cohort.objects.filter(pk=world.cohort.pk).update(archived_at=timezone.now())


@pytest.mark.parametrize(
    ("do", "refusal", "words"),
    [
        (to_others, NotAssigned, "has not given this to you"),
        (later, NotOpenYet, "This opens on"),
        (later_to_others, NotAssigned, "has not given this to you"),
        (taken_back, NotAssigned, "has taken this back"),
        (class_over, NotAssigned, "Your class is over"),
    ],
)
def test_a_quiz_met_in_its_lesson_is_started_only_under_its_assignment(client, world, do, refusal, words):
    do(world)
    with pytest.raises(refusal, match=words):
        world.start()
    client.force_login(world.learner)
    shown = client.get(world.quiz.get_absolute_url()).content.decode()
    assert words in shown
    assert ">Start<" not in shown
    again = client.post(reverse("quizzes:start", kwargs={"uuid": world.quiz.uuid}), follow=True)
    assert words in again.content.decode()
    assert not Attempt.objects.exists()


def test_a_quiz_that_was_never_assigned_is_free_and_so_is_a_preview(world):
    taken_back(world)
    assert attempts.start(learner=world.learner, quiz=world.quiz, cohort=None).assignment is None
    preview = attempts.start(learner=world.teacher, quiz=world.quiz, cohort=world.cohort, preview=True)
    assert preview.assignment is None
    other = QuizFactory()
    assert attempts.start(learner=world.other, quiz=other, cohort=world.cohort).assignment is None


def test_practice_that_was_taken_back_is_free_again_in_its_lesson():
    world = World("practice")
    to_others(world)
    with pytest.raises(NotAssigned):
        world.start()
    taken_back(world)
    assert world.start().assignment is None


def test_what_was_begun_goes_on_after_it_was_taken_back(client, world):
    attempt = world.start()
    taken_back(world)
    assert world.start() == attempt
    client.force_login(world.learner)
    assert client.get(world.quiz.get_absolute_url())["Location"] == attempt.get_absolute_url()


def test_tries_without_an_assignment_wait_with_those_of_the_class(world):
    """Handed in before the class had the quiz: who was given it has not had the key yet."""
    early = Attempt.objects.get(pk=world.start().pk)
    Attempt.objects.update(assignment=None)
    attempts.submit(attempt=early)
    to_others(world)
    assigning.change(assignment=world.assignment, by=world.teacher, release="held")
    early = Attempt.objects.select_related("quiz_revision", "cohort").get()
    assert (telling.waits(early), telling.withheld(world.learner)) == (Wait(), {early.pk})
    assigning.release(assignment=world.assignment, by=world.teacher)
    assert (telling.waits(early), telling.withheld(world.learner)) == (None, set())


def test_the_class_that_assigned_a_quiz_comes_before_one_whose_lesson_asks_for_it(world):
    taken_back(world)
    second = CohortMemberFactory(user=world.learner).cohort
    given = assigning.assign(quiz=world.quiz, cohort=second, by=TeacherFactory(cohort=second))
    place = places.place_of(world.learner, world.quiz)
    assert place.cohort == second
    started = attempts.start(learner=world.learner, quiz=world.quiz, cohort=place.cohort)
    assert started.assignment == given


def test_a_class_that_binds_a_quiz_comes_before_a_later_one_that_does_not(world):
    to_others(world)
    EnrolmentFactory(learner=world.learner, course=world.lesson.course, cohort=None)
    assert enrolment.meeting_of(world.learner, world.lesson, world.quiz).enrolment.cohort == world.cohort
    class_over(world)
    assert enrolment.meeting_of(world.learner, world.lesson, world.quiz).enrolment.cohort is None
