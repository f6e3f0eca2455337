"""What an attempt may refuse. Each is a sentence for whoever asked, and a stable code for programs."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from quizzes.models import ItemResponse


class AttemptError(Exception):
    """Something that an attempt does not allow, in a sentence for whoever asked."""

    #: The last part of the problem's `type`, stable for programs.
    code = "attempt-error"

    @property
    def members(self) -> dict[str, Any]:
        """What programs are told beside the sentence."""
        return {}


class QuizUnavailable(AttemptError):
    code = "quiz-unavailable"


class NotOpenYet(AttemptError):
    """The assignment opens later."""

    code = "not-open-yet"


class AssignmentClosed(AttemptError):
    """The assignment takes no new attempt any more."""

    code = "assignment-closed"


class NotAssigned(AttemptError):
    """The class takes it under an assignment, and that is not for them, was taken back, or the class is over."""

    code = "not-assigned"


class OpenElsewhere(AttemptError):
    """The learner's one open attempt at the quiz counts under a class that whoever asks may not name."""

    code = "open-elsewhere"


class NoAttemptsLeft(AttemptError):
    code = "no-attempts-left"


class GivenAlready(AttemptError):
    """Somebody gave more time meanwhile, perhaps by the same button."""

    code = "given-already"


class NoTimeToGive(AttemptError):
    """Nothing was running that ends."""

    code = "no-time-to-give"


class AttemptClosed(AttemptError):
    """The attempt was handed in: nothing is accepted any more."""

    code = "attempt-closed"


class AttemptOverdue(AttemptClosed):
    """The time was over; what had been saved was handed in just now."""


class StaleResponse(AttemptError):
    """An older response than the one that is kept, or another one under the same number."""

    code = "stale-response"

    def __init__(self, newest: ItemResponse) -> None:
        super().__init__(_("A newer answer is saved already. Load the page again to see it."))
        self.newest = newest

    @property
    def members(self) -> dict[str, Any]:
        return {"sequence": self.newest.sequence}


class FeedbackWaits(AttemptError):
    """Nothing of what is right is told yet; `told_at` is when it will be, None for when the teacher says so."""

    code = "feedback-not-due"

    def __init__(self, words: str, told_at: datetime | None = None) -> None:
        super().__init__(words)
        self.told_at = told_at

    @property
    def members(self) -> dict[str, Any]:
        return {"told_at": self.told_at and self.told_at.isoformat().replace("+00:00", "Z")}


class SequenceRefused(AttemptError):
    code = "sequence-refused"
