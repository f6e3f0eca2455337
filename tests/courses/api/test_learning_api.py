"""The learner's line through their courses over REST: what the pages show, as JSON."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import HiddenArticle
from courses import enrolment
from courses.skills import skill_lines
from quizzes.models import Attempt
from tests.contracts.stage import build
from tests.factories.accounts import TeacherFactory
from tests.factories.courses import EnrolmentFactory, LessonFactory
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    QuestionFactory,
    QuizFactory,
    SubmittedAttemptFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
PROBLEM = "urn:read-it-twice:problem/"


@pytest.fixture
def stage():
    """A lesson of four steps: explain, read, practice, quiz."""
    return build(notes={1: "Who says so?"})


@pytest.fixture
def learner(stage):
    return signed_in(stage.people["learner"])


def signed_in(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def lesson_address(stage, rest=""):
    return f"/api/v1/my/lessons/{stage.lesson.uuid}/{rest}"


def test_a_course_says_how_far_its_learner_is_and_what_comes_next(stage, learner):
    (listed,) = learner.get("/api/v1/my/courses/").json()
    assert (listed["steps_done"], listed["steps_total"], listed["next_step"]["key"]) == (0, 4, "explain")
    assert (listed["enrolled"], listed["cohort"]) == (True, str(stage.cohort.uuid))
    assert learner.post(lesson_address(stage, "steps/explain/done/")).json()["next_step"]["key"] == "read"
    shown = learner.get(f"/api/v1/my/courses/{stage.course.uuid}/").json()
    assert (shown["steps_done"], shown["next_step"]["key"]) == (1, "read")
    (lesson,) = shown["modules"][0]["lessons"]
    assert [(step["key"], step["done"]) for step in lesson["steps"]] == [
        ("explain", True), ("read", False), ("practice", False), ("quiz", False)
    ]  # fmt: skip
    assert [step["quiz"] for step in lesson["steps"][2:]] == [
        str(stage.practice.uuid),
        str(stage.graded.uuid),
    ]
    alone = learner.get(lesson_address(stage)).json()
    assert (alone["steps"], alone["steps_done"]) == (lesson["steps"], 1)


def test_courses_cost_the_same_for_1_and_20():
    taken = EnrolmentFactory(course=LessonFactory().course)
    client, path = signed_in(taken.learner), "/api/v1/my/courses/"
    client.get(path)  # the permissions of this user object are asked for once
    one = asked_by(client.get, path=path)
    for _ in range(19):
        EnrolmentFactory(course=LessonFactory().course, learner=taken.learner)
    many = asked_by(client.get, path=path)
    assert len(client.get(path).json()) == 20
    assert len(one) == len(many)


def test_a_step_is_noted_as_opened_by_reading_it_and_as_done_by_saying_so_once(stage, learner):
    address = lesson_address(stage, "steps/explain/")
    shown = learner.get(address).json()
    assert (shown["opened"], shown["done"], shown["body"]) == (True, False, "Every *claim* has an owner.")
    assert shown["body_html"] == "<p>Every <em>claim</em> has an owner.</p>\n"
    first, again = (learner.post(f"{address}done/").json() for _ in range(2))
    assert first == again
    assert learner.get(address).json()["done"] is True


def test_a_reading_shows_its_lines_with_their_notes(stage, learner):
    article = learner.get(lesson_address(stage, "steps/read/")).json()["article"]
    (paragraph,) = article["paragraphs"]  # the step shows the first line, and the notes of one skill
    assert paragraph["text"] == "The mayor opened the bridge."
    assert [(note["kind"], note["rationale"]) for note in paragraph["notes"]] == [
        ("required", "Who says so?")
    ]


def test_a_text_that_the_class_does_not_read_is_left_out(stage, learner):
    HiddenArticle.objects.create(cohort=stage.cohort, article=stage.article, by=TeacherFactory())
    shown = learner.get(lesson_address(stage, "steps/read/")).json()
    assert (shown["article"], shown["left_out"], shown["done"]) == (None, True, True)


@pytest.mark.parametrize(
    ("role", "key", "code"),
    [("learner", "quiz", "step-is-a-quiz"), ("teacher", "explain", "not-enrolled")],
)
def test_what_is_not_done_by_saying_so_is_refused(stage, role, key, code):
    reply = signed_in(stage.people[role]).post(lesson_address(stage, f"steps/{key}/done/"))
    assert (reply.status_code, reply.json()["type"]) == (409, f"{PROBLEM}{code}")


def test_who_looks_at_a_course_for_their_work_leaves_no_trace(stage):
    teacher = stage.people["teacher"]
    client = signed_in(teacher)
    assert client.get(lesson_address(stage, "steps/explain/")).json()["opened"] is False
    assert client.get(f"/api/v1/my/courses/{stage.course.uuid}/").json()["enrolled"] is False
    assert not teacher.enrolments.exists()


def test_work_is_told_on_the_learners_own_terms(stage, learner):
    person = stage.people["learner"]
    due = timezone.now().replace(microsecond=0) + timedelta(days=1)
    assigned = AssignmentFactory(cohort=stage.cohort, due_at=due, late_policy="none")
    AccommodationFactory(learner=person, cohort=stage.cohort, extra_days=2)

    def told():
        rows = {row["uuid"]: row for row in learner.get("/api/v1/my/assignments/").json()}
        return rows[str(assigned.uuid)]

    assert (told()["state"], told()["attempt"]) == ("new", None)
    assert (
        told()["due_at"]
        == told()["closes_at"]
        == (due + timedelta(days=2)).isoformat().replace("+00:00", "Z")
    )
    attempt = SubmittedAttemptFactory(learner=person, cohort=stage.cohort, quiz=assigned.quiz)
    assert (told()["state"], told()["attempt"]) == ("back", str(attempt.uuid))


def test_progress_is_what_the_page_counts(stage, learner):
    person = stage.people["learner"]
    SubmittedAttemptFactory(
        learner=person, quiz=QuizFactory(revision__questions=[QuestionFactory()]), cohort=stage.cohort
    )
    shown = learner.get("/api/v1/my/progress/").json()
    (met,), later = skill_lines(person)
    assert shown[0]["skill"] == met.code
    assert (shown[0]["state"], shown[0]["sentence"]) == (met.state, met.sentence)
    assert shown[0]["rows"] == [{"label": row.label, "slots": row.slots} for row in met.rows]
    assert [(one["skill"], one["state"]) for one in shown[1:]] == [(skill.code, "new") for skill in later]


def test_a_held_mark_tells_that_it_is_held_and_nothing_else(stage, learner):
    person = stage.people["learner"]
    assigned = AssignmentFactory(cohort=stage.cohort, release="held")
    SubmittedAttemptFactory(learner=person, cohort=stage.cohort, quiz=assigned.quiz)

    def mark():
        rows = {row["assignment"]: row for row in learner.get("/api/v1/my/marks/").json()}
        return rows[str(assigned.uuid)]

    assert (mark()["state"], mark()["fraction"], mark()["attempts"]) == ("held", None, 1)
    type(assigned).objects.filter(pk=assigned.pk).update(released_at=timezone.now())
    told = mark()
    assert (told["state"], told["fraction"], told["points"], told["maximum"]) == ("released", 1.0, 1.0, 1.0)


def test_the_whole_line_from_course_to_feedback(stage, learner):
    (course,) = learner.get("/api/v1/my/courses/").json()
    outline = learner.get(f"/api/v1/my/courses/{course['uuid']}/").json()
    steps = outline["modules"][0]["lessons"][0]["steps"]
    for step in steps[:2]:
        learner.post(f"/api/v1/my/lessons/{step['lesson']}/steps/{step['key']}/done/")
    quiz = steps[3]["quiz"]
    assert learner.get(f"/api/v1/my/quizzes/{quiz}/").json()["may_start"] is True
    started = learner.post("/api/v1/attempts/", {"quiz": quiz}, format="json").json()
    attempt = f"/api/v1/attempts/{started['uuid']}/"
    (item,) = learner.get(f"{attempt}items/").json()
    sent = {"sequence": item["sequence"] + 1, "data": {"chosen": "engineer"}}
    learner.post(f"{attempt}items/{item['position']}/responses/", sent, format="json")
    assert learner.post(f"{attempt}submit/").json()["state"] == "released"
    told = learner.get(f"{attempt}feedback/").json()
    assert (told["fraction"], told["items"][0]["verdict"]) == (1.0, "right")
    assert learner.get("/api/v1/my/courses/").json()[0]["steps_done"] == 3
    assert Attempt.objects.get().cohort == stage.cohort
    enrolment.end(enrolment=enrolment.enrolment_of(stage.people["learner"], stage.course))
    assert learner.get("/api/v1/my/courses/").json() == []
