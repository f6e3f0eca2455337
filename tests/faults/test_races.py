"""Several requests for one attempt at the same moment: what never breaks, on either database."""

from collections import Counter

import pytest

from quizzes import attempts
from quizzes.errors import AttemptClosed, StaleResponse
from quizzes.models import Attempt, Evidence, ItemResponse, ItemScore
from quizzes.signals import attempt_submitted
from quizzes.types import classify, registry
from quizzes.types.base import Option
from tests.factories.accounts import LearnerFactory
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuizFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

RIGHT = {"chosen": "engineer"}
WRONG = {"chosen": "reporter"}


@pytest.fixture
def quiz():
    return QuizFactory()


@pytest.fixture
def practice():
    return QuizFactory(mode="practice")


def starts(learner, quiz):
    return lambda: attempts.start(learner=learner, quiz=quiz)


def saves(item, sequence, data=RIGHT):
    return lambda: attempts.save_response(item=item, sequence=sequence, data=data)


def checks(item, sequence, data=RIGHT):
    return lambda: attempts.check_response(item=item, sequence=sequence, data=data)


def submits(attempt):
    return lambda: attempts.submit(attempt=attempt)


def item_of(attempt):
    return attempt.items.select_related("revision").get()


def sequences_as_stored(item):
    """The sequence numbers in the order in which their rows were written."""
    return list(ItemResponse.objects.filter(item=item).order_by("pk").values_list("sequence", flat=True))


def assert_attempts_unbroken(learner, quiz):
    made = Attempt.objects.filter(learner=learner, quiz=quiz).order_by("number")
    assert [attempt.number for attempt in made] == list(range(1, len(made) + 1))
    assert sum(attempt.is_open for attempt in made) <= 1


def assert_handed_in_once(attempt):
    """One score an item, made of the newest response; nothing was taken after the end."""
    attempt.refresh_from_db()
    assert attempt.submitted_at is not None
    assert attempt.fraction is not None
    for item in attempt.items.select_related("current_score"):
        newest = item.responses.order_by("-sequence").first()
        [score] = item.scores.all()
        assert item.current_score == score
        assert (score.number, score.response, score.answered) == (1, newest, newest is not None)
        assert newest is None or newest.saved_at <= attempt.submitted_at


def test_start_meets_start(crew, rounds, quiz):
    learner = LearnerFactory()
    for number in rounds:
        outcomes = crew.meet(*[starts(learner, quiz)] * 4)
        assert len({attempt.pk for attempt in outcomes}) == 1
        assert (outcomes[0].number, outcomes[0].items.count()) == (number + 1, 1)
        assert_attempts_unbroken(learner, quiz)
        Attempt.objects.filter(pk=outcomes[0].pk).update(
            submitted_at=outcomes[0].started_at, submit_cause="teacher"
        )


def test_start_meets_submit(crew, rounds, quiz):
    learner = LearnerFactory()
    attempt = attempts.start(learner=learner, quiz=quiz)
    for _number in rounds:
        outcomes = crew.meet(*[starts(learner, quiz), submits(attempt)] * 2)
        assert outcomes[1] == outcomes[3] == attempt
        assert {outcome.number for outcome in outcomes} <= {attempt.number, attempt.number + 1}
        assert_attempts_unbroken(learner, quiz)
        assert_handed_in_once(attempt)
        attempt = attempts.start(learner=learner, quiz=quiz)


def test_save_meets_older_saves_that_arrive_late(crew, rounds, quiz):
    item = item_of(AttemptFactory(quiz=quiz))
    for number in rounds:
        sent = [4 * number + step for step in (4, 3, 2, 1)]
        outcomes = crew.meet(*[saves(item, sequence, (RIGHT, WRONG)[sequence % 2]) for sequence in sent])
        saved = [outcome.sequence for outcome in outcomes if isinstance(outcome, ItemResponse)]
        refused = {
            sequence: outcome.newest.sequence
            for sequence, outcome in zip(sent, outcomes, strict=True)
            if isinstance(outcome, StaleResponse)
        }
        assert len(saved) + len(refused) == 4
        assert saved[0] == sent[0]
        assert all(newest > sequence for sequence, newest in refused.items())
        stored = [sequence for sequence in sequences_as_stored(item) if sequence > 4 * number]
        assert stored == sorted(saved)


def test_save_meets_another_save_under_its_number(crew, rounds, quiz):
    item = item_of(AttemptFactory(quiz=quiz))
    for number in rounds:
        sequence = number + 1
        sent = [RIGHT, WRONG, RIGHT, WRONG]
        outcomes = crew.meet(*[saves(item, sequence, data) for data in sent])
        stored = ItemResponse.objects.get(item=item, sequence=sequence)
        assert stored.data in (RIGHT, WRONG)
        for data, outcome in zip(sent, outcomes, strict=True):
            if data == stored.data:
                assert outcome == stored
            else:
                assert isinstance(outcome, StaleResponse)
                assert outcome.newest == stored


