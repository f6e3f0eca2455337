"""What is refused although it is well formed: 422 for what can never be, 409 for what cannot be now."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.classes import ClassRefused
from accounts.people import RosterRefused

#: The code of a fault that only the rows of the site, or the calendar, make one.
UNFIT = "unfit"
#: Codes of faults that name what is not there begin so.
UNKNOWN = "unknown-"


class Refused(ValidationError):
    """A refusal whose problem is of the type `code` for good; `faults` are by field, or a sentence on the whole."""

    default_detail = _("Refused")

    def __init__(self, faults: Any, code: str, *, conflict: bool = False) -> None:
        super().__init__(faults, code)
        self.status_code = status.HTTP_409_CONFLICT if conflict else status.HTTP_422_UNPROCESSABLE_ENTITY
        self.default_code = code


class Unfit(Refused):
    """What the body names, or asks for, cannot be.

    Where all that is wrong is of one kind, the problem is of that kind too.
    """

    default_detail = _("This does not fit.")

    def __init__(self, faults: Any) -> None:
        super().__init__(faults, UNFIT)
        codes = {str(fault.code) for fault in each_fault(self.detail)}
        if len(codes) == 1:
            [self.default_code] = codes


def each_fault(detail: Any) -> list[ErrorDetail]:
    """The faults in the detail of a refusal, however deep."""
    if isinstance(detail, dict):
        return [fault for inner in detail.values() for fault in each_fault(inner)]
    if isinstance(detail, list):
        return [fault for inner in detail for fault in each_fault(inner)]
    return [detail]


def on(field: str, message: str) -> dict[str, list[str]]:
    """A fault in a field of the body ("" for the whole)."""
    return {field or "non_field_errors": [message]}


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the verbs inside refuse into `Refused`."""
    try:
        yield
    except RosterRefused as error:
        faults = on(error.field, error.message)
        raise Refused(faults, error.code, conflict=error.conflict) from error
    except ClassRefused as error:
        raise Refused(on(error.field, error.message), "class-refused", conflict=True) from error
