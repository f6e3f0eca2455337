"""Under which class a launched learner starts: the assignment's, or one of the organisation that sent them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Cohort, Organisation, User
from courses import enrolment
from quizzes import assigning, attempts
from quizzes.models import Assignment, Attempt, Quiz
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    PupilFactory,
)
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import QuizFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
DAY = timedelta(days=1)


@dataclass
class Given:
    """One quiz in three classes of one pupil: due first in another school's, then in `first`, then in `later`."""

    pupil: User
    quiz: Quiz
    theirs: Assignment
    first: Assignment
    later: Assignment

    @property
    def page(self) -> str:
        return self.quiz.get_absolute_url()

    def under(self) -> list[Assignment | None]:
        return [attempt.assignment for attempt in Attempt.objects.order_by("pk")]


@pytest.fixture
def given(school: Organisation) -> Given:
    pupil = PupilFactory(organisation=school, organisation__subject="s-1")
    schools = [school, OrganisationFactory(), school]
    cohorts = [CohortFactory(organisation=one) for one in schools]
    for age, cohort in enumerate(cohorts):
        CohortMemberFactory(cohort=cohort, user=pupil, joined_at=timezone.now() - (9 - age) * DAY)
    quiz, dues = QuizFactory(), [timezone.now() + days * DAY for days in (2, 1, 3)]
    first, theirs, later = (
        assigning.assign(quiz=quiz, cohort=cohort, by=None, due_at=due)
        for cohort, due in zip(cohorts, dues, strict=True)
    )
    return Given(pupil, quiz, theirs, first, later)


def launch(lms: Program, browser: Client | None = None, **body: Any) -> Client:
    """A browser that followed the address."""
    said = lms.post("/launches/", {"learner_external_id": "s-1", **body})
    assert said.status_code == 201, said.json()
    browser = browser or Client()
    assert browser.get(said.json()["url"]).status_code == 302
    return browser


def to(lms: Program, assignment: Assignment, browser: Client | None = None) -> Client:
    return launch(lms, browser, assignment=str(assignment.uuid))


def over_rest(browser: Client, **body: Any) -> Any:
    return browser.post("/api/v1/attempts/", body, content_type="application/json")


def code_of(refused: Any) -> str:
    return str(refused.json()["type"]).rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def test_a_launch_to_an_assignment_opens_and_starts_it_under_its_class(
    program: Programs, given: Given
) -> None:
    browser = to(program(), given.later)
    page = browser.get(given.page)
    assert page.context["assignment"] == given.later
    offered = browser.get(f"/api/v1/my/quizzes/{given.quiz.uuid}/").json()
    assert offered["assignment"] == str(given.later.uuid)
    browser.post(f"{given.page}start/")
    assert given.under() == [given.later]


@pytest.mark.parametrize("named", ["quiz", "cohort", "assignment"])
def test_and_over_rest_too(program: Programs, given: Given, named: str) -> None:
    browser = to(program(), given.later)
    body = {
        "quiz": {"quiz": str(given.quiz.uuid)},
        "cohort": {"quiz": str(given.quiz.uuid), "cohort": str(given.later.cohort.uuid)},
        "assignment": {"assignment": str(given.later.uuid)},
    }[named]
    assert over_rest(browser, **body).status_code == 201
    assert given.under() == [given.later]


@pytest.mark.parametrize("named", ["cohort", "assignment"])
@pytest.mark.parametrize("other", ["first", "theirs"])
def test_no_other_class_can_be_named_over_rest(
    program: Programs, given: Given, other: str, named: str
) -> None:
    browser, asked = to(program(), given.later), getattr(given, other)
    body = {"quiz": str(given.quiz.uuid), "cohort": str(asked.cohort.uuid)}
    refused = over_rest(browser, **(body if named == "cohort" else {"assignment": str(asked.uuid)}))
    assert (refused.status_code, code_of(refused)) == (409, "not-assigned")
    assert given.under() == []


