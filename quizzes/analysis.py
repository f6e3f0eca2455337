"""Item statistics of a quiz, computed in the background and stored: the only writer of `QuizAnalysis`.

Reading is always quick: a page shows what is stored, says if it is stale, and asks for it anew.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from accounts.models import Cohort, User
from quizzes import item_figures, item_rows
from quizzes.models import Attempt, ItemScore, Quiz, QuizAnalysis, QuizRevision

#: Whoever finds stale figures that were asked for longer ago than this asks once more: a worker may have died.
ASK_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Reading:
    """Stored figures (None: never computed), how many newer answers there are, and whether they are on the way."""

    analysis: QuizAnalysis | None
    newer: int
    asked: bool

    @property
    def is_stale(self) -> bool:
        return self.analysis is None or self.newer > 0


def read(*, quiz: Quiz, cohort: Cohort | None = None) -> Reading:
    """What is stored for a class, or for all; what is stale is asked for. Three queries, two more to ask."""
    stored = QuizAnalysis.objects.filter(quiz=quiz, cohort=cohort).first()
    computed = stored if stored is not None and stored.computed_at is not None else None
    newer = _newer(quiz, cohort, computed)
    if computed is not None and not newer:
        return Reading(computed, 0, asked=False)
    if not newer:  # nobody has finished yet
        return Reading(None, 0, asked=False)
    if stored is None or stored.asked_at is None or stored.asked_at < timezone.now() - ASK_AGAIN:
        ask(quiz=quiz, cohort=cohort)
    return Reading(computed, newer, asked=True)


def _newer(quiz: Quiz, cohort: Cohort | None, computed: QuizAnalysis | None) -> int:
    """Scores that did not go into the figures: newer ones, and older ones that were handed in since."""
    seen, learners = (computed.newest_score, computed.learners) if computed else (0, 0)
    scores = _scores(quiz, cohort).filter(pk__gt=seen).count()
    if scores:
        return scores
    # In practice an answer is scored when it is checked, and counts only when all of it is handed in.
    return max(0, item_rows.first_finished(quiz, cohort).count() - learners)


def _scores(quiz: Quiz, cohort: Cohort | None) -> "QuerySet[ItemScore]":
    attempts = item_rows.first_finished(quiz, cohort).values("pk")
    return ItemScore.objects.filter(item__attempt__in=attempts).order_by()


def ask(*, quiz: Quiz, cohort: Cohort | None = None) -> bool:
    """Have the figures computed in the background; False if somebody asked a moment ago."""
    with transaction.atomic():
        QuizAnalysis.objects.get_or_create(quiz=quiz, cohort=cohort)
        now = timezone.now()
        idle = Q(asked_at=None) | Q(asked_at__lt=now - ASK_AGAIN)
        if not QuizAnalysis.objects.filter(idle, quiz=quiz, cohort=cohort).update(asked_at=now):
            return False
        transaction.on_commit(lambda: recompute.enqueue(quiz.pk, cohort.pk if cohort else None))
    return True


def forget(*, learner: User) -> None:
    """Empty all figures that answers of `learner` went into, typed ones among them; reading asks for new ones."""
    taken = Attempt.objects.filter(learner=learner).order_by()
    under = Q(cohort=None) | Q(cohort__in=taken.exclude(cohort=None).values("cohort"))
    QuizAnalysis.objects.filter(under, quiz__in=taken.values("quiz")).update(
        figures={}, learners=0, newest_score=0, computed_at=None, asked_at=None, updated_at=timezone.now()
    )


def _is_at_once(quiz: Quiz) -> bool:
    """Whether it is practice, whose open answers nobody ever grades."""
    published = quiz.published
    return published is not None and published.feedback == QuizRevision.Feedback.AT_ONCE


@task()
def recompute(quiz: int, cohort: int | None) -> None:
    """Compute and store; twice does no harm. Figures of what is no longer there are not computed."""
    found = Quiz.objects.filter(pk=quiz).first()
    group = Cohort.objects.filter(pk=cohort).first() if cohort is not None else None
    if found is not None and (cohort is None or group is not None):
        compute(quiz=found, cohort=group)


def compute(*, quiz: Quiz, cohort: Cohort | None = None) -> QuizAnalysis:
    """The figures of first finished attempts, under one class or all, stored in place of older ones."""
    QuizAnalysis.objects.get_or_create(quiz=quiz, cohort=cohort)
    begun = timezone.now()
    # Before the rows: a score that comes in between is then one that the figures do not know.
    newest = _scores(quiz, cohort).aggregate(newest=Max("pk"))["newest"] or 0
    finished = item_rows.first_finished(quiz, cohort)
    rows = item_rows.read(finished)
    figures = item_figures.figures_of(
        rows, least=1 if cohort else item_figures.COMMON, at_once=_is_at_once(quiz)
    )
    figures["dropped"] = item_rows.dropped(finished)
    # An attempt of which all was dropped is in no row, and yet is not news.
    learners = finished.count() if figures["dropped"] else rows.learners
    with transaction.atomic():
        stored = QuizAnalysis.objects.select_for_update().get(quiz=quiz, cohort=cohort)
        # Forgotten meanwhile: what was read may hold the answers of whom it was forgotten for.
        forgotten = stored.computed_at is None and stored.updated_at > begun
        if not forgotten and (stored.computed_at is None or stored.newest_score <= newest):
            stored.figures, stored.learners, stored.newest_score = figures, learners, newest
            stored.computed_at = timezone.now()
        stored.asked_at = None
        stored.save()
    return stored
