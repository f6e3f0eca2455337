"""What is sent to the API: nothing in it is passed over in silence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Strict(serializers.Serializer[Any]):
    """A parent of serializers of bodies: a field that does not exist, or that nobody can set, is refused."""

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
            elif known[name].read_only:
                faults[name] = [
                    _("This is told, not set: leave it out. What can be set: %s.") % ", ".join(writable)
                ]
        if faults:
            raise serializers.ValidationError(faults)


class Json(JSONParser):
    """JSON that our own reading can follow: what is nested without end is refused like what is no JSON."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
