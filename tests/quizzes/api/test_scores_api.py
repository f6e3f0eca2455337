"""Scores over REST: how they stand, that no change is missed, what is held, and a teacher's word on them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import classes
from accounts.models import Cohort, CohortMember, Organisation, User
from integrations.models import ApiEntry
from quizzes import (
    accommodating,
    assigning,
    attempts,
    deadlines,
    grades,
    publishing,
    regrading,
    score_moments,
    score_rows,
)
from quizzes.models import (
    Assignment,
    AssignmentScore,
    Attempt,
    AttemptItem,
    Evidence,
    GradeEntry,
    ItemScore,
    Question,
    Regrade,
)
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory, UserFactory
from tests.factories.quizzes import (
    AttemptFactory,
    QuestionFactory,
    QuizFactory,
    QuizRevisionFactory,
    SubmittedAttemptFactory,
)
from tests.integrations.conftest import Program
from tests.statements import Statements, asked_by

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
DAY = timedelta(days=1)


class Class:
    """A class with a teacher, a learner and a quiz of one question that they are given."""

    def __init__(self, school: Organisation, **terms: Any) -> None:
        self.cohort: Cohort = CohortFactory(organisation=school)
        self.teacher: User = TeacherFactory(cohort=self.cohort)
        self.learner: User = self.member().user
        self.quiz = QuizFactory(
            organisation=school, revision__questions=[QuestionFactory(organisation=school)]
        )
        self.assignment = assigning.assign(quiz=self.quiz, cohort=self.cohort, by=self.teacher, **terms)

    def member(self) -> CohortMember:
        member: CohortMember = CohortMemberFactory(cohort=self.cohort, joined_at=timezone.now() - 10 * DAY)
        score_rows.on_member_changed(None, member=member)
        return member

    def hand_in(self, **more: Any) -> Attempt:
        attempt: Attempt = SubmittedAttemptFactory(
            learner=self.learner, quiz=self.quiz, cohort=self.cohort, **more
        )
        return attempt

    def begin(self) -> Attempt:
        attempt: Attempt = AttemptFactory(learner=self.learner, quiz=self.quiz, cohort=self.cohort)
        return attempt

    def change(self, **chosen: Any) -> None:
        assigning.change(assignment=self.assignment, by=self.teacher, **chosen)

    def enter(self, kind: str, fraction: float | None = None) -> None:
        self.assignment.refresh_from_db()
        grades.enter(
            assignment=self.assignment,
            learner=self.learner,
            kind=kind,
            fraction=fraction,
            reason="Seen in class.",
            by=self.teacher,
        )

    def grant(self, **given: Any) -> None:
        accommodating.grant(learner=self.learner, cohort=self.cohort, by=self.teacher, **given)

    def regrade(self) -> None:
        question = Question.objects.get(attempt_items__attempt__cohort=self.cohort)
        plan = regrading.plan(question=question, kind=Regrade.Kind.DROP, cohorts=[self.cohort])
        regrading.carry_out(regrading.order(plan=plan, reason="Two answers are right.", by=self.teacher))

    def passes(self, name: str) -> None:
        """A date of the assignment passes: as if all that was done had been done before it."""
        past = timezone.now() - timedelta(seconds=1)
        Assignment.objects.filter(pk=self.assignment.pk).update(**{name: past})
        AssignmentScore.objects.update(updated_at=past - timedelta(seconds=1))
        score_moments.touch_passed()

    def leave(self) -> None:
        member = CohortMember.objects.get(cohort=self.cohort, user=self.learner)
        classes.remove_member(by=self.teacher, member=member)


@pytest.fixture
def group(school: Organisation) -> Class:
    return Class(school)


@pytest.fixture
def lms(program: Programs) -> Program:
    return program()


def score_of(lms: Program, group: Class) -> Any:
    [row] = lms.get(f"/scores/?learner={group.learner.uuid}").json()["results"]
    return row


def stand(lms: Program, group: Class) -> tuple[str, float | None]:
    row = score_of(lms, group)
    return row["state"], row["fraction"]


# How they stand -----------------------------------------------------------------------------------


def test_a_score_says_what_the_gradebook_says(lms: Program, group: Class) -> None:
    attempt = group.hand_in()
    row = score_of(lms, group)
    named = {
        name: row.pop(name)
        for name in ("learner", "assignment", "cohort", "quiz", "uuid", "created_at", "updated_at")
    }
    assert {name: named[name] for name in ("learner", "assignment", "cohort", "quiz")} == {
        "learner": str(group.learner.uuid),
        "assignment": str(group.assignment.uuid),
        "cohort": str(group.cohort.uuid),
        "quiz": str(group.quiz.uuid),
    }
    assert row == {
        "state": "released",
        "fraction": 1.0,
        "points": 1.0,
        "maximum": 1.0,
        "late": False,
        "days_late": 0,
        "overridden": False,
        "attempts": 1,
        "counted": [str(attempt.uuid)],
        "submitted_at": shown(attempt.submitted_at),
        "graded_at": shown(attempt.graded_at),
    }
    assert lms.get(f"/scores/{named['uuid']}/").json() == {**named, **row}


def shown(moment: datetime | None) -> str:
    assert moment is not None
    return moment.isoformat().replace("+00:00", "Z")


STATES: dict[str, tuple[Callable[[Class], Any], tuple[str, float | None]]] = {
    "nothing yet": (lambda group: None, ("not_due", None)),
    "begun": (lambda group: group.begin(), ("in_progress", None)),
    "due": (lambda group: group.passes("due_at"), ("missing", None)),
    "held": (lambda group: (group.hand_in(), group.change(release="held")), ("held", None)),
    "released": (lambda group: group.hand_in(), ("released", 1.0)),
    "set by hand": (lambda group: group.enter("override", 0.25), ("released", 0.25)),
    "set by hand and held": (
        lambda group: (group.change(release="held"), group.enter("override", 0.25)),
        ("held", None),
    ),
    "excused": (lambda group: (group.hand_in(), group.enter("excused")), ("excused", None)),
    "dropped": (lambda group: (group.hand_in(), group.regrade()), ("not_counted", None)),
    "taken back": (
        lambda group: assigning.archive(assignment=group.assignment, by=group.teacher),
        ("not_given", None),
    ),
    "they have left": (lambda group: group.leave(), ("not_given", None)),
    "they left before it was due": (
        lambda group: (group.leave(), away(group, left_at=timezone.now() - DAY), group.passes("due_at")),
        ("not_given", None),
    ),
    "they left when it was due": (lambda group: (group.passes("due_at"), group.leave()), ("missing", None)),
    "they left and had begun": (lambda group: (group.begin(), group.leave()), ("in_progress", None)),
    "they came when it was due": (
        lambda group: (away(group, joined_at=timezone.now()), group.passes("due_at")),
        ("not_counted", None),
    ),
}


def away(group: Class, **moments: datetime) -> None:
    CohortMember.objects.filter(cohort=group.cohort, user=group.learner).update(**moments)


@pytest.mark.parametrize("name", STATES)
def test_a_score_is_in_one_of_few_states(lms: Program, group: Class, name: str) -> None:
    do, expected = STATES[name]
    do(group)
    assert stand(lms, group) == expected


def test_work_that_waits_for_a_person_waits(lms: Program, school: Organisation) -> None:
    group = Class(school)
    question = QuestionFactory(organisation=school, revision__type="rewrite")
    publishing.publish_quiz(revision=QuizRevisionFactory(quiz=group.quiz, questions=[question]))
    attempt = group.begin()
    answer = registry.get("rewrite").example.right.model_dump(mode="json")
    attempts.save_response(item=attempt.items.get(), sequence=1, data=answer)
    attempts.submit(attempt=attempt)
    assert stand(lms, group) == ("waiting", None)


def test_late_work_says_so(lms: Program, school: Organisation) -> None:
    due = timezone.now() - timedelta(hours=30)
    group = Class(school, due_at=due, late_policy="percent", late_percent=10)
    group.hand_in()
    row = score_of(lms, group)
    assert (row["late"], row["days_late"], row["fraction"]) == (True, 2, 0.8)


@pytest.mark.parametrize("name", ["learner", "assignment", "cohort", "quiz"])
def test_the_scores_of_nobody_in_particular_are_not_the_scores_of_all(lms: Program, name: str) -> None:
    refused = lms.get(f"/scores/?{name}=")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, f"/{name}")


# Nothing is missed --------------------------------------------------------------------------------

CHANGES: dict[str, tuple[dict[str, Any], Callable[[Class], Any], Callable[[Class], Any]]] = {
    "an attempt begins": ({}, lambda group: None, lambda group: group.begin()),
    "an attempt is handed in": (
        {},
        lambda group: group.begin(),
        lambda group: attempts.submit(attempt=Attempt.objects.get(learner=group.learner)),
    ),
    "a regrade": ({}, lambda group: group.hand_in(), lambda group: group.regrade()),
    "an override": ({}, lambda group: group.hand_in(), lambda group: group.enter("override", 0.5)),
    "an excuse": ({}, lambda group: None, lambda group: group.enter("excused")),
    "a release": (
        {"release": "held"},
        lambda group: group.hand_in(),
        lambda group: assigning.release(assignment=group.assignment, by=group.teacher),
    ),
    "other terms": (
        {},
        lambda group: group.hand_in(),
        lambda group: group.change(release="held"),
    ),
    "an accommodation": (
        {"due_at": timezone.now() - DAY},
        lambda group: None,
        lambda group: group.grant(extra_days=3),
    ),
    "an accommodation that is taken back": (
        {"due_at": timezone.now() - DAY},
        lambda group: group.grant(extra_days=3),
        lambda group: group.grant(),
    ),
    "a quiz in other words": (
        {},
        lambda group: group.hand_in(),
        lambda group: publishing.publish_quiz(
            revision=QuizRevisionFactory(quiz=group.quiz, questions=QuestionFactory.create_batch(2))
        ),
    ),
    "its due date passes": ({}, lambda group: None, lambda group: group.passes("due_at")),
    "its closing passes": (
        {"feedback": "after_close", "closes_at": timezone.now() + DAY},
        lambda group: group.hand_in(),
        lambda group: group.passes("closes_at"),
    ),
    "it is given to others": (
        {},
        lambda group: None,
        lambda group: assigning.address(
            assignment=group.assignment, by=group.teacher, learners=[group.member().user]
        ),
    ),
    "it is taken back": (
        {},
        lambda group: None,
        lambda group: assigning.archive(assignment=group.assignment, by=group.teacher),
    ),
    "another assignment takes the work over": (
        {},
        lambda group: (group.hand_in(), assigning.archive(assignment=group.assignment, by=group.teacher)),
        lambda group: assigning.assign(quiz=group.quiz, cohort=group.cohort, by=group.teacher),
    ),
    "the learner leaves": ({"due_at": timezone.now() + DAY}, lambda group: None, lambda group: group.leave()),
}


def read(lms: Program, group: Class, **query: str) -> dict[str, Any]:
    """What the list says of the learner's scores, without the moments."""
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    rows = lms.get(f"/scores/?learner={group.learner.uuid}&{asked}").json()["results"]
    return {row["uuid"]: {**row, "updated_at": None} for row in rows}


