"""A quiz as it stands for somebody before they start: on what terms, how often they took it, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from quizzes import bounds, given_terms
from quizzes.errors import AttemptError, NotAssigned, OpenElsewhere
from quizzes.models import Assignment, Attempt, Quiz, QuizRevision
from quizzes.places import Place, Within, place_of
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
        """The one that goes on; none where that counts under a class that is not looked at."""
        return None if isinstance(self.refused, OpenElsewhere) else self.begun

    @property
    def begun(self) -> Attempt | None:
        """The open one, under whichever class it counts."""
        return _open(self.made)

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


def offer_of(user: User, quiz: Quiz, within: Within = None) -> Offer:
    """How `quiz`, which is published, stands for `user` under the classes that are looked at."""
    revision = quiz.published
    assert revision is not None  # noqa: S101 - only published ones are looked at
    made = list(user.attempts.filter(quiz=quiz).select_related("cohort").order_by("-number"))
    place = place_of(user, quiz, within)
    of_class = place.enrolled or within is not None
    here = [attempt for attempt in made if attempt.cohort == place.cohort] if of_class else made
    try:
        bounds.refuse_elsewhere(_open(made), within)
        bounds.refuse_untaken(place, within)
        held, assignment = given_terms.terms_for(learner=user, quiz=quiz, cohort=place.cohort)
    except (NotAssigned, OpenElsewhere) as refused:
        return Offer(quiz, revision, place, made, here, None, refused=refused)
    return Offer(quiz, revision, place, made, here, held, assignment)


def _open(made: Sequence[Attempt]) -> Attempt | None:
    return made[0] if made and made[0].is_open else None
