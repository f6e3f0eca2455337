"""What the API's schema says of every operation, beside what its view and serializers say.

Which refusals it may meet, which headers it takes and gives, which scope opens it: read from the view,
so that no view has to repeat it. What is the same everywhere stands once, in `accounts.api.schema_parts`.
"""

import re
from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc

from accounts.api import schema_parts as parts
from accounts.api.access import scopes_of

Operation = dict[str, Any]
_WRITES_STATE = {"PATCH", "PUT", "DELETE"}


class ApiSchema(AutoSchema):
    """One operation: complete with refusals, headers, scopes and a one-line summary."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Operation | None:
        operation: Operation | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        operation["description"] = "\n\n".join(filter(None, [operation.get("description"), self._who()]))
        operation["parameters"] = [*operation.get("parameters", []), *self._header_parameters()]
        if not operation["parameters"]:
            del operation["parameters"]
        self._add_headers(operation["responses"])
        self._add_refusals(operation)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def get_description(self) -> str:  # type: ignore[override]
        """What the action says of itself; of one that all resources share, what the resource says."""
        if self._is_shared:
            return str(get_doc(type(self.view)))
        return str(super().get_description())

    def get_summary(self) -> str:
        """The first sentence of what the action says of itself; else what actions of its name do."""
        said = "" if self._is_shared else get_doc(getattr(self.view, self._action, None))
        if said:
            first = re.split(r"\.\s|\n\n|[;:] ", said)[0]
            return " ".join(first.split()).rstrip(".")
        noun = self.get_tags()[0].replace("-", " ")
        return parts.SUMMARIES.get(self._action, "%s").replace("%s", noun)

    def _get_filter_parameters(self) -> list[Operation]:
        """Filters; one of choices is of its choices, whatever the field is that it looks at."""
        found: list[Operation] = super()._get_filter_parameters()  # type: ignore[no-untyped-call]
        for one in found:
            choices = one["schema"].get("enum", [])
            if choices and all(isinstance(choice, str) for choice in choices):
                one["schema"] = {"type": "string", "enum": choices}
            elif one["schema"] == {"type": "string"}:
                one["schema"] = {"type": "string", "pattern": r"\S"}  # an empty one is refused
        return found

    def get_auth(self) -> list[Operation]:
        """A requirement for each scope that is enough by itself; a session where people are let in."""
        found = super().get_auth()
        if self._is_public:
            return []
        opens = [{"client": [scope]} for scope in self._scopes]
        if self._takes_any_client:
            opens = [{"client": []}]
        return [*opens, *(one for one in found if "client" not in one and self._for_people)]

    @property
    def _action(self) -> str:
        return str(getattr(self.view, "action", None) or self.method.lower())

    @property
    def _is_shared(self) -> bool:
        """Whether the action is one that every resource has from its parents."""
        own = getattr(type(self.view), self._action, None)
        return getattr(own, "__module__", "").startswith(("accounts.api.doors", "rest_framework."))

    @property
    def _scopes(self) -> tuple[str, ...]:
        return scopes_of(self.view)

    @property
    def _takes_any_client(self) -> bool:
        """Whether the action is open to every live client: its scope is named, and is empty."""
        named = getattr(self.view, "scopes", None)
        return named is not None and self._action in named and not self._scopes

    @property
    def _for_people(self) -> bool:
        return bool(getattr(self.view, "for_people", not hasattr(self.view, "scopes")))

    @property
    def _is_public(self) -> bool:
        return not self.view.get_authenticators()

    @property
    def _tag_required(self) -> bool:
        """Whether the action must name the state that it was decided on; so may one that makes a row."""
        own = getattr(self.view, "tags_for", {}).get(self._action, False)
        names_state = self.method in _WRITES_STATE or self._action == "create"
        return own or (names_state and bool(getattr(self.view, "tag_required", False)))

    @property
    def _takes_tag(self) -> bool:
        acts = self.method in _WRITES_STATE or self._action in getattr(self.view, "tags_for", {})
        return acts or self._tag_required

    def _who(self) -> str:
        """Who may, in a sentence."""
        people = parts.PEOPLE_TOO if self._scopes or self._takes_any_client else parts.PEOPLE_ONLY
        said = []
        if self._scopes:
            said.append(parts.NEEDS_SCOPE % " or ".join(f"`{scope}`" for scope in self._scopes))
        elif self._takes_any_client:
            said.append(parts.ANY_CLIENT)
        if self._for_people and not self._is_public:
            said.append(people)
        return " ".join(said)

    def _header_parameters(self) -> list[Operation]:
        named = ["X-Request-Id"]
        if self.method == "POST":
            named.append("Idempotency-Key")
        if self._takes_tag:
            named.append("If-Match-required" if self._tag_required else "If-Match")
        elif self.method == "GET":
            named.append("If-None-Match")
        return [parts.ref("parameters", name) for name in named]

    def _add_headers(self, responses: Operation) -> None:
        given = ["X-Request-Id", "RateLimit", "RateLimit-Policy"]
        if self.method != "DELETE":
            given.append("ETag")
        if self.method == "POST":
            given.append("Idempotent-Replayed")
        for code, response in responses.items():
            if code < "400":
                own = response.setdefault("headers", {})
                own.update({name: parts.ref("headers", name) for name in given if name not in own})
                response["description"] = response.get("description") or parts.DESCRIPTIONS.get(code, "Done.")
        if self.method == "GET":
            responses.setdefault("304", parts.ref("responses", "NotModified"))

    def _add_refusals(self, operation: Operation) -> None:
        responses = operation["responses"]
        for code in self._refusals(operation):
            shared = parts.ref("responses", parts.REFUSALS[code])
            if code not in responses:
                responses[code] = shared
        for code, response in responses.items():
            if code >= "400" and "$ref" not in response and "content" not in response:
                response.update(parts.refusal(code, response["description"]))

    def _refusals(self, operation: Operation) -> Iterator[str]:
        """The statuses that this operation may be refused with."""
        named = operation.get("parameters", [])
        has_body = "requestBody" in operation
        if has_body or self.method == "POST" or any(one.get("in") == "query" for one in named):
            yield "400"
        if not self._is_public:
            yield from ("401", "403")
        if any(one.get("in") == "path" for one in named):
            yield "404"
        yield "406"
        if self.method != "GET":
            yield "409"
        if self._takes_tag:
            yield "412"
        if has_body:
            yield from ("413", "415")
        if self.method != "GET":
            yield "422"
        if self._tag_required or self._action in getattr(self.view, "tag_at_times", ()):
            yield "428"
        yield "429"