@pytest.mark.parametrize("name", CHANGES)
def test_a_program_finds_each_change_of_a_score(lms: Program, school: Organisation, name: str) -> None:
    terms, before, change = CHANGES[name]
    group = Class(school, **terms)
    before(group)
    known = read(lms, group)
    AssignmentScore.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    mark = lms.get("/scores/").json()["high_water"]
    change(group)
    whole, since = read(lms, group), read(lms, group, updated_since=mark)
    assert {**known, **since} == whole
    assert since


def test_a_date_of_ones_own_is_found_when_it_passes(lms: Program, school: Organisation) -> None:
    """Due for the class yesterday, for this learner a moment ago."""
    group = Class(school, due_at=timezone.now() - DAY - timedelta(seconds=2))
    other = group.member().user
    group.grant(extra_days=1)
    AssignmentScore.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    score_moments.touch_passed()
    touched = AssignmentScore.objects.filter(updated_at__gte=timezone.now() - timedelta(minutes=1))
    assert [row.learner for row in touched] == [group.learner]
    assert other != group.learner
    moment = touched.get().updated_at
    score_moments.touch_passed()
    assert touched.get().updated_at == moment


def test_an_attempt_that_is_told_as_a_date_passes_is_found_too(lms: Program, school: Organisation) -> None:
    group = Class(school, feedback="after_close", closes_at=timezone.now() + DAY)
    group.hand_in()
    [held] = lms.get("/attempts/").json()["results"]
    Attempt.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    mark = lms.get("/attempts/").json()["high_water"]
    group.passes("closes_at")
    [told] = lms.get(f"/attempts/?updated_since={mark}").json()["results"]
    assert (held["state"], told["state"]) == ("held", "released")


