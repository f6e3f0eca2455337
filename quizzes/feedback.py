"""Feedback on one item: the outcome on record, with the words of the key, when it is due.

With grading and the opening of a course, the only reader of `QuestionKey` outside the admin.
"""

from dataclasses import dataclass
from typing import Any

from quizzes import wording
from quizzes.models import Attempt, AttemptItem, QuestionKey, QuizRevision
from quizzes.types import registry
from quizzes.types.base import Outcome


@dataclass(frozen=True)
class Feedback:
    """What a type's template needs to lay feedback out; all of it as the type's own models."""

    outcome: Outcome
    key: Any
    response: Any
    headline: str


def is_due(attempt: Attempt, item: AttemptItem) -> bool:
    """Whether the learner may see the key of `item` now.

    At once: when a check was judged. After submitting: when the attempt was handed in.
    """
    if item.current_score_id is None:
        return False
    return is_practice(attempt) or not attempt.is_open


def is_practice(attempt: Attempt) -> bool:
    """Whether feedback comes at once, from the rules alone: no person comes to what they cannot score."""
    return attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE


def for_item(*, attempt: Attempt, item: AttemptItem) -> Feedback | None:
    """The feedback on `item`, or None while it is not due. `item` comes with its revision and score."""
    score = item.current_score
    if score is None or not is_due(attempt, item):
        return None
    revision = item.revision
    stored = (
        QuestionKey.objects.select_related("revision")
        .only("key", "revision__schema_version")
        .get(revision=score.key_revision_id)
    )
    kind = registry.get(revision.type)
    given = score.response
    outcome = score.judged
    return Feedback(
        outcome=outcome,
        key=registry.load(kind.slug, "key", stored.key, stored.revision.schema_version),
        response=(
            registry.load(kind.slug, "response", given.data, given.schema_version)
            if given
            else kind.Response()
        ),
        headline=wording.headline(
            outcome, sorts_sentences=kind.sorts_sentences, practice=is_practice(attempt)
        ),
    )
