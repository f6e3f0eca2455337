"""What never breaks in an attempt: by the database's own constraints, and by the verbs."""

import random
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from quizzes import attempts, publishing
from quizzes.errors import (
    AttemptClosed,
    AttemptOverdue,
    NoAttemptsLeft,
    QuizUnavailable,
    SequenceRefused,
    StaleResponse,
)
from quizzes.grading import FeedbackNotDue, NotAnswered
from quizzes.models import (
    Attempt,
    AttemptItem,
    Evidence,
    ItemResponse,
    ItemScore,
    SkillResult,
)
from quizzes.publishing import Slot
from quizzes.signals import attempt_submitted
from quizzes.types import registry
from quizzes.types.registry import ResponseRefused
from tests.factories.accounts import CohortFactory, CohortMemberFactory, LearnerFactory, TeacherFactory
from tests.factories.articles import SkillFactory
from tests.factories.quizzes import (
    AttemptFactory,
    DraftQuizFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    QuizFactory,
    QuizRevisionFactory,
    SubmittedAttemptFactory,
)
from tests.statements import asked_by

RIGHT = {"chosen": "engineer"}
WRONG = {"chosen": "reporter"}
NOTHING = {"chosen": None}
LAST = 2**31 - 1
GRACE = 10

pytestmark = pytest.mark.django_db
durable = pytest.mark.django_db(transaction=True)


def quiz_of(count=1, *, mode="graded", **revision):
    questions = [QuestionFactory() for _number in range(count)]
    return QuizFactory(mode=mode, **{f"revision__{name}": value for name, value in revision.items()},
                       revision__questions=questions)  # fmt: skip


def practice(count=1):
    return AttemptFactory(quiz=quiz_of(count, mode="practice"))


def save(item, sequence, data=RIGHT, **more):
    return attempts.save_response(item=item, sequence=sequence, data=data, **more)


def check(item, sequence, data=RIGHT):
    return attempts.check_response(item=item, sequence=sequence, data=data)


def answers(attempt):
    """Each stored response of the attempt's only item, oldest first."""
    return list(attempt.items.get().responses.order_by("sequence").values_list("sequence", "data"))


def scores(attempt):
    """Position, number, fraction and whether answered, of every score of the attempt."""
    rows = ItemScore.objects.filter(item__attempt=attempt).order_by("item__position", "number")
    return list(rows.values_list("item__position", "number", "fraction", "answered"))


# The database refuses by itself -------------------------------------------------------------------


def another_attempt(**changes):
    """A second, open attempt after one that was handed in; with `changes`."""
    first = SubmittedAttemptFactory()
    fields = {
        "learner": first.learner,
        "quiz": first.quiz,
        "quiz_revision": first.quiz_revision,
        "number": 2,
        "seed": 1,
    }
    return Attempt(**{**fields, **changes})


def another_item(**changes):
    """A second item in an open attempt; with `changes`."""
    quiz = quiz_of(2)
    first, second = AttemptFactory(quiz=quiz).items.all()
    fields = {
        "attempt": AttemptFactory(quiz=QuizFactory(revision__questions=[second.question])),
        "position": 2,
        "slot": first.slot,
        "question": first.question,
        "revision": first.revision,
        "points": 1,
    }
    if changes.pop("question_again", False):
        changes |= {"question": second.question}
    return AttemptItem(**{**fields, **changes})


def another_response(**changes):
    """A response after the first; with `changes`."""
    first = save(AttemptFactory().items.get(), 1)
    return ItemResponse(**{"item": first.item, "sequence": 2, "data": RIGHT, **changes})


def another_score(**changes):
    """A teacher's score after the automatic one; with `changes`."""
    first = SubmittedAttemptFactory().items.get().current_score
    fields = {
        "item": first.item,
        "number": 2,
        "source": "manual",
        "key_revision": first.key_revision,
        "fraction": 0.5,
        "answered": True,
        "by": TeacherFactory(),
        "reason": "Read by hand.",
    }
    return ItemScore(**{**fields, **changes})


