"""Judging responses and recording it: the only writer of scores, results by skill and evidence.

Arithmetic is in `quizzes.scoring` and `quizzes.types`; here it is put on record, once, in a few
statements whatever the number of items.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Skill
from quizzes import wording
from quizzes.errors import AttemptError
from quizzes.models import (
    Attempt,
    AttemptItem,
    Evidence,
    ItemResponse,
    ItemScore,
    QuestionKey,
    QuestionSkill,
    QuizRevision,
    SkillResult,
)
from quizzes.scoring import RULES_VERSION
from quizzes.scoring.attempts import attempt_fraction
from quizzes.signals import score_recorded
from quizzes.types import registry
from quizzes.types.base import Outcome


class NotAnswered(AttemptError):
    """A check of nothing: there is no try to count."""

    code = "not-answered"


class FeedbackNotDue(AttemptError):
    code = "feedback-not-due"


@dataclass(frozen=True)
class Judged:
    """One item with its newest response (none: never answered) and what the rules make of it.

    `first`: the learner never finished a try at this question before, answered or not; what comes
    after the key was shown is no evidence.
    """

    item: AttemptItem
    response: ItemResponse | None
    outcome: Outcome
    first: bool


def judge(*, item: AttemptItem, key: QuestionKey, response: ItemResponse | None) -> Outcome:
    """What the item's type makes of the response, by the key. Writes nothing."""
    revision = item.revision
    kind = registry.get(revision.type)
    answer = registry.load(kind.slug, "key", key.key, revision.schema_version)
    given = (
        registry.load(kind.slug, "response", response.data, response.schema_version)
        if response is not None
        else kind.Response()
    )
    return kind.grade(revision.asked, answer, given)


def grade_check(*, attempt: Attempt, item: AttemptItem, response: ItemResponse) -> ItemScore:
    """Practice: judge one response now. Raises NotAnswered, or FeedbackNotDue outside practice.

    Runs in the caller's transaction, which holds the attempt's lock.
    """
    if attempt.quiz_revision.feedback != QuizRevision.Feedback.AT_ONCE:
        raise FeedbackNotDue(_("This quiz gives its feedback when it has been handed in."))
    already = ItemScore.objects.filter(response=response).first()
    if already is not None:
        return already
    outcome = judge(item=item, key=QuestionKey.objects.get(revision=item.revision_id), response=response)
    if not outcome.answered and not wording.is_neutral(outcome):
        raise NotAnswered(
            wording.not_judged(outcome) or _("Answer first, then check. If nothing fits, say so.")
        )
    tried = earlier_scores(attempt).filter(item__question=item.question_id).exists()
    return record(attempt=attempt, judged=[Judged(item, response, outcome, first=not tried)])[0]


def grade_attempt(*, attempt: Attempt) -> None:
    """Judge what has not been judged yet and set the attempt's `fraction` and `graded_at`, unsaved.

    Runs in the caller's transaction, which holds the attempt's lock.
    """
    tried = Exists(earlier_scores(attempt).filter(item__question=OuterRef("question")))
    items = list(
        attempt.items.select_related("revision__article_revision", "current_score").annotate(tried=tried)
    )
    newest = newest_responses(items)
    waiting = [item for item in items if not _is_judged(attempt, item, newest.get(item.pk))]
    keys = QuestionKey.objects.in_bulk([item.revision_id for item in waiting])
    judged = [
        Judged(
            item,
            response,
            judge(item=item, key=keys[item.revision_id], response=response),
            first=not item.tried,
        )
        for item in waiting
        for response in [newest.get(item.pk)]
    ]
    record(attempt=attempt, judged=judged)
    _set_fraction(attempt, items)


def earlier_scores(attempt: Attempt) -> "QuerySet[ItemScore]":
    """What the learner of `attempt` was ever scored on, previews left out."""
    return ItemScore.objects.filter(
        item__attempt__learner=attempt.learner_id, item__attempt__is_preview=False
    ).order_by()