def test_a_launch_to_a_quiz_starts_it_under_a_class_of_the_school_that_sent_them(
    program: Programs, given: Given
) -> None:
    browser = launch(program(), quiz=str(given.quiz.uuid))
    assert browser.get(given.page).context["assignment"] == given.first
    assert over_rest(browser, assignment=str(given.theirs.uuid)).status_code == 409
    browser.post(f"{given.page}start/")
    assert given.under() == [given.first]


def test_whoever_signed_in_alone_starts_what_is_due_first(given: Given) -> None:
    browser = Client()
    browser.force_login(given.pupil)
    browser.post(f"{given.page}start/")
    assert given.under() == [given.theirs]


def test_a_quiz_that_only_another_school_takes_is_neither_launched_nor_started(
    program: Programs, given: Given
) -> None:
    lms = program()
    browser = to(lms, given.later)
    for mine in (given.first, given.later):
        assigning.archive(assignment=mine, by=None)
    refused = lms.post("/launches/", {"learner_external_id": "s-1", "quiz": str(given.quiz.uuid)})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "not-given")
    page = browser.get(given.page)
    assert "has not given this to you" in page.content.decode()
    browser.post(f"{given.page}start/")
    assert over_rest(browser, quiz=str(given.quiz.uuid)).status_code == 409
    assert given.under() == []  # nor a preview, which would count nowhere


@pytest.mark.parametrize("other", ["first", "theirs"])
def test_what_is_open_under_another_class_does_not_go_on(program: Programs, given: Given, other: str) -> None:
    asked = getattr(given, other)
    begun = attempts.start(learner=given.pupil, quiz=given.quiz, cohort=asked.cohort)
    browser = to(program(), given.later)
    page = browser.get(given.page).content.decode()
    assert asked.cohort.name in page
    assert (begun.get_absolute_url() in page) == (other == "first")
    assert browser.post(f"{given.page}start/")["Location"] == given.page
    refused = over_rest(browser, quiz=str(given.quiz.uuid))
    assert (refused.status_code, code_of(refused)) == (409, "open-elsewhere")
    offered = browser.get(f"/api/v1/my/quizzes/{given.quiz.uuid}/").json()
    assert (offered["may_start"], offered["open_attempt"]) == (False, None)
    attempts.submit(attempt=begun)
    browser.post(f"{given.page}start/")
    assert given.under() == [asked, given.later]


def test_nothing_of_another_school_is_open_in_the_session(program: Programs, given: Given) -> None:
    """The school that sent the pupil could open the session itself: it must not come to another one's work by it."""
    begun = attempts.start(learner=given.pupil, quiz=given.quiz, cohort=given.theirs.cohort)
    own, item = Client(), begun.items.get()
    own.force_login(given.pupil)
    sent = to(program(), given.later)
    over = f"/api/v1/attempts/{begun.uuid}/"
    pages = [begun.get_absolute_url(), f"{begun.get_absolute_url()}{item.position}/", over, f"{over}items/"]
    codes = [[browser.get(page).status_code for page in pages] for browser in (own, sent)]
    assert codes == [[302, 200, 200, 200], [404] * 4]
    assert [len(browser.get("/api/v1/attempts/").json()["results"]) for browser in (own, sent)] == [1, 0]
    answer = {"sequence": 1, "data": {}}
    asked = [(f"{over}submit/", {}), (f"{over}items/{item.position}/responses/", answer)]
    assert [sent.post(path, body, "application/json").status_code for path, body in asked] == [404, 404]
    sent.post(f"{begun.get_absolute_url()}submit/", {"sure": "yes"})
    begun.refresh_from_db()
    assert begun.is_open
    own.post(f"{begun.get_absolute_url()}submit/", {"sure": "yes"})
    begun.refresh_from_db()
    assert not begun.is_open
    assert begun.get_absolute_url() not in sent.get(f"{given.page}?again").content.decode()


def test_what_another_school_alone_takes_and_is_open_there_is_not_gone_to(
    program: Programs, given: Given
) -> None:
    quiz = QuizFactory()
    assigning.assign(quiz=quiz, cohort=given.theirs.cohort, by=None)
    begun = attempts.start(learner=given.pupil, quiz=quiz, cohort=given.theirs.cohort)
    browser = to(program(), given.later)
    page = browser.get(quiz.get_absolute_url())
    assert (page.status_code, begun.get_absolute_url() in page.content.decode()) == (200, False)
    offered = browser.get(f"/api/v1/my/quizzes/{quiz.uuid}/").json()
    assert (offered["may_start"], offered["open_attempt"]) == (False, None)