def test_the_last_who_is_at_it_lets_everybody_be_told(lms: Program, school: Organisation) -> None:
    """Feedback waits for a try that is still running after the closing; handing it in early is news for all."""
    group = Class(school, feedback="after_close", closes_at=timezone.now() + DAY, time_limit_s=600)
    group.hand_in()
    late: Attempt = AttemptFactory(learner=group.member().user, quiz=group.quiz, cohort=group.cohort)
    past = timezone.now() - timedelta(seconds=30)
    Assignment.objects.filter(pk=group.assignment.pk).update(closes_at=past)
    assert stand(lms, group) == ("held", None)
    mark = timezone.now()
    attempts.submit(attempt=late)
    assert stand(lms, group) == ("released", 1.0)
    assert AssignmentScore.objects.filter(updated_at__gte=mark).count() == 2
    assert told_since(lms, group, mark) == ("released", None)


def told_since(lms: Program, group: Class, mark: Any) -> tuple[str, str | None]:
    """What the learner's attempt says to a program that asks for what has changed since; it must have changed."""
    at = quote(mark.isoformat())
    [row] = lms.get(f"/attempts/?updated_since={at}&learner={group.learner.uuid}").json()["results"]
    return row["state"], row["told_at"]


def anothers_grant(group: Class, other: User, running: Attempt | None) -> None:
    accommodating.grant(learner=other, cohort=group.cohort, by=group.teacher, extra_days=3)