def another_result(**changes):
    """A result for a second skill; with `changes`."""
    score = SubmittedAttemptFactory().items.get().current_score
    SkillResult.objects.create(score=score, skill=SkillFactory(), fraction=1)
    return SkillResult(**{"score": score, "skill": SkillFactory(slug="certainty"), "fraction": 1, **changes})


def another_evidence(**changes):
    """Evidence of another score for one more unit; with `changes`."""
    first = Evidence.objects.get(score=SubmittedAttemptFactory().items.get().current_score)
    again = AttemptFactory(learner=first.learner, quiz=first.score.item.attempt.quiz)
    score = ItemScore.objects.create(
        item=again.items.get(), number=1, source="auto", key_revision=first.question_revision, answered=True
    )
    fields = {
        "score": score,
        "learner": first.learner,
        "question": first.question,
        "question_revision": first.question_revision,
        "skill": first.skill,
        "unit": "2",
        "kind": "none",
        "correct": True,
        "fraction": 1,
    }
    if changes.pop("of_the_first_score", False):
        changes |= {"score": first.score, "question": QuestionFactory(), "unit": ""}
    return Evidence(**{**fields, **changes})


ROWS = [
    another_attempt,
    another_item,
    another_response,
    another_score,
    another_result,
    another_evidence,
]


@pytest.mark.parametrize("row", ROWS)
def test_row_that_breaks_nothing_is_stored(row):
    row().save()


YESTERDAY = timezone.now() - timedelta(days=1)
NOW = timezone.now()


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        pytest.param(another_attempt, {"number": 1}, id="an attempt's number again"),
        pytest.param(another_attempt, {"number": 0}, id="an attempt numbered 0"),
        pytest.param(
            another_attempt,
            {"submitted_at": YESTERDAY, "submit_cause": "learner", "started_at": NOW},
            id="handed in before the start",
        ),
        pytest.param(
            another_attempt, {"submitted_at": NOW, "started_at": YESTERDAY}, id="handed in by nobody"
        ),
        pytest.param(another_attempt, {"submit_cause": "learner"}, id="somebody handed in what is open"),
        pytest.param(
            another_attempt,
            {"submitted_at": NOW, "started_at": YESTERDAY, "submit_cause": "magic"},
            id="handed in by an unknown cause",
        ),
        pytest.param(another_attempt, {"fraction": 1.01}, id="an attempt's score above 1"),
        pytest.param(another_attempt, {"fraction": -0.01}, id="an attempt's score below 0"),
        pytest.param(another_item, {"position": 1}, id="an item's position again"),
        pytest.param(another_item, {"question_again": True}, id="a question twice in an attempt"),
        pytest.param(another_item, {"points": 0}, id="an item without points"),
        pytest.param(another_response, {"sequence": 1}, id="a sequence number again"),
        pytest.param(another_response, {"sequence": 0}, id="sequence 0"),
        pytest.param(another_response, {"sequence": -1}, id="sequence below 0"),
        pytest.param(another_response, {"sequence": LAST + 1}, id="sequence above the last"),
        pytest.param(another_response, {"confidence": 101}, id="more than sure"),
        pytest.param(another_response, {"active_ms": -1}, id="time below 0"),
        pytest.param(another_score, {"number": 1}, id="a score's number again"),
        pytest.param(another_score, {"fraction": 1.01}, id="a score above 1"),
        pytest.param(another_score, {"fraction": -0.01}, id="a score below 0"),
        pytest.param(another_score, {"by": None}, id="a manual score by nobody"),
        pytest.param(another_score, {"reason": ""}, id="a manual score without a reason"),
        pytest.param(another_score, {"source": "regrade", "by": None}, id="a regrade by nobody"),
        pytest.param(another_score, {"source": "override", "reason": ""}, id="an override without a reason"),
        pytest.param(another_score, {"source": "magic"}, id="a score of an unknown source"),
        pytest.param(another_result, {"skill": None}, id="a result of no skill"),
        pytest.param(another_result, {"fraction": 1.01}, id="a result above 1"),
        pytest.param(another_evidence, {"unit": ""}, id="a first try again"),
        pytest.param(another_evidence, {"of_the_first_score": True}, id="a unit twice in a score"),
        pytest.param(another_evidence, {"kind": "magic"}, id="evidence of an unknown kind"),
        pytest.param(another_evidence, {"fraction": 1.01}, id="evidence above 1"),
    ],
)
def test_row_that_breaks_a_rule_is_refused(row, changes):
    made = row(**changes)
    # A number that no column holds is a DataError on PostgreSQL, before its constraint is asked.
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        made.save()


