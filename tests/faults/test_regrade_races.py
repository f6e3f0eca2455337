"""A regrade meets learners who hand in, and itself: whoever comes first, each attempt ends judged by it once."""

from types import SimpleNamespace

import pytest

from quizzes import attempts, publishing, regrading
from quizzes.models import Evidence, Regrade
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, CohortMemberFactory, TeacherFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuestionRevisionFactory, QuizFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

KEY = registry.get("single_choice").example.key


def mended(question, right):
    key = KEY.model_copy(update={"right": frozenset({right})})
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, key=key))
    question.refresh_from_db()


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def ordered(cohort, monkeypatch):
    """Orders a regrade by the key in force; the test carries it out."""
    monkeypatch.setattr(regrading, "run", SimpleNamespace(enqueue=lambda _uuid: None))
    teacher = TeacherFactory(cohort=cohort)

    def order(question):
        plan = regrading.plan(question=question, kind="key", cohorts=[cohort])
        regrade = regrading.order(plan=plan, reason="The key was wrong.", by=teacher)
        return Regrade.objects.select_related("question", "quiz", "to_revision", "by").get(pk=regrade.pk)

    return order


def answered(quiz, learner, cohort):
    attempt = AttemptFactory(quiz=quiz, learner=learner, cohort=cohort)
    item = attempt.items.select_related("revision").get()
    attempts.save_response(item=item, sequence=1, data={"chosen": "reporter"})
    return attempt


def test_regrade_meets_submits(crew, rounds, cohort, ordered):
    learners = [CohortMemberFactory(cohort=cohort).user for _number in range(2)]
    for _number in rounds[::10]:
        question = QuestionFactory()
        quiz = QuizFactory(revision__questions=[question])
        one, two = (answered(quiz, learner, cohort) for learner in learners)
        mended(question, "reporter")
        regrade = ordered(question)
        crew.meet(
            lambda attempt=one: attempts.submit(attempt=attempt),
            lambda regrade=regrade: regrading.carry_out(regrade),
            lambda attempt=two: attempts.submit(attempt=attempt),
            lambda regrade=regrade: regrading.carry_out(regrade),
        )
        for attempt in (one, two):
            attempt.refresh_from_db()
            assert attempt.fraction == 1
            scores = attempt.items.get().scores.order_by("number")
            assert [(score.number, score.fraction) for score in scores] == [(1, 0), (2, 1)]
        live = Evidence.objects.live().filter(question=question)
        assert [row.correct for row in live] == [True, True]
        regrade.refresh_from_db()
        assert regrade.status == "done"
