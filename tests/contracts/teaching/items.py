"""Item statistics of a class: its learner has handed in the graded quiz, and the figures are computed."""

from typing import Any

from quizzes import analysis, attempts
from quizzes.models import Attempt
from tests.contracts.stage import Stage
from tests.factories.quizzes import AttemptFactory

#                                                        anon lear stra assi teac else auth supe
ROWS = {
    "GET quizzes:class_items": "                         in   404  404  200  200  404  404  404",
    "POST quizzes:class_items": "                        in   405  405  405  405  405  405  405",
    "GET quizzes:quiz_items": "                          in   404  404  200  200  404  404  404",
    "GET quizzes:quiz_items of-nobody": "                in   404  404  404  404  404  404  404",
    "POST quizzes:quiz_items": "                         in   405  405  405  405  405  405  405",
    "GET quizzes:question_items": "                      in   404  404  200  200  404  404  404",
    "GET quizzes:question_items of-another-quiz": "      in   404  404  404  404  404  404  404",
    "POST quizzes:question_items": "                     in   405  405  405  405  405  405  405",
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    if name == "quizzes:class_items":
        return {"uuid": stage.cohort.uuid}
    _hand_in(stage)
    quiz = stage.practice if words == "of-nobody" else stage.graded
    asked = stage.practice if words == "of-another-quiz" else stage.graded
    question = asked.published.slots.first().question
    given = {"uuid": stage.cohort.uuid, "quiz": quiz.uuid}
    return given if name == "quizzes:quiz_items" else {**given, "question": question.uuid}


def _hand_in(stage: Stage) -> None:
    learner = stage.people["learner"]
    if not Attempt.objects.submitted().filter(learner=learner, quiz=stage.graded).exists():
        attempt = AttemptFactory(learner=learner, quiz=stage.graded, cohort=stage.cohort)
        attempts.submit(attempt=attempt)
        analysis.compute(quiz=stage.graded, cohort=stage.cohort)