def test_second_open_attempt_is_refused():
    first = another_attempt()
    first.save()
    second = Attempt(
        learner=first.learner, quiz=first.quiz, quiz_revision=first.quiz_revision, number=3, seed=1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    second.quiz = QuizFactory()
    second.save()


def test_result_of_a_skill_comes_once_a_score():
    made = another_result()
    made.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        SkillResult.objects.create(score=made.score, skill=made.skill, fraction=0)


def test_first_try_may_come_again_when_the_old_one_is_voided():
    again = another_evidence(unit="")
    Evidence.objects.update(voided_at=timezone.now())
    again.save()
    assert list(Evidence.objects.live()) == [again]


# Starting -----------------------------------------------------------------------------------------


def test_start_makes_a_first_open_attempt_with_its_items():
    quiz = QuizFactory(
        revision__questions=(asked := [QuestionFactory(), QuestionFactory(revision__type="classify")])
    )
    learner, cohort = LearnerFactory(), CohortFactory()
    attempt = attempts.start(learner=learner, quiz=quiz, cohort=cohort)
    attempt.refresh_from_db()
    assert (attempt.learner, attempt.quiz, attempt.quiz_revision) == (learner, quiz, quiz.published)
    assert (attempt.number, attempt.cohort, attempt.is_preview) == (1, cohort, False)
    assert (attempt.submitted_at, attempt.deadline_at, attempt.fraction) == (None, None, None)
    slots = list(quiz.published.slots.all())
    assert [
        (item.position, item.slot, item.question, item.revision, item.points, item.option_order)
        for item in attempt.items.all()
    ] == [
        (1, slots[0], asked[0], asked[0].published, Decimal(1), ["engineer", "reporter", "nobody"]),
        (2, slots[1], asked[1], asked[1].published, Decimal(1), []),
    ]


def test_start_twice_is_once():
    quiz, learner = QuizFactory(), LearnerFactory()
    first = attempts.start(learner=learner, quiz=quiz)
    assert attempts.start(learner=learner, quiz=quiz, preview=True) == first
    assert (Attempt.objects.count(), AttemptItem.objects.count()) == (1, 1)


def test_start_numbers_a_learners_attempts_at_a_quiz():
    quiz, learner = QuizFactory(), LearnerFactory()
    made = [SubmittedAttemptFactory(learner=learner, quiz=quiz) for _time in range(3)]
    made.append(attempts.start(learner=learner, quiz=QuizFactory()))
    made.append(attempts.start(learner=LearnerFactory(), quiz=quiz))
    assert [attempt.number for attempt in made] == [1, 2, 3, 1, 1]


def test_start_counts_on_after_a_preview():
    quiz, learner = quiz_of(), LearnerFactory()
    looked = attempts.start(learner=learner, quiz=quiz, preview=True)
    attempts.submit(attempt=looked)
    assert looked.is_preview
    assert attempts.start(learner=learner, quiz=quiz).number == 2


def test_attempt_keeps_the_revisions_that_it_started_with():
    question = QuestionFactory()
    quiz = QuizFactory(revision__questions=[question])
    attempt = AttemptFactory(quiz=quiz)
    old, old_quiz = question.published, quiz.published
    publishing.publish_question(revision=QuestionRevisionFactory(question=question))
    publishing.publish_quiz(revision=QuizRevisionFactory(quiz=quiz, questions=[QuestionFactory()]))
    attempt.refresh_from_db()
    item = attempt.items.get()
    assert (attempt.quiz_revision, item.question, item.revision) == (old_quiz, question, old)
    assert attempts.start(learner=attempt.learner, quiz=quiz) == attempt
    anew = AttemptFactory(quiz=quiz)
    assert (anew.quiz_revision, anew.items.get().revision != old) == (quiz.published, True)


def test_start_takes_the_questions_published_revision_of_that_moment():
    question = QuestionFactory()
    quiz = QuizFactory(revision__questions=[question])
    newer = QuestionRevisionFactory(question=question)
    publishing.publish_question(revision=newer)
    assert AttemptFactory(quiz=quiz).items.get().revision == newer


def test_start_takes_a_pinned_revision():
    question = QuestionFactory()
    pinned = question.published
    draft = QuizRevisionFactory(questions=[question])
    draft.slots.update(pinned=pinned)
    publishing.publish_quiz(revision=draft)
    publishing.publish_question(revision=QuestionRevisionFactory(question=question))
    assert AttemptFactory(quiz=draft.quiz).items.get().revision == pinned


def test_start_takes_the_points_of_the_slots():
    draft = publishing.draft_quiz(
        quiz=DraftQuizFactory(),
        title="Weights",
        slots=[Slot(QuestionFactory(), Decimal("0.5")), Slot(QuestionFactory(), Decimal(3))],
    )
    publishing.publish_quiz(revision=draft)
    items = AttemptFactory(quiz=draft.quiz).items.all()
    assert [item.points for item in items] == [Decimal("0.50"), Decimal("3.00")]


@pytest.mark.parametrize("seed", [3, 4])
def test_start_shuffles_by_the_attempts_seed(monkeypatch, seed):
    monkeypatch.setattr("quizzes.attempts.secrets.randbelow", lambda _below: seed)
    quiz = quiz_of(5, shuffle_items=True, shuffle_options=True)
    chance = random.Random(seed)
    order = list(quiz.published.slots.all())
    chance.shuffle(order)
    options = []
    for _slot in order:
        refs = ["engineer", "reporter", "nobody"]
        chance.shuffle(refs)
        options.append(refs)
    assert order != sorted(order, key=lambda slot: slot.position)
    for _learner in range(2):
        attempt = AttemptFactory(quiz=quiz)
        items = list(attempt.items.all())
        assert attempt.seed == seed
        assert [item.position for item in items] == [1, 2, 3, 4, 5]
        assert [item.slot for item in items] == order
        assert [item.option_order for item in items] == options


@pytest.mark.parametrize("archived", [True, False])
def test_start_refuses_a_quiz_that_is_not_open(archived):
    quiz = QuizFactory(archived_at=timezone.now()) if archived else DraftQuizFactory()
    with pytest.raises(QuizUnavailable):
        AttemptFactory(quiz=quiz)
    assert not Attempt.objects.exists()


def test_start_goes_on_in_a_quiz_that_was_archived_since():
    attempt = AttemptFactory()
    attempt.quiz.archived_at = timezone.now()
    attempt.quiz.save()
    assert attempts.start(learner=attempt.learner, quiz=attempt.quiz) == attempt


def test_start_refuses_when_all_tries_are_used():
    quiz, learner = quiz_of(attempts_allowed=2), LearnerFactory()
    for _time in range(2):
        SubmittedAttemptFactory(learner=learner, quiz=quiz)
    with pytest.raises(NoAttemptsLeft):
        attempts.start(learner=learner, quiz=quiz)
    assert Attempt.objects.count() == 2
    assert attempts.start(learner=LearnerFactory(), quiz=quiz).number == 1
    assert attempts.start(learner=learner, quiz=quiz, preview=True).number == 3


def test_start_does_not_count_previews_as_tries():
    quiz, learner = quiz_of(attempts_allowed=1), LearnerFactory()
    attempts.submit(attempt=attempts.start(learner=learner, quiz=quiz, preview=True))
    assert attempts.start(learner=learner, quiz=quiz).number == 2


def test_start_sets_the_deadline(clock):
    attempt = AttemptFactory(quiz=quiz_of(time_limit_s=90))
    assert attempt.deadline_at == clock.at + timedelta(seconds=90)


@durable
def test_start_hands_in_what_is_overdue_and_refuses(clock):
    attempt = AttemptFactory(quiz=quiz_of(time_limit_s=60))
    save(attempt.items.get(), 1)
    clock.forward(60 + GRACE + 1)
    with pytest.raises(AttemptOverdue):
        attempts.start(learner=attempt.learner, quiz=attempt.quiz)
    attempt.refresh_from_db()
    assert (attempt.submit_cause, attempt.fraction) == ("deadline", 1.0)
    assert attempts.start(learner=attempt.learner, quiz=attempt.quiz).number == 2


# Saving -------------------------------------------------------------------------------------------


def test_save_stores_the_response():
    item = AttemptFactory().items.get()
    saved = save(item, 7, WRONG, confidence=80, active_ms=1500)
    stored = ItemResponse.objects.get()
    assert stored == saved
    assert (stored.item, stored.sequence, stored.data, stored.schema_version) == (item, 7, WRONG, 1)
    assert (stored.confidence, stored.active_ms, stored.is_check) == (80, 1500, False)


def test_save_appends():
    attempt = AttemptFactory()
    for sequence, data in [(1, WRONG), (2, RIGHT), (9, NOTHING), (LAST, RIGHT)]:
        save(attempt.items.get(), sequence, data)
    assert answers(attempt) == [(1, WRONG), (2, RIGHT), (9, NOTHING), (LAST, RIGHT)]


def test_save_of_the_same_again_returns_what_is_stored():
    item = AttemptFactory().items.get()
    first = save(item, 3)
    assert save(item, 3, {"chosen": "engineer"}) == first
    assert ItemResponse.objects.count() == 1


@pytest.mark.parametrize(
    ("sequence", "data"),
    [
        pytest.param(5, RIGHT, id="the same number with another answer"),
        pytest.param(4, RIGHT, id="an older number"),
        pytest.param(4, WRONG, id="an older number with the same answer"),
        pytest.param(1, NOTHING, id="a much older number"),
    ],
)
def test_save_refuses_what_is_older(sequence, data):
    attempt = AttemptFactory()
    save(attempt.items.get(), 2, RIGHT)
    newest = save(attempt.items.get(), 5, WRONG)
    with pytest.raises(StaleResponse) as refused:
        save(attempt.items.get(), sequence, data)
    assert refused.value.newest == newest
    assert answers(attempt) == [(2, RIGHT), (5, WRONG)]


@pytest.mark.parametrize("sequence", [0, -1, 2**31, 2**63])
@pytest.mark.parametrize("verb", [save, check])
def test_sequence_out_of_range_is_refused(verb, sequence):
    attempt = practice()
    with pytest.raises(SequenceRefused):
        verb(attempt.items.get(), sequence)
    assert answers(attempt) == []


@pytest.mark.parametrize(
    "data", [{"chosen": "mayor"}, {"chosen": 1}, {"chosen": "engineer", "more": 1}, None, [], "\x00", {"a"}]
)
@pytest.mark.parametrize("verb", [save, check])
def test_what_is_no_response_is_refused(verb, data):
    attempt = practice()
    with pytest.raises(ResponseRefused):
        verb(attempt.items.get(), 1, data)
    assert answers(attempt) == []


@pytest.mark.parametrize("sequence", [1, 2])
@pytest.mark.parametrize("verb", [save, check])
def test_nothing_is_accepted_after_handing_in(verb, sequence):
    attempt = practice()
    item = attempt.items.get()
    save(item, 1)
    attempts.submit(attempt=attempt)
    before = scores(attempt)
    with pytest.raises(AttemptClosed):
        verb(item, sequence)
    assert (answers(attempt), scores(attempt)) == ([(1, RIGHT)], before)


# Deadlines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [save, check])
@pytest.mark.parametrize("late", [0, GRACE], ids=["at the deadline", "at the end of the grace"])
def test_response_on_its_way_at_the_deadline_is_taken(clock, verb, late):
    attempt = AttemptFactory(quiz=quiz_of(time_limit_s=60, mode="practice"))
    clock.forward(60 + late)
    verb(attempt.items.get(), 1)
    assert answers(attempt) == [(1, RIGHT)]


@durable
@pytest.mark.parametrize("verb", [save, check])
def test_response_after_the_grace_hands_in_what_was_saved(clock, verb):
    attempt = AttemptFactory(quiz=quiz_of(time_limit_s=60, mode="practice"))
    item = attempt.items.get()
    save(item, 1, RIGHT)
    late = clock.forward(60 + GRACE + 0.001)
    with pytest.raises(AttemptOverdue):
        verb(item, 2, WRONG)
    seen = elsewhere(lambda: Attempt.objects.get(pk=attempt.pk))
    assert (seen.submitted_at, seen.submit_cause, seen.fraction) == (late, "deadline", 1.0)
    assert (answers(attempt), scores(attempt)) == ([(1, RIGHT)], [(1, 1, 1.0, True)])
    with pytest.raises(AttemptClosed):
        verb(item, 2, WRONG)
    assert scores(attempt) == [(1, 1, 1.0, True)]


@pytest.mark.parametrize(
    ("late", "given", "stored"),
    [
        (-60, "learner", "learner"),
        (GRACE, "learner", "learner"),
        (GRACE + 1, "learner", "deadline"),
        (0, "teacher", "teacher"),
        (GRACE + 1, "teacher", "deadline"),
    ],
)
def test_submit_says_who_handed_in(clock, late, given, stored):
    attempt = AttemptFactory(quiz=quiz_of(time_limit_s=60))
    clock.forward(60 + late)
    attempts.submit(attempt=attempt, cause=given)
    attempt.refresh_from_db()
    assert attempt.submit_cause == stored


def test_submit_overdue_hands_in_what_is_overdue_and_nothing_else(clock):
    quiz = quiz_of(time_limit_s=60)
    late = [AttemptFactory(quiz=quiz) for _learner in range(3)]
    clock.forward(2)
    in_grace = AttemptFactory(quiz=quiz)
    unlimited = AttemptFactory()
    clock.forward(60 + GRACE - 1)
    done = SubmittedAttemptFactory()
    assert [attempts.submit_overdue(1), attempts.submit_overdue(), attempts.submit_overdue()] == [1, 2, 0]
    closed = Attempt.objects.submitted().order_by("pk")
    assert list(closed.values_list("pk", "submit_cause")) == [
        *((attempt.pk, "deadline") for attempt in late),
        (done.pk, "learner"),
    ]
    assert set(Attempt.objects.open()) == {in_grace, unlimited}


# Checking -----------------------------------------------------------------------------------------


def test_check_judges_at_once():
    attempt = practice()
    item = attempt.items.get()
    checked = check(item, 1)
    item.refresh_from_db()
    assert (checked.data, checked.is_check) == (RIGHT, True)
    assert (item.current_score.response, item.current_score.fraction) == (checked, 1.0)
    attempt.refresh_from_db()
    assert attempt.is_open


def test_first_check_is_the_evidence_and_later_ones_are_scores():
    attempt = practice()
    item = attempt.items.get()
    check(item, 1, WRONG)
    last = check(item, 2, RIGHT)
    item.refresh_from_db()
    assert scores(attempt) == [(1, 1, 0.0, True), (1, 2, 1.0, True)]
    assert item.current_score.response == last
    assert list(Evidence.objects.values_list("correct", "fraction", "score__number")) == [(False, 0.0, 1)]


def test_check_again_of_the_same_is_once():
    attempt = practice()
    item = attempt.items.get()
    first = check(item, 1)
    assert check(item, 1) == first
    assert (scores(attempt), Evidence.objects.count()) == ([(1, 1, 1.0, True)], 1)


def test_check_of_what_was_saved_under_the_same_number_judges_that():
    attempt = practice()
    saved = save(attempt.items.get(), 1)
    assert check(attempt.items.get(), 1) == saved
    assert (answers(attempt), scores(attempt)) == ([(1, RIGHT)], [(1, 1, 1.0, True)])


def test_check_refuses_what_is_older():
    attempt = practice()
    check(attempt.items.get(), 2)
    with pytest.raises(StaleResponse):
        check(attempt.items.get(), 1, WRONG)
    assert (answers(attempt), scores(attempt)) == ([(2, RIGHT)], [(1, 1, 1.0, True)])


def test_check_of_nothing_is_refused_and_not_stored():
    attempt = practice()
    with pytest.raises(NotAnswered):
        check(attempt.items.get(), 1, NOTHING)
    assert (answers(attempt), scores(attempt)) == ([], [])


def test_check_is_refused_where_feedback_waits():
    attempt = AttemptFactory()
    with pytest.raises(FeedbackNotDue):
        check(attempt.items.get(), 1)
    assert (answers(attempt), scores(attempt)) == ([], [])


# Handing in ---------------------------------------------------------------------------------------


def test_submit_closes_and_scores(clock):
    attempt = AttemptFactory(quiz=quiz_of(3))
    right, wrong, _open = attempt.items.all()
    save(right, 1, WRONG)
    save(right, 2, RIGHT)
    save(wrong, 1, WRONG)
    done = clock.forward(9)
    assert attempts.submit(attempt=attempt) == attempt
    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.submit_cause, attempt.graded_at) == (done, "learner", done)
    assert attempt.fraction == pytest.approx(1 / 3, abs=1e-9)
    assert scores(attempt) == [(1, 1, 1.0, True), (2, 1, 0.0, True), (3, 1, 0.0, False)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"confidence": -1}, "confidence"),
        ({"confidence": 101}, "confidence"),
        ({"active_ms": -1}, "active_ms"),
        ({"active_ms": 2**31}, "active_ms"),
    ],
)
def test_what_cannot_be_stored_beside_an_answer_is_refused(more, field):
    attempt = AttemptFactory()
    with pytest.raises(ResponseRefused) as refusal:
        save(attempt.items.get(), 1, **more)
    assert (refusal.value.field, answers(attempt)) == (field, [])


