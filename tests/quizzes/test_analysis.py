"""Figures of a quiz from what is stored: which attempts go in, when they are stale, who computes them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Cohort
from quizzes import analysis, attempts, publishing, regrading
from quizzes.models import Attempt, ItemScore, Question, Quiz, QuizAnalysis
from quizzes.types import registry
from tests.factories.accounts import CohortFactory, TeacherFactory
from tests.factories.quizzes import (
    AttemptFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"chosen": "engineer"}, {"chosen": "reporter"}


def taken(quiz: Quiz, *answers: Any, submit: bool = True, **kwargs: Any) -> Attempt:
    """An attempt with these answers, in the order of its items; None leaves one blank."""
    attempt: Attempt = AttemptFactory(quiz=quiz, **kwargs)
    for item, data in zip(attempt.items.order_by("position"), answers, strict=True):
        if data is not None:
            attempts.save_response(item=item, sequence=1, data=data)
    return attempts.submit(attempt=attempt) if submit else attempt


@pytest.fixture
def quiz() -> Quiz:
    """Two questions of single choice."""
    return QuizFactory(revision__questions=[QuestionFactory(), QuestionFactory()])


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


def quiz_questions(quiz: Quiz) -> list[Question]:
    """The questions of its slots, in order."""
    return list(Question.objects.filter(slots__quiz_revision__quiz=quiz).order_by("slots__position"))


def items(stored: QuizAnalysis) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored.figures["items"]
    return found


def test_figures_are_of_first_finished_attempts(quiz: Quiz, cohort: Cohort) -> None:
    first = taken(quiz, RIGHT, WRONG, cohort=cohort)
    taken(quiz, RIGHT, RIGHT, cohort=cohort, learner=first.learner)
    taken(quiz, RIGHT, None, cohort=cohort)
    taken(quiz, WRONG, WRONG, cohort=cohort, submit=False)
    taken(quiz, WRONG, WRONG, cohort=cohort, preview=True)
    taken(quiz, WRONG, WRONG)
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    assert (stored.learners, stored.figures["learners"]) == (2, 2)
    assert [(item["n"], item["facility"], item["flags"]) for item in items(stored)] == [
        (2, 1.0, ["too few attempts"]),
        (2, 0.0, ["too few attempts"]),
    ]
    assert [item["facility"] for item in items(analysis.compute(quiz=quiz))] == [
        pytest.approx(2 / 3),
        pytest.approx(0),
    ]


def test_a_first_attempt_under_another_class_leaves_no_first_one_here(quiz: Quiz, cohort: Cohort) -> None:
    elsewhere = taken(quiz, RIGHT, RIGHT, cohort=CohortFactory())
    taken(quiz, WRONG, WRONG, cohort=cohort, learner=elsewhere.learner)
    assert analysis.compute(quiz=quiz, cohort=cohort).learners == 0


def test_a_table_counts_options_and_blanks(quiz: Quiz, cohort: Cohort) -> None:
    for answers in [(RIGHT, RIGHT), (WRONG, WRONG), (None, RIGHT)]:
        taken(quiz, *answers, cohort=cohort)
    first = items(analysis.compute(quiz=quiz, cohort=cohort))[0]
    assert first["table"] == [
        ["engineer", True, 1, 1, 0, 0],
        ["reporter", False, 1, 0, 0, 1],
        ["nobody", False, 0, 0, 0, 0],
        ["(blank)", None, 1, 0, 1, 0],
    ]
    assert first["answers"] == [
        {"count": 1, "mean": 1.0, "response": {"chosen": "engineer"}},
        {"count": 1, "mean": 0.0, "response": {"chosen": "reporter"}},
        {"count": 1, "mean": 0.0, "response": None},
    ]


def test_columns_stand_in_the_order_of_the_quiz_and_null_what_was_not_asked(cohort: Cohort) -> None:
    one, two, three = (QuestionFactory() for _ in range(3))
    quiz = QuizFactory(revision__questions=[one, two])
    taken(quiz, RIGHT, WRONG, cohort=cohort)
    again(quiz, [three, one])
    taken(quiz, WRONG, RIGHT, cohort=cohort)
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    assert [(item["question"], item["n"], item["facility"]) for item in items(stored)] == [
        (three.pk, 1, 0.0),
        (one.pk, 2, 1.0),
        (two.pk, 1, 0.0),
    ]
    assert stored.figures["alpha_reason"] == "learners saw different items"


def again(quiz: Quiz, questions: list[Question]) -> None:
    """A newer published revision of the quiz, with these questions."""
    publishing.publish_quiz(revision=QuizRevisionFactory(quiz=quiz, questions=questions))
    quiz.refresh_from_db()


def test_a_mended_question_is_told_by_its_newest_key(cohort: Cohort) -> None:
    question = QuestionFactory()
    quiz = QuizFactory(revision__questions=[question])
    taken(quiz, WRONG, cohort=cohort)
    key = registry.get("single_choice").example.key
    mended = key.model_copy(update={"right": frozenset({"reporter"})})
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, key=mended))
    taken(quiz, WRONG, cohort=cohort)
    item = items(analysis.compute(quiz=quiz, cohort=cohort))[0]
    question.refresh_from_db()
    assert (item["revision"], item["key"]) == (question.published_id, question.published_id)
    assert (item["n"], item["facility"]) == (2, 0.5)
    assert [row[:3] for row in item["table"][:2]] == [["engineer", False, 0], ["reporter", True, 2]]


def test_what_waits_for_a_person_is_left_out_and_said(cohort: Cohort) -> None:
    quiz = QuizFactory(revision__questions=[QuestionFactory(), QuestionFactory(revision__type="rewrite")])
    text = registry.get("rewrite").example.right.model_dump(mode="json")
    taken(quiz, RIGHT, text, cohort=cohort)
    taken(quiz, WRONG, text, cohort=cohort)
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    rewrite = items(stored)[1]
    assert (rewrite["n"], rewrite["waiting"], rewrite["facility"]) == (0, 2, None)
    assert rewrite["answers"][0]["count"] == 2
    assert stored.figures["alpha_reason"] == "some answers wait for a person"


def test_open_answers_of_practice_wait_for_nobody(cohort: Cohort) -> None:
    asked = [QuestionFactory(), QuestionFactory(revision__type="rewrite"), QuestionFactory()]
    quiz = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=asked)
    quiz.refresh_from_db()
    text = registry.get("rewrite").example.right.model_dump(mode="json")
    taken(quiz, RIGHT, text, RIGHT, cohort=cohort)
    taken(quiz, WRONG, text, WRONG, cohort=cohort)
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    rewrite = items(stored)[1]
    assert (rewrite["n"], rewrite["waiting"], rewrite["unscored"], rewrite["flags"]) == (0, 0, 2, [])
    assert (stored.figures["alpha"], stored.figures["alpha_reason"]) == (pytest.approx(1.0), "")


@pytest.mark.parametrize(("kind", "facility", "dropped"), [("everyone", [0.5, 1.0], 0), ("drop", [1.0], 1)])
def test_regrades_without_a_key_say_nothing_of_a_question(
    quiz: Quiz, cohort: Cohort, kind: str, facility: list[float], dropped: int
) -> None:
    for answer in (RIGHT, WRONG):
        first = taken(quiz, answer, RIGHT, cohort=cohort).items.get(position=1)
    plan = regrading.plan(question=first.question, kind=kind, cohorts=[cohort])
    by = TeacherFactory(cohort=cohort)
    for _twice in range(2):
        regrading.carry_out(regrading.order(plan=plan, reason="Unclear.", by=by))
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    assert [item["facility"] for item in items(stored)] == facility
    assert stored.figures["dropped"] == dropped
    regrading.carry_out(
        regrading.order(
            plan=regrading.plan(question=quiz_questions(quiz)[1], kind="drop", cohorts=[cohort]),
            reason="Unclear.",
            by=by,
        )
    )
    analysis.compute(quiz=quiz, cohort=cohort)
    assert analysis.read(quiz=quiz, cohort=cohort).newer == 0


def test_words_of_a_passage_are_counted_and_equal_marks_are_one_answer(cohort: Cohort) -> None:
    question = QuestionFactory(revision__type="mark_spans")
    quiz = QuizFactory(revision__questions=[question])
    prompt = question.published.asked
    skill = prompt.skills[0]
    start, end = prompt.passage.words[0]
    one = {"marks": [{"skill": skill, "start": start, "end": end}]}
    same = {"marks": [{"skill": skill, "start": start, "end": end - 1}]}  # takes the same word
    for data in (one, same, {"nothing_to_mark": True}, None):
        taken(quiz, data, cohort=cohort)
    item = items(analysis.compute(quiz=quiz, cohort=cohort))[0]
    assert [(answer["count"], answer["response"] is None) for answer in item["answers"]] == [
        (2, False),
        (1, False),
        (1, True),
    ]
    words = item["words"][0]
    assert words["readers"] == 3  # who left it blank read nothing
    kinds = [stretch[0] for stretch in words["stretches"]]
    assert "missed" in kinds
    assert ["taken", start, words["stretches"][0][2], 2, pytest.approx(2 / 3)] in words["stretches"]


def test_over_all_classes_rare_answers_are_only_counted(quiz: Quiz, cohort: Cohort) -> None:
    for answer in [RIGHT] * 5 + [WRONG] * 4:
        taken(quiz, answer, None, cohort=cohort)
    own, everywhere = (items(analysis.compute(quiz=quiz, cohort=group))[0] for group in (cohort, None))
    assert [answer["count"] for answer in own["answers"]] == [5, 4]
    assert [answer["count"] for answer in everywhere["answers"]] == [5]
    assert everywhere["others"] == {"kinds": 1, "count": 4}
    assert everywhere["table"] == own["table"]


def test_seconds_are_from_the_first_look_to_the_last_answer(quiz: Quiz, cohort: Cohort) -> None:
    attempt = taken(quiz, RIGHT, RIGHT, cohort=cohort)
    first = attempt.items.get(position=1)
    answered = first.current_score.response.saved_at
    first.first_shown_at = answered - timedelta(seconds=42, milliseconds=500)
    first.save()
    found = items(analysis.compute(quiz=quiz, cohort=cohort))
    assert found[0]["seconds"] == pytest.approx(42.5, abs=0.001)
    assert found[1]["seconds"] is None


def test_nobody_gives_figures_of_nothing(quiz: Quiz, cohort: Cohort) -> None:
    stored = analysis.compute(quiz=quiz, cohort=cohort)
    assert (stored.learners, items(stored), stored.newest_score) == (0, [], 0)


@pytest.mark.once
def test_computing_takes_as_many_queries_for_many_learners(quiz: Quiz, cohort: Cohort) -> None:
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    few = len(asked_by(analysis.compute, quiz=quiz, cohort=cohort))
    for _ in range(4):
        taken(quiz, WRONG, RIGHT, cohort=cohort)
    assert len(asked_by(analysis.compute, quiz=quiz, cohort=cohort)) == few == 10


# Staleness: what is asked for, and when -------------------------------------------------------------


class Asked:
    """In the place of the worker: what was asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int | None]] = []

    def enqueue(self, quiz: int, cohort: int | None) -> None:
        self.calls.append((quiz, cohort))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    monkeypatch.setattr(analysis, "recompute", found)
    return found


