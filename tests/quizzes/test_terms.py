from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quizzes.models import Accommodation, Assignment, QuizRevision
from quizzes.terms import Terms, terms

pytestmark = pytest.mark.pure
NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def held(
    *accommodations: Accommodation, limit: int | None = 600, zone: str = "UTC", **assigned: Any
) -> Terms:
    revision = QuizRevision(time_limit_s=limit, attempts_allowed=2, feedback="after_submit")
    return terms(
        revision=revision, assignment=Assignment(**assigned), accommodations=accommodations, zone=zone
    )


def granted(*, named: bool = False, **fields: Any) -> Accommodation:
    return Accommodation(assignment_id=1 if named else None, **fields)


def test_terms_are_the_quizs_own_where_nothing_is_assigned() -> None:
    revision = QuizRevision(time_limit_s=600, attempts_allowed=2, feedback="at_once")
    assert terms(revision=revision) == Terms(2, 600, "at_once")


def test_an_assignment_stands_before_the_quiz() -> None:
    assert held(time_limit_s=60, attempts_allowed=5, feedback="after_close") == Terms(5, 60, "after_close")


@pytest.mark.parametrize(
    ("accommodations", "limit"),
    [
        pytest.param([granted(extra_percent=25)], 750, id="a quarter more"),
        pytest.param([granted(extra_s=90)], 690, id="seconds more"),
        pytest.param([granted(extra_percent=50, extra_s=60)], 960, id="both"),
        pytest.param(
            [granted(extra_percent=50), granted(named=True, extra_percent=0)], 600, id="the named one"
        ),
        pytest.param([granted(named=True, extra_s=1), granted(extra_percent=100)], 1201, id="field by field"),
    ],
)
def test_more_time_is_added_to_a_limit(accommodations: list[Accommodation], limit: int) -> None:
    assert held(*accommodations).time_limit_s == limit


def test_more_time_makes_no_limit_where_there_is_none() -> None:
    assert held(granted(extra_percent=50, extra_s=60), limit=None).time_limit_s is None


def test_more_tries_are_added() -> None:
    assert held(granted(extra_attempts=3)).attempts_allowed == 5


def test_days_keep_the_hour_over_a_change_of_the_clocks() -> None:
    """London's clocks go forward in the night of 28 March 2026."""
    found = held(granted(extra_days=3), due_at=NOON, closes_at=NOON + DAY, zone="Europe/London")
    assert (found.due_at, found.closes_at) == (
        datetime(2026, 3, 30, 11, tzinfo=UTC),
        datetime(2026, 3, 31, 11, tzinfo=UTC),
    )


def test_nobodys_work_closes_before_it_is_due() -> None:
    later = granted(named=True, due_at=NOON + 9 * DAY)
    assert held(later, due_at=NOON, closes_at=NOON + DAY).closes_at == NOON + 9 * DAY


def test_where_no_late_work_is_taken_the_due_date_closes() -> None:
    assert held(due_at=NOON, closes_at=NOON + DAY, late_policy="none").closes_at == NOON
    assert held(granted(extra_days=1), due_at=NOON, late_policy="none").closes_at == NOON + DAY


@pytest.mark.parametrize(
    ("limit", "closes", "extra_s", "ends"),
    [
        pytest.param(None, None, 600, None, id="no end"),
        pytest.param(600, None, 0, NOON + timedelta(minutes=10), id="the limit"),
        pytest.param(600, NOON + timedelta(minutes=4), 0, NOON + timedelta(minutes=4), id="closed before"),
        pytest.param(600, NOON + DAY, 120, NOON + timedelta(minutes=12), id="more time"),
        pytest.param(None, NOON, 60, NOON + timedelta(minutes=1), id="more time past closing"),
    ],
)
def test_an_attempt_ends_with_its_time_or_when_all_closes(
    limit: int | None, closes: datetime | None, extra_s: int, ends: datetime | None
) -> None:
    assert held(limit=limit, closes_at=closes).deadline(NOON, extra_s) == ends


@pytest.mark.parametrize(
    ("after", "days", "left"),
    [
        (timedelta(0), 0, 0.8),
        (timedelta(seconds=1), 1, 0.72),
        (DAY, 1, 0.72),
        (DAY + timedelta(seconds=1), 2, 0.64),
        (20 * DAY, 20, 0.0),
    ],
)
def test_lateness_takes_off_for_each_day_begun(after: timedelta, days: int, left: float) -> None:
    found = held(due_at=NOON, late_policy="percent", late_percent=10)
    assert found.days_late(NOON + after) == days
    assert found.with_lateness(0.8, NOON + after) == pytest.approx(left)


def test_time_that_was_granted_is_not_cut_by_the_closing() -> None:
    """A quiz of ten minutes, begun five before it closes: the others have five, who was granted ten has fifteen."""
    found = held(granted(extra_percent=100), closes_at=NOON)
    begun = NOON - timedelta(minutes=5)
    assert held(closes_at=NOON).deadline(begun) == NOON
    assert found.deadline(begun) == NOON + timedelta(minutes=10)
    assert found.deadline(NOON - DAY) == NOON - DAY + timedelta(minutes=20)
    assert found.closed_at(NOON)


def test_time_that_was_given_is_never_late() -> None:
    late: dict[str, Any] = {"due_at": NOON, "late_policy": "percent", "late_percent": 10}
    plain, more = held(**late), held(granted(extra_s=600), **late)
    after = NOON + timedelta(minutes=10)
    assert [plain.days_late(after), plain.days_late(after, 599), plain.days_late(after, 600)] == [1, 1, 0]
    assert [more.days_late(after), more.days_late(after + timedelta(seconds=1))] == [0, 1]
    assert (plain.with_lateness(1, after, 600), plain.with_lateness(1, after)) == (1, 0.9)