def test_open_preview_ends_when_the_learner_really_starts():
    quiz, learner = quiz_of(), LearnerFactory()
    preview = attempts.start(learner=learner, quiz=quiz, preview=True)
    real = attempts.start(learner=learner, quiz=quiz)
    preview.refresh_from_db()
    assert (preview.is_preview, preview.is_open) == (True, False)
    assert (real.is_preview, real.is_open, real.number) == (False, True, 2)
    assert attempts.start(learner=learner, quiz=quiz) == real


def test_submit_twice_is_once(clock):
    attempt = AttemptFactory()
    save(attempt.items.get(), 1)
    first = attempts.submit(attempt=attempt)
    clock.forward(60)
    again = attempts.submit(attempt=attempt, cause="teacher")
    assert (again, again.submitted_at, again.submit_cause) == (first, first.submitted_at, "learner")
    assert (scores(attempt), Evidence.objects.count()) == ([(1, 1, 1.0, True)], 1)


def test_submit_does_not_judge_again_what_was_checked():
    attempt = practice(2)
    checked, changed = attempt.items.all()
    check(checked, 1)
    check(changed, 1)
    save(changed, 2, WRONG)
    attempts.submit(attempt=attempt)
    # What was begun after the check, and left without one, replaces nothing.
    assert scores(attempt) == [(1, 1, 1.0, True), (2, 1, 1.0, True)]
    attempt.refresh_from_db()
    assert attempt.fraction == 1.0