def test_what_is_open_in_the_school_goes_on_by_a_launch_to_the_quiz(program: Programs, given: Given) -> None:
    begun = attempts.start(learner=given.pupil, quiz=given.quiz, cohort=given.later.cohort)
    browser = launch(program(), quiz=str(given.quiz.uuid))
    assert browser.post(f"{given.page}start/")["Location"] == begun.get_absolute_url()
    assert given.under() == [given.later]


def test_trying_again_is_under_the_same_class(program: Programs, given: Given) -> None:
    browser = to(program(), given.later)
    for _time in range(2):
        browser.post(f"{given.page}start/")
        attempts.submit(attempt=Attempt.objects.latest("pk"))
    assert given.under() == [given.later, given.later]


def test_a_second_launch_leaves_the_first_as_it_was(program: Programs, given: Given) -> None:
    """Two windows of one browser: what one opened is not started under another class because of the other."""
    lms, other = program(), QuizFactory()
    second = assigning.assign(quiz=other, cohort=given.first.cohort, by=None)
    browser = to(lms, second, to(lms, given.later))
    browser.post(f"{given.page}start/")
    browser.post(f"{other.get_absolute_url()}start/")
    assert given.under() == [given.later, second]


@pytest.mark.parametrize("anew", ["quiz", "assignment"])
def test_the_last_launch_to_a_quiz_holds(program: Programs, given: Given, anew: str) -> None:
    lms = program()
    browser = to(lms, given.later)
    if anew == "quiz":
        launch(lms, browser, quiz=str(given.quiz.uuid))
    else:
        to(lms, given.first, browser)
    browser.post(f"{given.page}start/")
    assert given.under() == [given.first]


def test_nothing_is_bound_by_what_was_opened_for_somebody_else(
    program: Programs, school: Organisation, given: Given
) -> None:
    lms, beside = program(), PupilFactory(organisation=school, organisation__subject="s-2")
    CohortMemberFactory(cohort=given.first.cohort, user=beside)
    browser = to(lms, given.later)
    said = lms.post("/launches/", {"learner_external_id": "s-2", "assignment": str(given.first.uuid)})
    browser.get(said.json()["url"])
    browser.post(f"{given.page}start/")
    assert [(one.learner, one.assignment) for one in Attempt.objects.all()] == [(beside, given.first)]


def test_what_comes_after_a_quiz_is_its_own_classes(program: Programs, school: Organisation) -> None:
    """A quiz in two courses: the pages of the attempt lead on in the one that its class takes."""
    pupil = PupilFactory(organisation=school, organisation__subject="s-1")
    quiz = QuizFactory(organisation=school, mode=Quiz.Mode.PRACTICE)
    lessons, cohorts = [], []
    for _course in range(2):
        step = {"key": "asks", "kind": "practice", "title": "Practice", "minutes": 5, "quiz": quiz}
        lesson = LessonFactory(module__course__organisation=school, revision__steps=[step])
        cohort: Cohort = CohortFactory(organisation=school)
        CohortMemberFactory(cohort=cohort, user=pupil)
        enrolment.give_course(cohort=cohort, course=lesson.course)
        lessons.append(lesson)
        cohorts.append(cohort)
    for lesson, cohort in zip(lessons, cohorts, strict=True):
        browser = Client()
        browser.force_login(pupil)
        begun = browser.post(
            "/api/v1/attempts/",
            {"quiz": str(quiz.uuid), "cohort": str(cohort.uuid)},
            content_type="application/json",
        )
        assert (begun.status_code, begun.json()["cohort"]) == (201, str(cohort.uuid))
        attempt = Attempt.objects.latest("pk")
        review = browser.get(f"{attempt.get_absolute_url()}review/")
        assert review.context["place"].url == lesson.get_absolute_url()
        attempts.submit(attempt=attempt)
