"""Judging responses by rule, when they are checked and when an attempt is handed in.

Arithmetic is in `quizzes.scoring` and `quizzes.types`; `quizzes.recording` puts what comes of it on record.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.errors import AttemptError
from quizzes.models import Attempt, AttemptItem, ItemResponse, ItemScore, QuestionKey, QuizRevision
from quizzes.recording import Judged, record, set_fraction
from quizzes.types import registry
from quizzes.types.base import Outcome


class NotAnswered(AttemptError):
    """A check of nothing: there is no try to count."""

    code = "not-answered"


class FeedbackNotDue(AttemptError):
    code = "feedback-not-due"


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
        attempt.items.select_related(
            "revision__article_revision", "revision__answer_key", "current_score"
        ).annotate(tried=tried)
    )
    newest = newest_responses(items)
    waiting = [item for item in items if not _is_judged(attempt, item, newest.get(item.pk))]
    judged = [
        Judged(
            item,
            response,
            judge(item=item, key=item.revision.answer_key, response=response),
            first=not item.tried,
        )
        for item in waiting
        for response in [newest.get(item.pk)]
    ]
    record(attempt=attempt, judged=judged)
    set_fraction(
        attempt,
        (
            (item.points, item.current_score.fraction, item.current_score.dropped)
            for item in items
            if item.current_score is not None
        ),
    )


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


def _is_judged(attempt: Attempt, item: AttemptItem, response: ItemResponse | None) -> bool:
    score = item.current_score
    if score is None:
        return False
    # In practice a check is what counts; an answer begun after it was left without one.
    checked = attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE
    return checked or response is None or score.response_id == response.pk
