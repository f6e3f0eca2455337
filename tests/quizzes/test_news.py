"""What learners are told of their work, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import digests, joining, notices
from accounts.models import Cohort, CohortMember, Notice, User
from quizzes import news, releasing
from quizzes.models import Assignment, Attempt, GradeEntry
from quizzes.signals import assignment_given, grades_released
from tests.factories.accounts import CohortFactory, CohortMemberFactory, UserFactory
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
    assert words == (f"New for {assignment.cohort.name}: “Who says so?” (due Wednesday 2 December, 08:00)")
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
    with django_assert_num_queries(5):
        news.tell_due_tomorrow(EVENING)


@pytest.mark.parametrize(
    ("due", "granted"),
    [
        pytest.param(TOMORROW + timedelta(days=9), {"due_at": TOMORROW}, id="earlier"),
        pytest.param(None, {"due_at": TOMORROW}, id="where the class has none"),
        pytest.param(TOMORROW - timedelta(days=91), {"due_at": TOMORROW}, id="long after"),
        pytest.param(TOMORROW - timedelta(days=91, hours=2), {"extra_days": 91}, id="many days more"),
    ],
)
def test_who_has_a_date_of_their_own_is_reminded_of_it(due: datetime | None, granted: dict[str, Any]) -> None:
    assignment, learner = given(due_at=due)
    CohortMemberFactory(cohort=assignment.cohort)
    for_one = assignment if "due_at" in granted else None
    AccommodationFactory(learner=learner, cohort=assignment.cohort, assignment=for_one, **granted)
    news.tell_due_tomorrow(EVENING)
    assert told(news.DUE_TOMORROW) == [learner.pk]


def test_who_is_excused_is_not_reminded_until_that_is_taken_back() -> None:
    assignment, learner = given(due_at=TOMORROW)
    say = {"assignment": assignment, "learner": learner, "by": learner, "reason": "ill"}
    GradeEntry.objects.create(kind="excused", **say)
    news.tell_due_tomorrow(EVENING)
    assert told(news.DUE_TOMORROW) == []
    GradeEntry.objects.create(kind="none", **say)
    news.tell_due_tomorrow(EVENING)
    assert told(news.DUE_TOMORROW) == [learner.pk]


def shown(learner: User) -> list[str]:
    client = Client()
    client.force_login(learner)
    return [words for _notice, words in client.get("/news/").context["news"]]


@pytest.mark.parametrize("how", ["taken back", "left", "over", "given to others"])
def test_news_of_work_that_is_not_theirs_any_more_is_neither_shown_nor_mailed(how: str) -> None:
    assignment, learner = given(due_at=timezone.now() + timedelta(days=1))
    learner.email = "heron@school.example"
    learner.save()
    digests.want(user=learner, given=True)
    assignment_given.send(sender=Assignment, assignment=assignment, learners=[learner.pk])
    news.tell_due_tomorrow()
    if how == "taken back":
        Assignment.objects.update(archived_at=timezone.now())
    elif how == "left":
        CohortMember.objects.update(left_at=timezone.now() + timedelta(days=1))
    elif how == "over":
        Cohort.objects.update(archived_at=timezone.now())
    else:
        Assignment.objects.update(everyone=False)
    assert shown(learner) == []
    assert digests.send_due(timezone.now().replace(hour=12)) == 0
    assert mail.outbox == []
    assert not Notice.objects.exists()


def test_a_date_that_moves_takes_its_reminder_along_and_mends_the_news() -> None:
    soon = timezone.now() + timedelta(days=1)
    assignment, learner = given(due_at=soon)
    assignment_given.send(sender=Assignment, assignment=assignment, learners=[learner.pk])
    news.tell_due_tomorrow()
    assert len(shown(learner)) == 2
    Assignment.objects.update(due_at=datetime(2031, 5, 4, 10, tzinfo=UTC))
    [words] = shown(learner)
    assert words.startswith("New for")
    assert "Sunday 4 May" in words


def test_who_comes_in_later_is_told_what_there_is_to_do() -> None:
    assignment, _learner = given(due_at=timezone.now() + timedelta(days=3))
    AssignmentFactory(cohort=assignment.cohort, due_at=timezone.now() - timedelta(days=3))
    AssignmentFactory(cohort=assignment.cohort, everyone=False)
    new = UserFactory()
    joining.join_as(user=new, code=joining.new_code(cohort=assignment.cohort).code)
    assert list(Notice.objects.filter(user=new).values_list("key", flat=True)) == [
        f"assigned:{assignment.uuid}"
    ]


def test_marks_that_wait_for_the_closing_are_told_once_it_has_come() -> None:
    now = timezone.now()
    assignment, learner = given(feedback="after_close", closes_at=now + timedelta(hours=1))
    attempt = SubmittedAttemptFactory(learner=learner, quiz=assignment.quiz, cohort=assignment.cohort)
    Attempt.objects.filter(pk=attempt.pk).update(assignment=assignment, fraction=0.5)
    releasing.tell_all()
    assert told(news.GRADED) == []
    Assignment.objects.update(closes_at=now - timedelta(minutes=1))
    later = AccommodationFactory(
        learner=CohortMemberFactory(cohort=assignment.cohort).user, cohort=assignment.cohort, extra_days=2
    )
    releasing.tell_all()
    assert told(news.GRADED) == []
    later.delete()
    Assignment.objects.update(release="held")
    releasing.tell_all()
    assert told(news.GRADED) == []
    Assignment.objects.update(released_at=now)
    for _time in range(2):
        releasing.tell_all()
    assert told(news.GRADED) == [learner.pk]
