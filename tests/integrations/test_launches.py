"""Launches: who may be signed in, to what, once and for a minute."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts import classes, erasing
from accounts.models import Cohort, CohortMember, ExternalIdentity, Organisation, User
from courses import enrolment
from courses.models import Lesson
from integrations import clients, launching
from integrations.models import ApiEntry, Launch, StoredReply
from tests.factories.accounts import (
    CohortFactory,
    CohortMemberFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PupilFactory,
    UserFactory,
)
from tests.factories.courses import LessonFactory
from tests.factories.quizzes import AssignmentFactory
from tests.integrations.conftest import Program

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
AGO = timedelta(days=30)


@pytest.fixture
def lesson(school: Organisation) -> Lesson:
    made: Lesson = LessonFactory(module__course__organisation=school)
    return made


@pytest.fixture
def cohort(school: Organisation, lesson: Lesson) -> Cohort:
    made: Cohort = CohortFactory(organisation=school)
    enrolment.give_course(cohort=made, course=lesson.course)
    return made


@pytest.fixture
def pupil(school: Organisation, cohort: Cohort, lesson: Lesson) -> User:
    made: User = PupilFactory(organisation=school, organisation__subject="s-1")
    CohortMemberFactory(cohort=cohort, user=made)
    enrolment.enrol(learner=made, course=lesson.course, cohort=cohort)
    return made


def ask(lms: Program, lesson: Lesson, **body: Any) -> Any:
    return lms.post("/launches/", {"learner_external_id": "s-1", "lesson": str(lesson.uuid), **body})


def who(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


def test_a_launch_signs_in_once_and_opens_the_lesson(program: Programs, pupil: User, lesson: Lesson) -> None:
    answer = ask(program(), lesson)
    said, browser = answer.json(), Client()
    assert (answer.status_code, said["learner"]) == (201, str(pupil.uuid))
    opened = browser.get(said["url"])
    assert (opened.status_code, opened["Location"]) == (302, lesson.get_absolute_url())
    assert (opened["Referrer-Policy"], "no-store" in opened["Cache-Control"]) == ("no-referrer", True)
    assert who(browser) == str(pupil.pk)
    second = Client()
    assert (second.get(said["url"]).status_code, who(second)) == (410, None)


def test_the_address_is_kept_nowhere(program: Programs, pupil: User, lesson: Lesson) -> None:
    body = {"learner_external_id": "s-1", "lesson": str(lesson.uuid)}
    said = program().post("/launches/", body, Idempotency_Key="one").json()
    token = said["url"].split("/")[-2]
    kept = [
        *Launch.objects.values_list(),
        *ApiEntry.objects.values_list(),
        *(bytes(body) for body in StoredReply.objects.values_list("body", flat=True)),
    ]
    assert (len(token) >= 43, StoredReply.objects.count()) == (True, 1)
    assert token not in str(kept)


def test_a_minute_later_it_is_over(
    program: Programs, pupil: User, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, now = ask(program(), lesson).json()["url"], timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(seconds=61))
    browser = Client()
    assert (browser.get(url).status_code, who(browser)) == (410, None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(days=2))
    assert (launching.forget_old(), Launch.objects.count()) == (1, 0)


@pytest.mark.parametrize("headers", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, None])
def test_who_looks_ahead_uses_nothing_up(
    program: Programs, pupil: User, lesson: Lesson, headers: Any
) -> None:
    url, browser = ask(program(), lesson).json()["url"], Client()
    looked = browser.get(url, headers=headers) if headers else browser.head(url)
    assert (looked.status_code, who(browser)) == (204, None)
    assert browser.get(url).status_code == 302


@pytest.mark.parametrize("signed_in", [True, False])
def test_nothing_is_left_of_who_was_here_before(
    program: Programs, pupil: User, lesson: Lesson, signed_in: bool
) -> None:
    browser = Client()
    if signed_in:
        browser.force_login(UserFactory())
    session = browser.session
    session["left"] = "behind"
    session.save()
    browser.get(ask(program(), lesson).json()["url"])
    assert who(browser) == str(pupil.pk)
    assert browser.session.session_key != session.session_key
    assert "left" not in browser.session
    assert not session.exists(session.session_key)


def teaches(pupil: User, school: Organisation) -> None:
    CohortMemberFactory(cohort=CohortFactory(organisation=school), user=pupil, teacher=True)


def taught_once(pupil: User, school: Organisation) -> None:
    CohortMemberFactory(
        cohort=CohortFactory(organisation=school), user=pupil, teacher=True, left_at=timezone.now() + AGO
    )


def works(pupil: User, school: Organisation) -> None:
    OrganisationMemberFactory(organisation=school, user=pupil)


def staff(pupil: User, school: Organisation) -> None:
    User.objects.filter(pk=pupil.pk).update(is_staff=True)


def with_rights(pupil: User, school: Organisation) -> None:
    pupil.groups.add(Group.objects.get_or_create(name="teacher")[0])


def inactive(pupil: User, school: Organisation) -> None:
    User.objects.filter(pk=pupil.pk).update(is_active=False)


def without_an_id(pupil: User, school: Organisation) -> None:
    ExternalIdentity.objects.filter(user=pupil).delete()


def first_at_another_school(pupil: User, school: Organisation) -> None:
    CohortMemberFactory(user=pupil, joined_at=timezone.now() - AGO)


REFUSED = [teaches, taught_once, works, staff, with_rights, inactive, without_an_id, first_at_another_school]


@pytest.mark.parametrize("become", REFUSED)
def test_only_a_schools_own_pupils_are_signed_in(
    program: Programs, school: Organisation, pupil: User, lesson: Lesson, become: Callable[..., None]
) -> None:
    lms, body = program(), {"learner": str(pupil.uuid), "lesson": str(lesson.uuid)}
    url = lms.post("/launches/", body).json()["url"]
    become(pupil, school)
    refused = lms.post("/launches/", body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "not-launched")
    browser = Client()  # and what was given out before is asked again
    assert (browser.get(url).status_code, who(browser)) == (410, None)


@pytest.mark.parametrize("become", [one for one in REFUSED if one is not inactive])
def test_a_launched_session_ends_once_its_owner_is_no_mere_pupil(
    program: Programs, school: Organisation, pupil: User, lesson: Lesson, become: Callable[..., None]
) -> None:
    browser, by_password = Client(), Client()
    browser.get(ask(program(), lesson).json()["url"])
    by_password.force_login(pupil)
    assert browser.get("/lessons/").status_code == 200
    become(pupil, school)
    left = browser.get("/lessons/")
    assert (left.status_code, left["Location"], who(browser)) == (
        302,
        "/accounts/login/?next=/lessons/",
        None,
    )
    assert by_password.get("/lessons/").status_code == 200


def test_a_launched_session_sets_no_password_and_ends_with_the_browser(
    program: Programs, pupil: User, lesson: Lesson
) -> None:
    browser = Client()
    browser.get(ask(program(), lesson).json()["url"])
    assert browser.session.get_expire_at_browser_close()
    new = {"password1": "three grey words", "password2": "three grey words"}
    for name in ("set", "change", "reset"):
        assert browser.post(f"/accounts/password/{name}/", new).status_code == 403
    assert browser.get("/accounts/2fa/").status_code == 403
    pupil.refresh_from_db()
    assert not pupil.has_usable_password()
    browser.post("/accounts/logout/")
    assert who(browser) is None


@pytest.mark.parametrize("path", ["/memberships/", "/roster-imports/"])
def test_a_program_does_not_come_to_a_teachers_pages_by_a_launch(
    program: Programs, school: Organisation, pupil: User, lesson: Lesson, path: str
) -> None:
    lms, browser, taught = program(), Client(), CohortFactory(organisation=school, external_id="9z")
    browser.get(ask(lms, lesson).json()["url"])
    place = {"cohort_external_id": "9z", "role": "teacher"}
    row = {"external_id": "s-1", **place} if "imports" in path else {"user_external_id": "s-1", **place}
    assert lms.post(path, {"rows": [row]} if "imports" in path else row).status_code in {200, 201}
    assert Cohort.objects.taught_by(pupil).get() == taught
    page = f"/classes/{taught.uuid}/people/"
    assert browser.get(page).status_code == 302
    assert who(browser) is None
    by_password = Client()
    by_password.force_login(pupil)
    assert by_password.get(page).status_code == 200


def test_who_came_into_another_schools_class_later_is_still_ours(
    program: Programs, pupil: User, lesson: Lesson
) -> None:
    CohortMemberFactory(user=pupil)
    assert ask(program(), lesson).status_code == 201


def test_neither_a_revoked_client_nor_an_erased_learner_is_let_in(
    program: Programs, pupil: User, lesson: Lesson
) -> None:
    lms = program()
    urls = [ask(lms, lesson).json()["url"] for _launch in range(2)]
    clients.revoke(client=lms.client)
    assert Client().get(urls[0]).status_code == 410
    erasing.erase(person=pupil)
    assert (Client().get(urls[1]).status_code, Launch.objects.count()) == (410, 0)


def test_only_what_the_learner_meets_is_opened(
    program: Programs, school: Organisation, pupil: User, cohort: Cohort, lesson: Lesson
) -> None:
    lms, other = program(), LessonFactory(module__course__organisation=school)
    theirs = LessonFactory(module__course__organisation=OrganisationFactory())
    assignment = AssignmentFactory(cohort=cohort, quiz__organisation=school)
    elsewhere = AssignmentFactory(cohort__organisation=school, quiz__organisation=school)

    def refused(**body: Any) -> Any:
        answer = lms.post("/launches/", {"learner_external_id": "s-1", **body})
        return answer.status_code, answer.json().get("errors", [{}])[0].get("code")

    assert refused(lesson=str(lesson.uuid)) == (201, None)
    assert refused(course=str(lesson.course.uuid)) == (201, None)
    assert refused(lesson=str(other.uuid)) == (409, "not-given")
    assert refused(assignment=str(assignment.uuid)) == (201, None)
    assert (
        refused(assignment=str(elsewhere.uuid))
        == refused(quiz=str(elsewhere.quiz.uuid))
        == (409, "not-given")
    )
    assert refused(lesson=str(theirs.uuid)) == (422, "unknown-lesson")
    assert (
        refused() == refused(lesson=str(lesson.uuid), course=str(lesson.course.uuid)) == (422, "one-target")
    )
    assert refused(lesson=str(lesson.uuid), learner=str(pupil.uuid)) == (422, "one-of-two")
    member = CohortMember.objects.get(user=pupil, cohort=cohort)
    classes.remove_member(by=lms.client.user, member=member)
    assert refused(lesson=str(lesson.uuid)) == (409, "not-given")
