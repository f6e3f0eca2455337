"""Which questions most of a class needs help with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Cohort
from quizzes.first_answers import FirstAnswer, first_answers
from quizzes.models import Attempt, AttemptItem, Question, QuestionRevision

#: Fewer answers than this say nothing about a class.
FEWEST = 5
#: A first try below this share of the points needs help.
ENOUGH = 0.5


@dataclass(frozen=True)
class Need:
    """A question that `low` of `tried` got less than half of at the first try."""

    uuid: UUID
    title: str
    quiz: str
    low: int
    tried: int


def needs(*, cohort: Cohort, attempts: "QuerySet[Attempt]") -> list[Need]:
    """Of the questions asked in `attempts`: those that most learners need help with, the most first.

    A constant number of queries. The first try of each learner counts, whenever it was.
    """
    asked = dict(
        AttemptItem.objects.filter(attempt__in=attempts)
        .order_by("attempt__started_at")
        .values_list("question", "attempt__quiz_revision__title")
    )
    tried: Counter[int] = Counter()
    low: Counter[int] = Counter()
    for answer in first_answers(cohort=cohort, questions=asked):
        if answer.is_a_try:
            tried[answer.question_id] += 1
            low[answer.question_id] += is_low(answer)
    most = [pk for pk in asked if tried[pk] >= FEWEST and 2 * low[pk] > tried[pk]]
    found = Question.objects.in_bulk(most)
    titles = _titles(found.values())
    told = [Need(found[pk].uuid, titles[pk], asked[pk], low[pk], tried[pk]) for pk in most]
    return sorted(told, key=lambda need: (-need.low / need.tried, need.title))


def is_low(answer: FirstAnswer) -> bool:
    """Whether it got less than ENOUGH; what nobody has scored is not low."""
    return answer.is_a_try and answer.fraction is not None and answer.fraction < ENOUGH


def _titles(questions: Iterable[Question]) -> dict[int, str]:
    by_revision = {one.published_id: one for one in questions}
    rows = QuestionRevision.objects.filter(pk__in=[pk for pk in by_revision if pk]).values_list("pk", "title")
    titles = {one.pk: one.ref for one in by_revision.values()}
    titles |= {by_revision[pk].pk: title for pk, title in rows if title}
    return titles
