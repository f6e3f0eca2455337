"""What programs are told where content is not published, or a bundle not imported."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.problems import problem
from articles.publishing import PublishingError
from courses.bundles.faults import BundleRefused, Fault
from courses.faults import Faulty


def content_refused(error: PublishingError) -> HttpResponse:
    """409 with the refusal's own code; `errors` has what is wrong with what learners would meet, one by one."""
    members: dict[str, Any] = {}
    if isinstance(error, Faulty):
        members["errors"] = [
            {"pointer": "", "detail": fault.message, "code": error.code} for fault in error.faults
        ]
    return problem(status=409, code=error.code, title=_("Refused"), detail=str(error), **members)


def bundle_refused(error: BundleRefused) -> HttpResponse:
    """422 with every fault: where it is in the bundle, what is wrong there, and how to mend it."""
    return problem(
        status=422,
        code="bundle-refused",
        title=_("This bundle cannot be imported"),
        detail=_("Nothing was imported. Mend what `errors` lists, and send the bundle again."),
        errors=[_fault(fault) for fault in error.faults],
    )


def _fault(fault: Fault) -> dict[str, Any]:
    """`pointer` leads to the file and its line inside what was sent as `file`; both stand beside it too."""
    place = f"/{fault.file}:{fault.line}" if fault.line else f"/{fault.file}" if fault.file else ""
    return {
        "pointer": f"/file{place}",
        "detail": fault.message,
        "code": "bundle-fault",
        "file": fault.file,
        "line": fault.line or None,
        "field": fault.field,
    }