def anothers_more_time(group: Class, other: User, running: Attempt | None) -> None:
    assert running is not None
    deadlines.give_more_time(attempts=[running], seconds=7200, by=group.teacher)


def anothers_early_end(group: Class, other: User, running: Attempt | None) -> None:
    assert running is not None
    Attempt.objects.filter(pk=running.pk).update(deadline_at=timezone.now() + 3 * DAY)
    attempts.submit(attempt=Attempt.objects.get(pk=running.pk))


def anothers_start(group: Class, other: User, running: Attempt | None) -> None:
    attempts.start(learner=other, quiz=group.quiz, cohort=group.cohort)


@pytest.mark.parametrize("under_it", [True, False], ids=["assigned", "before it was assigned"])
@pytest.mark.parametrize("moved_by", [anothers_grant, anothers_more_time, anothers_early_end, anothers_start])
def test_an_attempt_whose_telling_somebody_else_moves_is_found(
    lms: Program, school: Organisation, moved_by: Callable[..., None], under_it: bool
) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    group = Class(school, feedback="after_close", closes_at=soon, time_limit_s=600)
    attempt, other = group.hand_in(), group.member().user
    if not under_it:
        Attempt.objects.filter(pk=attempt.pk).update(assignment=None)
    running = None
    if moved_by is anothers_start:
        accommodating.grant(learner=other, cohort=group.cohort, by=group.teacher, extra_s=3600)
    elif moved_by is not anothers_grant:
        running = AttemptFactory(learner=other, quiz=group.quiz, cohort=group.cohort)
    mark = timezone.now()
    moved_by(group, other, running)
    assert told_since(lms, group, mark)[0] == "held"


def test_who_comes_into_a_class_has_its_scores(lms: Program, group: Class) -> None:
    newcomer = group.member().user
    [row] = lms.get(f"/scores/?learner={newcomer.uuid}&assignment={group.assignment.uuid}").json()["results"]
    assert row["state"] == "not_due"


def test_starting_and_handing_in_under_an_assignment_stay_cheap(group: Class) -> None:
    group.change(time_limit_s=600, feedback="after_close", closes_at=timezone.now() + DAY)
    starting = asked_by(attempts.start, learner=group.learner, quiz=group.quiz, cohort=group.cohort)
    attempt = Attempt.objects.get()
    Assignment.objects.update(closes_at=timezone.now())
    submitting = asked_by(attempts.submit, attempt=attempt)
    assert len(starting) <= 15
    assert len(submitting) <= 15


# What is held -------------------------------------------------------------------------------------


def test_what_is_held_is_told_nowhere_and_found_when_it_is_released(
    lms: Program, school: Organisation
) -> None:
    group = Class(school, release="held")
    group.hand_in()
    paths = (f"/scores/?cohort={group.cohort.uuid}", "/item-scores/", "/evidence/")
    before = [lms.get(path).json() for path in paths]
    assert [page["results"][0]["fraction"] for page in before] == [None, None, None]
    assert before[2]["results"][0]["correct"] is None
    assert lms.get(f"/mastery/{group.learner.uuid}/").json()["skills"] == []
    AssignmentScore.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    ItemScore.objects.update(at=timezone.now() - timedelta(hours=1))
    Evidence.objects.update(at=timezone.now() - timedelta(hours=1))
    mark = quote(before[0]["high_water"])
    assigning.release(assignment=group.assignment, by=group.teacher)
    for path in (*paths, "/mastery/"):
        joined = "&" if "?" in path else "?"
        [row] = lms.get(f"{path}{joined}updated_since={mark}").json()["results"]
        assert row.get("fraction", 1.0) == 1.0
    assert row["skills"][0]["right"] == 1


# A teacher's word ---------------------------------------------------------------------------------