def test_save_meets_submit(crew, rounds, quiz):
    learner = LearnerFactory()
    for _number in rounds:
        attempt = attempts.start(learner=learner, quiz=quiz)
        item = item_of(attempt)
        outcomes = crew.meet(saves(item, 1, WRONG), saves(item, 2), submits(attempt), saves(item, 3, WRONG))
        assert outcomes[2] == attempt
        kinds = Counter(type(outcome) for outcome in outcomes)
        assert kinds[ItemResponse] + kinds[AttemptClosed] + kinds[StaleResponse] == 3
        saved = [outcome.sequence for outcome in outcomes if isinstance(outcome, ItemResponse)]
        assert sequences_as_stored(item) == sorted(saved)
        assert_handed_in_once(attempt)


def test_submit_meets_submit(crew, rounds):
    quiz = QuizFactory(revision__questions=[QuestionFactory(), QuestionFactory()])
    heard = Counter()

    def listen(attempt, **_kwargs):
        heard[attempt.pk] += 1

    attempt_submitted.connect(listen)
    try:
        for _number in rounds:
            attempt = AttemptFactory(quiz=quiz)
            attempts.save_response(item=attempt.items.first(), sequence=1, data=RIGHT)
            outcomes = crew.meet(*[submits(attempt)] * 4)
            assert {outcome.submitted_at for outcome in outcomes} == {outcomes[0].submitted_at}
            assert_handed_in_once(attempt)
            assert Evidence.objects.filter(learner=attempt.learner).count() == 1
            assert heard[attempt.pk] == 1
    finally:
        attempt_submitted.disconnect(listen)


def test_check_meets_check(crew, rounds, practice):
    for _number in rounds:
        attempt = AttemptFactory(quiz=practice)
        item = item_of(attempt)
        outcomes = crew.meet(*[checks(item, 1, WRONG), checks(item, 2, RIGHT)] * 2)
        checked = [outcome for outcome in outcomes if isinstance(outcome, ItemResponse)]
        assert all(isinstance(outcome, StaleResponse) for outcome in outcomes if outcome not in checked)
        stored = sequences_as_stored(item)
        assert {response.sequence for response in checked} == set(stored)
        assert stored in ([1, 2], [2])
        scores = list(ItemScore.objects.filter(item=item).order_by("number"))
        assert [(score.number, score.response.sequence) for score in scores] == list(
            enumerate(stored, start=1)
        )
        item.refresh_from_db()
        assert item.current_score == scores[-1]
        [first_try] = Evidence.objects.filter(learner=attempt.learner)
        assert (first_try.score, first_try.correct) == (scores[0], stored[0] == 2)


def test_check_meets_submit(crew, rounds, practice):
    for _number in rounds:
        attempt = AttemptFactory(quiz=practice)
        item = item_of(attempt)
        outcomes = crew.meet(
            checks(item, 1, WRONG), submits(attempt), checks(item, 1, WRONG), submits(attempt)
        )
        assert outcomes[1] == outcomes[3] == attempt
        checked = [outcome for outcome in outcomes if isinstance(outcome, ItemResponse)]
        assert all(outcome in checked or isinstance(outcome, AttemptClosed) for outcome in outcomes[::2])
        assert sequences_as_stored(item) == [1] * bool(checked)
        assert_handed_in_once(attempt)
        assert Evidence.objects.filter(learner=attempt.learner).count() == bool(checked)


SENTENCES = [f"sentence-{number}" for number in range(80)]


def of_many_sentences():
    """A question that gives much evidence, so that two hands-in have the time to meet while writing it."""
    example = registry.get("classify").example
    units = tuple(Option(ref=ref, text="The council voted.") for ref in SENTENCES)
    keys = tuple(
        classify.UnitKey(ref=ref, accepted=("reports",), rationale="On record.") for ref in SENTENCES
    )
    return QuestionFactory(
        revision__type="classify",
        revision__prompt=example.prompt.model_copy(update={"units": units}),
        revision__key=classify.Key(units=keys),
    )


def test_two_quizzes_that_share_questions_are_handed_in_at_once(crew, rounds):
    """In opposite orders, so that each would wait for what the other holds."""
    questions = [of_many_sentences(), of_many_sentences()]
    quizzes = [QuizFactory(revision__questions=order) for order in (questions, questions[::-1])]
    for _number in rounds[::4]:  # each writes so much that a quarter of them finds a deadlock
        learner = LearnerFactory()
        both = [attempts.start(learner=learner, quiz=quiz) for quiz in quizzes]
        ItemResponse.objects.bulk_create(
            ItemResponse(item=item, sequence=1, data={"placed": dict.fromkeys(SENTENCES, place)})
            for attempt, place in zip(both, ("reports", "urges"), strict=True)
            for item in attempt.items.all()
        )
        crew.meet(*[submits(attempt) for attempt in both] * 2)
        for attempt in both:
            assert_handed_in_once(attempt)
        tries = Evidence.objects.filter(learner=learner).order_by("question_id")
        asked = [question.pk for question in questions for _sentence in SENTENCES]
        assert list(tries.values_list("question_id", flat=True)) == asked
        # Whichever was first, all of it is that one's.
        assert len(set(tries.values_list("score__item__attempt", "correct"))) == 1
