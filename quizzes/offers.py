"""A quiz as it stands for somebody before they start: on what terms, how often they took it, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from quizzes import given_terms
from quizzes.errors import AttemptError, NotAssigned
from quizzes.models import Assignment, Attempt, Quiz, QuizRevision
from quizzes.places import Place, place_of
from quizzes.terms import Terms


@dataclass(frozen=True)
class Offer:
    """`made` are all their attempts at it, newest first, and `here` those in the class where it stands.

    `terms` is None where it is not given to them: then `refused` says why.
    """

    quiz: Quiz
    revision: QuizRevision
    place: Place
    made: Sequence[Attempt]
    here: Sequence[Attempt]
    terms: Terms | None
    assignment: Assignment | None = None
    refused: AttemptError | None = None

    @property
    def open_attempt(self) -> Attempt | None:
        return self.made[0] if self.made and self.made[0].is_open else None

    @property
    def counted(self) -> int:
        """How many of the allowed attempts are used."""
        return sum(not attempt.is_preview for attempt in self.here)

    @property
    def opened(self) -> bool:
        return self.terms is not None and self.terms.opened_at(timezone.now())

    @property
    def closed(self) -> bool:
        return self.terms is not None and self.terms.closed_at(timezone.now())

    @property
    def has_tries_left(self) -> bool:
        allowed = self.terms.attempts_allowed if self.terms else 0
        return allowed is None or self.counted < allowed

    @property
    def may_start(self) -> bool:
        """Whether `quizzes.attempts.start` would give them an attempt now, as far as one can say beforehand."""
        return self.open_attempt is not None or (self.opened and not self.closed and self.has_tries_left)


def offer_of(user: User, quiz: Quiz) -> Offer:
    """How `quiz`, which is published, stands for `user`."""
    revision = quiz.published
    assert revision is not None  # noqa: S101 - only published ones are looked at
    made = list(user.attempts.filter(quiz=quiz).select_related("cohort").order_by("-number"))
    place = place_of(user, quiz)
    here = [attempt for attempt in made if attempt.cohort == place.cohort] if place.enrolled else made
    try:
        held, assignment = given_terms.terms_for(learner=user, quiz=quiz, cohort=place.cohort)
    except NotAssigned as refused:
        return Offer(quiz, revision, place, made, here, None, refused=refused)
    return Offer(quiz, revision, place, made, here, held, assignment)
