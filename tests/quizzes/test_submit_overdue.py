"""The command that an operator runs from cron."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from quizzes.models import Attempt
from tests.factories.quizzes import AttemptFactory, ItemResponseFactory

pytestmark = pytest.mark.django_db(transaction=True)  # handing in is a durable transaction
PAST_GRACE = timedelta(seconds=settings.ATTEMPT_GRACE_S + 5)


def open_attempt(deadline: timedelta | None) -> Attempt:
    """An open attempt that began an hour ago; its deadline is `deadline` from now, or there is none."""
    attempt = AttemptFactory()
    now = timezone.now()
    attempt.started_at = now - timedelta(hours=1)
    attempt.deadline_at = None if deadline is None else now + deadline
    attempt.save(update_fields=["started_at", "deadline_at"])
    return attempt


def run() -> str:
    out = StringIO()
    call_command("submit_overdue", stdout=out)
    return out.getvalue()


def test_submit_overdue_hands_in_with_what_was_saved():
    attempt = open_attempt(None)
    ItemResponseFactory(item=attempt.items.get())
    Attempt.objects.update(deadline_at=timezone.now() - PAST_GRACE)
    assert run() == "Overdue attempts handed in: 1.\n"
    attempt.refresh_from_db()
    assert (attempt.is_open, attempt.submit_cause, attempt.fraction) == (False, "deadline", 1.0)


def test_submit_overdue_hands_in_what_was_never_answered():
    attempt = open_attempt(-PAST_GRACE)
    assert run() == "Overdue attempts handed in: 1.\n"
    attempt.refresh_from_db()
    assert (attempt.submit_cause, attempt.fraction) == ("deadline", 0.0)


@pytest.mark.parametrize(
    "deadline",
    [
        pytest.param(None, id="no deadline"),
        pytest.param(timedelta(minutes=5), id="there is time"),
        pytest.param(timedelta(seconds=-2), id="within the grace"),
    ],
)
def test_submit_overdue_leaves_the_others_open(deadline):
    attempt = open_attempt(deadline)
    assert run() == "Overdue attempts handed in: 0.\n"
    attempt.refresh_from_db()
    assert attempt.is_open


def test_submit_overdue_a_second_time_finds_nothing():
    open_attempt(-PAST_GRACE)
    open_attempt(-PAST_GRACE)
    assert [run(), run()] == ["Overdue attempts handed in: 2.\n", "Overdue attempts handed in: 0.\n"]