def test_what_nobody_has_finished_is_not_asked_for(
    quiz: Quiz, cohort: Cohort, asked: Asked, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reading = analysis.read(quiz=quiz, cohort=cohort)
    assert (reading, asked.calls) == (analysis.Reading(None, 0, asked=False), [])


def test_stale_figures_are_asked_for_once(
    quiz: Quiz, cohort: Cohort, asked: Asked, django_capture_on_commit_callbacks: Any
) -> None:
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            reading = analysis.read(quiz=quiz, cohort=cohort)
            assert (reading.analysis, reading.newer, reading.asked) == (None, 2, True)
    assert asked.calls == [(quiz.pk, cohort.pk)]
    assert analysis.ask(quiz=quiz, cohort=cohort) is False


def test_figures_are_asked_for_again_when_the_worker_seems_to_have_died(
    quiz: Quiz, cohort: Cohort, asked: Asked, django_capture_on_commit_callbacks: Any
) -> None:
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    long_ago = timezone.now() - timedelta(minutes=11)
    QuizAnalysis.objects.create(quiz=quiz, cohort=cohort, asked_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        analysis.read(quiz=quiz, cohort=cohort)
    assert asked.calls == [(quiz.pk, cohort.pk)]


def test_newer_scores_make_figures_stale_and_computing_mends_it(
    quiz: Quiz, cohort: Cohort, asked: Asked
) -> None:
    first = taken(quiz, RIGHT, RIGHT, cohort=cohort)
    old = analysis.compute(quiz=quiz, cohort=cohort)
    assert analysis.read(quiz=quiz, cohort=cohort) == analysis.Reading(old, 0, asked=False)
    taken(quiz, WRONG, RIGHT, cohort=cohort)
    reading = analysis.read(quiz=quiz, cohort=cohort)
    assert (reading.analysis, reading.newer, reading.is_stale) == (old, 2, True)
    analysis.compute(quiz=quiz, cohort=cohort)
    assert not analysis.read(quiz=quiz, cohort=cohort).is_stale
    taken(quiz, WRONG, WRONG, cohort=cohort, learner=first.learner)  # a second try changes no figure
    assert not analysis.read(quiz=quiz, cohort=cohort).is_stale


def test_a_regrade_makes_figures_stale(quiz: Quiz, cohort: Cohort) -> None:
    attempt = taken(quiz, WRONG, RIGHT, cohort=cohort)
    analysis.compute(quiz=quiz, cohort=cohort)
    item = attempt.items.get(position=1)
    item.current_score = ItemScore.objects.create(
        item=item,
        number=2,
        source="regrade",
        key_revision=item.revision,
        fraction=1.0,
        answered=True,
        by=attempt.learner,
        reason="The key was wrong.",
        response=item.current_score.response,
    )
    item.save()
    assert analysis.read(quiz=quiz, cohort=cohort).newer == 1
    assert items(analysis.compute(quiz=quiz, cohort=cohort))[0]["facility"] == 1.0


def test_practice_that_is_handed_in_after_its_checks_makes_figures_stale(cohort: Cohort) -> None:
    quiz = QuizFactory(mode=Quiz.Mode.PRACTICE, revision__questions=[QuestionFactory()])
    attempt = AttemptFactory(quiz=quiz, cohort=cohort)
    attempts.check_response(item=attempt.items.get(), sequence=1, data=RIGHT)
    taken(quiz, WRONG, cohort=cohort)
    assert analysis.compute(quiz=quiz, cohort=cohort).learners == 1
    attempts.submit(attempt=attempt)
    assert analysis.read(quiz=quiz, cohort=cohort).newer == 1


def test_the_background_task_computes_and_may_run_twice(
    quiz: Quiz, cohort: Cohort, django_capture_on_commit_callbacks: Any
) -> None:
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    with django_capture_on_commit_callbacks(execute=True):
        assert analysis.read(quiz=quiz, cohort=cohort).asked
    for _ in range(2):
        stored = QuizAnalysis.objects.get(quiz=quiz, cohort=cohort)
        assert (stored.learners, stored.asked_at) == (1, None)
        analysis.recompute.enqueue(quiz.pk, cohort.pk)
    analysis.recompute.enqueue(quiz.pk, None)
    assert QuizAnalysis.objects.get(quiz=quiz, cohort=None).learners == 1
    analysis.recompute.enqueue(0, None)  # what is no longer there
    assert QuizAnalysis.objects.count() == 2


def test_older_figures_never_replace_newer_ones(quiz: Quiz, cohort: Cohort) -> None:
    taken(quiz, RIGHT, RIGHT, cohort=cohort)
    QuizAnalysis.objects.create(
        quiz=quiz, cohort=cohort, newest_score=10**9, learners=7, computed_at=timezone.now()
    )
    assert analysis.compute(quiz=quiz, cohort=cohort).learners == 7
