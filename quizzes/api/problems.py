"""What programs are answered where a verb of assigning, granting or grading refuses."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.problems import problem
from quizzes.accommodating import NotGranted
from quizzes.assigning import AssignedAlready, AssignmentRefused
from quizzes.grades import EntryRefused
from quizzes.types.registry import ResponseRefused

#: Fields of the body that stand beside the response itself.
_BESIDE = ("confidence", "active_ms")


def response_refused(error: ResponseRefused) -> HttpResponse:
    """422; `errors` leads to each place in `data` that is no part of a response to the question."""
    return problem(
        status=422,
        code="response-refused",
        title=_("This answer was not understood"),
        detail=error.message,
        errors=[
            {"pointer": _pointer(fault.field), "detail": fault.message, "code": "response-refused"}
            for fault in error.faults
        ],
    )


def _pointer(field: str) -> str:
    names = field.replace("~", "~0").replace("/", "~1").split(".") if field else []
    return "/".join(["", *([] if field in _BESIDE else ["data"]), *names])


def assigned_already(error: AssignedAlready) -> HttpResponse:
    """Names the live assignment, so that the program can change that one."""
    return problem(
        status=409,
        code="assigned-already",
        title=_("The class has this quiz already"),
        detail=str(error),
        assignment=str(error.assignment.uuid),
    )


def assignment_refused(error: AssignmentRefused) -> HttpResponse:
    return _refused("assignment", error.field, str(error))


def not_granted(error: NotGranted) -> HttpResponse:
    return _refused("accommodation", error.field, str(error))


def entry_refused(error: EntryRefused) -> HttpResponse:
    return _refused("grade-entry", error.field, error.for_programs)


def _refused(noun: str, field: str, detail: str) -> HttpResponse:
    """422 `…-invalid` with a pointer for what the body says wrong, 409 `…-refused` for how things stand."""
    if not field:
        return problem(status=409, code=f"{noun}-refused", title=_("Refused"), detail=detail)
    code = f"{noun}-invalid"
    faults = [{"pointer": f"/{field}", "detail": detail, "code": code}]
    return problem(status=422, code=code, title=_("This does not fit together"), detail=detail, errors=faults)
