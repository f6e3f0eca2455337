"""What is sent to the API: nothing in it is passed over in silence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from accounts.api.pages import instant
from accounts.api.refusing import UNFIT, UNKNOWN, Unfit, each_fault


class Strict(serializers.Serializer[Any]):
    """A parent of serializers of bodies: nothing is guessed.

    A field that does not exist, or that nobody can set, is refused; so is a moment without its offset,
    and in JSON whatever is neither true nor false where one of them belongs.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_others(data)
        return super().to_internal_value(data)

    def _refuse_others(self, data: Mapping[str, Any]) -> None:
        known = self.fields
        writable = sorted(name for name, field in known.items() if not field.read_only)
        faults = {}
        for name in data:
            if name not in known:
                faults[name] = [_("There is no such field. There are: %s.") % ", ".join(writable)]
            elif fault := _fault_of(known[name], data[name]):
                faults[name] = [fault]
            elif known[name].read_only:
                faults[name] = [
                    _("This is told, not set: leave it out. What can be set: %s.") % ", ".join(writable)
                ]
        if faults:
            raise serializers.ValidationError(faults)


def _fault_of(field: Any, given: Any) -> str:
    if isinstance(field, serializers.BooleanField) and given in ("true", "false"):
        return ""  # a form has no others
    if isinstance(field, serializers.BooleanField) and given is not None and not isinstance(given, bool):
        return _("Give true or false.")
    if (
        isinstance(field, serializers.DateTimeField)
        and isinstance(given, str)
        and given
        and instant(given) is None
    ):
        return _("Give a moment with its offset, such as 2026-09-01T08:00:00Z.")
    return ""


class Fixed(serializers.Serializer[Any]):
    """A parent of bodies that name things for good, in the fields `fixed`: a change may only name the same again."""

    fixed: tuple[str, ...] = ()
    #: What is said to another one, and what to do instead.
    fixed_says: Any = ""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Without them, where there is a row already."""
        row = self.instance
        if row is not None:
            for name in self.fixed:
                if name in attrs and attrs.pop(name) != getattr(row, name):
                    raise serializers.ValidationError({name: [self.fixed_says]}, UNFIT)
        return attrs


def validated(body: "serializers.BaseSerializer[Any]") -> dict[str, Any]:
    """What was sent, validated. Raises ValidationError (400) for its form, and Unfit where only sense is lacking."""
    if body.is_valid():
        given: dict[str, Any] = body.validated_data
        return given
    if all(fault.code == UNFIT or str(fault.code).startswith(UNKNOWN) for fault in each_fault(body.errors)):
        raise Unfit(body.errors)
    raise serializers.ValidationError(dict(body.errors))


class Json(JSONParser):
    """JSON that our own reading can follow: what is nested without end is refused like what is no JSON."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
