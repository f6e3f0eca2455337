"""What a person is given of their work, and what is left of it when they are erased."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Avg
from django.test import Client
from django.utils import timezone

from accounts import consents, erasing, exporting, journal
from accounts.models import CohortMember, Consent, ExternalIdentity, Notice, User
from quizzes import analysis, attempts, item_rows
from quizzes.models import Assignment, Evidence, GradeEntry, ItemResponse, ItemScore, QuizAnalysis
from quizzes.personal_data import ERASED, typed_fields
from quizzes.types import registry
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    StaffFactory,
    TeacherFactory,
    UserFactory,
)
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    AttemptFactory,
    QuestionFactory,
    QuizFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
ASKED = ("short_answer", "rewrite", "single_choice")
SOON = timezone.now() + timedelta(days=1)
PAST = timezone.now() - timedelta(minutes=1)
SECRET = "my name is Sam Lindqvist"


@pytest.fixture
def cohort():
    return CohortFactory(name="7b", organisation=OrganisationFactory())


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def quiz():
    questions = [QuestionFactory(revision__type=slug, **part(slug)) for slug in ASKED]
    return QuizFactory(revision__questions=questions)


def part(slug):
    example = registry.get(slug).example
    return {"revision__prompt": example.prompt, "revision__key": example.key}


def right(slug):
    return registry.get(slug).example.right.model_dump(mode="json")


@pytest.fixture
def pupil(cohort):
    member = CohortMemberFactory(
        cohort=cohort, real_name="Sam Lindqvist", user__username="heron-7", user__display_name="Blue Heron"
    )
    consents.agree(user=member.user)
    return member.user


def work(learner, quiz, cohort, **answers):
    """An attempt that is handed in; an answer is the example's right one, or as given."""
    attempt = AttemptFactory(learner=learner, quiz=quiz, cohort=cohort)
    for item, slug in zip(attempt.items.order_by("position"), ASKED, strict=True):
        data = answers.get(slug) or right(slug)
        attempts.save_response(item=item, sequence=1, data=data)
    return attempts.submit(attempt=attempt)


def figures(quiz):
    """What statistics of the class and of the questions are made of."""
    scores = ItemScore.objects.filter(item__attempt__quiz=quiz)
    return {
        "facilities": list(
            scores.values("item__question").annotate(mean=Avg("fraction")).order_by("item__question")
        ),
        "scores": list(scores.order_by("pk").values("fraction", "answered", "item", "number", "dropped")),
        "mean": quiz.attempts.aggregate(mean=Avg("fraction")),
        "evidence": list(Evidence.objects.order_by("pk").values("learner", "correct", "skill", "fraction")),
    }


def exported(person):
    return json.loads("".join(exporting.export(person)))["tables"]


def test_the_example_of_each_typed_question_has_such_a_field():
    assert typed_fields() == {"number": ["text"], "rewrite": ["text"], "short_answer": ["text"]}


