"""Draws: what an attempt takes out of the bank."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import HiddenArticle
from articles.publishing import Incomplete
from quizzes import attempts, building, publishing
from quizzes.errors import QuizUnavailable
from quizzes.models import AttemptItem, Question, Quiz, QuizSlot
from quizzes.publishing import Draw, From, Slot
from tests.factories.accounts import CohortFactory, LearnerFactory, OrganisationFactory
from tests.factories.articles import ArticleFactory, SkillFactory
from tests.factories.quizzes import (
    DraftQuizFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizRevisionFactory,
    SubmittedAttemptFactory,
)
from tests.statements import asked_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def skill():
    return SkillFactory(slug="attribution")


def bank(skill, *levels, **made):
    """Published questions of these difficulties."""
    return [QuestionFactory(revision__skills=[skill], revision__difficulty=level, **made) for level in levels]


def quiz_of(*slots, publish=True, **made) -> Quiz:
    quiz = DraftQuizFactory(**made)
    draft = publishing.draft_quiz(quiz=quiz, title="Drawn", slots=list(slots))
    if publish:
        publishing.publish_quiz(revision=draft)
    quiz.refresh_from_db()
    return quiz


def draw(skill, size, difficulty=None, points=1) -> Slot:
    return Slot(None, Decimal(points), Draw(skill, size, difficulty))


def asked(quiz, seed=None, monkeypatch=None) -> list[Question]:
    if monkeypatch:
        monkeypatch.setattr(attempts.secrets, "randbelow", lambda _below: seed)
    attempt = attempts.start(learner=LearnerFactory(), quiz=quiz)
    return [item.question for item in attempt.items.select_related("question").order_by("position")]


def test_draw_takes_what_the_seed_says_and_nothing_twice(skill, monkeypatch):
    pool = bank(skill, *[1] * 6)
    quiz = quiz_of(draw(skill, 2), draw(skill, 2))
    one, again, other = (asked(quiz, seed, monkeypatch) for seed in (7, 7, 8))
    assert one == again
    assert one != other
    assert len(set(one)) == 4
    assert set(one) <= set(pool)


def test_draw_has_its_place_points_and_slot(skill):
    fixed = QuestionFactory()
    bank(skill, 2, 2)
    quiz = quiz_of(Slot(fixed, Decimal(3)), draw(skill, 2, points="0.5"))
    attempt = attempts.start(learner=LearnerFactory(), quiz=quiz)
    items = attempt.items.select_related("slot").order_by("position")
    assert [(item.position, item.slot.position, item.points) for item in items] == [
        (1, 1, Decimal(3)),
        (2, 2, Decimal("0.5")),
        (3, 2, Decimal("0.5")),
    ]
    assert items[0].question == fixed
    assert quiz.published.question_count == 3


def test_draw_takes_only_what_fits(skill):
    elsewhere = OrganisationFactory()
    right = bank(skill, 2)
    bank(skill, 1, None)
    bank(SkillFactory(slug="loaded-language"), 2)
    bank(skill, 2, organisation=elsewhere)
    bank(skill, 2, archived_at=timezone.now())
    QuestionRevisionFactory(skills=[skill], difficulty=2)
    fixed = bank(skill, 2)
    assert asked(quiz_of(Slot(fixed[0], Decimal(1)), draw(skill, 1, 2))) == [*fixed, *right]


def test_draw_of_a_schools_quiz_takes_its_own_questions_and_the_shared(skill):
    school = OrganisationFactory()
    own, shared = bank(skill, 1, organisation=school), bank(skill, 1)
    assert set(asked(quiz_of(draw(skill, 2), organisation=school))) == {*own, *shared}


def test_draw_of_a_difficulty_comes_before_one_of_any(skill, monkeypatch):
    bank(skill, 1, 1, 3)
    quiz = quiz_of(draw(skill, 2), draw(skill, 1, 3))
    for seed in range(6):
        levels = [question.published.difficulty for question in asked(quiz, seed, monkeypatch)]
        assert levels == [1, 1, 3]


@pytest.mark.parametrize(
    ("levels", "slots", "said"),
    [
        pytest.param([1], [(2, None)], [(1, 2, 1)], id="too few"),
        pytest.param([1, 1], [(1, 2)], [(1, 1, 0)], id="none of the difficulty"),
        pytest.param([1, 1], [(1, None), (2, None)], [(2, 2, 1)], id="two draws of one pool"),
        pytest.param([1, 1, 3], [(3, None), (1, 3)], [(1, 3, 2)], id="the stricter takes one"),
    ],
)
def test_quiz_with_a_draw_that_the_bank_cannot_fill_stays_a_draft(skill, levels, slots, said):
    bank(skill, *levels)
    quiz = quiz_of(*(draw(skill, size, level) for size, level in slots), publish=False)
    with pytest.raises(Incomplete) as refused:
        publishing.publish_quiz(revision=quiz.revisions.get())
    words = "The draw in place {} takes {} questions, and the bank has {} for it. Publish more of them, or draw fewer."
    assert str(refused.value) == " ".join(words.format(*one) for one in said)


def test_draw_takes_what_is_left_where_the_bank_has_shrunk(skill):
    first, second = bank(skill, 1, 1)
    quiz = quiz_of(draw(skill, 2))
    Question.objects.filter(pk=first.pk).update(archived_at=timezone.now())
    assert asked(quiz) == [second]
    Question.objects.filter(pk=second.pk).update(archived_at=timezone.now())
    with pytest.raises(QuizUnavailable):
        asked(quiz)


def test_start_of_a_quiz_with_draws_takes_15_statements_at_most(skill):
    bank(skill, *[1] * 8)
    for sizes in ([1], [2, 3, 1]):
        quiz = quiz_of(*(draw(skill, size) for size in sizes))
        assert len(asked_by(attempts.start, learner=LearnerFactory(), quiz=quiz)) <= 15


def test_drawn_items_are_answered_and_scored(skill):
    bank(skill, 1, 1)
    attempt = SubmittedAttemptFactory(quiz=quiz_of(draw(skill, 2)))
    assert attempt.fraction == 1
    assert AttemptItem.objects.filter(attempt=attempt, current_score__fraction=1).count() == 2


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"draw_count": 1}, id="a count without a skill"),
        pytest.param({"draw_skill": True}, id="a skill without a count"),
        pytest.param({"draw_skill": True, "draw_count": 0}, id="none"),
        pytest.param({"draw_skill": True, "draw_count": 1, "draw_difficulty": 6}, id="difficulty"),
        pytest.param({"draw_skill": True, "draw_count": 1, "question": True}, id="a question too"),
        pytest.param({}, id="neither"),
    ],
)
def test_slot_is_a_question_or_a_draw(skill, columns):
    made = {"draw_skill": skill, "question": QuestionFactory()}
    columns = {name: made[name] if value is True else value for name, value in columns.items()}
    revision = QuizRevisionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizSlot.objects.create(quiz_revision=revision, position=9, **columns)


def test_revised_quiz_holds_what_is_published(skill):
    bank(skill, 1)
    question = QuestionFactory()
    pinned = Slot(question, Decimal(2), pinned=question.published)
    quiz = quiz_of(pinned, draw(skill, 1, 1))
    draft = building.revise_quiz(quiz=quiz, by=None)
    columns = ["position", "points", "question", "pinned", "draw_skill", "draw_count", "draw_difficulty"]
    kept, copied = (list(one.slots.values_list(*columns)) for one in (quiz.published, draft))
    assert copied == kept
    assert (draft.number, draft.title, draft.is_draft) == (2, "Drawn", True)
    assert Counter(slot.question_id for slot in draft.slots.all()) == Counter([question.pk, None])


def test_draw_passes_over_what_asks_about_a_text_that_is_left_out(skill):
    cohort = CohortFactory()
    article = ArticleFactory()
    [other] = bank(skill, 1)
    QuestionFactory(revision__skills=[skill], revision__passage=From(article.published, 0, 9))
    HiddenArticle.objects.create(cohort=cohort, article=article, by=LearnerFactory())
    quiz = quiz_of(draw(skill, 1))
    for _time in range(8):
        attempt = attempts.start(learner=LearnerFactory(), quiz=quiz, cohort=cohort)
        assert [item.question for item in attempt.items.select_related("question")] == [other]
