from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry

from quizzes import accommodating, attempts
from quizzes.accommodating import NotGranted
from quizzes.errors import NoAttemptsLeft
from quizzes.models import Accommodation, Attempt
from tests.factories.accounts import CohortFactory, CohortMemberFactory, LearnerFactory, TeacherFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, QuizFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(timezone="Europe/London")


@pytest.fixture
def teacher(cohort):
    return TeacherFactory(cohort=cohort)


@pytest.fixture
def learner(cohort):
    return CohortMemberFactory(cohort=cohort).user


@pytest.fixture
def grant(cohort, teacher, learner):
    def give(**fields):
        return accommodating.grant(learner=learner, cohort=cohort, by=teacher, **fields)

    return give


def running(cohort, learner, **fields):
    assigned = AssignmentFactory(cohort=cohort, **{"time_limit_s": 600, **fields})
    return assigned, AttemptFactory(learner=learner, quiz=assigned.quiz, cohort=cohort)


def minutes(attempt):
    attempt.refresh_from_db()
    return (attempt.deadline_at - attempt.started_at).total_seconds() / 60


def test_more_time_holds_at_once_in_every_running_try_of_the_class(cohort, learner, grant):
    _first, one = running(cohort, learner)
    _second, two = running(cohort, learner, time_limit_s=1200)
    elsewhere = CohortMemberFactory(user=learner).cohort
    _third, three = running(elsewhere, learner)
    _fourth, classmates = running(cohort, CohortMemberFactory(cohort=cohort).user)
    row = grant(extra_percent=50)
    assert [minutes(attempt) for attempt in (one, two, three, classmates)] == [15, 30, 10, 10]
    assert Accommodation.objects.get() == row
    grant(extra_percent=None, extra_s=60)
    assert [minutes(attempt) for attempt in (one, two)] == [11, 21]
    assert Accommodation.objects.count() == 1


def test_nothing_granted_takes_it_back(cohort, learner, grant):
    _assigned, attempt = running(cohort, learner)
    grant(extra_percent=100)
    assert minutes(attempt) == 20
    assert grant() is None
    assert minutes(attempt) == 10
    assert not Accommodation.objects.exists()
    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == [
        "Granted.",
        "Taken back.",
    ]


def test_what_is_granted_for_one_assignment_stands_in_place_of_the_classs(cohort, learner, grant):
    assigned, one = running(cohort, learner)
    _other, two = running(cohort, learner)
    grant(extra_percent=50)
    grant(assignment=assigned, extra_percent=0)
    assert [minutes(one), minutes(two)] == [10, 15]
    grant(assignment=assigned)
    assert minutes(one) == 15


def test_more_tries_and_days_hold_for_what_is_begun_later(cohort, learner, grant):
    due = datetime(2030, 3, 29, 23, tzinfo=UTC)
    assigned = AssignmentFactory(cohort=cohort, attempts_allowed=1, due_at=due, late_policy="none")
    first = AttemptFactory(learner=learner, quiz=assigned.quiz, cohort=cohort)
    assert first.deadline_at == due
    grant(extra_attempts=1, extra_days=2)
    first.refresh_from_db()
    assert first.deadline_at == due + timedelta(days=2, hours=-1)  # the clocks go forward on 31 March
    attempts.submit(attempt=first)
    attempts.submit(attempt=AttemptFactory(learner=learner, quiz=assigned.quiz, cohort=cohort))
    with pytest.raises(NoAttemptsLeft):
        AttemptFactory(learner=learner, quiz=assigned.quiz, cohort=cohort)


def test_a_due_date_of_their_own_moves_a_running_try(cohort, learner, grant):
    due = datetime(2030, 5, 1, 12, tzinfo=UTC)
    assigned, attempt = running(cohort, learner, time_limit_s=None, due_at=due, late_policy="none")
    grant(assignment=assigned, due_at=due + timedelta(days=3))
    attempt.refresh_from_db()
    assert attempt.deadline_at == due + timedelta(days=3)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"extra_percent": 401}, "extra_percent"),
        ({"extra_percent": -1}, "extra_percent"),
        ({"extra_s": 86_401}, "extra_s"),
        ({"extra_attempts": 101}, "extra_attempts"),
        ({"extra_days": 366}, "extra_days"),
        ({"due_at": datetime(2030, 1, 1, tzinfo=UTC)}, "due_at"),
    ],
)
def test_what_is_too_much_is_refused_with_its_field(grant, fields, field):
    with pytest.raises(NotGranted) as refused:
        grant(**fields)
    assert refused.value.field == field
    assert not Accommodation.objects.exists()


def test_nobody_outside_the_class_is_granted_anything(cohort, teacher):
    with pytest.raises(NotGranted):
        accommodating.grant(learner=LearnerFactory(), cohort=cohort, by=teacher, extra_percent=25)
    with pytest.raises(NotGranted):
        accommodating.grant(learner=teacher, cohort=cohort, by=teacher, extra_percent=25)


@pytest.mark.parametrize("tries", [1, 5])
def test_granting_costs_the_same_whatever_runs(cohort, learner, grant, tries, django_assert_max_num_queries):
    for _number in range(tries):
        running(cohort, learner, quiz=QuizFactory())
    with django_assert_max_num_queries(18):
        grant(extra_percent=50)
    assert {minutes(attempt) for attempt in Attempt.objects.all()} == {15}