def entry(group: Class, **changed: Any) -> dict[str, Any]:
    given = {"kind": "override", "fraction": 0.5, "reason": "Seen in class."}
    named = {"assignment": str(group.assignment.uuid), "learner": str(group.learner.uuid)}
    return {**named, **given, **changed}


def tag_of(lms: Program, group: Class) -> str:
    return str(lms.get(f"/scores/{score_of(lms, group)['uuid']}/").headers["ETag"])


def test_a_program_sets_a_score_by_hand(lms: Program, group: Class) -> None:
    group.hand_in()
    made = lms.post("/grade-entries/", entry(group), If_Match=tag_of(lms, group))
    assert made.status_code == 201
    told = lms.get(f"/grade-entries/{made.json()['uuid']}/").json()
    assert told == made.json()
    assert stand(lms, group) == ("released", 0.5)
    assert GradeEntry.objects.get().by == lms.client.user
    kept = ApiEntry.objects.get()
    assert (kept.scope, kept.before["fraction"], kept.after["fraction"]) == ("grades:write", 1.0, 0.5)


def test_a_score_that_changed_meanwhile_is_not_written_over(lms: Program, group: Class) -> None:
    tag = tag_of(lms, group)
    without = lms.post("/grade-entries/", entry(group))
    group.hand_in()
    stale = lms.post("/grade-entries/", entry(group), If_Match=tag)
    assert (without.status_code, stale.status_code) == (428, 412)
    assert not GradeEntry.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"fraction": None}, 422, "/fraction"),
        ({"kind": "excused"}, 422, "/fraction"),
        ({"kind": "none", "fraction": None}, 422, "/kind"),
        ({"fraction": 1.5}, 400, "/fraction"),
        ({"reason": " "}, 422, "/reason"),
        ({"learner": str(uuid4())}, 422, "/learner"),
        ({"learner": "nobody"}, 400, "/learner"),
        ({"assignment": 7}, 400, "/assignment"),
    ],
)
def test_an_entry_that_makes_no_sense_says_what_to_mend(
    lms: Program, group: Class, changed: dict[str, Any], status: int, pointer: str
) -> None:
    refused = lms.post("/grade-entries/", entry(group, **changed), If_Match=tag_of(lms, group))
    assert refused.status_code == status
    [fault] = refused.json()["errors"]
    assert fault["pointer"] == pointer
    assert "100" not in fault["detail"]
    assert "empty" not in fault["detail"]


# What it costs ------------------------------------------------------------------------------------


def copies(attempt: Attempt, count: int) -> None:
    """As many more learners who did just the same, row by row."""
    learners = User.objects.bulk_create(
        UserFactory.build(username=f"copy-{n}", username_key=f"copy-{n}") for n in range(count)
    )
    places = [CohortMember(cohort=attempt.cohort, user=one) for one in learners]
    CohortMember.objects.bulk_create(places)
    [item], [score], [evidence] = (
        list(rows)
        for rows in (
            AttemptItem.objects.filter(attempt=attempt),
            ItemScore.objects.filter(item__attempt=attempt),
            Evidence.objects.filter(learner=attempt.learner),
        )
    )
    made = [fresh(attempt, learner=learner) for learner in learners]
    items = [fresh(item, attempt=one, current_score=None) for one in Attempt.objects.bulk_create(made)]
    scores = [fresh(score, item=one) for one in AttemptItem.objects.bulk_create(items)]
    Evidence.objects.bulk_create(
        fresh(evidence, score=one, learner=one.item.attempt.learner)
        for one in ItemScore.objects.bulk_create(scores)
    )
    GradeEntry.objects.bulk_create(
        GradeEntry(
            assignment=attempt.assignment, learner=one, kind="excused", reason="Ill.", by=attempt.learner
        )
        for one in learners
    )
    score_rows.touch_attempts(made)


def fresh(row: Any, **changed: Any) -> Any:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    fields = {name: value for name, value in fields.items() if name not in {"id", "uuid"}}
    for name in changed:
        fields.pop(f"{name}_id")
    return type(row)(**fields, **changed)


def test_lists_cost_the_same_for_one_and_a_hundred(lms: Program, group: Class) -> None:
    attempt = group.hand_in()
    group.enter("excused")
    paths = ("/scores/", "/item-scores/", "/evidence/", "/mastery/", "/grade-entries/")
    one = [len(asked_by(lms.get, path=path)) for path in paths]
    copies(attempt, 99)
    hundred = []
    for path in paths:
        with Statements() as statements:
            rows = lms.get(path).json()["results"]
        hundred.append((len(rows), len(statements.asked)))
    assert hundred == [(100, count) for count in one]
