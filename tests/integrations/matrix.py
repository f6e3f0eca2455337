"""Every route for programs: which scope opens it, and how it is asked for. A route that is not here fails a test.

A row maps "METHOD name" (as `reverse("api:name")` has it) to a scope, "" where every live client may, and
a function from a `World` to the keywords of the address and what is sent (None: nothing).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Cohort, CohortMember, Organisation, User
from articles.models import Annotation, Article
from articles.publishing import publish
from courses import enrolment
from courses.models import Course, Lesson
from quizzes.models import Attempt, Question, Quiz
from tests.factories.accounts import CohortFactory, CohortMemberFactory, PupilFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
)
from tests.factories.courses import CourseFactory, LessonFactory, ModuleFactory
from tests.factories.quizzes import (
    AssignmentFactory,
    AttemptFactory,
    ItemResponseFactory,
    QuestionFactory,
    QuizFactory,
)


@dataclass
class World:
    """What one organisation has, for addresses; each thing is made when it is asked for."""

    organisation: Organisation

    @property
    def cohort(self) -> Cohort:
        made: Cohort = CohortFactory(organisation=self.organisation)
        return made

    @property
    def attempt(self) -> Attempt:
        """Open, with an end and one response, of a learner of a class of the organisation."""
        member = CohortMemberFactory(cohort=self.cohort)
        quiz = QuizFactory(
            organisation=self.organisation,
            revision__time_limit_s=600,
            revision__questions=[self.question],
        )
        made: Attempt = AttemptFactory(learner=member.user, cohort=member.cohort, quiz=quiz)
        ItemResponseFactory(item=made.items.get())
        return made

    @property
    def assigned(self) -> dict[str, str]:
        """A learner, and what their class was given."""
        member = CohortMemberFactory(cohort=self.cohort)
        assignment = AssignmentFactory(cohort=member.cohort, quiz=self.quiz)
        return {"learner": str(member.user.uuid), "assignment": str(assignment.uuid)}

    @property
    def pupil(self) -> User:
        """An account that a program of the organisation made."""
        made: User = PupilFactory(organisation=self.organisation)
        return made

    @property
    def membership(self) -> CohortMember:
        made: CohortMember = CohortMemberFactory(cohort=self.cohort, user=self.pupil)
        return made

    @property
    def launch(self) -> dict[str, str]:
        """A learner, and a lesson that they meet."""
        lesson, member = LessonFactory(module__course__organisation=self.organisation), self.membership
        enrolment.give_course(cohort=member.cohort, course=lesson.course)
        return {"learner": str(member.user.uuid), "lesson": str(lesson.uuid)}

    @property
    def annotation(self) -> Annotation:
        article = DraftArticleFactory(organisation=self.organisation)
        revision = ArticleRevisionFactory(article=article)
        made: Annotation = AnnotationFactory(set=AnnotationSetFactory(revision=revision))
        publish(revision=revision)
        return made

    @property
    def article(self) -> Article:
        return self.annotation.set.revision.article

    @property
    def question(self) -> Question:
        made: Question = QuestionFactory(organisation=self.organisation)
        return made

    @property
    def quiz(self) -> Quiz:
        made: Quiz = QuizFactory(organisation=self.organisation, revision__questions=[self.question])
        return made

    @property
    def lesson(self) -> Lesson:
        made: Lesson = LessonFactory(module=ModuleFactory(course__organisation=self.organisation))
        return made

    @property
    def closed_course(self) -> Course:
        """All is there, and nobody has opened it to learners."""
        course: Course = CourseFactory(organisation=self.organisation, published_at=None)
        LessonFactory(module=ModuleFactory(course=course))
        return course


@dataclass(frozen=True)
class Row:
    scope: str
    kwargs: Callable[[World], dict[str, Any]] = lambda world: {}
    sent: Callable[[World], Any] = lambda world: None
    #: What is answered to the right scope, for a row of the client's own organisation.
    status: int = 200
    #: And for one of another organisation; None for lists, which show nothing of it.
    elsewhere: int | None = 404
    #: Whether it is open to signed-in people too, for what is theirs.
    for_people: bool = False


def _attempt(world: World) -> dict[str, Any]:
    return {"uuid": world.attempt.uuid}


def _item(world: World) -> dict[str, Any]:
    return {**_attempt(world), "position": 1}


LIST = {"elsewhere": None}
ROWS: dict[str, Row] = {
    "GET cohort-list": Row("roster:read", **LIST),
    "GET cohort-detail": Row("roster:read", lambda world: {"uuid": world.cohort.uuid}),
    "GET attempt-list": Row("attempts:read", for_people=True, **LIST),
    "GET attempt-detail": Row("attempts:read", _attempt, for_people=True),
    "GET attempt-items": Row("attempts:read", _attempt, for_people=True),
    "GET attempt-item": Row("attempts:read", _item, for_people=True),
    "GET attempt-article": Row("attempts:read", _attempt, status=404, for_people=True),
    "GET response-list": Row("attempts:read", **LIST),
    "POST attempt-list": Row(
        "attempts:write", sent=lambda world: world.assigned, status=201, elsewhere=400, for_people=True
    ),
    "POST attempt-responses": Row(
        "attempts:write",
        _item,
        lambda world: {"sequence": 2, "data": {"chosen": "reporter"}},
        status=201,
        for_people=True,
    ),
    "POST attempt-submit": Row("attempts:write", _attempt, for_people=True),
    "POST attempt-time-more-time": Row("assignments:write", _attempt, lambda world: {"seconds": 60}),
    # What is made of nothing is made in the client's own organisation.
    "POST cohort-list": Row("roster:write", sent=lambda world: {"name": "7b"}, status=201, elsewhere=201),
    "PATCH cohort-detail": Row(
        "roster:write", lambda world: {"uuid": world.cohort.uuid}, lambda world: {"name": "7c"}
    ),
    "GET user-list": Row("roster:read", **LIST),
    "GET user-detail": Row("roster:read", lambda world: {"uuid": world.pupil.uuid}),
    "POST user-list": Row(
        "roster:write",
        sent=lambda world: {"display_name": "Heron", "external_ids": [{"subject": "s-1"}]},
        status=201,
        elsewhere=201,
    ),
    "PATCH user-detail": Row(
        "roster:write", lambda world: {"uuid": world.pupil.uuid}, lambda world: {"display_name": "Heron"}
    ),
    "GET membership-list": Row("roster:read", **LIST),
    "GET membership-detail": Row("roster:read", lambda world: {"uuid": world.membership.uuid}),
    "POST membership-list": Row(
        "roster:write",
        sent=lambda world: {"user": str(world.pupil.uuid), "cohort": str(world.cohort.uuid)},
        status=201,
        elsewhere=422,
    ),
    "PATCH membership-detail": Row(
        "roster:write", lambda world: {"uuid": world.membership.uuid}, lambda world: {"real_name": "Sam"}
    ),
    "POST roster-import-list": Row(
        "roster:write",
        sent=lambda world: {
            "all_or_nothing": True,
            "rows": [{"external_id": "s-1", "display_name": "Heron", "cohort": str(world.cohort.uuid)}],
        },
        elsewhere=422,
    ),
    "POST launch-list": Row("launch", sent=lambda world: world.launch, status=201, elsewhere=422),
    # What the matrix sends is no zip.
    "POST oneroster-import-list": Row("roster:write", status=400, elsewhere=400),
    "GET oneroster-export-list": Row("roster:read", elsewhere=200),
    "DELETE membership-detail": Row("roster:write", lambda world: {"uuid": world.membership.uuid}),
    # Skills are nobody's.
    "GET skill-list": Row("content:read", elsewhere=200),
    "GET skill-detail": Row("content:read", lambda world: {"code": "S2"}, elsewhere=200),
    "GET article-list": Row("content:read", **LIST),
    "GET article-detail": Row("content:read", lambda world: {"uuid": world.article.uuid}),
    "PATCH article-detail": Row("content:write", lambda world: {"uuid": world.article.uuid}, status=428),
    "GET article-annotations": Row("keys:read", lambda world: {"uuid": world.article.uuid}),
    "GET annotation-detail": Row("keys:read", lambda world: {"uuid": world.annotation.uuid}),
    "GET article-revision-list": Row("content:read", lambda world: {"article": world.article.uuid}),
    "GET article-revision-detail": Row(
        "content:read", lambda world: {"article": world.article.uuid, "number": 1}
    ),
    "GET question-list": Row("content:read", **LIST),
    "GET question-detail": Row("content:read", lambda world: {"uuid": world.question.uuid}),
    "GET question-key": Row("keys:read", lambda world: {"uuid": world.question.uuid}),
    "GET question-revision-list": Row("content:read", lambda world: {"question": world.question.uuid}),
    "GET question-revision-detail": Row(
        "content:read", lambda world: {"question": world.question.uuid, "number": 1}
    ),
    "GET quiz-list": Row("content:read", **LIST),
    "GET quiz-detail": Row("content:read", lambda world: {"uuid": world.quiz.uuid}),
    "PATCH quiz-detail": Row("content:write", lambda world: {"uuid": world.quiz.uuid}, status=428),
    "GET course-list": Row("content:read", **LIST),
    "GET course-detail": Row("content:read", lambda world: {"uuid": world.lesson.course.uuid}),
    "GET course-tree": Row("content:read", lambda world: {"uuid": world.lesson.course.uuid}),
    "GET course-bundle": Row("keys:read", lambda world: {"uuid": world.lesson.course.uuid}),
    "PATCH course-detail": Row("content:write", lambda world: {"uuid": world.lesson.course.uuid}, status=428),
    "POST course-publish": Row("content:write", lambda world: {"uuid": world.closed_course.uuid}),
    # What is sent as JSON is no bundle, for whoever may send one.
    "POST course-import-list": Row("content:write", status=415, elsewhere=415),
    "GET lesson-list": Row("content:read", **LIST),
    "GET lesson-detail": Row("content:read", lambda world: {"uuid": world.lesson.uuid}),
}


def names() -> set[str]:
    """The routes that are for programs only, as `reverse` knows them."""
    return {f"api:{asked.split()[1]}" for asked, row in ROWS.items() if not row.for_people}
