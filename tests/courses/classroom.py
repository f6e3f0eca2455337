"""A class that does one lesson together: a text to mark in practice, with names that must stay off the wall."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import Cohort, CohortMember, User
from courses import enrolment, presenting
from courses.models import Lesson, Presentation
from quizzes import attempts
from quizzes.models import Attempt, Question, Quiz
from quizzes.types import registry
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationMemberFactory,
    TeacherFactory,
)
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import QuestionFactory, QuizFactory

MARKING = registry.get("mark_spans").example
#: Real names and nicknames carry these, so that one of them on the wall is seen.
NICKNAME, REAL_NAME = "canary-nickname", "canary-real-name"


@dataclass
class Classroom:
    cohort: Cohort
    teacher: User
    lesson: Lesson
    question: Question
    practice: Quiz
    graded: Quiz | None
    learners: list[User] = field(default_factory=list)

    @property
    def client(self) -> Client:
        """The teacher's browser."""
        client = Client()
        client.force_login(self.teacher)
        return client

    def join(self, count: int = 1) -> list[User]:
        """More learners."""
        new = []
        for _number in range(count):
            number = len(self.learners) + 1
            member: CohortMember = CohortMemberFactory(
                cohort=self.cohort,
                user__display_name=f"{NICKNAME}-{number}",
                real_name=f"{REAL_NAME}-{number}",
            )
            enrolment.follow_cohort(member)
            self.learners.append(member.user)
            new.append(member.user)
        return new

    def answer(self, learner: User, response: Any = MARKING.right, *, hand_in: bool = True) -> Attempt:
        """Check an answer to the marking question, and finish the practice."""
        attempt = attempts.start(learner=learner, quiz=self.practice, cohort=self.cohort)
        item = attempt.items.select_related("revision").get()
        attempts.check_response(item=item, sequence=1, data=response.model_dump(mode="json"))
        return attempts.submit(attempt=attempt) if hand_in else attempt

    def present(self) -> Presentation:
        return presenting.open_lesson(cohort=self.cohort, lesson=self.lesson, by=self.teacher)


def classroom(*, learners: int = 0, ticket_quiz: bool = False) -> Classroom:
    """A class with a teacher who works for its school, and a lesson: explain, practise, and perhaps a quiz."""
    cohort = CohortFactory()
    teacher = TeacherFactory(cohort=cohort)
    OrganisationMemberFactory(organisation=cohort.organisation, user=teacher)
    question = QuestionFactory(
        revision__type="mark_spans", revision__title="The tram", revision__key=MARKING.key
    )
    practice = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=[question])
    graded = QuizFactory(revision__title="The last quiz") if ticket_quiz else None
    steps = [
        {"key": "explain", "kind": "explain", "title": "Explain", "body": "Every claim has an owner."},
        {"key": "practice", "kind": "practice", "title": "Practise", "quiz": practice},
        *([{"key": "quiz", "kind": "quiz", "title": "Quiz", "quiz": graded}] if graded else []),
    ]
    lesson = LessonFactory(revision__steps=steps, revision__title="Who says so?")
    lesson.refresh_from_db()
    made = Classroom(cohort, teacher, lesson, question, practice, graded)
    enrolment.give_course(cohort=cohort, course=lesson.course)
    made.join(learners)
    return made
