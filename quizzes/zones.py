"""What follows when a class moves to another time zone: more days that were granted are days of its calendar."""

from typing import Any

from django.db.models import Q

from accounts.models import Cohort
from quizzes import releasing, score_rows
from quizzes.deadlines import recompute_deadlines
from quizzes.models import Attempt


def on_zone_changed(sender: Any, *, cohort: Cohort, **_signal: Any) -> None:
    """Running attempts end when they would now; marks that may be others, or are told at another time, are told of."""
    recompute_deadlines(attempts=Attempt.objects.filter(cohort=cohort))
    releasing.tell_anew(Q(cohort=cohort))
    score_rows.touch_all(Q(assignment__cohort=cohort))
