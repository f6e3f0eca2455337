"""What each learner of a class made of a question first, scored as it stands now.

What comes after the key was shown is another thing: a later check or try hides no first one. A regrade,
a grade given by a person and a question that was dropped count all the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import Cohort
from quizzes.models import ItemScore, QuestionRevision, QuizRevision, Regrade
from quizzes.rejudging import Plan


@dataclass(frozen=True)
class FirstAnswer:
    """What one learner made of a question first, as it is stored; `data` is None for an item left open.

    `fraction` (0 to 1) is None where nobody scored it, and where the question was `dropped`. In
    `practice` no person comes to what the rules cannot score.
    """

    learner_id: int
    question_id: int
    revision_id: int
    fraction: float | None
    dropped: bool
    practice: bool
    data: Any
    schema_version: int | None
    attempt_uuid: UUID
    position: int
    handed_in: bool

    @property
    def is_a_try(self) -> bool:
        """Whether something was answered, and scored."""
        return self.data is not None and self.fraction is not None

    @property
    def is_never_scored(self) -> bool:
        """Whether nobody will ever say what it is worth."""
        return self.practice and self.data is not None and self.fraction is None and not self.dropped


def first_answers(*, cohort: Cohort, questions: Iterable[int]) -> list[FirstAnswer]:
    """The first judged answer of each learner in `cohort` to each question, by primary keys.

    One query; more where practice that was checked again was regraded by a key, one for each key.
    """
    found = list(_first_scores(cohort, questions).values())
    again = _judged_again([one for one in found if _is_regraded_since(one)])
    return [_answer(one, again) for one in found]


def _first_scores(cohort: Cohort, questions: Iterable[int]) -> dict[tuple[int, int], ItemScore]:
    rows = (
        ItemScore.objects.filter(
            number=1,
            item__question__in=questions,
            item__attempt__cohort=cohort,
            item__attempt__is_preview=False,
        )
        .select_related("response", "item__attempt__quiz_revision", "item__current_score__regrade")
        .only(
            "fraction",
            "response__data",
            "response__schema_version",
            "item__question",
            "item__revision",
            "item__position",
            "item__attempt__learner",
            "item__attempt__uuid",
            "item__attempt__submitted_at",
            "item__attempt__quiz_revision__feedback",
            "item__current_score__fraction",
            "item__current_score__dropped",
            "item__current_score__response",
            "item__current_score__key_revision",
            "item__current_score__regrade__kind",
        )
        .order_by("at", "pk")
    )
    first: dict[tuple[int, int], ItemScore] = {}
    for row in rows:
        first.setdefault((row.item.attempt.learner_id, row.item.question_id), row)
    return first


def _answer(first: ItemScore, again: dict[int, float | None]) -> FirstAnswer:
    item, response = first.item, first.response
    current = item.current_score or first
    return FirstAnswer(
        learner_id=item.attempt.learner_id,
        question_id=item.question_id,
        revision_id=item.revision_id,
        fraction=None if current.dropped else again.get(first.pk, _fraction(first, current)),
        dropped=current.dropped,
        practice=item.attempt.quiz_revision.feedback == QuizRevision.Feedback.AT_ONCE,
        data=response.data if response else None,
        schema_version=response.schema_version if response else None,
        attempt_uuid=item.attempt.uuid,
        position=item.position,
        handed_in=item.attempt.submitted_at is not None,
    )


def _fraction(first: ItemScore, current: ItemScore) -> float | None:
    """The score that holds now, where it is of the same answer or was given to everyone; else the first one."""
    granted = current.regrade is not None and current.regrade.kind == Regrade.Kind.EVERYONE
    return current.fraction if granted or current.response_id == first.response_id else first.fraction


def _is_regraded_since(first: ItemScore) -> bool:
    """Whether a later check of the same item was regraded by a key, and the first was not scored by it."""
    current = first.item.current_score
    if current is None or current.regrade is None or current.response_id == first.response_id:
        return False
    return current.regrade.kind == Regrade.Kind.KEY


def _judged_again(firsts: Sequence[ItemScore]) -> dict[int, float | None]:
    """What the first answers come to by the key that regraded a later one, by primary key of their scores."""
    if not firsts:
        return {}
    wanted = {one.item.revision_id for one in firsts} | {_key_of(one) for one in firsts}
    revisions = QuestionRevision.objects.select_related("article_revision", "question").in_bulk(wanted)
    plans = {
        key: Plan(revisions[key].question, Regrade.Kind.KEY, (), to_revision=revisions[key])
        for key in {_key_of(one) for one in firsts}
    }
    judged: dict[int, float | None] = {}
    for one in firsts:
        plan = plans[_key_of(one)]
        one.item.revision = revisions[one.item.revision_id]
        read = plan.read(one.item, one.response)
        if read is not None:
            judged[one.pk] = plan.judge(read).fraction
    return judged


def _key_of(first: ItemScore) -> int:
    current = first.item.current_score
    return current.key_revision_id if current else first.key_revision_id
