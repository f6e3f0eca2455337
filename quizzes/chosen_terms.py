"""The terms that a teacher chooses for an assignment: which there are, and what of them fits together."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quizzes.models import Assignment, Quiz, QuizRevision

#: The most that a teacher can choose: a day, and what nobody needs.
MOST = {"attempts_allowed": 1_000, "time_limit_s": 86_400}
#: The columns that a teacher chooses; what is left out of a call stays as it is.
TERMS = (
    "opens_at",
    "due_at",
    "closes_at",
    "late_policy",
    "late_percent",
    "attempts_allowed",
    "time_limit_s",
    "attempt_rule",
    "feedback",
    "release",
)


class AssignmentRefused(Exception):
    """Nothing was changed: the message says why, and how to mend it. `field` is what has to be mended, or ""."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def put(assignment: Assignment, chosen: Mapping[str, Any]) -> None:
    """Put what is chosen on the row, unsaved; raises AssignmentRefused for what does not fit together."""
    for name, value in chosen.items():
        if name not in TERMS:
            raise TypeError(f"An assignment has no {name}.")
        setattr(assignment, name, value)
    if assignment.late_policy != Assignment.LatePolicy.PERCENT:
        assignment.late_percent = 0
    _refuse_dates(assignment)
    _refuse_feedback(assignment)
    try:
        assignment.clean_fields(exclude=["cohort", "quiz"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise AssignmentRefused(field, messages[0]) from error


def _refuse_dates(assignment: Assignment) -> None:
    opens, due, closes = assignment.opens_at, assignment.due_at, assignment.closes_at
    if opens and due and due < opens:
        raise AssignmentRefused("due_at", _("It is due before it opens. Choose a later day."))
    if due and closes and closes < due:
        raise AssignmentRefused("closes_at", _("It closes before it is due. Choose a later day."))
    if opens and closes and closes <= opens:
        raise AssignmentRefused("closes_at", _("It closes before it opens. Choose a later day."))
    if assignment.late_policy == Assignment.LatePolicy.PERCENT and not assignment.late_percent:
        raise AssignmentRefused("late_percent", _("Say how many per cent a day takes off, from 1 to 100."))
    for name, most in MOST.items():
        chosen = getattr(assignment, name)
        if chosen is not None and not 1 <= chosen <= most:
            raise AssignmentRefused(
                name, _("Leave it empty for no limit, or choose from 1 to %(most)s.") % {"most": most}
            )


def _refuse_feedback(assignment: Assignment) -> None:
    feedback = QuizRevision.Feedback
    practice = assignment.quiz.mode == Quiz.Mode.PRACTICE
    if practice and assignment.release == Assignment.Release.HELD:
        raise AssignmentRefused("release", _("Practice tells at once: there are no marks to hold back."))
    if practice and assignment.feedback not in ("", feedback.AT_ONCE):
        raise AssignmentRefused("feedback", _("Practice tells at once. Leave this as the quiz says."))
    if not practice and assignment.feedback == feedback.AT_ONCE:
        raise AssignmentRefused("feedback", _("Only practice tells at once. Choose another moment."))
    ends = assignment.closes_at or (
        assignment.due_at if assignment.late_policy == Assignment.LatePolicy.NONE else None
    )
    if assignment.feedback == feedback.AFTER_CLOSE and ends is None:
        raise AssignmentRefused("closes_at", _("Feedback is to wait for the closing: say when it closes."))