def test_erasing_leaves_the_figures_and_nobody(cohort, teacher, quiz, pupil):
    typed = {"short_answer": {"text": SECRET}, "rewrite": {"text": SECRET, "checked": []}}
    work(pupil, quiz, cohort, **typed)
    work(pupil, quiz, cohort)
    work(CohortMemberFactory(cohort=cohort).user, quiz, cohort)
    ItemScore.objects.filter(item__attempt__learner=pupil, source="auto").update(reason=SECRET)
    assignment = AssignmentFactory(quiz=quiz, cohort=cohort)
    GradeEntry.objects.create(
        assignment=assignment, learner=pupil, kind="override", fraction=0.5, reason=SECRET, by=teacher
    )
    ExternalIdentity.objects.create(
        user=pupil, organisation=cohort.organisation, issuer="roster", subject="007"
    )
    Notice.objects.create(user=pupil, kind="graded", key="graded:1")
    journal.note(teacher, CohortMember.objects.get(user=pupil), "Changed.")
    client = Client()
    client.force_login(pupil)
    before = figures(quiz)
    erasing.erase(person=pupil)
    assert figures(quiz) == before
    assert GradeEntry.objects.values_list("fraction", "reason").get() == (0.5, ERASED)
    erased = User.objects.get(pk=pupil.pk)
    assert erased.username == f"erased-{pupil.uuid.hex[:8]}"
    assert (erased.display_name, erased.email, erased.is_active) == ("erased", "", False)
    assert not erased.has_usable_password()
    assert client.get("/lessons/").status_code == 302
    assert not Session.objects.exists()
    left = CohortMember.objects.get(user=pupil)
    assert (left.real_name, left.left_at is None) == ("", False)
    trace = ExternalIdentity.objects.get()
    assert (trace.issuer, trace.organisation, "007" in trace.subject) == (
        "erased",
        cohort.organisation,
        False,
    )
    assert not Notice.objects.exists()
    assert Consent.objects.filter(user=pupil).count() == 1
    assert LogEntry.objects.values_list("object_repr", "change_message").get() == ("", "")
    assert everything_about("Lindqvist", "Heron", SECRET, "heron-7") == []


def everything_about(*words: str) -> list[Any]:
    """Where in the whole database one of the words stands, as a word of its own."""
    from django.apps import apps
    from django.core import serializers

    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.all():
            said = serializers.serialize("json", [row])
            found += [(model._meta.label, word) for word in words if f'"{word}' in said or f"{word} " in said]
    return found


def test_erasing_empties_the_figures_that_quote_their_answers(cohort, quiz, pupil):
    other = CohortFactory()
    for learner in (pupil, CohortMemberFactory(cohort=cohort).user):
        work(learner, quiz, cohort, short_answer={"text": SECRET})
    work(UserFactory(), quiz, other)
    theirs = [analysis.compute(quiz=quiz, cohort=under) for under in (cohort, None)]
    others = analysis.compute(quiz=quiz, cohort=other)
    assert SECRET in json.dumps(theirs[0].figures)
    erasing.erase(person=pupil)
    for stored in theirs:
        stored.refresh_from_db()
        assert (stored.figures, stored.computed_at, stored.asked_at) == ({}, None, None)
    assert analysis.read(quiz=quiz, cohort=cohort).newer > 0
    assert QuizAnalysis.objects.get(pk=others.pk).figures == others.figures
    again = analysis.compute(quiz=quiz, cohort=cohort)
    assert (again.learners, json.dumps(again.figures).count(SECRET)) == (2, 1)


def test_figures_that_were_read_before_an_erasing_are_not_stored(cohort, quiz, pupil, monkeypatch):
    work(pupil, quiz, cohort, short_answer={"text": SECRET})
    read = item_rows.read

    def read_and_erase(attempts):
        rows = read(attempts)
        erasing.erase(person=pupil)
        return rows

    monkeypatch.setattr(item_rows, "read", read_and_erase)
    assert analysis.compute(quiz=quiz, cohort=cohort).figures == {}
    assert everything_about(SECRET) == []


def test_what_earned_the_point_by_rule_stays(cohort, quiz, pupil):
    work(pupil, quiz, cohort)
    erasing.erase(person=pupil)
    kept = {
        response.item.revision.type: response.data
        for response in ItemResponse.objects.select_related("item__revision")
    }
    assert kept["short_answer"] == right("short_answer")
    assert kept["single_choice"] == right("single_choice")
    assert kept["rewrite"]["text"] == ""


def test_erasing_twice_is_once_and_some_are_not_erased(pupil):
    erasing.erase(person=pupil)
    first = User.objects.get(pk=pupil.pk).erased_at
    erasing.erase(person=pupil)
    assert User.objects.get(pk=pupil.pk).erased_at == first
    admin = StaffFactory()
    for person, by in (
        (UserFactory(kind=User.Kind.SERVICE), None),
        (UserFactory(is_superuser=True), admin),
        (admin, admin),
    ):
        with pytest.raises(erasing.EraseRefused):
            erasing.erase(person=person, by=by)


