"""What verbs refuse, as problems for programs: 422 for what can never be, 409 for what cannot be now."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.classes import ClassRefused
from accounts.people import RosterRefused

#: The code of a fault that only the rows of the site, or the calendar, make one.
UNFIT = "unfit"


class Refused(ValidationError):
    """A verb's refusal. `code` is the problem's type for good; `field` is in the body ("" for the whole)."""

    default_detail = _("Refused")

    def __init__(self, field: str, code: str, message: str, *, conflict: bool = False) -> None:
        super().__init__({field or "non_field_errors": [ErrorDetail(message, code)]})
        self.status_code = status.HTTP_409_CONFLICT if conflict else status.HTTP_422_UNPROCESSABLE_ENTITY
        self.default_code = code


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the verbs inside refuse into `Refused`."""
    try:
        yield
    except RosterRefused as error:
        raise Refused(error.field, error.code, error.message, conflict=error.conflict) from error
    except ClassRefused as error:
        raise Refused(error.field, "class-refused", error.message, conflict=True) from error
