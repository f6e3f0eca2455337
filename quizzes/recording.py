"""Putting judgements on record: the only writer of scores, results by skill and evidence.

Once, in a few statements whatever the number of items. Who judges (a rule, a person, a regrade) is the
caller's: `quizzes.grading`, `quizzes.marking`, `quizzes.regrading`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from articles.models import Skill
from quizzes.models import (
    Attempt,
    AttemptItem,
    Evidence,
    ItemResponse,
    ItemScore,
    QuestionSkill,
    Regrade,
    SkillResult,
)
from quizzes.score_rows import touch_attempts
from quizzes.scoring import RULES_VERSION
from quizzes.scoring.attempts import attempt_fraction
from quizzes.signals import score_recorded
from quizzes.types.base import Outcome


class Try(NamedTuple):
    """A response, and what was made of it."""

    response: ItemResponse | None
    outcome: Outcome


@dataclass(frozen=True)
class Judged:
    """One item with its newest response (none: never answered) and what is made of it.

    `first`: the learner never finished a try at this question before, answered or not; what comes
    after the key was shown is no evidence. `tried` is that first try, where it was another response of
    the item (practice). `key` is the primary key of the revision whose key judged, by default the
    item's own. `answered` says it where the outcome cannot: a point may be given for no answer.
    """

    item: AttemptItem
    response: ItemResponse | None
    outcome: Outcome
    first: bool
    tried: Try | None = None
    key: int | None = None
    answered: bool | None = None

    @property
    def evidence(self) -> Try | None:
        """The try that tells of skills; None where nothing does."""
        found = (self.tried or Try(self.response, self.outcome)) if self.first else None
        return found if found and found.outcome.answered else None


@dataclass(frozen=True)
class Ground:
    """On whose word scores stand: by rule, or by somebody who gave a reason ("" only for a rule).

    `reasons` has the reason for one item apart, by its primary key. `dropped`: the items leave the means.
    """

    source: str = ItemScore.Source.AUTO
    by: User | None = None
    reason: str = ""
    reasons: dict[int, str] | None = None
    regrade: Regrade | None = None
    dropped: bool = False

    def reason_for(self, item: AttemptItem) -> str:
        return (self.reasons or {}).get(item.pk, self.reason)


BY_RULE = Ground()


def record(*, attempt: Attempt, judged: Sequence[Judged]) -> list[ItemScore]:
    """Append a score by rule for each item of `attempt`, with results by skill and evidence.

    Runs in the caller's transaction, which holds the attempt's lock.
    """
    if not judged:
        return []
    scores = _append(judged, BY_RULE)
    _record_skills([attempt] * len(judged), judged, scores)
    score_recorded.send(sender=ItemScore, attempt=attempt, scores=scores)
    return scores


def amend(*, judged: Sequence[Judged], ground: Ground) -> list[ItemScore]:
    """Append a score in place of those that hold, for items of any number of submitted attempts.

    Evidence of the items is voided and appended anew, and the fractions of their attempts are set.
    The items come with `attempt`. Runs in the caller's transaction, which holds the attempts' locks.
    """
    if not judged:
        return []
    items = [one.item for one in judged]
    Evidence.objects.live().filter(score__item__in=items).update(voided_at=timezone.now())
    scores = _append(judged, ground)
    _record_skills([item.attempt for item in items], judged, scores)
    given: dict[Attempt, list[ItemScore]] = defaultdict(list)
    for item, score in zip(items, scores, strict=True):
        given[item.attempt].append(score)
    _set_fractions(list(given))
    touch_attempts(given)
    for attempt, of_attempt in given.items():
        score_recorded.send(sender=ItemScore, attempt=attempt, scores=of_attempt)
    return scores


def set_fraction(attempt: Attempt, scored: Iterable[tuple[Decimal, float | None, bool]]) -> None:
    """Set `fraction` and `graded_at`, unsaved, from points, fraction and `dropped` of each score that holds.

    Where every item is dropped there is no fraction, and nothing is left to grade.
    """
    held = list(scored)
    attempt.fraction = attempt_fraction(
        (float(points), fraction) for points, fraction, dropped in held if not dropped
    )
    all_dropped = bool(held) and all(dropped for *_score, dropped in held)
    attempt.graded_at = timezone.now() if all_dropped or attempt.fraction is not None else None


def _set_fractions(attempts: Sequence[Attempt]) -> None:
    scored: dict[int, list[tuple[Decimal, float | None, bool]]] = defaultdict(list)
    rows = AttemptItem.objects.filter(attempt__in=attempts, current_score__isnull=False).order_by()
    for pk, points, fraction, dropped in rows.values_list(
        "attempt", "points", "current_score__fraction", "current_score__dropped"
    ):
        scored[pk].append((points, fraction, dropped))
    now = timezone.now()
    for attempt in attempts:
        set_fraction(attempt, scored[attempt.pk])
        attempt.updated_at = now
    Attempt.objects.bulk_update(attempts, ["fraction", "graded_at", "updated_at"])


def _append(judged: Sequence[Judged], ground: Ground) -> list[ItemScore]:
    now = timezone.now()
    scores = ItemScore.objects.bulk_create(
        ItemScore(
            item=one.item,
            number=_highest(one.item) + 1,
            response=one.response,
            source=ground.source,
            key_revision_id=one.key or one.item.revision_id,
            fraction=one.outcome.fraction,
            answered=one.outcome.answered if one.answered is None else one.answered,
            dropped=ground.dropped,
            outcome=one.outcome.model_dump(mode="json"),
            rules_version=RULES_VERSION,
            by=ground.by,
            reason=ground.reason_for(one.item),
            regrade=ground.regrade,
            at=now,
        )
        for one in judged
    )
    for one, score in zip(judged, scores, strict=True):
        one.item.current_score = score
    AttemptItem.objects.bulk_update([one.item for one in judged], ["current_score"])
    return scores


def _highest(item: AttemptItem) -> int:
    """The number of the item's newest score: the current one, as every new one becomes it."""
    return item.current_score.number if item.current_score else 0


