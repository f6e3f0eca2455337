"""Bodies that are well formed and yet cannot be: they name what is not there, or do not fit together."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.refusing import UNFIT as UNFIT

#: Codes of those that name what is not there begin so.
UNKNOWN = "unknown-"


class Unfit(ValidationError):
    """422: what the body names, or asks for, cannot be. `errors` says where and why.

    Where all that is wrong is of one kind, the problem is of that kind too.
    """

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = UNFIT
    default_detail = _("This does not fit.")

    def __init__(self, faults: Any) -> None:
        super().__init__(faults, UNFIT)
        codes = {str(fault.code) for fault in _faults(self.detail)}
        self.default_code = codes.pop() if len(codes) == 1 else UNFIT


def check(asked: "serializers.BaseSerializer[Any]") -> dict[str, Any]:
    """The validated body. Raises ValidationError (400) for its form, and Unfit where only sense is lacking."""
    if asked.is_valid():
        given: dict[str, Any] = asked.validated_data
        return given
    if all(fault.code == UNFIT or str(fault.code).startswith(UNKNOWN) for fault in _faults(asked.errors)):
        raise Unfit(asked.errors)
    raise ValidationError(dict(asked.errors))


def _faults(errors: Any) -> list[ErrorDetail]:
    if isinstance(errors, dict):
        return [fault for inner in errors.values() for fault in _faults(inner)]
    if isinstance(errors, list):
        return [fault for inner in errors for fault in _faults(inner)]
    return [errors]


class Fitting:
    """For view sets that write: their serializers say `unfit` of what only sense is lacking in."""

    get_serializer: Any

    def _asked(self, request: Any, row: Any = None, *, partial: bool = False) -> Any:
        asked = self.get_serializer(row, data=request.data, partial=partial)
        check(asked)
        return asked