def test_submit_is_announced_once_inside_the_transaction():
    heard = []

    def listen(sender, attempt, **_kwargs):
        heard.append((sender, attempt, attempt.fraction, connection.in_atomic_block))

    attempt = AttemptFactory()
    attempt_submitted.connect(listen)
    try:
        attempts.submit(attempt=attempt)
        attempts.submit(attempt=attempt)
    finally:
        attempt_submitted.disconnect(listen)
    assert heard == [(Attempt, attempt, 0.0, True)]


def test_submit_is_undone_where_a_receiver_fails():
    def fail(**_kwargs):
        raise RuntimeError("no room")

    attempt = AttemptFactory()
    save(attempt.items.get(), 1)
    attempt_submitted.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="no room"):
            attempts.submit(attempt=attempt)
    finally:
        attempt_submitted.disconnect(fail)
    attempt.refresh_from_db()
    assert (attempt.is_open, scores(attempt), Evidence.objects.count()) == (True, [], 0)
    save(attempt.items.get(), 2, WRONG)


def test_submit_survives_a_clock_that_was_set_back(clock):
    attempt = AttemptFactory()
    clock.forward(-3600)
    assert attempts.submit(attempt=attempt).submitted_at == attempt.started_at


# Committed means committed ------------------------------------------------------------------------


