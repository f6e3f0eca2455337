"""Classes, codes, enrolments and attempts: what the admin does, it does by the verbs."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from accounts.admin.base import Archiving
from accounts.api.changes import high_water
from accounts.joining import LETTERS, LETTERS_IN_CODE
from accounts.models import CohortMember, JoinCode
from accounts.signals import cohort_member_changed
from courses.models import CohortCourse, Enrolment
from quizzes.models import Attempt
from tests.admin.pages import act, address, form_data, page_of, rows_shown, said
from tests.factories.accounts import CohortFactory, CohortMemberFactory, JoinCodeFactory, UserFactory
from tests.factories.courses import CohortCourseFactory, CourseFactory, EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizFactory, SubmittedAttemptFactory

pytestmark = pytest.mark.django_db


def test_a_new_code_is_drawn(head):
    cohort = CohortFactory()
    data = {"cohort": cohort.pk, "max_uses": 30, "code": "AAAA"}
    codes = set()
    for _code in range(2):
        response = head.post(address(JoinCode, "add"), data, follow=True)
        made = JoinCode.objects.first()
        assert f"The new code of {cohort} is {made.code}." in said(response)
        assert (made.cohort, made.max_uses) == (cohort, 30)
        codes.add(made.code)
    assert len(codes) == 2
    assert {len(code) for code in codes} == {LETTERS_IN_CODE}
    assert set("".join(codes)) <= set(LETTERS)


def test_a_code_of_no_uses_is_refused(head):
    response = head.post(address(JoinCode, "add"), {"cohort": CohortFactory().pk, "max_uses": 0})
    assert response.status_code == 200
    assert JoinCode.objects.count() == 0


def test_a_code_is_made_for_each_selected_class_that_goes_on(head):
    cohort, over = CohortFactory(), CohortFactory(archived_at=timezone.now())
    response = act(head, "make_code", cohort, over)
    code = JoinCode.objects.get()
    assert code.cohort == cohort
    assert said(response) == [f"The new code of {cohort} is {code}."]


def test_a_code_is_withdrawn(head):
    code, kept = JoinCodeFactory(), JoinCodeFactory()
    act(head, "revoke", code)
    assert list(JoinCode.objects.live()) == [kept]


def test_a_code_itself_never_changes(head):
    code = JoinCodeFactory()
    data = form_data(head.get(page_of(code)))
    head.post(page_of(code), data | {"code": "ANOTHER", "max_uses": 5, "cohort": CohortFactory().pk})
    again = JoinCode.objects.get()
    assert (again.code, again.cohort, again.max_uses) == (code.code, code.cohort, 5)


def member_data(client, cohort, *users):
    data = form_data(client.get(page_of(cohort)))
    data["members-TOTAL_FORMS"] = len(users)
    for index, user in enumerate(users):
        data |= {f"members-{index}-user": user.pk, f"members-{index}-role": "learner"}
    return data


def test_who_is_put_into_a_class_is_enrolled_in_its_courses(head):
    given, user = CohortCourseFactory(), UserFactory()
    head.post(page_of(given.cohort), member_data(head, given.cohort, user))
    assert CohortMember.objects.get().user == user
    assert Enrolment.objects.values_list("learner", "course", "cohort").get() == (
        user.pk,
        given.course.pk,
        given.cohort.pk,
    )


def test_nobody_is_put_into_a_class_twice(head):
    member = CohortMemberFactory()
    cohort = member.cohort
    data = form_data(head.get(page_of(cohort)))
    data |= {"members-TOTAL_FORMS": 2, "members-1-user": member.user.pk, "members-1-role": "learner"}
    assert head.post(page_of(cohort), data).status_code == 200
    new = UserFactory()
    other = CohortFactory()
    response = head.post(page_of(other), member_data(head, other, new, new), follow=True)
    refusal = "Nothing was saved: it would contradict another row, perhaps one made just now."
    assert refusal in response.content.decode()
    assert list(CohortMember.objects.all()) == [member]


def test_ending_a_place_ends_the_enrolment_under_the_class(head):
    member = CohortMemberFactory()
    enrolment = EnrolmentFactory(learner=member.user, cohort=member.cohort)
    act(head, "end", member)
    member.refresh_from_db()
    enrolment.refresh_from_db()
    assert None not in (member.left_at, enrolment.ended_at)
    assert head.get(page_of(member)).context["has_change_permission"] is False


def test_ending_places_is_one_transaction(head, monkeypatch):
    members = [CohortMemberFactory() for _member in range(2)]
    told = []

    def tell(*, member, **_signal):
        told.append(member)
        if len(told) == 2:
            raise ZeroDivisionError

    monkeypatch.setattr(cohort_member_changed, "send", tell)
    with pytest.raises(ZeroDivisionError):
        act(head, "end", *members)
    assert (len(told), CohortMember.objects.live().count()) == (2, 2)


def test_a_place_gets_another_role(head):
    member = CohortMemberFactory()
    head.post(page_of(member), form_data(head.get(page_of(member))) | {"role": "assistant"})
    member.refresh_from_db()
    assert member.role == "assistant"


def test_giving_a_class_a_course_enrols_its_learners_and_twice_is_once(head):
    member, course = CohortMemberFactory(), CourseFactory()
    data = {"cohort": member.cohort.pk, "course": course.pk}
    for _time in range(2):
        assert head.post(address(CohortCourse, "add"), data).status_code == 302
    assert Enrolment.objects.get().learner == member.user
    assert CohortCourse.objects.count() == 1
    assert page_of(CohortCourse.objects.get()) in head.get(page_of(member.cohort)).content.decode()


def test_an_archived_course_of_a_class_can_be_given_again(head):
    given = CohortCourseFactory()
    act(head, "archive", given)
    head.post(address(CohortCourse, "add"), {"cohort": given.cohort.pk, "course": given.course.pk})
    assert CohortCourse.objects.filter(archived_at=None).exclude(pk=given.pk).count() == 1


def test_an_enrolment_is_made_and_ended(head):
    learner, course = UserFactory(), CourseFactory()
    head.post(address(Enrolment, "add"), {"learner": learner.pk, "course": course.pk})
    enrolment = Enrolment.objects.get()
    assert (enrolment.learner, enrolment.course, enrolment.cohort) == (learner, course, None)
    act(head, "end", enrolment)
    assert not Enrolment.objects.live().exists()


def overdue():
    attempt = AttemptFactory(quiz=QuizFactory(revision__time_limit_s=60))
    ago = timezone.now() - timedelta(hours=1)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=ago, deadline_at=ago + timedelta(minutes=1))
    return attempt


def test_only_an_attempt_whose_time_is_over_is_handed_in(head):
    late, in_time = overdue(), AttemptFactory(quiz=QuizFactory(revision__time_limit_s=60))
    assert rows_shown(head, Attempt, "?state=overdue") == [late]
    response = act(head, "hand_in_overdue", late, in_time)
    assert said(response) == ["1 attempt was handed in."]
    late.refresh_from_db()
    in_time.refresh_from_db()
    assert (late.submit_cause, in_time.submitted_at) == ("deadline", None)
    assert LogEntry.objects.get().get_change_message() == "Handed in."


@pytest.mark.parametrize(
    ("state", "which"), [("open", {"open"}), ("overdue", set()), ("in", {"in"}), ("", {"open", "in"})]
)
def test_attempts_are_listed_by_state(head, state, which):
    made = {"open": AttemptFactory(), "in": SubmittedAttemptFactory()}
    assert set(rows_shown(head, Attempt, f"?state={state}")) == {made[name] for name in which}


def test_an_attempt_leads_to_what_was_answered_and_how_it_was_judged(head):
    attempt = SubmittedAttemptFactory()
    item = attempt.items.get()
    score = item.current_score
    assert page_of(item) in head.get(page_of(attempt)).content.decode()
    on_item = head.get(page_of(item)).content.decode()
    assert page_of(item.responses.get()) in on_item
    assert page_of(score) in on_item
    assert page_of(score.evidence.get()) in head.get(page_of(score)).content.decode()


def test_a_class_is_archived_and_keeps_its_organisation(head):
    cohort = CohortFactory()
    data = form_data(head.get(page_of(cohort)))
    other = CohortFactory().organisation
    head.post(page_of(cohort), data | {"organisation": other.pk, "name": "7b"})
    before = cohort.organisation
    cohort.refresh_from_db()
    assert (cohort.name, cohort.organisation) == ("7b", before)
    act(head, "archive", cohort)
    cohort.refresh_from_db()
    assert cohort.archived_at is not None


@pytest.mark.django_db(transaction=True)
def test_what_is_archived_is_stamped_under_the_lock(head, monkeypatch):
    cohort = CohortFactory()
    seen = []

    def between(self, request, rows):
        seen.extend([connection.in_atomic_block, high_water()])
        return rows

    monkeypatch.setattr(Archiving, "may_archive", between)
    act(head, "archive", cohort)
    cohort.refresh_from_db()
    locked, mark = seen
    assert (locked, cohort.updated_at >= mark) == (True, True)


@pytest.mark.parametrize("rows", [1, 4])
def test_a_page_takes_as_many_queries_for_many_parts_as_for_one(head, rows, django_assert_max_num_queries):
    cohort = CohortFactory()
    for _row in range(rows):
        CohortMemberFactory(cohort=cohort)
        CohortCourseFactory(cohort=cohort)
    attempt = SubmittedAttemptFactory(
        quiz=QuizFactory(
            revision__questions=[QuizFactory().published.slots.get().question for _ in range(rows)]
        )
    )
    for row in cohort, attempt, attempt.quiz_revision:
        head.get(page_of(row))
        with django_assert_max_num_queries(15):
            assert head.get(page_of(row)).status_code == 200
