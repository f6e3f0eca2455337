from typing import Any

from quizzes.models import Assignment
from tests.contracts.stage import Stage
from tests.factories.courses import CohortCourseFactory, CourseFactory
from tests.factories.quizzes import AssignmentFactory

#                                          anon lear stra assi teac else auth supe
ROWS = {
    "GET courses:work": "                   in   404  404  200  200  404  404  404",
    "POST courses:work": "                  in   405  405  405  405  405  405  405",
    "GET courses:work_choose": "            in   404  404  404  200  404  404  404",
    "POST courses:work_choose": "           in   405  405  405  405  405  405  405",
    "GET courses:work_assign": "            in   404  404  404  404  404  404  404",
    "POST courses:work_assign": "           in   404  404  404  404  404  404  404",
    "GET courses:work_edit": "              in   404  404  404  200  404  404  404",
    "POST courses:work_edit": "             in   404  404  404  on   404  404  404",
    "GET courses:work_take_back": "         in   405  405  405  405  405  405  405",
    "POST courses:work_take_back": "        in   404  404  404  on   404  404  404",
    "GET courses:work_release": "           in   405  405  405  405  405  405  405",
    "POST courses:work_release": "          in   404  404  404  on   404  404  404",
    "GET courses:given_take_back": "        in   405  405  405  405  405  405  405",
    "POST courses:given_take_back": "       in   404  404  404  on   404  404  404",
    "GET courses:texts": "                  in   404  404  404  200  404  404  404",
    "POST courses:texts": "                 in   404  404  404  on   404  404  404",
    "GET courses:accommodations": "         in   404  404  404  200  404  404  404",
    "POST courses:accommodations": "        in   404  404  404  on   404  404  404",
    "GET courses:class_copy": "             in   404  404  404  200  404  404  404",
    "POST courses:class_copy": "            in   404  404  404  on   404  404  404",
}
FORMS = {
    "courses:work_edit": {
        "whom": "everyone",
        "late_policy": "accept",
        "attempt_rule": "best",
        "release": "auto",
    },
    "courses:accommodations": {"extra_percent": "25"},
    "courses:class_copy": {"name": "Next term", "shift_days": "7", "do": "copy"},
}


def kwargs(stage: Stage, name: str, words: str) -> dict[str, Any]:
    found: dict[str, Any] = {"uuid": stage.cohort.uuid}
    if name in {"courses:work_edit", "courses:work_release"}:
        found["assignment"] = Assignment.objects.get(cohort=stage.cohort, quiz=stage.graded).uuid
    elif name == "courses:work_take_back":  # a new one each time: it is gone after that
        found["assignment"] = AssignmentFactory(cohort=stage.cohort).uuid
    elif name == "courses:given_take_back":
        course = CourseFactory(organisation=stage.organisation)
        found["given"] = CohortCourseFactory(cohort=stage.cohort, course=course).uuid
    elif name == "courses:accommodations":
        found["person"] = stage.people["learner"].uuid
    return found


def form(stage: Stage, name: str, words: str) -> dict[str, Any]:
    if name == "courses:texts":
        return {"article": str(stage.article.uuid), "do": "hide"}
    return FORMS.get(name, {})
