"""What one learner is granted beyond the others: the only writer of accommodations."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.auditing import note
from accounts.models import Cohort, CohortMember, User
from quizzes import releasing, score_rows
from quizzes.deadlines import recompute_deadlines
from quizzes.models import Accommodation, Assignment, Attempt

#: The most of each: of the class's time in per cent, in seconds, in tries and in days.
MOST = {"extra_percent": 400, "extra_s": 86_400, "extra_attempts": 100, "extra_days": 365}


class NotGranted(Exception):
    """Nothing was changed: the message says why, and how to mend it. `field` is what has to be mended, or ""."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def grant(
    *,
    learner: User,
    cohort: Cohort,
    by: User,
    assignment: Assignment | None = None,
    extra_percent: int | None = None,
    extra_s: int | None = None,
    extra_attempts: int | None = None,
    extra_days: int | None = None,
    due_at: datetime | None = None,
) -> Accommodation | None:
    """Set what a learner is granted in a class or, in its place, for one assignment of it; all None: nothing.

    It holds at once, also in tries that are running. Per cent from 0 to 400, seconds to a day, tries
    to 100, days to 365; `due_at` only for one assignment. Raises NotGranted.
    """
    given = {
        "extra_percent": extra_percent,
        "extra_s": extra_s,
        "extra_attempts": extra_attempts,
        "extra_days": extra_days,
    }
    _refuse(given, assignment, cohort, due_at)
    hold(learner)
    place = CohortMember.objects.filter(cohort=cohort, user=learner, role=CohortMember.Role.LEARNER)
    if not place.exists():
        raise NotGranted("", _("Nobody of that name learns in this class."))
    row = _keep(learner, cohort, assignment, by, {**given, "due_at": due_at})
    running = Attempt.objects.filter(learner=learner, cohort=cohort)
    recompute_deadlines(attempts=running.filter(assignment=assignment) if assignment else running)
    # Everybody's: what is told after the closing waits for the last of them.
    releasing.tell_anew(Q(cohort=cohort))
    score_rows.touch_all(Q(assignment=assignment) if assignment else Q(assignment__cohort=cohort))
    return row


def hold(learner: User) -> None:
    """The lock of `attempts.start`: who starts now waits, and finds what was granted. In the caller's transaction."""
    User.objects.select_for_update(no_key=True).get(pk=learner.pk)


def _refuse(
    given: dict[str, int | None], assignment: Assignment | None, cohort: Cohort, due_at: datetime | None
) -> None:
    for name, value in given.items():
        if value is not None and not 0 <= value <= MOST[name]:
            raise NotGranted(name, _("Choose a number from 0 to %(most)s.") % {"most": MOST[name]})
    if assignment is None and due_at is not None:
        raise NotGranted("due_at", _("A date of their own is for one assignment. Choose which."))
    if assignment is not None and assignment.cohort_id != cohort.pk:
        raise ValidationError("The assignment is another class's.")
    if assignment is not None and due_at and assignment.opens_at and due_at < assignment.opens_at:
        raise NotGranted("due_at", _("It is due before it opens. Choose a later day."))


def _keep(
    learner: User, cohort: Cohort, assignment: Assignment | None, by: User, values: dict[str, object]
) -> Accommodation | None:
    key: dict[str, Any] = {"learner": learner, "cohort": cohort, "assignment": assignment}
    if all(value is None for value in values.values()):
        for row in Accommodation.objects.filter(**key):
            note(by, _("Taken back."), row)
            row.delete()
        return None
    row, _made = Accommodation.objects.update_or_create(**key, defaults={**values, "by": by})
    note(by, _("Granted."), row)
    return row
