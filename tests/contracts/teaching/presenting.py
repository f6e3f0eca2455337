"""Presenting, the live page, and worksheets."""

from typing import Any

from courses import presenting
from quizzes import attempts
from tests.contracts.stage import Stage

#                                        anon lear stra assi teac else auth supe
ROWS = {
    "GET courses:present": "             in   404  404  200  200  404  404  404",
    "POST courses:present": "            in   404  404  404  on   404  404  404",
    "GET courses:projector": "           in   404  404  200  200  404  404  404",
    "POST courses:projector": "          in   404  404  404  on   404  404  404",
    "GET courses:projector elsewhere": " in   404  404  404  404  404  404  404",
    "GET courses:turnout": "             in   404  404  200  200  404  404  404",
    "POST courses:turnout": "            in   405  405  405  405  405  405  405",
    "GET courses:summary": "             in   404  404  200  200  404  404  404",
    "POST courses:summary": "            in   405  405  405  405  405  405  405",
    "GET courses:worksheet": "           in   404  404  200  200  404  404  404",
    "POST courses:worksheet": "          in   405  405  405  405  405  405  405",
    "GET courses:worksheet-key": "       in   404  404  200  200  404  404  404",
    "POST courses:worksheet-key": "      in   405  405  405  405  405  405  405",
    "GET quizzes:live": "                in   404  404  200  200  404  404  404",
    "POST quizzes:live": "               in   404  404  404  on   404  404  404",
    "GET quizzes:live-rows": "           in   404  404  200  200  404  404  404",
    "POST quizzes:live-rows": "          in   405  405  405  405  405  405  405",
    "GET quizzes:need": "                in   404  404  200  200  404  404  404",
    "POST quizzes:need": "               in   405  405  405  405  405  405  405",
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    named: dict[str, Any] = {"uuid": stage.cohort.uuid}
    if name in {"courses:projector", "courses:turnout", "courses:summary"}:
        shown = presenting.open_lesson(
            cohort=stage.cohort, lesson=stage.lesson, by=stage.people["teacher"]
        ).uuid
        named["shown"] = stage.lesson.uuid if words else shown
    elif name.startswith("courses:worksheet"):
        named["lesson"] = stage.lesson.uuid
    elif name == "quizzes:need":
        named["question"] = _answered(stage)
    return named


def form(stage: Stage, name: str, words: str) -> dict[str, Any]:
    return {"lesson": stage.lesson.uuid, "do": "start", "attempt": "all"}


def _answered(stage: Stage) -> Any:
    """A question that the class has handed in."""
    taken = {"learner": stage.people["learner"], "quiz": stage.graded, "cohort": stage.cohort}
    attempt = attempts.submit(attempt=attempts.start(**taken))
    first = attempt.items.select_related("question").first()
    assert first is not None
    return first.question.uuid
