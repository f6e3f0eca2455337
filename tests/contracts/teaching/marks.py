from typing import Any

from quizzes.models import Assignment
from tests.contracts.stage import Stage
from tests.factories.quizzes import AssignmentFactory

#                                        anon lear stra assi teac else auth supe
ROWS = {
    "GET courses:gradebook": "           in   404  404  200  200  404  404  404",
    "POST courses:gradebook": "          in   405  405  405  405  405  405  405",
    "GET courses:gradebook_csv": "       in   404  404  200  200  404  404  404",
    "POST courses:gradebook_csv": "      in   405  405  405  405  405  405  405",
    "GET courses:gradebook_xlsx": "      in   404  404  200  200  404  404  404",
    "POST courses:gradebook_xlsx": "     in   405  405  405  405  405  405  405",
    "GET courses:marks_of": "            in   404  404  200  200  404  404  404",
    "GET courses:marks_of stranger": "   in   404  404  404  404  404  404  404",
    "POST courses:marks_of": "           in   404  404  404  on   404  404  404",
    "POST courses:marks_of stranger": "  in   404  404  404  404  404  404  404",
    "POST courses:marks_of refused": "   in   404  404  404  200  404  404  404",
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    found: dict[str, Any] = {"uuid": stage.cohort.uuid}
    if name == "courses:marks_of":
        found["learner"] = stage.people["stranger" if words == "stranger" else "learner"].uuid
    return found


def form(stage: Stage, name: str, words: str) -> dict[str, Any]:
    assignment = Assignment.objects.filter(cohort=stage.cohort).first() or AssignmentFactory(
        cohort=stage.cohort, quiz=stage.graded
    )
    reason = "" if words == "refused" else "Spoke to me."
    return {"assignment": str(assignment.uuid), "kind": "excused", "percent": "", "reason": reason}