def newest_responses(items: Sequence[AttemptItem]) -> dict[int, ItemResponse]:
    """The response that counts, by the item's primary key; items never answered are left out."""
    newer = ItemResponse.objects.filter(item=OuterRef("item"), sequence__gt=OuterRef("sequence"))
    newest = ItemResponse.objects.filter(~Exists(newer), item__in=items).order_by()
    return {response.item_id: response for response in newest}


def record(*, attempt: Attempt, judged: Sequence[Judged]) -> list[ItemScore]:
    """Append a score for each, point the items at them, and keep results by skill and evidence."""
    if not judged:
        return []
    now = timezone.now()
    scores = ItemScore.objects.bulk_create(
        ItemScore(
            item=one.item,
            number=_highest(one.item) + 1,
            response=one.response,
            source=ItemScore.Source.AUTO,
            key_revision=one.item.revision,
            fraction=one.outcome.fraction,
            answered=one.outcome.answered,
            outcome=one.outcome.model_dump(mode="json"),
            rules_version=RULES_VERSION,
            at=now,
        )
        for one in judged
    )
    for one, score in zip(judged, scores, strict=True):
        one.item.current_score = score
    AttemptItem.objects.bulk_update([one.item for one in judged], ["current_score"])
    _record_skills(attempt, judged, scores)
    score_recorded.send(sender=ItemScore, attempt=attempt, scores=scores)
    return scores


def _highest(item: AttemptItem) -> int:
    """The number of the item's newest score: the current one, as every new one becomes it."""
    return item.current_score.number if item.current_score else 0


def _record_skills(attempt: Attempt, judged: Sequence[Judged], scores: Sequence[ItemScore]) -> None:
    by_revision: dict[int, list[Skill]] = defaultdict(list)
    ties = QuestionSkill.objects.filter(revision__in={one.item.revision_id for one in judged})
    for tie in ties.select_related("skill"):
        by_revision[tie.revision_id].append(tie.skill)
    results: list[SkillResult] = []
    evidence: list[Evidence] = []
    for one, score in zip(judged, scores, strict=True):
        skills = by_revision[one.item.revision_id]
        results += _results(one, score, skills)
        if one.first and one.outcome.answered and not attempt.is_preview:
            evidence += _evidence(attempt, one, score, skills)
    SkillResult.objects.bulk_create(results)
    # In one order for everybody: two quizzes handed in at once may share questions, and would deadlock.
    evidence.sort(key=lambda row: (row.question_id, row.skill_id, row.unit))
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


def _evidence(attempt: Attempt, one: Judged, score: ItemScore, skills: Sequence[Skill]) -> Iterable[Evidence]:
    revision = one.item.revision
    article = revision.article_revision.article_id if revision.article_revision else None
    for unit in one.outcome.units:
        for skill in _meant(unit.skill, skills):
            yield Evidence(
                score=score,
                learner_id=attempt.learner_id,
                question_id=one.item.question_id,
                question_revision=revision,
                skill=skill,
                unit=unit.unit,
                ordinal=unit.ordinal,
                kind=unit.kind,
                category=unit.category,
                correct=unit.correct,
                fraction=unit.fraction,
                confidence=one.response.confidence if one.response else None,
                article_id=article,
                cohort_id=attempt.cohort_id,
                at=score.at,
            )


def _meant(slug: str | None, skills: Sequence[Skill]) -> Iterable[Skill]:
    """The skill that is named, or every skill of the question where none is."""
    return [skill for skill in skills if slug is None or skill.slug == slug]


def _is_judged(attempt: Attempt, item: AttemptItem, response: ItemResponse | None) -> bool:
    score = item.current_score
    if score is None:
        return False
    # In practice a check is what counts; an answer begun after it was left without one.
    checked = attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE
    return checked or response is None or score.response_id == response.pk


def _set_fraction(attempt: Attempt, items: Sequence[AttemptItem]) -> None:
    counted = [
        (float(item.points), item.current_score.fraction)
        for item in items
        if item.current_score is not None and not item.current_score.dropped
    ]
    attempt.fraction = attempt_fraction(counted)
    attempt.graded_at = timezone.now() if attempt.fraction is not None else None
