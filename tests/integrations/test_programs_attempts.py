"""What a program does with the attempts of its classes: reads, starts, answers, hands in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import CohortMember, ExternalIdentity, Organisation, User
from courses import enrolment
from integrations.models import ApiEntry
from quizzes import assigning, attempts
from quizzes.models import Assignment, Attempt, ItemResponse, QuizRevision
from tests.factories.accounts import CohortFactory, CohortMemberFactory
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import (
    AssignmentFactory,
    AttemptFactory,
    ItemResponseFactory,
    QuestionFactory,
    QuizFactory,
    SubmittedAttemptFactory,
)
from tests.integrations.conftest import Program
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
PROBLEM = "urn:read-it-twice:problem/"
HOUR = timedelta(hours=1)


@pytest.fixture
def member(school: Organisation) -> CohortMember:
    place: CohortMember = CohortMemberFactory(cohort=CohortFactory(organisation=school))
    return place


def assigned(member: CohortMember, **terms: Any) -> Assignment:
    made: Assignment = AssignmentFactory(cohort=member.cohort, **terms)
    return made


def handed_in(member: CohortMember, assignment: Assignment) -> Attempt:
    made: Attempt = SubmittedAttemptFactory(
        learner=member.user, quiz=assignment.quiz, cohort=assignment.cohort
    )
    return made


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["state"], row["fraction"], row["told_at"] is not None


def of_a_person() -> dict[str, Any]:
    return {"quiz": QuizFactory(revision__questions=[QuestionFactory(revision__type="rewrite")])}


def dropped(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(fraction=None, graded_at=timezone.now())


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        pytest.param({}, ("released", 1.0, False), id="plain"),
        pytest.param({"release": "held"}, ("held", None, False), id="held by the teacher"),
        pytest.param(
            {"feedback": "after_close", "closes_at": timezone.now() + HOUR},
            ("held", None, True),
            id="told after closing",
        ),
    ],
)
def test_an_attempt_tells_its_fraction_when_its_learner_may_know(
    program: Programs, member: CohortMember, terms: dict[str, Any], state: tuple[Any, ...]
) -> None:
    attempt = handed_in(member, assigned(member, **terms))
    row = program().get(f"/attempts/{attempt.uuid}/").json()
    assert told(row) == state
    [listed] = program(name="Other").get("/attempts/").json()["results"]
    assert listed == row


@pytest.mark.parametrize("how", ["released", "told earlier"])
def test_an_attempt_that_is_told_at_last_counts_as_changed(
    program: Programs, member: CohortMember, head: User, how: str
) -> None:
    held = {"release": "held"} if how == "released" else {"feedback": "after_close"}
    assignment = assigned(member, closes_at=timezone.now() + HOUR, **held)
    attempt = handed_in(member, assignment)
    Attempt.objects.filter(pk=attempt.pk).update(updated_at="2020-01-01T00:00Z")
    lms = program()
    mark = lms.get("/attempts/").json()["high_water"]
    if how == "released":
        assigning.release(assignment=assignment, by=head)
    else:
        assigning.change(assignment=assignment, by=head, feedback="after_submit")
    [row] = lms.get(f"/attempts/?updated_since={mark}").json()["results"]
    assert told(row) == ("released", 1.0, False)


def test_an_attempt_without_a_fraction_says_whether_one_comes(
    program: Programs, member: CohortMember
) -> None:
    open_one = AttemptFactory(learner=member.user, cohort=member.cohort)
    of_nobody = handed_in(member, assigned(member))
    dropped(of_nobody)
    item = AttemptFactory(learner=member.user, cohort=member.cohort, **of_a_person()).items.get()
    ItemResponseFactory(item=item, data={"text": "On 3 May the council paid 2,000 crowns."})
    attempts.submit(attempt=item.attempt)
    rows = {row["uuid"]: told(row) for row in program().get("/attempts/").json()["results"]}
    assert rows == {
        str(open_one.uuid): ("in_progress", None, False),
        str(of_nobody.uuid): ("submitted", None, False),
        str(item.attempt.uuid): ("waiting", None, False),
    }


def test_a_preview_is_shown_to_no_program(program: Programs, member: CohortMember) -> None:
    AttemptFactory(learner=member.user, cohort=member.cohort, preview=True)
    assert program().get("/attempts/").json()["results"] == []


@pytest.mark.parametrize("path", ["/attempts/", "/responses/"])
def test_lists_take_the_same_number_of_queries_for_1_and_100(
    program: Programs, member: CohortMember, path: str
) -> None:
    after_close = {"feedback": "after_close", "closes_at": timezone.now() + HOUR}
    attempt = handed_in(member, assigned(member, **after_close))
    lms = program()
    lms.get(path)
    one = asked_by(lms.get, path=path)
    columns = Attempt.objects.values().get(pk=attempt.pk)
    del columns["id"], columns["uuid"]
    Attempt.objects.bulk_create(Attempt(**columns | {"number": number}) for number in range(2, 101))
    response = ItemResponse.objects.get()
    ItemResponse.objects.bulk_create(
        ItemResponse(item=response.item, sequence=number, data=response.data) for number in range(2, 101)
    )
    many = asked_by(lms.get, path=path)
    assert len(lms.get(path).json()["results"]) == 100
    assert len(one) == len(many)


@pytest.mark.parametrize("name", ["learner", "quiz", "assignment", "cohort", "submitted"])
def test_attempts_are_narrowed_by_what_they_point_at(
    program: Programs, member: CohortMember, name: str
) -> None:
    wanted = handed_in(member, assigned(member))
    place = CohortMemberFactory(cohort=CohortFactory(organisation=member.cohort.organisation))
    AttemptFactory(learner=place.user, quiz=assigned(place).quiz, cohort=place.cohort)
    value = "true" if name == "submitted" else getattr(wanted, name).uuid
    rows = program().get(f"/attempts/?{name}={value}").json()["results"]
    assert [row["uuid"] for row in rows] == [str(wanted.uuid)]


def test_responses_are_listed_one_by_one_and_since_they_were_saved(
    program: Programs, member: CohortMember
) -> None:
    item = AttemptFactory(learner=member.user, cohort=member.cohort).items.get()
    lms = program()
    mark = lms.get("/responses/").json()["high_water"]
    ItemResponse.objects.filter(pk=ItemResponseFactory(item=item).pk).update(saved_at="2020-01-01T00:00Z")
    ItemResponseFactory(item=item, sequence=2, data={"chosen": None}, confidence=70, active_ms=900)
    first, second = lms.get(f"/responses/?attempt={item.attempt.uuid}").json()["results"]
    assert (first["sequence"], first["data"]) == (1, {"chosen": "engineer"})
    assert lms.get(f"/responses/?updated_since={mark}").json()["results"] == [second]
    second.pop("saved_at")
    assert second == {
        "attempt": str(item.attempt.uuid),
        "learner": str(member.user.uuid),
        "position": 1,
        "question": str(item.question.uuid),
        "type": "single_choice",
        "sequence": 2,
        "data": {"chosen": None},
        "confidence": 70,
        "active_ms": 900,
        "is_check": False,
    }


def start(lms: Program, learner: User, **named: Any) -> Any:
    return lms.post("/attempts/", {"learner": str(learner.uuid), **named})


def test_starting_twice_is_starting_once_and_is_logged_once(program: Programs, member: CohortMember) -> None:
    lms, assignment = program(), assigned(member)
    first = start(lms, member.user, assignment=str(assignment.uuid))
    again = start(lms, member.user, quiz=str(assignment.quiz.uuid))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["assignment"] == str(assignment.uuid)
    [entry] = ApiEntry.objects.all()
    assert (entry.scope, str(entry.object_uuid)) == ("attempts:write", first.json()["uuid"])
    assert entry.after == first.json()


def test_a_learner_is_named_as_the_other_system_names_them(program: Programs, member: CohortMember) -> None:
    assignment, kept = assigned(member), {"organisation": member.cohort.organisation, "issuer": "lms"}
    ExternalIdentity.objects.create(user=member.user, subject="4711", **kept)
    named = {"assignment": str(assignment.uuid), "learner_external_id": "4711"}
    lms = program()
    assert lms.post("/attempts/", {**named, "issuer": "lms"}).json()["learner"] == str(member.user.uuid)
    refused = lms.post("/attempts/", named)  # another system's number
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/learner_external_id")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({}, "/quiz", id="nothing"),
        pytest.param({"quiz": "q", "assignment": "a"}, "/quiz", id="both"),
        pytest.param({"assignment": "a", "cohort": "c"}, "/cohort", id="a class beside an assignment"),
        pytest.param({"assignment": "a", "learner": None}, "/learner", id="nobody"),
    ],
)
def test_a_start_that_names_the_wrong_things_is_told_which(
    program: Programs, member: CohortMember, body: dict[str, Any], pointer: str
) -> None:
    assignment = assigned(member)
    rows = {"q": assignment.quiz, "a": assignment, "c": member.cohort}
    sent = {name: str(rows[value].uuid) for name, value in body.items() if value}
    if "learner" not in body:
        sent["learner"] = str(member.user.uuid)
    refused = program().post("/attempts/", sent)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"closes_at": timezone.now() - HOUR}, "assignment-closed"),
        ({"opens_at": timezone.now() + HOUR}, "not-open-yet"),
        ({"everyone": False}, "not-assigned"),
        ({"archived_at": timezone.now()}, "not-assigned"),
        ({"archived_at": timezone.now(), "quiz__mode": "practice"}, "not-assigned"),
    ],
)
def test_a_start_that_the_terms_do_not_allow_is_refused(
    program: Programs, member: CohortMember, terms: dict[str, Any], code: str
) -> None:
    refused = start(program(), member.user, assignment=str(assigned(member, **terms).uuid))
    assert (refused.status_code, refused.json()["type"]) == (409, f"{PROBLEM}{code}")


def test_a_program_starts_what_one_of_its_own_classes_takes(program: Programs, member: CohortMember) -> None:
    quiz = QuizFactory()
    step = {"key": "quiz", "kind": "quiz", "title": "Quiz", "quiz": quiz}
    course = LessonFactory(revision__steps=[step]).course
    lms, named = program(), {"quiz": str(quiz.uuid)}
    enrolment.enrol(learner=member.user, course=course)
    refused = start(lms, member.user, **named)  # they take it alone: that is no business of the school
    assert refused.json()["type"] == f"{PROBLEM}not-assigned"
    enrolment.enrol(learner=member.user, course=course, cohort=member.cohort)
    elsewhere = CohortMemberFactory(user=member.user)
    enrolment.enrol(learner=member.user, course=course, cohort=elsewhere.cohort)
    assert start(lms, member.user, **named).json()["cohort"] == str(member.cohort.uuid)
    by_others = AssignmentFactory(cohort=elsewhere.cohort)
    assert start(lms, member.user, quiz=str(by_others.quiz.uuid)).json()["type"] == f"{PROBLEM}not-assigned"
    other = start(lms, member.user, **named, cohort=str(elsewhere.cohort.uuid))
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/cohort")


def test_what_is_open_in_another_school_is_neither_shown_nor_gone_on_with(
    program: Programs, member: CohortMember
) -> None:
    assignment, elsewhere = assigned(member), CohortMemberFactory(user=member.user)
    AttemptFactory(learner=member.user, quiz=assignment.quiz, cohort=elsewhere.cohort)
    refused = start(program(), member.user, assignment=str(assignment.uuid))
    assert (refused.status_code, refused.json()["type"]) == (409, f"{PROBLEM}open-elsewhere")


def test_saving_is_logged_without_what_was_answered(program: Programs, member: CohortMember) -> None:
    attempt = AttemptFactory(learner=member.user, cohort=member.cohort)
    path = f"/attempts/{attempt.uuid}/items/1/responses/"
    sent = {"sequence": 4, "data": {"chosen": "reporter"}, "confidence": 80, "active_ms": 1200}
    lms = program()
    assert [lms.post(path, sent).status_code for _ in range(2)] == [201, 201]
    saved = ItemResponse.objects.get()
    assert (saved.sequence, saved.data, saved.confidence) == (4, {"chosen": "reporter"}, 80)
    assert [entry.after for entry in ApiEntry.objects.all()] == [
        {"attempt": str(attempt.uuid), "position": 1, "sequence": 4}
    ]


@pytest.mark.parametrize("cause", ["learner", "teacher"])
def test_a_program_says_who_hands_in(program: Programs, member: CohortMember, cause: str) -> None:
    attempt = AttemptFactory(learner=member.user, cohort=member.cohort)
    lms = program()
    first, again = (lms.post(f"/attempts/{attempt.uuid}/submit/", {"cause": cause}) for _ in range(2))
    assert first.json() == again.json()
    assert (first.json()["submit_cause"], first.json()["state"]) == (cause, "released")
    [entry] = ApiEntry.objects.all()
    assert (entry.before["state"], entry.after["state"]) == ("in_progress", "released")


@pytest.mark.parametrize(("does", "sent"), [("submit", {}), ("more-time", {"seconds": 90})])
def test_what_names_another_state_changes_nothing(
    program: Programs, member: CohortMember, does: str, sent: Any
) -> None:
    timed = QuizFactory(revision__time_limit_s=600)
    attempt = AttemptFactory(learner=member.user, cohort=member.cohort, quiz=timed)
    lms, path = program(), f"/attempts/{attempt.uuid}/"
    read = lms.get(path)["ETag"]
    lms.post(f"{path}more-time/", {"seconds": 30})
    now = lms.get(path)
    assert lms.post(f"{path}{does}/", sent, If_Match=read).status_code == 412
    assert lms.get(path).json() == now.json()
    assert lms.post(f"{path}{does}/", sent, If_Match=now["ETag"]).status_code == 200


def test_more_time_moves_the_end_of_what_is_running(program: Programs, member: CohortMember) -> None:
    timed = QuizFactory(revision__time_limit_s=600)
    attempt = AttemptFactory(learner=member.user, cohort=member.cohort, quiz=timed)
    endless = AttemptFactory(learner=member.user, cohort=member.cohort)
    lms = program()
    answer = lms.post(f"/attempts/{attempt.uuid}/more-time/", {"seconds": 90})
    assert answer.status_code == 200
    attempt.refresh_from_db()
    assert attempt.deadline_at == attempt.started_at + timedelta(seconds=690)
    assert ApiEntry.objects.get().after == answer.json()
    refused = lms.post(f"/attempts/{endless.uuid}/more-time/", {"seconds": 90})
    assert (refused.status_code, refused.json()["type"]) == (409, f"{PROBLEM}no-time-to-give")


def test_a_program_notes_nothing_as_shown_and_is_told_no_feedback(
    program: Programs, member: CohortMember
) -> None:
    attempt = AttemptFactory(learner=member.user, cohort=member.cohort)
    lms = program()
    assert lms.get(f"/attempts/{attempt.uuid}/items/1/").status_code == 200
    assert attempt.items.get().first_shown_at is None
    attempts.submit(attempt=attempt)
    assert lms.get(f"/attempts/{attempt.uuid}/feedback/").status_code == 403


def test_practice_that_the_rules_do_not_score_waits_for_nobody(
    program: Programs, member: CohortMember
) -> None:
    rewrite = QuestionFactory(revision__type="rewrite")
    quiz = QuizFactory(mode="practice", revision__questions=[rewrite])
    assert quiz.revisions.get().feedback == QuizRevision.Feedback.AT_ONCE
    item = AttemptFactory(learner=member.user, cohort=member.cohort, quiz=quiz).items.get()
    ItemResponseFactory(item=item, data={"text": "On 3 May the council paid 2,000 crowns."})
    attempts.submit(attempt=item.attempt)
    assert program().get(f"/attempts/{item.attempt.uuid}/").json()["state"] == "submitted"


@pytest.mark.parametrize("left", [False, True])
def test_an_assignment_is_started_for_learners_of_its_class_only(
    program: Programs, member: CohortMember, left: bool
) -> None:
    """What was taken back is free again in practice: to nobody who names it, whoever they are."""
    assignment = assigned(member, quiz__mode="practice", archived_at=timezone.now())
    stranger = CohortMemberFactory(
        cohort=member.cohort if left else CohortFactory(organisation=member.cohort.organisation),
        joined_at=timezone.now() - HOUR,
        left_at=timezone.now() if left else None,
    )
    refused = start(program(), stranger.user, assignment=str(assignment.uuid))
    assert (refused.status_code, refused.json()["type"]) == (409, f"{PROBLEM}not-assigned")
    assert not Attempt.objects.exists()


def test_a_program_counts_the_tries_that_it_sees(program: Programs, member: CohortMember) -> None:
    assignment, elsewhere = assigned(member), CohortMemberFactory(user=member.user)
    for cohort in (elsewhere.cohort, member.cohort, None, member.cohort):
        SubmittedAttemptFactory(learner=member.user, quiz=assignment.quiz, cohort=cohort)
    rows = program().get("/attempts/").json()["results"]
    assert [row["number"] for row in rows] == [1, 2]


@pytest.mark.parametrize("name", ["learner", "quiz", "assignment", "cohort"])
@pytest.mark.parametrize("path", ["attempts", "responses", "item-scores", "evidence"])
def test_what_came_of_attempts_is_narrowed_alike(
    program: Programs, member: CohortMember, path: str, name: str
) -> None:
    wanted = handed_in(member, assigned(member))
    place = CohortMemberFactory(cohort=CohortFactory(organisation=member.cohort.organisation))
    handed_in(place, assigned(place))
    rows = program().get(f"/{path}/?{name}={getattr(wanted, name).uuid}").json()["results"]
    assert [row["learner"] for row in rows] == [str(member.user.uuid)]
