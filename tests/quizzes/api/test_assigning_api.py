"""Giving work over REST: assignments, accommodations, and courses or parts of them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Cohort, ExternalIdentity, Organisation, User
from courses.models import CohortCourse
from integrations.models import ApiEntry
from quizzes.models import Accommodation, Assignment, Quiz
from quizzes.signals import grades_released
from tests.factories.accounts import CohortFactory, CohortMemberFactory
from tests.factories.courses import CohortCourseFactory, CourseFactory, LessonFactory, ModuleFactory
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    AttemptFactory,
    DraftQuizFactory,
    QuizFactory,
    SubmittedAttemptFactory,
)
from tests.integrations.conftest import Program
from tests.statements import Statements

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
DUE = "2030-09-14T16:00:00Z"


@pytest.fixture
def lms(program: Programs) -> Program:
    return program()


@pytest.fixture
def cohort(school: Organisation) -> Cohort:
    return CohortFactory(organisation=school)


@pytest.fixture
def learner(cohort: Cohort) -> User:
    return CohortMemberFactory(cohort=cohort).user


@pytest.fixture
def quiz() -> Quiz:
    """A quiz that the site shares."""
    return QuizFactory(revision__title="Who says so?")


def pointers(answer: Any) -> list[str]:
    return [fault["pointer"] for fault in answer.json().get("errors", [])]


# Assignments --------------------------------------------------------------------------------------


def test_a_program_gives_a_quiz_changes_it_and_takes_it_back(
    lms: Program, cohort: Cohort, learner: User, quiz: Quiz
) -> None:
    asked = {"cohort": str(cohort.uuid), "quiz": str(quiz.uuid), "due_at": DUE, "attempts_allowed": 2}
    made = lms.post("/assignments/", asked)
    row = made.json()
    assert made.status_code == 201
    assert {**row, **asked} == row
    assert (row["title"], row["learners"], row["release"]) == ("Who says so?", None, "auto")
    path = f"/assignments/{row['uuid']}/"
    changed = lms.patch(path, {"learners": [str(learner.uuid)], "due_at": None}, If_Match=made["ETag"])
    assert (changed.json()["learners"], changed.json()["due_at"]) == ([str(learner.uuid)], None)
    assert lms.delete(path, **{"If-Match": made["ETag"]}).status_code == 412
    assert lms.delete(path, **{"If-Match": changed["ETag"]}).status_code == 204
    assert lms.delete(path).status_code == 204
    assert lms.get(path).json()["archived_at"] is not None
    assert lms.get("/assignments/?archived=false").json()["results"] == []
    assert lms.get(path)["ETag"] != changed["ETag"]
    kept = ApiEntry.objects.order_by("pk").values_list("method", "before__due_at", "after__due_at")
    assert list(kept) == [
        ("POST", None, DUE),
        ("PATCH", DUE, None),
        ("DELETE", None, None),
        ("DELETE", None, None),
    ]


def test_what_a_class_has_already_is_named(lms: Program, cohort: Cohort, quiz: Quiz) -> None:
    live = AssignmentFactory(cohort=cohort, quiz=quiz)
    refused = lms.post("/assignments/", {"cohort": str(cohort.uuid), "quiz": str(quiz.uuid)})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/assigned-already")
    assert refused.json()["assignment"] == str(live.uuid)


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"opens_at": DUE, "due_at": "2030-01-01T08:00:00Z"}, 422, "/due_at"),
        ({"late_policy": "percent"}, 422, "/late_percent"),
        ({"late_percent": 101, "late_policy": "percent"}, 400, "/late_percent"),
        ({"feedback": "after_close"}, 422, "/closes_at"),
        ({"feedback": "at_once"}, 422, "/feedback"),
        ({"attempt_rule": "worst"}, 400, "/attempt_rule"),
        ({"attempts_allowed": 0}, 422, "/attempts_allowed"),
        ({"time_limit_s": -1}, 400, "/time_limit_s"),
        ({"learners": []}, 400, "/learners"),
        ({"learners": [str(uuid4())]}, 422, "/learners"),
        ({"learners": "all"}, 400, "/learners"),
        ({"quiz": str(uuid4())}, 422, "/quiz"),
        ({"due_at": "tomorrow"}, 400, "/due_at"),
        ({"closes_at": "9999-12-31T23:59:59Z"}, 422, "/closes_at"),
    ],
)
def test_terms_that_do_not_fit_say_what_to_mend(
    lms: Program, cohort: Cohort, quiz: Quiz, changed: dict[str, Any], status: int, pointer: str
) -> None:
    refused = lms.post("/assignments/", {"cohort": str(cohort.uuid), "quiz": str(quiz.uuid), **changed})
    assert (refused.status_code, [one.split("/")[1] for one in pointers(refused)]) == (status, [pointer[1:]])
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"quiz": str(uuid4())}, "unknown-quiz"),
        ({"cohort": str(uuid4())}, "unknown-class"),
        ({"quiz": str(uuid4()), "cohort": str(uuid4())}, "unfit"),
    ],
)
def test_what_is_not_there_is_a_kind_of_problem_of_its_own(
    lms: Program, cohort: Cohort, quiz: Quiz, changed: dict[str, Any], kind: str
) -> None:
    refused = lms.post("/assignments/", {"cohort": str(cohort.uuid), "quiz": str(quiz.uuid), **changed})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, kind)
    assert {one["code"] for one in refused.json()["errors"]} <= {"unknown-quiz", "unknown-class"}


def test_no_draft_is_assigned_and_nothing_to_a_class_that_is_over(
    lms: Program, school: Organisation, cohort: Cohort, quiz: Quiz
) -> None:
    draft = DraftQuizFactory(organisation=school)
    over = CohortFactory(organisation=school, archived_at="2026-01-01T00:00:00Z")
    asked = [(cohort, draft), (over, quiz)]
    found = [lms.post("/assignments/", {"cohort": str(c.uuid), "quiz": str(q.uuid)}) for c, q in asked]
    assert [answer.status_code for answer in found] == [422, 409]


def test_what_an_assignment_is_of_cannot_be_changed(
    lms: Program, school: Organisation, cohort: Cohort, quiz: Quiz
) -> None:
    row = AssignmentFactory(cohort=cohort, quiz=quiz)
    other = CohortFactory(organisation=school)
    same = lms.patch(f"/assignments/{row.uuid}/", {"cohort": str(cohort.uuid), "attempts_allowed": 2})
    refused = lms.patch(f"/assignments/{row.uuid}/", {"cohort": str(other.uuid)})
    assert (same.status_code, refused.status_code, pointers(refused)) == (200, 422, ["/cohort"])


def test_a_program_releases_what_is_held(lms: Program, cohort: Cohort, quiz: Quiz) -> None:
    path = f"/assignments/{AssignmentFactory(cohort=cohort, quiz=quiz, release='held').uuid}/"
    read = lms.get(path)["ETag"]
    assert lms.post(f"{path}release/").status_code == 428
    first = lms.post(f"{path}release/", If_Match=read)
    assert lms.post(f"{path}release/", If_Match=read).status_code == 412
    again = lms.post(f"{path}release/", If_Match=first["ETag"])
    assert first.json()["released_at"] == again.json()["released_at"] is not None


@pytest.mark.parametrize(("scopes", "status"), [((), 403), (("grades:write",), 200)])
def test_what_is_held_is_not_released_by_other_terms_without_the_scope_for_marks(
    program: Programs, cohort: Cohort, learner: User, quiz: Quiz, scopes: tuple[str, ...], status: int
) -> None:
    row = AssignmentFactory(cohort=cohort, quiz=quiz, release="held")
    SubmittedAttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    lms = program("assignments:write", *scopes)
    path = f"/assignments/{row.uuid}/"
    kept = lms.patch(path, {"release": "held", "attempts_allowed": 3}, If_Match="*")
    assert kept.status_code == 200
    answer = lms.patch(path, {"release": "auto", "attempts_allowed": 4}, If_Match=kept["ETag"])
    row.refresh_from_db()
    assert (answer.status_code, row.is_released) == (status, status == 200)
    assert status == 200 or answer.json()["type"].endswith("/scope-missing")
    assert row.attempts_allowed == (4 if status == 200 else 3)


def test_what_was_held_and_taken_back_is_not_shown_by_giving_it_again(
    program: Programs, cohort: Cohort, learner: User, quiz: Quiz
) -> None:
    lesson = LessonFactory(revision__steps=[{"key": "q", "kind": "quiz", "title": "Quiz", "quiz": quiz}])
    row = AssignmentFactory(cohort=cohort, quiz=quiz, release="held")
    done = SubmittedAttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    lms = program("assignments:write")
    lms.delete(f"/assignments/{row.uuid}/")
    given = {"cohort": str(cohort.uuid), "quiz": str(quiz.uuid)}
    course = {"cohort": str(cohort.uuid), "course": str(lesson.course.uuid)}
    refused = [lms.post("/assignments/", given), lms.post("/course-assignments/", course)]
    assert [answer.status_code for answer in refused] == [403, 403]
    held = lms.post("/assignments/", {**given, "release": "held"})
    assert held.status_code == 201
    lms.delete(f"/assignments/{held.json()['uuid']}/")
    told: list[Any] = []

    def hear(attempts: Any, **_signal: Any) -> None:
        told.extend(attempts)

    grades_released.connect(hear)
    shown = program("assignments:write", "grades:write", name="more").post("/assignments/", given)
    grades_released.disconnect(hear)
    assert (shown.status_code, told) == (201, [done])


# Accommodations -----------------------------------------------------------------------------------


def test_a_program_grants_changes_and_takes_back(lms: Program, cohort: Cohort, learner: User) -> None:
    given = AssignmentFactory(cohort=cohort, time_limit_s=600)
    attempt = AttemptFactory(learner=learner, quiz=given.quiz, cohort=cohort)

    def minutes() -> float:
        attempt.refresh_from_db()
        return float((attempt.deadline_at - attempt.started_at).total_seconds() / 60)

    asked = {"learner": str(learner.uuid), "cohort": str(cohort.uuid), "extra_percent": 50}
    made = lms.post("/accommodations/", asked)
    assert (made.status_code, minutes()) == (201, 15)
    assert {**made.json(), **asked, "assignment": None, "extra_s": None} == made.json()
    path = f"/accommodations/{made.json()['uuid']}/"
    changed = lms.patch(path, {"extra_percent": None, "extra_s": 60}, If_Match=made["ETag"])
    assert (changed.status_code, minutes()) == (200, 11)
    again = lms.post("/accommodations/", {**asked, "extra_percent": 100})
    assert (again.json()["uuid"], minutes()) == (made.json()["uuid"], 20)
    kept = ApiEntry.objects.order_by("pk").values_list("before__extra_s", "before__extra_percent")
    assert list(kept) == [(None, None), (None, 50), (60, None)]
    assert lms.delete(path, **{"If-Match": made["ETag"]}).status_code == 412
    assert (lms.delete(path).status_code, minutes()) == (204, 10)
    assert lms.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({}, 422, [""]),
        ({"extra_percent": 401}, 400, ["/extra_percent"]),
        ({"due_at": DUE}, 422, ["/due_at"]),
        ({"extra_s": 60, "learner": str(uuid4())}, 422, ["/learner"]),
    ],
)
def test_a_grant_that_makes_no_sense_says_what_to_mend(
    lms: Program, cohort: Cohort, learner: User, changed: dict[str, Any], status: int, pointer: list[str]
) -> None:
    refused = lms.post(
        "/accommodations/", {"learner": str(learner.uuid), "cohort": str(cohort.uuid), **changed}
    )
    assert (refused.status_code, pointers(refused)) == (status, pointer)


def test_a_grant_is_for_a_learner_and_an_assignment_of_the_class(
    lms: Program, school: Organisation, cohort: Cohort, learner: User
) -> None:
    elsewhere = AssignmentFactory(cohort=CohortFactory(organisation=school))
    stranger = CohortMemberFactory(cohort=elsewhere.cohort).user
    asked: dict[str, Any] = {"cohort": str(cohort.uuid), "extra_s": 60}
    other = {**asked, "learner": str(learner.uuid), "assignment": str(elsewhere.uuid)}
    refused = [lms.post("/accommodations/", {**asked, "learner": str(stranger.uuid)})]
    refused.append(lms.post("/accommodations/", other))
    assert [answer.status_code for answer in refused] == [409, 422]
    assert not Accommodation.objects.exists()


# Courses ------------------------------------------------------------------------------------------


def test_a_program_gives_a_lesson_and_takes_it_back(lms: Program, cohort: Cohort, learner: User) -> None:
    lesson = LessonFactory()
    named = {"cohort": str(cohort.uuid), "course": str(lesson.course.uuid), "lesson": str(lesson.uuid)}
    made = lms.post("/course-assignments/", {**named, "due_at": DUE})
    assert made.status_code == 201
    assert {**made.json(), **named, "module": None, "learners": None, "due_at": DUE} == made.json()
    assert learner.enrolments.get().course == lesson.course
    again = lms.post("/course-assignments/", {**named, "due_at": DUE})
    assert (again.json()["uuid"], again.json()["due_at"]) == (made.json()["uuid"], DUE)
    kept = ApiEntry.objects.filter(method="POST").order_by("pk").values_list("before", flat=True)
    assert list(kept) == [None, made.json()]
    path = f"/course-assignments/{made.json()['uuid']}/"
    changed = lms.patch(path, {"learners": [str(learner.uuid)]}, If_Match=again["ETag"])
    assert (changed.json()["learners"], changed.json()["due_at"]) == ([str(learner.uuid)], DUE)
    assert lms.delete(path, **{"If-Match": changed["ETag"]}).status_code == 204
    assert lms.get(path).json()["archived_at"] is not None
    assert lms.patch(path, {"due_at": None}).status_code == 409


def test_a_part_belongs_to_its_course(lms: Program, cohort: Cohort) -> None:
    lesson, module = LessonFactory(), ModuleFactory()
    named = {"cohort": str(cohort.uuid), "course": str(lesson.course.uuid)}
    both = {**named, "lesson": str(lesson.uuid), "module": str(lesson.module.uuid)}
    refused = [
        lms.post("/course-assignments/", asked) for asked in ({**named, "module": str(module.uuid)}, both)
    ]
    assert [(one.status_code, pointers(one)) for one in refused] == [(422, ["/module"]), (422, ["/lesson"])]
    assert not CohortCourse.objects.exists()


# By other names -----------------------------------------------------------------------------------


@pytest.fixture
def known(school: Organisation, cohort: Cohort, learner: User) -> dict[str, str]:
    """What the other system calls the class and the learner."""
    Cohort.objects.filter(pk=cohort.pk).update(external_id="7b")
    ExternalIdentity.objects.create(organisation=school, user=learner, issuer="lms", subject="4711")
    return {"cohort_external_id": "7b", "learner_external_id": "4711", "issuer": "lms"}


def test_classes_and_learners_are_named_as_the_other_system_names_them(
    lms: Program, cohort: Cohort, learner: User, quiz: Quiz, known: dict[str, str]
) -> None:
    of_class = {"cohort_external_id": "7b"}
    given = lms.post("/assignments/", {**of_class, "quiz": str(quiz.uuid)}).json()
    course = lms.post("/course-assignments/", {**of_class, "course": str(LessonFactory().course.uuid)}).json()
    granted = lms.post("/accommodations/", {**known, "extra_percent": 50}).json()
    assert {one["cohort"] for one in (given, course, granted)} == {str(cohort.uuid)}
    assert granted["learner"] == str(learner.uuid)
    [score] = lms.get(f"/scores/?learner={learner.uuid}&assignment={given['uuid']}").json()["results"]
    word = {"assignment": given["uuid"], "kind": "excused", "reason": "Ill."}
    by_name = {name: known[name] for name in ("learner_external_id", "issuer")}
    tag = lms.get(f"/scores/{score['uuid']}/")["ETag"]
    assert lms.post("/grade-entries/", word | by_name, If_Match=tag).json()["learner"] == str(learner.uuid)


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        pytest.param({"cohort_external_id": "8c"}, 422, "/cohort_external_id", id="no such class"),
        pytest.param({"issuer": "roster"}, 422, "/learner_external_id", id="another system's number"),
        pytest.param({"cohort": str(uuid4())}, 422, "/cohort", id="two names"),
        pytest.param({"cohort_external_id": None}, 400, "/cohort", id="no name"),
    ],
)
def test_other_names_that_name_nothing_say_which(
    lms: Program, known: dict[str, str], changed: dict[str, str | None], status: int, pointer: str
) -> None:
    asked = {name: value for name, value in {**known, **changed}.items() if value is not None}
    refused = lms.post("/accommodations/", {**asked, "extra_percent": 50})
    assert (refused.status_code, pointers(refused)) == (status, [pointer])
    assert not Accommodation.objects.exists()


# What it costs ------------------------------------------------------------------------------------


def test_lists_cost_the_same_for_one_and_a_hundred(lms: Program, cohort: Cohort, quiz: Quiz) -> None:
    paths = ("/assignments/", "/accommodations/", "/course-assignments/")
    found = []
    for count in (1, 99):
        members = CohortMemberFactory.create_batch(count, cohort=cohort)
        for place in members:
            AccommodationFactory(cohort=cohort, learner=place.user, extra_s=60, by=members[0].user)
        classes = CohortFactory.create_batch(count, organisation=cohort.organisation)
        given = [AssignmentFactory(cohort=one, quiz=quiz, everyone=False) for one in classes]
        for one in given:
            one.named.create(learner=members[0].user)
        course = CourseFactory()
        CohortCourse.objects.bulk_create(
            CohortCourseFactory.build(cohort=one, course=course) for one in classes
        )
        for path in paths:
            with Statements() as statements:
                rows = lms.get(path).json()["results"]
            found.append((len(rows), len(statements.asked)))
    assert [count for count, _asked in found] == [1] * 3 + [100] * 3
    assert [asked for _count, asked in found[:3]] == [asked for _count, asked in found[3:]]