def test_an_export_has_what_the_person_did_and_nothing_of_others(cohort, quiz, pupil):
    work(pupil, quiz, cohort, short_answer={"text": "Sörensen"})
    work(CohortMemberFactory(cohort=cohort).user, quiz, cohort)
    tables = exported(pupil)
    assert tables["accounts.user"][0]["display_name"] == "Blue Heron"
    assert tables["accounts.cohortmember"][0]["real_name"] == "Sam Lindqvist"
    assert tables["quizzes.itemresponse"][0]["data"] == {"text": "Sörensen"}
    assert len(tables["quizzes.attempt"]) == 1
    assert len(tables["quizzes.itemscore"]) == len(ASKED)
    assert "accounts.notice" not in tables


@pytest.mark.parametrize("how", ["open", "held", "after close"])
def test_an_export_tells_no_mark_before_its_time(cohort, quiz, pupil, how):
    attempt = work(pupil, quiz, cohort)
    if how == "open":
        attempt.submitted_at, attempt.submit_cause = None, ""
    elif how == "held":
        attempt.assignment = AssignmentFactory(quiz=quiz, cohort=cohort, release=Assignment.Release.HELD)
    else:
        attempt.assignment = AssignmentFactory(
            quiz=quiz, cohort=cohort, feedback="after_close", closes_at=SOON
        )
    attempt.save()
    tables = exported(pupil)
    assert [row["mark"] for row in tables["quizzes.attempt"]] == [None]
    assert {"quizzes.itemscore", "quizzes.evidence", "quizzes.skillresult"} & tables.keys() == set()
    assert len(tables["quizzes.itemresponse"]) == len(ASKED)


def test_an_export_asks_once_for_each_table(cohort, quiz, pupil):
    def ask():
        return len(asked_by(exported, person=pupil))

    work(pupil, quiz, cohort)
    one = ask()
    for _attempt in range(3):
        work(pupil, quiz, cohort)
    assert ask() == one


def under(cohort, quiz, pupil, **terms):
    """Work that is handed in under an assignment on these terms, on which the teacher entered a mark."""
    attempt = work(pupil, quiz, cohort)
    assignment = AssignmentFactory(quiz=quiz, cohort=cohort, **terms)
    attempt.assignment, attempt.fraction = assignment, 0.5
    attempt.save()
    GradeEntry.objects.create(
        assignment=assignment, learner=pupil, kind="override", fraction=0.37, reason="so", by=pupil
    )
    return assignment


@pytest.mark.parametrize(
    ("terms", "granted", "told"),
    [
        pytest.param({"closes_at": PAST}, None, True, id="closed"),
        pytest.param({"closes_at": PAST}, "own", False, id="not closed for them"),
        pytest.param({"closes_at": PAST}, "other's", False, id="not closed for another"),
        pytest.param({"closes_at": SOON}, None, False, id="not closed"),
        pytest.param({"due_at": PAST, "late_policy": "none"}, None, True, id="due is closed"),
        pytest.param({"due_at": SOON, "late_policy": "none"}, None, False, id="not due"),
        pytest.param({"closes_at": PAST, "release": "held"}, None, False, id="held"),
    ],
)
def test_an_export_tells_marks_when_the_pages_do(cohort, quiz, pupil, terms, granted, told):
    under(cohort, quiz, pupil, feedback="after_close", **terms)
    if granted:
        who = pupil if granted == "own" else CohortMemberFactory(cohort=cohort).user
        AccommodationFactory(learner=who, cohort=cohort, extra_days=5)
    tables = exported(pupil)
    assert [row["mark"] is not None for row in tables["quizzes.attempt"]] == [told]
    assert ("quizzes.itemscore" in tables) is told
    assert ("quizzes.gradeentry" in tables) is told
