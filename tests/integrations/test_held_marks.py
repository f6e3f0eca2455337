"""Marks that are held: who may show them, by which tags and scopes, and what is read of them meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Cohort, CohortMember, Organisation, User
from integrations.models import ApiEntry
from quizzes import assigning, attempts, grades, score_rows
from quizzes.models import Accommodation, Assignment, Attempt, Quiz
from tests.factories.accounts import CohortFactory, CohortMemberFactory, OrganisationFactory, TeacherFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import (
    AttemptFactory,
    QuestionFactory,
    QuizFactory,
    SubmittedAttemptFactory,
)
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
DAY = timedelta(days=1)


@pytest.fixture
def cohort(school: Organisation) -> Any:
    return CohortFactory(organisation=school)


@pytest.fixture
def quiz(school: Organisation) -> Any:
    return QuizFactory(organisation=school, revision__questions=[QuestionFactory(organisation=school)])


def learner(cohort: Cohort) -> User:
    place: CohortMember = CohortMemberFactory(cohort=cohort, joined_at=timezone.now() - 30 * DAY)
    score_rows.on_member_changed(None, member=place)
    return place.user


def states(lms: Program) -> list[Any]:
    return [one["state"] for one in lms.get("/attempts/").json()["results"]]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"release": "auto"}, 428),
        ({"feedback": ""}, 428),
        ({"due_at": "2020-01-01T00:00:00Z"}, 428),
        ({"closes_at": None}, 428),
        ({"late_policy": "accept"}, 428),
        ({"late_percent": 0}, 428),
        ({"attempt_rule": "last"}, 428),
        ({"opens_at": None}, 200),
        ({"attempts_allowed": 3}, 200),
        ([{"release": "auto"}], 400),
    ],
)
def test_what_changes_or_shows_marks_names_the_state_that_was_read(
    program: Programs, cohort: Cohort, quiz: Quiz, sent: Any, code: int
) -> None:
    lms = program()
    given = assigning.assign(quiz=quiz, cohort=cohort, by=None, release="held")
    SubmittedAttemptFactory(learner=learner(cohort), quiz=quiz, cohort=cohort)
    path = f"/assignments/{given.uuid}/"
    answer = lms.patch(path, sent)
    assert (answer.status_code, states(lms)) == (code, ["held"])
    if code == 428:
        assert lms.patch(path, sent, If_Match=lms.get(path)["ETag"]).status_code == 200


@pytest.mark.parametrize("tag", ["stale", "read", "none"])
def test_a_post_that_replaces_keeps_to_the_tag(program: Programs, cohort: Cohort, tag: str) -> None:
    lms, asked = program(), learner(cohort)
    body = {"learner": str(asked.uuid), "cohort": str(cohort.uuid), "extra_percent": 25}
    made = lms.post("/accommodations/", body, If_Match='"stale"')
    assert made.status_code == 201  # there was nothing that it could write over
    headers = {"stale": {"If_Match": '"stale"'}, "read": {"If_Match": made["ETag"]}, "none": {}}[tag]
    answer = lms.post("/accommodations/", {**body, "extra_percent": 10}, **headers)
    kept = Accommodation.objects.get().extra_percent
    assert (answer.status_code, kept) == ((412, 25) if tag == "stale" else (201, 10))


def given_in_a_course(school: Organisation, cohort: Cohort, quiz: Quiz, lms: Program) -> str:
    """The address of a course assignment that asks for the quiz."""
    step = {"key": "asks", "kind": "quiz", "title": "Quiz", "minutes": 5, "quiz": quiz}
    lesson = LessonFactory(module__course__organisation=school, revision__steps=[step])
    body = {"cohort": str(cohort.uuid), "course": str(lesson.course.uuid)}
    made = lms.post("/course-assignments/", {**body, "due_at": "2030-01-01T00:00:00Z"})
    assert made.status_code == 201, made.json()
    return f"/course-assignments/{made.json()['uuid']}/"


def test_what_was_taken_back_is_taken_back_again_whatever_was_given_since(
    program: Programs, school: Organisation, cohort: Cohort, quiz: Quiz
) -> None:
    lms, asked, beside = program(), learner(cohort), learner(cohort)
    SubmittedAttemptFactory(learner=beside, quiz=quiz, cohort=cohort)
    path = given_in_a_course(school, cohort, quiz, lms)
    assert lms.delete(path).status_code == 204
    assigning.assign(quiz=quiz, cohort=cohort, by=None, learners=[asked], release="held")
    Attempt.objects.update(assignment=None)
    assert program("assignments:write", name="Narrow").delete(path).status_code == 204


@pytest.mark.parametrize("by", ["assignment", "course"])
@pytest.mark.parametrize("held", [True, False])
def test_taking_back_shows_no_held_marks_without_the_scope_for_marks(
    program: Programs, school: Organisation, cohort: Cohort, quiz: Quiz, by: str, held: bool
) -> None:
    lms, asked, beside = program(), learner(cohort), learner(cohort)
    SubmittedAttemptFactory(learner=beside, quiz=quiz, cohort=cohort)
    path = given_in_a_course(school, cohort, quiz, lms) if by == "course" else ""
    release = {"release": "held" if held else "auto"}
    if by == "course":
        given = Assignment.objects.get()
        assigning.change(assignment=given, by=None, **release)
    else:
        given = assigning.assign(quiz=quiz, cohort=cohort, by=None, learners=[asked], **release)
        path = f"/assignments/{given.uuid}/"
    Attempt.objects.update(assignment=None)
    assert states(lms) == ["held" if held else "released"]
    narrow = program("assignments:write", name="Narrow")
    answer = narrow.delete(path)
    assert answer.status_code == (403 if held else 204)
    assert states(lms) == ["held" if held else "released"]
    if held:
        assert lms.delete(path).status_code == 204


def test_an_override_that_is_held_is_read_back_by_nobody(
    program: Programs, cohort: Cohort, quiz: Quiz
) -> None:
    lms, asked = program(), learner(cohort)
    given = assigning.assign(quiz=quiz, cohort=cohort, by=None, release="held")
    [score] = lms.get("/scores/").json()["results"]
    tag = lms.get(f"/scores/{score['uuid']}/")["ETag"]
    said = {"kind": "override", "fraction": 0.7, "reason": "oral"}
    made = lms.post(
        "/grade-entries/", {"assignment": str(given.uuid), "learner": str(asked.uuid), **said}, If_Match=tag
    )
    own = made.json()
    assert (own["fraction"], own["reason"], own["held"]) == (0.7, "oral", True)

    def read() -> list[Any]:
        [listed] = lms.get("/grade-entries/").json()["results"]
        assert listed == lms.get(f"/grade-entries/{listed['uuid']}/").json()
        return [listed[name] for name in ("kind", "fraction", "reason", "held")]

    assert read() == ["override", None, "", True]
    mark = lms.get("/grade-entries/").json()["high_water"]
    assigning.release(assignment=given, by=TeacherFactory(cohort=cohort))
    assert read() == ["override", 0.7, "oral", False]
    assert len(lms.get(f"/grade-entries/?updated_since={mark}").json()["results"]) == 1


def test_an_excuse_that_holds_is_read(program: Programs, cohort: Cohort, quiz: Quiz) -> None:
    lms, asked = program(), learner(cohort)
    given = assigning.assign(quiz=quiz, cohort=cohort, by=None, release="held")
    teacher = TeacherFactory(cohort=cohort)
    grades.enter(assignment=given, learner=asked, kind="excused", fraction=None, reason="ill", by=teacher)
    [listed] = lms.get("/grade-entries/").json()["results"]
    assert (listed["reason"], listed["held"]) == ("ill", False)


def logged(before: int) -> list[tuple[str, bool, bool]]:
    rows = ApiEntry.objects.order_by("pk")[before:]
    return [(row.kind, row.before is not None, row.after is not None) for row in rows]


@pytest.mark.parametrize("how", ["responses", "start"])
@pytest.mark.parametrize("theirs", [False, True])
def test_the_log_has_what_was_handed_in_because_its_time_was_over(
    program: Programs, cohort: Cohort, quiz: Quiz, how: str, theirs: bool
) -> None:
    lms, asked = program(), learner(cohort)
    given = assigning.assign(quiz=quiz, cohort=cohort, by=None, time_limit_s=600)
    under = CohortFactory(organisation=OrganisationFactory()) if theirs else cohort
    attempt = AttemptFactory(learner=asked, quiz=quiz, cohort=under)
    past = timezone.now() - timedelta(minutes=1)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=past, started_at=past - timedelta(hours=1))
    if how == "responses":
        if theirs:
            return  # it is not seen there
        body: Any = {"sequence": 1, "data": {"chosen": "reporter"}}
        answer = lms.post(f"/attempts/{attempt.uuid}/items/1/responses/", body)
    else:
        answer = lms.post("/attempts/", {"learner": str(asked.uuid), "assignment": str(given.uuid)})
    assert answer.status_code == 409
    entry = ApiEntry.objects.get()
    assert (entry.kind, entry.object_uuid) == ("quizzes.attempt", attempt.uuid)
    assert (entry.after is None) if theirs else (entry.after["submit_cause"] == "deadline")


def test_the_log_has_each_assignment_that_a_course_assignment_made_or_changed(
    program: Programs, school: Organisation, cohort: Cohort, quiz: Quiz
) -> None:
    lms, asked = program(), learner(cohort)
    beside = assigning.assign(quiz=QuizFactory(organisation=school), cohort=cohort, by=None)
    path = given_in_a_course(school, cohort, quiz, lms)
    made = Assignment.objects.exclude(pk=beside.pk).get()
    assert logged(0) == [("quizzes.assignment", False, True), ("courses.cohortcourse", False, True)]
    assert ApiEntry.objects.order_by("pk")[0].object_uuid == made.uuid
    assert lms.patch(path, {"due_at": "2030-02-01T00:00:00Z"}).status_code == 200
    changed = ApiEntry.objects.order_by("pk")[2]
    assert (changed.object_uuid, changed.before["due_at"], changed.after["due_at"]) == (
        made.uuid,
        "2030-01-01T00:00:00Z",
        "2030-02-01T00:00:00Z",
    )
    assert lms.delete(path).status_code == 204
    assert logged(4)[0] == ("quizzes.assignment", True, True)
    attempts.start(learner=asked, quiz=beside.quiz, cohort=cohort)
    assert len(logged(0)) == 6
