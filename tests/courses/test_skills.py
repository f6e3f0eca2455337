"""What a learner can do so far: counts, boxes and a state, from first tries only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.skills import SkillLine, SlotRow, skill_lines
from quizzes import attempts
from quizzes.models import Evidence
from quizzes.types import registry
from tests.factories.accounts import LearnerFactory
from tests.factories.articles import ArticleFactory, SkillFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuizFactory, SubmittedAttemptFactory
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


def example(type, index=None):
    kind = registry.get(type).example
    return (kind.right if index is None else kind.wrong[index]).model_dump(mode="json")


def taken(learner, question, data, *, preview=False):
    attempt = attempts.start(
        learner=learner, quiz=QuizFactory(revision__questions=[question]), preview=preview
    )
    attempts.save_response(item=attempt.items.get(), sequence=1, data=data)
    return attempts.submit(attempt=attempt)


def of(type, *slugs):
    return QuestionFactory(
        revision__type=type, revision__skills=[SkillFactory(slug=slug) for slug in slugs or ["attribution"]]
    )


def rows_of(line):
    return [(row.label, row.slots) for row in line.rows]


def filled(*right):
    return [*right, *[None] * (6 - len(right))]


def test_learner_without_evidence_has_met_nothing():
    met, later = skill_lines(LearnerFactory())
    assert met == []
    assert [skill.code for skill in later] == [f"S{number}" for number in range(1, 13)]


def test_marked_passage_is_read_out_and_fills_both_kinds_of_boxes():
    learner = LearnerFactory()
    taken(learner, of("mark_spans"), example("mark_spans", 0))
    SubmittedAttemptFactory()
    [line], later = skill_lines(learner)
    assert line == SkillLine(
        slug="attribution",
        code="S2",
        title="Who says so?",
        sentence="You found 1 of 2.",
        state="developing",
        label="On its way",
        rows=[
            SlotRow("To find", filled(False, True)),
            SlotRow("Fine as written", filled(True, True)),
        ],
    )
    assert len(later) == 11
    assert [(row.tried, row.right) for row in line.rows] == [(2, 1), (2, 2)]


def test_sorted_sentences_fill_the_first_and_the_last_six():
    learner = LearnerFactory()
    taken(learner, of("classify", "text-type"), example("classify"))
    taken(learner, of("classify", "text-type"), example("classify", 1))
    taken(learner, of("classify", "text-type"), example("classify"))
    [line], _later = skill_lines(learner)
    assert line.sentence == "You placed 6 of 9 sentences right."
    assert rows_of(line) == [
        ("First six", [True, True, True, False, False, False]),
        ("Last six", filled(True, True, True)),
    ]


def test_whole_questions_are_read_out_and_fill_no_box():
    learner = LearnerFactory()
    for chosen in ("engineer", "reporter"):
        taken(learner, of("single_choice"), {"chosen": chosen})
    [line], _later = skill_lines(learner)
    assert line.sentence == "You answered 1 of 2 questions right."
    assert rows_of(line) == [("To find", filled()), ("Fine as written", filled())]


def test_ways_of_asking_are_read_out_together():
    learner = LearnerFactory()
    taken(learner, of("mark_spans"), example("mark_spans"))
    taken(learner, of("classify"), example("classify", 0))
    taken(learner, of("single_choice"), {"chosen": "engineer"})
    [line], _later = skill_lines(learner)
    assert (
        line.sentence
        == "You found 2 of 2. You placed 1 of 1 sentence right. You answered 1 of 1 question right."
    )


def test_only_first_tries_are_counted():
    learner, question = LearnerFactory(), of("mark_spans")
    taken(learner, question, example("mark_spans", 0))
    taken(learner, question, example("mark_spans"))
    [line], _later = skill_lines(learner)
    assert (line.sentence, rows_of(line)[0]) == ("You found 1 of 2.", ("To find", filled(False, True)))


def test_previews_others_and_voided_tries_are_not_counted():
    learner = LearnerFactory()
    taken(learner, of("single_choice"), {"chosen": "engineer"}, preview=True)
    SubmittedAttemptFactory()
    taken(learner, of("mark_spans"), example("mark_spans"))
    Evidence.objects.filter(learner=learner).update(voided_at=timezone.now())
    met, later = skill_lines(learner)
    assert (met, len(later)) == ([], 12)


def test_check_in_practice_fills_the_boxes_before_the_quiz_is_finished():
    question = of("mark_spans")
    attempt = AttemptFactory(quiz=QuizFactory(mode="practice", revision__questions=[question]))
    attempts.check_response(item=attempt.items.get(), sequence=1, data=example("mark_spans"))
    [line], _later = skill_lines(attempt.learner)
    assert line.sentence == "You found 2 of 2."


def test_boxes_hold_the_latest_six_of_each_kind_and_four_of_one_article():
    learner = LearnerFactory()
    question, article = of("single_choice"), ArticleFactory()
    score = taken(learner, question, {"chosen": "engineer"}).items.get().current_score
    Evidence.objects.all().delete()
    now = timezone.now()
    for number in range(9):
        Evidence.objects.create(
            score=score,
            learner=learner,
            question=question,
            question_revision=question.published,
            skill=SkillFactory(),
            unit=str(number),
            ordinal=number,
            kind="problem",
            correct=number < 7,
            fraction=number < 7,
            article=article if number >= 3 else None,
            at=now + timedelta(days=number),
        )
    [line], _later = skill_lines(learner)
    # Of 3 to 8, which stand in one article, the latest four; then 2 and 1.
    assert rows_of(line)[0] == ("To find", [False, False, True, True, True, True])


def test_secure_skill_is_called_steady():
    learner = LearnerFactory()
    question = of("single_choice")
    score = taken(learner, question, {"chosen": "engineer"}).items.get().current_score
    articles = [ArticleFactory(), ArticleFactory()]
    for number in range(12):
        Evidence.objects.create(
            score=score,
            learner=learner,
            question=question,
            question_revision=question.published,
            skill=SkillFactory(),
            unit=str(number + 1),
            kind="problem" if number % 2 else "sound",
            correct=True,
            fraction=1,
            article=articles[number // 6],
            at=timezone.now() - timedelta(days=number // 6),
        )
    [line], _later = skill_lines(learner)
    assert (line.state, str(line.label)) == ("secure", "Steady")
    assert rows_of(line) == [("To find", [True] * 6), ("Fine as written", [True] * 6)]


def test_skills_are_in_their_own_order():
    learner = LearnerFactory()
    for slug in ("certainty", "text-type", "attribution"):
        taken(learner, of("single_choice", slug), {"chosen": "engineer"})
    met, _later = skill_lines(learner)
    assert [line.slug for line in met] == ["text-type", "attribution", "certainty"]


def test_skill_lines_take_four_queries_whatever_was_tried():
    few, many = LearnerFactory(), LearnerFactory()
    taken(few, of("mark_spans"), example("mark_spans"))
    for slug in ("attribution", "certainty", "text-type"):
        taken(many, of("single_choice", slug), {"chosen": "engineer"})
        taken(many, of("mark_spans"), example("mark_spans"))
    assert [len(asked_by(skill_lines, learner=learner)) for learner in (few, many)] == [4, 4]
