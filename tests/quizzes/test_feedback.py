"""The key is shown when it is due, and is not even read before."""

import pytest

from quizzes import attempts, feedback, publishing
from quizzes.models import AttemptItem
from quizzes.types import registry
from tests.factories.quizzes import AttemptFactory, QuestionFactory, QuestionRevisionFactory, QuizFactory
from tests.statements import Statements

pytestmark = pytest.mark.django_db

RIGHT = {"chosen": "engineer"}
WRONG = {"chosen": "reporter"}
EVERY_TYPE = [question_type.slug for question_type in registry.all_types()]


def an_attempt(mode="graded", type="single_choice"):
    return AttemptFactory(
        quiz=QuizFactory(mode=mode, revision__questions=[QuestionFactory(revision__type=type)])
    )


def feedback_on(attempt):
    attempt.refresh_from_db()
    item = AttemptItem.objects.select_related("revision", "current_score").get(attempt=attempt)
    return feedback.for_item(attempt=attempt, item=item)


@pytest.mark.parametrize(
    ("mode", "done", "due"),
    [
        ("graded", "nothing", False),
        ("graded", "saved", False),
        ("graded", "handed in", True),
        ("practice", "nothing", False),
        ("practice", "saved", False),
        ("practice", "checked", True),
        ("practice", "handed in", True),
    ],
)
def test_feedback_is_due_when_the_mode_says(mode, done, due):
    attempt = an_attempt(mode)
    item = attempt.items.get()
    if done == "saved":
        attempts.save_response(item=item, sequence=1, data=RIGHT)
    if done == "checked":
        attempts.check_response(item=item, sequence=1, data=RIGHT)
    if done == "handed in":
        attempts.submit(attempt=attempt)
    with Statements() as statements:
        given = feedback_on(attempt)
    assert (given is not None) is due
    assert any("questionkey" in text for text in statements.asked) is due
    attempt.refresh_from_db()
    item.refresh_from_db()
    assert feedback.is_due(attempt, item) is due


def test_score_alone_makes_no_feedback_due_before_handing_in():
    """A score may come early (a teacher's); what a graded quiz shows still waits for its end."""
    attempt = an_attempt("practice")
    attempts.check_response(item=attempt.items.get(), sequence=1, data=RIGHT)
    draft = publishing.draft_quiz(quiz=QuizFactory(), title="Graded", slots=[])
    attempt.quiz_revision = draft
    assert not feedback.is_due(attempt, attempt.items.get())


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_feedback_is_outcome_key_and_response_of_the_type(type):
    kind = registry.get(type)
    attempt = an_attempt(type=type)
    data = kind.example.wrong[0].model_dump(mode="json")
    attempts.save_response(item=attempt.items.get(), sequence=1, data=data)
    attempts.submit(attempt=attempt)
    given = feedback_on(attempt)
    assert (given.key, given.response) == (kind.example.key, kind.example.wrong[0])
    assert given.outcome == kind.grade(kind.example.prompt, kind.example.key, kind.example.wrong[0])


def test_feedback_on_what_was_never_answered_has_an_empty_response():
    attempt = an_attempt()
    attempts.submit(attempt=attempt)
    given = feedback_on(attempt)
    assert given.response == registry.get("single_choice").Response()
    assert given.headline == "You left this one open."


def test_feedback_in_practice_is_on_what_was_checked_last():
    attempt = an_attempt("practice")
    item = attempt.items.get()
    for sequence, data in [(1, RIGHT), (2, WRONG)]:
        attempts.check_response(item=item, sequence=sequence, data=data)
    attempts.save_response(item=item, sequence=3, data=RIGHT)
    given = feedback_on(attempt)
    assert (given.response.chosen, given.headline) == ("reporter", "Not this time. Here is why.")


def test_feedback_keeps_the_key_that_was_judged_by():
    attempt = an_attempt()
    question = attempt.items.get().question
    example = registry.get("single_choice").example
    attempts.submit(attempt=attempt)
    newer = example.key.model_copy(update={"right": frozenset({"reporter"})})
    publishing.publish_question(revision=QuestionRevisionFactory(question=question, key=newer))
    assert feedback_on(attempt).key == example.key
