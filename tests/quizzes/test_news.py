"""What learners are told of their work, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import notices
from accounts.models import Notice, User
from quizzes import news
from quizzes.models import Assignment
from quizzes.signals import assignment_given, grades_released
from tests.factories.accounts import CohortFactory, CohortMemberFactory
from tests.factories.quizzes import AccommodationFactory, AssignmentFactory, SubmittedAttemptFactory

pytestmark = pytest.mark.django_db
#: Half past ten in the evening in London, winter.
EVENING = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
TOMORROW = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)


def given(**fields: Any) -> tuple[Assignment, User]:
    """A quiz given to a class in London, and one learner of it."""
    cohort = CohortFactory(timezone="Europe/London")
    return AssignmentFactory(cohort=cohort, **fields), CohortMemberFactory(cohort=cohort).user


def told(kind: str) -> list[int]:
    return sorted(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_work_that_is_given_is_told_with_its_date_in_the_readers_zone() -> None:
    assignment, learner = given(due_at=TOMORROW)
    assignment_given.send(sender=Assignment, assignment=assignment, learners=[learner.pk])
    notice = Notice.objects.get(user=learner)
    with timezone.override("Asia/Tokyo"):
        words = notices.words(notice)
    assert words == (f"New for {assignment.cohort.name}: “Who says so?” (due Dec. 2, 2026, 8 a.m.)")
    assert notice.url == assignment.quiz.get_absolute_url()


def test_marks_are_told_once_however_often_they_are_mended() -> None:
    attempt = SubmittedAttemptFactory()
    for _time in range(2):
        grades_released.send(sender=Assignment, attempts=[attempt])
    assert told(news.GRADED) == [attempt.learner.pk]


def test_who_has_handed_nothing_in_is_reminded_the_day_before_once() -> None:
    assignment, learner = given(due_at=TOMORROW)
    done = CohortMemberFactory(cohort=assignment.cohort).user
    SubmittedAttemptFactory(learner=done, quiz=assignment.quiz, cohort=assignment.cohort)
    CohortMemberFactory(cohort=assignment.cohort, teacher=True)
    for hours in (0, 1):
        news.tell_due_tomorrow(EVENING + timedelta(hours=hours))
    assert told(news.DUE_TOMORROW) == [learner.pk]


@pytest.mark.parametrize(
    ("due", "now", "reminded"),
    [
        pytest.param(TOMORROW, EVENING, True, id="tomorrow"),
        pytest.param(TOMORROW, EVENING - timedelta(days=1), False, id="the day after"),
        pytest.param(TOMORROW, TOMORROW - timedelta(hours=2), False, id="today"),
        pytest.param(EVENING + timedelta(minutes=90), EVENING, True, id="after midnight"),
        pytest.param(EVENING + timedelta(minutes=60), EVENING, False, id="before midnight"),
        pytest.param(None, EVENING, False, id="never"),
    ],
)
def test_tomorrow_is_by_the_calendar_of_the_class(
    due: datetime | None, now: datetime, *, reminded: bool
) -> None:
    _assignment, learner = given(due_at=due)
    news.tell_due_tomorrow(now)
    assert told(news.DUE_TOMORROW) == ([learner.pk] if reminded else [])


def test_who_was_given_more_days_is_reminded_before_their_own_date() -> None:
    assignment, learner = given(due_at=TOMORROW)
    later = CohortMemberFactory(cohort=assignment.cohort).user
    AccommodationFactory(learner=later, cohort=assignment.cohort, extra_days=3)
    news.tell_due_tomorrow(EVENING)
    assert told(news.DUE_TOMORROW) == [learner.pk]
    news.tell_due_tomorrow(EVENING + timedelta(days=3))
    assert told(news.DUE_TOMORROW) == sorted([learner.pk, later.pk])


def test_only_those_who_are_named_are_reminded() -> None:
    assignment, _learner = given(due_at=TOMORROW, everyone=False)
    named = CohortMemberFactory(cohort=assignment.cohort).user
    assignment.named.create(learner=named)
    news.tell_due_tomorrow(EVENING)
    assert told(news.DUE_TOMORROW) == [named.pk]


def test_reminding_takes_as_many_queries_for_many_learners(django_assert_num_queries: Any) -> None:
    assignment, _learner = given(due_at=TOMORROW)
    for _n in range(20):
        CohortMemberFactory(cohort=assignment.cohort)
    with django_assert_num_queries(4):
        news.tell_due_tomorrow(EVENING)