def elsewhere(ask):
    """What a connection of its own sees."""
    seen = []

    def run():
        try:
            seen.append(ask())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return seen[0]


def test_requests_open_no_transaction_of_their_own():
    assert not site.DATABASES["default"].get("ATOMIC_REQUESTS", False)


@durable
def test_saved_submitted_and_checked_are_committed_on_return():
    attempt = practice(2)
    first, second = attempt.items.all()
    for call in (lambda: save(first, 1), lambda: check(second, 1), lambda: attempts.submit(attempt=attempt)):
        call()
        assert not connection.in_atomic_block
    assert elsewhere(lambda: ItemResponse.objects.count()) == 2
    assert elsewhere(lambda: Attempt.objects.submitted().count()) == 1


@durable
@pytest.mark.parametrize("verb", ["save", "check", "submit"])
def test_what_says_saved_refuses_to_run_in_a_transaction(verb):
    attempt = practice()
    item = attempt.items.get()
    call = {
        "save": lambda: save(item, 1),
        "check": lambda: check(item, 1),
        "submit": lambda: attempts.submit(attempt=attempt),
    }[verb]
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        call()
    attempt.refresh_from_db()
    assert (attempt.is_open, answers(attempt), scores(attempt)) == (True, [], [])


# Seeing -------------------------------------------------------------------------------------------


