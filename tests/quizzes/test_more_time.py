"""Ten more minutes: `give_more_time`. Run on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses.gradebook import with_terms
from quizzes import attempts, deadlines
from quizzes.marksheet import MarkSheet
from quizzes.models import Assignment, Attempt
from tests.factories.accounts import CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AccommodationFactory, AssignmentFactory

pytestmark = pytest.mark.django_db


def begun(**assigned: Any) -> Attempt:
    assignment = AssignmentFactory(**assigned)
    learner = CohortMemberFactory(cohort=assignment.cohort).user
    return attempts.start(learner=learner, quiz=assignment.quiz, cohort=assignment.cohort)


def give(*given: Attempt, seconds: int = 600) -> int:
    return deadlines.give_more_time(attempts=given, seconds=seconds, by=TeacherFactory())


def test_more_time_is_added_each_time() -> None:
    attempt = begun(time_limit_s=900)
    assert [give(attempt), give(attempt, seconds=60)] == [1, 1]
    attempt.refresh_from_db()
    assert attempt.extra_s == 660
    assert attempt.deadline_at == attempt.started_at + timedelta(seconds=900 + 660)


def test_more_time_keeps_what_was_granted_before() -> None:
    assignment = AssignmentFactory(time_limit_s=900)
    learner = CohortMemberFactory(cohort=assignment.cohort).user
    AccommodationFactory(learner=learner, cohort=assignment.cohort, extra_percent=100)
    attempt = attempts.start(learner=learner, quiz=assignment.quiz, cohort=assignment.cohort)
    give(attempt)
    attempt.refresh_from_db()
    assert attempt.deadline_at == attempt.started_at + timedelta(seconds=1800 + 600)


def test_more_time_reaches_over_the_close() -> None:
    closes = timezone.now() + timedelta(minutes=5)
    attempt = begun(closes_at=closes)
    give(attempt)
    attempt.refresh_from_db()
    assert attempt.deadline_at == closes + timedelta(minutes=10)


def test_more_time_is_for_open_attempts_with_a_deadline() -> None:
    timed, untimed, handed_in, over = (
        begun(time_limit_s=900),
        begun(),
        begun(time_limit_s=900),
        begun(time_limit_s=900),
    )
    attempts.submit(attempt=handed_in)
    Attempt.objects.filter(pk=over.pk).update(
        started_at=timezone.now() - timedelta(hours=2), deadline_at=timezone.now() - timedelta(hours=1)
    )
    assert give(timed, untimed, handed_in, over) == 1
    changed = Attempt.objects.exclude(extra_s=0)
    assert list(changed) == [timed]


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
def test_no_other_time_is_given(seconds: int) -> None:
    attempt = begun(time_limit_s=900)
    with pytest.raises(ValueError, match="cannot be given"):
        give(attempt, seconds=seconds)


def test_more_time_past_the_due_date_takes_nothing_off() -> None:
    due = timezone.now() + timedelta(minutes=1)
    attempt = begun(due_at=due, closes_at=due, late_policy="percent", late_percent=10)
    give(attempt)
    after = due + timedelta(minutes=5)
    Attempt.objects.filter(pk=attempt.pk).update(
        submitted_at=after, submit_cause="learner", fraction=1.0, graded_at=after
    )
    assert attempt.assignment is not None
    [assignment] = with_terms(Assignment.objects.filter(pk=attempt.assignment.pk))
    mark = MarkSheet([assignment], now=after).mark(assignment, attempt.learner_id)
    assert mark is not None
    assert (mark.fraction, mark.days_late) == (1.0, 0)