def _record_skills(
    attempts: Sequence[Attempt], judged: Sequence[Judged], scores: Sequence[ItemScore]
) -> None:
    by_revision: dict[int, list[Skill]] = defaultdict(list)
    ties = QuestionSkill.objects.filter(revision__in={score.key_revision_id for score in scores})
    for tie in ties.select_related("skill"):
        by_revision[tie.revision_id].append(tie.skill)
    results: list[SkillResult] = []
    evidence: list[Evidence] = []
    for attempt, one, score in zip(attempts, judged, scores, strict=True):
        skills = by_revision[score.key_revision_id]
        results += _results(one, score, skills)
        if one.evidence is not None and not attempt.is_preview:
            evidence += _evidence(attempt, one.item, one.evidence, score, skills)
    SkillResult.objects.bulk_create(results)
    # In one order for everybody: two quizzes handed in at once may share questions, and would deadlock.
    evidence.sort(key=lambda row: (row.learner_id, row.question_id, row.skill_id, row.unit))
    # Two quizzes at once may both be the first: the partial unique constraint keeps one.
    Evidence.objects.bulk_create(evidence, ignore_conflicts=True)


def _results(one: Judged, score: ItemScore, skills: Sequence[Skill]) -> Iterable[SkillResult]:
    for tally in one.outcome.tallies:
        for skill in _meant(tally.skill, skills):
            yield SkillResult(
                score=score,
                skill=skill,
                fraction=tally.fraction,
                required=tally.required,
                found=tally.found,
                partly=tally.partly,
                marks=tally.marks,
                sound_marks=tally.sound_marks,
            )


def _evidence(
    attempt: Attempt, item: AttemptItem, tried: Try, score: ItemScore, skills: Sequence[Skill]
) -> Iterable[Evidence]:
    revision = item.revision
    article = revision.article_revision.article_id if revision.article_revision else None
    for unit in tried.outcome.units:
        for skill in _meant(unit.skill, skills):
            yield Evidence(
                score=score,
                learner_id=attempt.learner_id,
                question_id=item.question_id,
                question_revision=revision,
                skill=skill,
                unit=unit.unit,
                ordinal=unit.ordinal,
                kind=unit.kind,
                category=unit.category,
                correct=unit.correct,
                fraction=unit.fraction,
                confidence=tried.response.confidence if tried.response else None,
                article_id=article,
                cohort_id=attempt.cohort_id,
                at=score.at,
            )


def _meant(slug: str | None, skills: Sequence[Skill]) -> Iterable[Skill]:
    """The skill that is named, or every skill of the question where none is."""
    return [skill for skill in skills if slug is None or skill.slug == slug]