def test_attempt_is_visible_to_its_learner_and_the_teachers_of_its_class():
    cohort = CohortFactory()
    learner = CohortMemberFactory(cohort=cohort).user
    attempt = AttemptFactory(learner=learner, cohort=cohort)
    alone = AttemptFactory(learner=learner)
    classmate = CohortMemberFactory(cohort=cohort).user
    teacher = TeacherFactory(cohort=cohort)
    seen = {
        user: (
            set(Attempt.objects.visible_to(user)),
            {i.attempt for i in AttemptItem.objects.visible_to(user)},
        )
        for user in (learner, teacher, classmate, TeacherFactory(cohort=CohortFactory()), LearnerFactory())
    }
    assert list(seen.values()) == [
        ({attempt, alone}, {attempt, alone}),
        ({attempt}, {attempt}),
        (set(), set()),
        (set(), set()),
        (set(), set()),
    ]
    for nobody in (AnonymousUser(), teacher, classmate):
        assert not Attempt.objects.made_by(nobody).exists()
        assert not AttemptItem.objects.for_answering(nobody).exists()
    assert set(Attempt.objects.made_by(learner)) == {attempt, alone}
    assert not Attempt.objects.visible_to(AnonymousUser()).exists()


def test_items_for_answering_do_not_join_the_key():
    learner = AttemptFactory().learner
    assert "questionkey" not in str(AttemptItem.objects.for_answering(learner).query)


