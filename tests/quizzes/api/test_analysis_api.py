"""Item analyses and evidence over REST: figures of a class, and no word of what is right without its scope."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Cohort, Organisation
from quizzes import analysis, attempts
from quizzes.models import Quiz
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, CohortMemberFactory
from tests.factories.quizzes import (
    AssignmentFactory,
    AttemptFactory,
    QuestionFactory,
    QuizFactory,
    SubmittedAttemptFactory,
)
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


@pytest.fixture
def cohort(school: Organisation) -> Cohort:
    return CohortFactory(organisation=school)


@pytest.fixture
def quiz() -> Quiz:
    return QuizFactory(revision__questions=[QuestionFactory(), QuestionFactory()])


def answered(quiz: Quiz, cohort: Cohort, chosen: str, **who: Any) -> None:
    attempt = AttemptFactory(quiz=quiz, cohort=cohort, **who)
    for item in attempt.items.all():
        attempts.save_response(item=item, sequence=1, data={"chosen": chosen})
    attempts.submit(attempt=attempt)


def figures(lms: Program, quiz: Quiz, cohort: Cohort) -> Any:
    return lms.get(f"/item-analyses/{quiz.uuid}/?cohort={cohort.uuid}").json()


def test_figures_come_when_they_are_computed(program: Programs, quiz: Quiz, cohort: Cohort) -> None:
    lms = program()
    assert figures(lms, quiz, cohort)["computed_at"] is None
    answered(quiz, cohort, "engineer")
    answered(quiz, cohort, "reporter")
    analysis.compute(quiz=quiz, cohort=cohort)
    found = figures(lms, quiz, cohort)
    item = found["items"][0]
    assert (found["learners"], found["newer"], found["alpha"]) == (2, 0, None)
    assert (item["n"], item["facility"], item["item_rest_r"]) == (2, 0.5, None)
    assert [(option["option"], option["right"], option["all"]) for option in item["options"]] == [
        ("engineer", True, 1),
        ("reporter", False, 1),
        ("nobody", False, 0),
        (None, None, 0),
    ]


@pytest.mark.parametrize("terms", [{"release": "held"}, {"feedback": "after_close"}], ids=["held", "closing"])
def test_no_figures_while_marks_are_held(
    program: Programs, quiz: Quiz, cohort: Cohort, terms: dict[str, str]
) -> None:
    closes = timezone.now() + timedelta(days=1)
    given = AssignmentFactory(quiz=quiz, cohort=cohort, closes_at=closes, **terms)
    answered(quiz, cohort, "engineer", learner=CohortMemberFactory(cohort=cohort).user)
    analysis.compute(quiz=quiz, cohort=cohort)
    held = figures(program(), quiz, cohort)
    assert (held["withheld"], held["items"], held["alpha"], held["learners"]) == (True, [], None, 0)
    given.release, given.feedback = "auto", ""
    given.save()
    told = figures(program(name="later"), quiz, cohort)
    assert (told["withheld"], told["items"][0]["facility"]) == (False, 1.0)


def test_what_is_right_is_told_with_its_own_scope_only(program: Programs, quiz: Quiz, cohort: Cohort) -> None:
    answered(quiz, cohort, "engineer")
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    nobody = "a distractor nobody takes"
    flags = ["too easy", f"{nobody}: reporter", f"{nobody}: nobody"]
    stored.figures["items"] = [{**item, "n": 20, "flags": flags} for item in stored.figures["items"]]
    stored.save()
    without = figures(program("grades:read", name="few"), quiz, cohort)
    among = figures(program("grades:read", "keys:read", name="more"), quiz, cohort)
    assert {"right" in option for item in without["items"] for option in item["options"]} == {False}
    assert {"right" in option for item in among["items"] for option in item["options"]} == {True}
    assert [set(one["items"][0]["flags"]) for one in (without, among)] == [{"too easy", nobody}, set(flags)]


def test_evidence_tells_of_parts_with_the_scope_for_keys_only(
    program: Programs, cohort: Cohort, school: Organisation
) -> None:
    """The parts come in the order of the text: which of them were right is the key, to who knows the response."""
    kinds = ("mark_spans", "single_choice", "true_false", "classify")
    questions = [QuestionFactory(revision__type=kind) for kind in kinds]
    attempt = AttemptFactory(quiz=QuizFactory(revision__questions=questions), cohort=cohort)
    for item in attempt.items.select_related("revision"):
        right = registry.get(item.revision.type).example.right.model_dump(mode="json")
        attempts.save_response(item=item, sequence=1, data=right)
    attempts.submit(attempt=attempt)
    few, more = program("grades:read", name="few"), program("grades:read", "keys:read", name="more")
    hidden, told = (lms.get("/evidence/").json()["results"] for lms in (few, more))
    assert {row["kind"] for row in told} > {"problem", "sound"}
    parts = [row for row in told if row["unit"]]
    shown = {row["uuid"] for row in told} - {row["uuid"] for row in parts}
    assert shown == {row["uuid"] for row in hidden} != set()
    names = ("unit", "kind", "category")
    assert {row[name] for row in hidden for name in names} == {None}
    assert few.get(f"/evidence/{parts[0]['uuid']}/").status_code == 404
    assert {row["skill"] for row in hidden} == {"S2"}


@pytest.mark.parametrize("path", ["evidence", "questions"])
def test_an_unknown_skill_is_refused(program: Programs, cohort: Cohort, path: str) -> None:
    attempt = SubmittedAttemptFactory(cohort=cohort)
    lms = program()
    refused = lms.get(f"/{path}/?skill=attribution")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/skill")
    assert lms.get(f"/{path}/?skill=S3").json()["results"] == []
    found = {row.get("learner") for row in lms.get("/evidence/?skill=S2").json()["results"]}
    assert found == {str(attempt.learner.uuid)}


def test_the_figures_of_all_classes_are_for_who_owns_the_quiz(
    program: Programs, school: Organisation, quiz: Quiz
) -> None:
    own = QuizFactory(organisation=school)
    SubmittedAttemptFactory(quiz=own, cohort=CohortFactory(organisation=school))
    lms = program()
    asked = [lms.get(f"/item-analyses/{one.uuid}/") for one in (own, quiz)]
    assert [answer.status_code for answer in asked] == [200, 422]
    elsewhere = CohortFactory()
    found = [lms.get(f"/item-analyses/{own.uuid}/?cohort={named}") for named in (elsewhere.uuid, "7b")]
    assert [answer.status_code for answer in found] == [422, 400]


def test_mastery_counts_what_came_of_the_schools_own_classes(
    program: Programs, school: Organisation, cohort: Cohort
) -> None:
    attempt = SubmittedAttemptFactory(cohort=cohort)
    cohort.members.create(user=attempt.learner)
    for other in (None, CohortFactory()):
        SubmittedAttemptFactory(learner=attempt.learner, cohort=other)
    lms = program()
    [row] = lms.get(f"/mastery/?cohort={cohort.uuid}").json()["results"]
    [skill] = row["skills"]
    assert (row["learner"], skill["skill"]) == (str(attempt.learner.uuid), "S2")
    assert (skill["state"], skill["tries"], skill["right"]) == ("developing", 1, 1)
