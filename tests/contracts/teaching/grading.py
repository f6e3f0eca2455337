from typing import Any

from django.utils.http import urlencode

from quizzes import attempts
from quizzes.models import Question, Regrade
from tests.contracts.stage import Stage
from tests.factories.quizzes import AttemptFactory

#                                        anon lear stra assi teac else auth supe
ROWS = {
    "GET quizzes:grading": "             in   404  404  200  200  200  404  404",
    "POST quizzes:grading": "            in   405  405  405  405  405  405  405",
    "GET quizzes:grading-question": "    in   404  404  200  200  404  404  404",
    "POST quizzes:grading-question": "   in   405  405  405  405  405  405  405",
    "GET quizzes:grading-next": "        in   405  405  405  405  405  405  405",
    "POST quizzes:grading-next": "       in   404  404  on   on   404  404  404",
    "GET quizzes:grading-names": "       in   405  405  405  405  405  405  405",
    "POST quizzes:grading-names": "      in   404  404  on   on   404  404  404",
    "GET quizzes:grading-release": "     in   405  405  405  405  405  405  405",
    "POST quizzes:grading-release": "    in   404  404  404  on   404  404  404",
    "GET quizzes:grading-answer": "      in   404  404  200  200  404  404  404",
    "POST quizzes:grading-answer": "     in   404  404  on   409  404  404  404",
    "GET quizzes:regrade": "             in   404  404  404  200  404  404  404",
    "POST quizzes:regrade": "            in   404  404  404  on   404  404  404",
    "GET quizzes:regrade-progress": "    in   404  404  404  200  404  404  404",
    "POST quizzes:regrade-progress": "   in   404  404  404  on   404  404  404",
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    if name == "quizzes:grading":
        return {}
    attempt = _handed_in(stage)
    rewrite = Question.objects.get(attempt_items__attempt=attempt, attempt_items__revision__type="rewrite")
    if name == "quizzes:regrade-progress":
        return {"uuid": _regrade(stage, rewrite).uuid}
    if name == "quizzes:grading-answer":
        return {"uuid": rewrite.uuid, "attempt": attempt.uuid}
    return {"uuid": rewrite.uuid}


def form(stage: Stage, name: str, words: str) -> str | dict[str, Any]:
    if name == "quizzes:regrade":
        return {"kind": "everyone", "class": str(stage.cohort.uuid), "reason": "The task was unclear."}
    return {"do": "save", "level-facts": "1", "comment": urlencode({"said": name})}


def _handed_in(stage: Stage) -> Any:
    """The learner's graded quiz, with a text that waits to be read."""
    learner = stage.people["learner"]
    done = stage.graded.attempts.filter(learner=learner, cohort=stage.cohort).submitted().first()
    if done is not None:
        return done
    attempt = AttemptFactory(learner=learner, quiz=stage.graded, cohort=stage.cohort)
    item = attempt.items.select_related("revision").get(revision__type="rewrite")
    attempts.save_response(item=item, sequence=1, data={"text": "The council paid for a bench."})
    return attempts.submit(attempt=attempt)


def _regrade(stage: Stage, question: Question) -> Regrade:
    by = stage.people["teacher"]
    regrade, made = Regrade.objects.get_or_create(question=question, kind="drop", reason="Unclear.", by=by)
    if made:
        regrade.cohorts.set([stage.cohort])
    return regrade