def test_note_shown_keeps_the_first_time(clock):
    item = AttemptFactory().items.get()
    first = clock.at
    attempts.note_shown(item)
    clock.forward(60)
    attempts.note_shown(item)
    item.refresh_from_db()
    assert item.first_shown_at == first


# What it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("type", ["single_choice", "mark_spans", "classify"])
@pytest.mark.once
def test_verbs_ask_the_same_of_the_database_whatever_the_number_of_items(type):
    asked = {}
    for count in (3, 12):
        quiz = QuizFactory(
            mode="practice", revision__questions=[QuestionFactory(revision__type=type) for _n in range(count)]
        )
        right = registry.get(type).example.right.model_dump(mode="json")
        learner = LearnerFactory()
        starting = asked_by(attempts.start, learner=learner, quiz=quiz)
        item, *others = AttemptItem.objects.for_answering(learner).order_by("position")
        saving = asked_by(save, item=item, sequence=1, data=right)
        checking = asked_by(check, item=item, sequence=2, data=right)
        for other in others:
            save(other, 1, right)
        attempt = Attempt.objects.get(learner=learner)
        submitting = asked_by(attempts.submit, attempt=attempt)
        asked[count] = [len(each) for each in (starting, saving, checking, submitting)]
    starting, saving, _checking, submitting = asked[3]
    assert asked[12] == asked[3]
    assert saving <= 8
    assert starting <= 15
    assert submitting <= 15
