"""Feedback on one item: the outcome on record, with the words of the key, when it is due.

With grading and the opening of a course, the only reader of `QuestionKey` outside the admin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from quizzes import telling, wording
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


def is_due(attempt: Attempt, item: AttemptItem, reader: User | None = None) -> bool:
    """Whether `reader` (None: the learner) may see the key of `item` now.

    At once: when a check was judged. Else when the attempt was handed in and nothing holds its marks
    back (`quizzes.telling`); a teacher who reads what was handed in need not wait.
    """
    if item.current_score_id is None:
        return False
    if is_practice(attempt):
        return True
    return not attempt.is_open and telling.waits(attempt, reader) is None


def is_practice(attempt: Attempt) -> bool:
    """Whether feedback comes at once, from the rules alone: no person comes to what they cannot score."""
    return attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE


def for_item(*, attempt: Attempt, item: AttemptItem, reader: User | None = None) -> Feedback | None:
    """The feedback on `item`, or None while it is not due to `reader` (None: the learner).

    `item` comes with its revision and score.
    """
    score = item.current_score
    if score is None or not is_due(attempt, item, reader):
        return None
    return _laid_open(attempt, item, _keys().get(revision=score.key_revision_id))


def for_items(*, attempt: Attempt, items: Sequence[AttemptItem]) -> dict[int, Feedback]:
    """The feedback on those items of one attempt of which it is due to the learner, by primary key.

    They come with their revision, and their score with its response. Two queries beside what
    `quizzes.telling` asks, however many they are.
    """
    judged = [item for item in items if item.current_score is not None]
    if not judged or not is_due(attempt, judged[0]):  # of one attempt, all are due that were judged, or none
        return {}
    wanted = {item.current_score.key_revision_id for item in judged if item.current_score}
    keys = {key.pk: key for key in _keys().filter(revision__in=wanted)}
    return {
        item.pk: _laid_open(attempt, item, keys[item.current_score.key_revision_id])
        for item in judged
        if item.current_score
    }


def _keys() -> "QuerySet[QuestionKey]":
    return QuestionKey.objects.select_related("revision").only("key", "revision__schema_version")


def _laid_open(attempt: Attempt, item: AttemptItem, stored: QuestionKey) -> Feedback:
    score = item.current_score
    assert score is not None  # noqa: S101 - only what was judged is laid open
    kind = registry.get(item.revision.type)
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
