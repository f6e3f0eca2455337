"""What `updated_since` finds after something that changes what is shown, though no row of it was written."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from accounts import erasing
from accounts.models import Cohort, CohortMember, Organisation, User
from integrations import clients, endpoints, score_news
from integrations.models import OutboxEvent
from quizzes import accommodating, assigning, grades, score_rows
from quizzes.models import Assignment, AssignmentScore, Attempt, Evidence, GradeEntry, ItemScore, Quiz
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
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
    return CohortFactory(organisation=school, timezone="Europe/Berlin")


@pytest.fixture
def quiz(school: Organisation) -> Any:
    return QuizFactory(organisation=school, revision__questions=[QuestionFactory(organisation=school)])


def learner(cohort: Cohort) -> User:
    place: CohortMember = CohortMemberFactory(cohort=cohort, joined_at=timezone.now() - 30 * DAY)
    score_rows.on_member_changed(None, member=place)
    return place.user


def age() -> str:
    """All that is there was written an hour ago; the moment from which on it is looked."""
    old = timezone.now() - timedelta(hours=1)
    for model in (Evidence, ItemScore, GradeEntry):
        model.objects.update(at=old)
    for stamped in (Attempt, Assignment, AssignmentScore):
        stamped.objects.update(updated_at=old)
    return quote(timezone.now().isoformat())


def listed(lms: Program, what: str, **narrowed: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in narrowed.items())
    answer = lms.get(f"/{what}/?{asked}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


LISTS = ("item-scores", "evidence", "mastery", "attempts")


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("then", ["release", "hold"])
def test_what_was_done_without_an_assignment_is_found_as_its_class_tells_or_holds(
    program: Programs, cohort: Cohort, quiz: Quiz, what: str, then: str
) -> None:
    """It was given to somebody else; this one's try waits with them all the same."""
    lms, asked, beside = program(), learner(cohort), learner(cohort)
    SubmittedAttemptFactory(learner=beside, quiz=quiz, cohort=cohort)
    if then == "release":
        given = assigning.assign(quiz=quiz, cohort=cohort, by=None, learners=[asked], release="held")
    mark, before = age(), listed(lms, what, learner=beside.uuid)
    assert listed(lms, what, learner=beside.uuid, updated_since=mark) == []
    if then == "release":
        assigning.release(assignment=given, by=TeacherFactory(cohort=cohort))
    else:
        assigning.assign(quiz=quiz, cohort=cohort, by=None, learners=[asked], release="held")
    found = listed(lms, what, learner=beside.uuid, updated_since=mark)
    assert before
    assert len(found) == len(before)
    assert found != before


def test_an_assignment_is_found_once_its_quiz_has_another_title(
    program: Programs, cohort: Cohort, quiz: Quiz
) -> None:
    lms = program()
    assigning.assign(quiz=quiz, cohort=cohort, by=None)
    before = listed(lms, "assignments")[0]
    mark = age()
    assert listed(lms, "assignments", updated_since=mark) == []
    tag = lms.get(f"/quizzes/{quiz.uuid}/")["ETag"]
    assert lms.patch(f"/quizzes/{quiz.uuid}/", {"title": "Another"}, If_Match=tag).status_code == 200
    [found] = listed(lms, "assignments", updated_since=mark)
    assert (found["title"], found["uuid"]) == ("Another", before["uuid"])
    assert found["updated_at"] > before["updated_at"]


def by_the_program(lms: Program, cohort: Cohort, browser: Client) -> None:
    assert lms.patch(f"/cohorts/{cohort.uuid}/", {"timezone": "UTC"}).status_code == 200


def by_the_admin(lms: Program, cohort: Cohort, browser: Client) -> None:
    form = {"name": cohort.name, "timezone": "UTC", "starts_on": "", "ends_on": "", "external_id": ""}
    for part in ("members", "join_codes", "cohort_courses"):
        form |= {f"{part}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = browser.post(f"/admin/accounts/cohort/{cohort.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize("move", [by_the_program, by_the_admin])
def test_marks_and_ends_follow_a_class_to_another_zone(
    program: Programs,
    school: Organisation,
    head: User,
    client: Client,
    cohort: Cohort,
    quiz: Quiz,
    move: Callable[..., None],
) -> None:
    """The clock went back in Berlin between the due date and the days more: they ended an hour later there."""
    lms, asked, teacher = program(), learner(cohort), TeacherFactory(cohort=cohort)
    client.force_login(head)
    due = datetime(2026, 10, 24, 12, tzinfo=UTC)
    terms = {"due_at": due, "late_policy": "percent", "late_percent": 50}
    assigning.assign(quiz=quiz, cohort=cohort, by=None, **terms)
    SubmittedAttemptFactory(learner=asked, quiz=quiz, cohort=cohort)
    accommodating.grant(learner=asked, cohort=cohort, by=teacher, extra_days=2)
    started = datetime(2026, 10, 20, tzinfo=UTC)
    Attempt.objects.update(submitted_at=due + timedelta(days=2, minutes=30), started_at=started)
    running = AttemptFactory(learner=asked, quiz=quiz, cohort=cohort)
    Assignment.objects.update(closes_at=due)
    Attempt.objects.filter(pk=running.pk).update(started_at=started)
    hook = clients.make_client(organisation=school, name="Hook", scopes={"grades:read"}, by=head)[0]
    endpoints.make_endpoint(client=hook, url="https://example.org/hook", events=["score.changed"])
    score_news.tell_changed()
    mark = age()
    assert [one["fraction"] for one in listed(lms, "scores")] == [1.0]
    move(lms, cohort, client)
    assert [one["fraction"] for one in listed(lms, "scores", updated_since=mark)] == [0.5]
    running.refresh_from_db()
    assert running.deadline_at == due + timedelta(days=2)
    score_news.tell_changed()
    events = OutboxEvent.objects.filter(kind="score.changed").order_by("pk")
    assert [event.data["fraction"] for event in events] == [1.0, 0.5]


def test_what_a_teacher_said_is_found_once_it_is_erased(
    program: Programs, cohort: Cohort, quiz: Quiz
) -> None:
    lms, asked = program(), learner(cohort)
    given = assigning.assign(quiz=quiz, cohort=cohort, by=None)
    teacher = TeacherFactory(cohort=cohort)
    grades.enter(assignment=given, learner=asked, kind="override", fraction=0.7, reason="oral", by=teacher)
    mark = age()
    assert listed(lms, "grade-entries", updated_since=mark) == []
    erasing.erase(person=asked)
    [found] = listed(lms, "grade-entries", updated_since=mark)
    assert found["reason"] != "oral"
