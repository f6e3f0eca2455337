from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quizzes import assigning, attempts, deadlines, feedback, telling
from quizzes.grades import State
from quizzes.marksheet import MarkSheet
from quizzes.models import Assignment, Attempt
from quizzes.telling import LONGEST_WAIT, Wait
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import (
    AccommodationFactory,
    AssignmentFactory,
    AttemptFactory,
    ItemResponseFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def learner(cohort):
    return CohortMemberFactory(cohort=cohort).user


def handed_in(learner, assigned):
    attempt = AttemptFactory(learner=learner, quiz=assigned.quiz, cohort=assigned.cohort)
    ItemResponseFactory(item=attempt.items.get())
    attempts.submit(attempt=attempt)
    return Attempt.objects.select_related("assignment__cohort", "quiz_revision", "learner").get(pk=attempt.pk)


def after_close(cohort, closes_in):
    """An assignment that closes so long from now, with feedback after that; it may be past."""
    closes = timezone.now() + DAY
    assigned = AssignmentFactory(cohort=cohort, feedback="after_close", closes_at=closes)
    return assigned, lambda: Assignment.objects.filter(pk=assigned.pk).update(
        closes_at=timezone.now() + closes_in
    )


def fresh(attempt):
    return Attempt.objects.select_related("assignment__cohort", "quiz_revision").get(pk=attempt.pk)


def test_without_an_assignment_and_with_a_plain_one_nothing_waits(cohort, learner):
    alone = attempts.submit(attempt=AttemptFactory(learner=learner, cohort=cohort))
    plain = handed_in(learner, AssignmentFactory(cohort=cohort))
    assert [telling.waits(attempt) for attempt in (alone, plain)] == [None, None]
    assert asked_by(telling.waits, attempt=plain) == []
    assert telling.withheld(learner) == set()


def test_held_marks_wait_for_the_teacher(cohort, learner):
    assigned = AssignmentFactory(cohort=cohort, release="held")
    attempt = handed_in(learner, assigned)
    assert telling.waits(attempt) == Wait()
    assert telling.withheld(learner) == {attempt.pk}
    assert not feedback.is_due(attempt, attempt.items.get())
    assigning.release(assignment=assigned, by=TeacherFactory(cohort=cohort))
    assert telling.waits(fresh(attempt)) is None
    assert telling.withheld(learner) == set()


def test_the_teacher_need_not_wait(cohort, learner):
    attempt = handed_in(learner, AssignmentFactory(cohort=cohort, release="held"))
    teacher = TeacherFactory(cohort=cohort)
    assert telling.waits(attempt, teacher) is None
    assert feedback.is_due(attempt, attempt.items.get(), teacher)
    assert not feedback.is_due(attempt, attempt.items.get(), learner)


def test_feedback_after_closing_waits_for_the_closing(cohort, learner):
    assigned, move = after_close(cohort, -HOUR)
    attempt = handed_in(learner, assigned)
    assert telling.waits(attempt) == Wait(assigned.closes_at)
    assert telling.withheld(learner) == {attempt.pk}
    move()
    assert telling.waits(fresh(attempt)) is None
    assert telling.withheld(learner) == set()


@pytest.mark.parametrize(
    ("days", "wait"), [(3, 3 * DAY), (30, LONGEST_WAIT)], ids=["others later", "much later"]
)
def test_feedback_waits_for_those_who_were_granted_more_days_but_not_for_ever(cohort, learner, days, wait):
    assigned, _move = after_close(cohort, DAY)
    other = CohortMemberFactory(cohort=cohort).user
    AccommodationFactory(learner=other, cohort=cohort, extra_days=days)
    attempt = handed_in(learner, assigned)
    assert telling.waits(attempt) == Wait(assigned.closes_at + wait)
    if days == 30:  # whoever has the later date is never told before it
        own = handed_in(other, assigned)
        assert telling.waits(own) == Wait(assigned.closes_at + 30 * DAY)


def test_feedback_waits_for_a_try_that_was_given_more_time(cohort, learner):
    assigned, _move = after_close(cohort, DAY)
    other = AttemptFactory(learner=CohortMemberFactory(cohort=cohort).user, quiz=assigned.quiz, cohort=cohort)
    deadlines.give_more_time(
        attempts=Attempt.objects.filter(pk=other.pk), seconds=600, by=TeacherFactory(cohort=cohort)
    )
    attempt = handed_in(learner, assigned)
    assert telling.waits(attempt) == Wait(assigned.closes_at + timedelta(seconds=600))


def test_marks_wait_as_long_as_feedback_does(cohort, learner):
    """A mark says what is right: it comes when the reasons come, and not when it has closed for the learner."""
    assigned, close = after_close(cohort, -HOUR)
    handed_in(learner, assigned)
    later = CohortMemberFactory(cohort=cohort).user
    extra = AccommodationFactory(learner=later, cohort=cohort, extra_days=2)
    close()
    assigned = Assignment.objects.select_related("cohort", "quiz__published").get()

    def state(**only):
        return MarkSheet([assigned], **only).mark(assigned, learner.pk).state

    assert telling.withheld(learner)
    assert [state(), state(learner=learner)] == [State.HELD, State.HELD]
    type(extra).objects.update(extra_days=0)
    assert not telling.withheld(learner)
    assert [state(), state(learner=learner)] == [State.GRADED, State.GRADED]


def test_marks_that_wait_for_the_closing_cost_the_same_for_one_and_for_many(cohort, learner):
    counts = []
    for _size in range(2):
        for _more in range(3):
            assigned, _close = after_close(cohort, DAY)
            handed_in(learner, assigned)
        found = list(Assignment.objects.select_related("cohort", "quiz__published"))
        counts.append(len(asked_by(MarkSheet, assignments=found)))
    assert counts == [7, 7]


def test_where_nothing_closes_nothing_waits(cohort, learner):
    attempt = handed_in(learner, AssignmentFactory(cohort=cohort, feedback="after_close"))
    assert telling.waits(attempt) is None
    assert telling.withheld(learner) == set()


def test_what_is_withheld_costs_the_same_for_one_and_for_many(cohort, learner):
    counts = []
    for _time in range(2):
        for _number in range(2):
            handed_in(learner, after_close(cohort, DAY)[0])
            handed_in(learner, AssignmentFactory(cohort=cohort, release="held"))
        counts.append(len(asked_by(telling.withheld, learner=learner)))
    assert counts[0] == counts[1] == 3
    assert len(telling.withheld(learner)) == 8


def test_result_item_and_api_say_nothing_while_marks_are_held(client, cohort, learner):
    assigned = AssignmentFactory(cohort=cohort, release="held")
    attempt = handed_in(learner, assigned)
    client.force_login(learner)

    def said():
        result = client.get(attempt.get_absolute_url()).content.decode()
        item = client.get(attempt.items.get().get_absolute_url()).content.decode()
        api = client.get(reverse("api:attempt-detail", kwargs={"uuid": attempt.uuid})).json()
        return (
            "Your teacher has not released the marks yet." in result,
            "released the marks" in item,
            api["fraction"],
        )

    assert said() == (True, True, None)
    listed = client.get(reverse("api:attempt-list")).json()["results"]
    assert [row["fraction"] for row in listed] == [None]
    handing_in = reverse("api:attempt-submit", kwargs={"uuid": attempt.uuid})
    assert client.post(handing_in, content_type="application/json").json()["fraction"] is None
    assigning.release(assignment=assigned, by=TeacherFactory(cohort=cohort))
    assert said() == (False, False, 1.0)


def test_skills_count_what_is_held_only_once_it_is_told(client, cohort, learner):
    from courses.skills import skill_lines

    assigned = AssignmentFactory(cohort=cohort, release="held")
    handed_in(learner, assigned)
    assert skill_lines(learner)[0] == []
    assigning.release(assignment=assigned, by=TeacherFactory(cohort=cohort))
    assert len(skill_lines(learner)[0]) == 1
