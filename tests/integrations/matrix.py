"""Every route for programs: which scope opens it, and how it is asked for. A route that is not here fails a test.

A row maps "METHOD name" (as `reverse("api:name")` has it) to a scope (several where one of them is enough, "" where
every live client may), and a function from a `World` to the keywords of the address and what is sent (None: nothing).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Cohort, CohortMember, Organisation, User
from articles.models import Annotation, Article
from articles.publishing import publish
from courses import enrolment
from courses.models import CohortCourse, Course, Lesson
from quizzes.models import (
    Accommodation,
    Assignment,
    AssignmentScore,
    Attempt,
    Evidence,
    GradeEntry,
    Question,
    Quiz,
)
from tests.factories.accounts import CohortFactory, CohortMemberFactory, PupilFactory
from tests.factories.articles import (
    AnnotationFactory,
    AnnotationSetFactory,
    ArticleRevisionFactory,
    DraftArticleFactory,
)
from tests.factories.courses import CohortCourseFactory, CourseFactory, LessonFactory, ModuleFactory
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    AttemptFactory,
    ItemResponseFactory,
    QuestionFactory,
    QuizFactory,
    SubmittedAttemptFactory,
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
    def assignment(self) -> Assignment:
        made: Assignment = AssignmentFactory(cohort=self.cohort, quiz=self.quiz)
        return made

    @property
    def handed_in(self) -> Attempt:
        """Handed in under an assignment."""
        given = self.assignment
        learner = CohortMemberFactory(cohort=given.cohort).user
        made: Attempt = SubmittedAttemptFactory(cohort=given.cohort, quiz=given.quiz, learner=learner)
        return made

    @property
    def score(self) -> AssignmentScore:
        attempt = self.handed_in
        return AssignmentScore.objects.get(assignment=attempt.assignment, learner=attempt.learner)

    @property
    def grade_entry(self) -> GradeEntry:
        score = self.score
        return GradeEntry.objects.create(
            assignment=score.assignment,
            learner=score.learner,
            kind="excused",
            reason="Ill.",
            by=score.learner,
        )

    @property
    def accommodation(self) -> Accommodation:
        cohort = self.cohort
        learner = CohortMemberFactory(cohort=cohort).user
        made: Accommodation = AccommodationFactory(cohort=cohort, learner=learner, extra_percent=25)
        return made

    @property
    def course_assignment(self) -> CohortCourse:
        course = CourseFactory(organisation=self.organisation)
        made: CohortCourse = CohortCourseFactory(cohort=self.cohort, course=course)
        return made

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
    scope: str | tuple[str, ...]
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


def of(name: str) -> Callable[[World], dict[str, Any]]:
    """The address of a thing of the world."""
    return lambda world: {"uuid": getattr(world, name).uuid}


def listed(scope: str | tuple[str, ...]) -> "Row":
    return Row(scope, elsewhere=None)


def evidence_of(attempt: Attempt) -> Any:
    return Evidence.objects.get(score__item__attempt=attempt).uuid


def quiz_given(world: World) -> dict[str, Any]:
    return {"cohort": str(world.cohort.uuid), "quiz": str(world.quiz.uuid)}


def granted(world: World) -> dict[str, Any]:
    row = world.accommodation
    return {"cohort": str(row.cohort.uuid), "learner": str(row.learner.uuid), "extra_s": 60}


def entered(world: World) -> dict[str, Any]:
    score = world.score
    named = {"assignment": str(score.assignment.uuid), "learner": str(score.learner.uuid)}
    return {**named, "kind": "excused", "reason": "Ill."}


def given(world: World) -> dict[str, Any]:
    course = CourseFactory(organisation=world.organisation)
    return {"cohort": str(world.cohort.uuid), "course": str(course.uuid)}


#: Each of these may know what was assigned.
READERS = ("assignments:write", "attempts:read", "grades:read")
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
        "attempts:write", sent=lambda world: world.assigned, status=201, elsewhere=422, for_people=True
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
    # What the matrix sends is JSON, and no zip.
    "POST oneroster-import-list": Row("roster:write", status=415, elsewhere=415),
    "GET oneroster-export-list": Row("roster:read", elsewhere=200),
    "DELETE membership-detail": Row(
        "roster:write", lambda world: {"uuid": world.membership.uuid}, status=204
    ),
    "GET assignment-list": listed(READERS),
    "GET assignment-detail": Row(READERS, of("assignment")),
    "POST assignment-list": Row("assignments:write", sent=quiz_given, status=201, elsewhere=422),
    "PATCH assignment-detail": Row(
        "assignments:write", of("assignment"), lambda world: {"attempts_allowed": 2}
    ),
    "DELETE assignment-detail": Row("assignments:write", of("assignment"), status=204),
    # Without If-Match nothing is released.
    "POST assignment-release": Row("grades:write", of("assignment"), status=428),
    "GET course-assignment-list": listed(READERS),
    "GET course-assignment-detail": Row(READERS, of("course_assignment")),
    "POST course-assignment-list": Row("assignments:write", sent=given, status=201, elsewhere=422),
    "PATCH course-assignment-detail": Row(
        "assignments:write", of("course_assignment"), lambda world: {"due_at": None}
    ),
    "DELETE course-assignment-detail": Row("assignments:write", of("course_assignment"), status=204),
    "GET accommodation-list": listed("assignments:write"),
    "GET accommodation-detail": Row("assignments:write", of("accommodation")),
    "POST accommodation-list": Row("assignments:write", sent=granted, status=201, elsewhere=422),
    "PATCH accommodation-detail": Row(
        "assignments:write", of("accommodation"), lambda world: {"extra_s": 30}
    ),
    "DELETE accommodation-detail": Row("assignments:write", of("accommodation"), status=204),
    "GET score-list": listed("grades:read"),
    "GET score-detail": Row("grades:read", of("score")),
    "GET grade-entry-list": listed("grades:read"),
    "GET grade-entry-detail": Row("grades:read", of("grade_entry")),
    # Without If-Match nothing is entered.
    "POST grade-entry-list": Row("grades:write", sent=entered, status=428, elsewhere=422),
    "GET item-score-list": listed("grades:read"),
    "GET evidence-list": listed("grades:read"),
    "GET evidence-detail": Row("grades:read", lambda world: {"uuid": evidence_of(world.handed_in)}),
    "GET mastery-list": listed("grades:read"),
    "GET mastery-detail": Row("grades:read", lambda world: {"uuid": world.handed_in.learner.uuid}),
    "GET item-analysis-detail": Row("grades:read", of("quiz")),
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
