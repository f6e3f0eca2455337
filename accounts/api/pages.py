"""How lists are ordered and paged: the same for every resource.

Pages go on from the last row's key, not from a count: a row that is added, or many of one moment, shift
nothing. A cursor is opaque to programs; it holds where the page ended, and the mark of the first page.
"""

import base64
import json
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.api.changes import high_water

SINCE = "updated_since"
ORDERINGS = ("created_at", "-created_at", "updated_at", "-updated_at")
PAGE_SIZE, LONGEST_PAGE = 100, 200
#: The parameters that every list takes.
PARAMETERS = frozenset({"cursor", "ordering", "page_size", SINCE})


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the ordering, the last row's primary key and moment, and the first page's mark."""

    ordering: str
    pk: int
    at: str | None
    mark: str

    def encoded(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, given: str) -> Self:
        try:
            read = cls(**json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))))
            sound = (
                read.ordering in ORDERINGS
                and type(read.pk) is int
                and 0 <= read.pk < 2**63
                and instant(read.mark) is not None
                and (read.at is None) == ("created" in read.ordering)
                and (read.at is None or instant(read.at) is not None)
            )
        except (ValueError, TypeError, RecursionError):
            sound = False
        if not sound:
            raise ValidationError({"cursor": [_("This is no cursor of ours. Follow `next`, or begin anew.")]})
        return read


class Pages(BasePagination):
    """Pages by cursor, 1 to 200 rows each, in the order in which rows were made, or as `ordering` says.

    With `updated_since` the order is that in which rows were changed: one that is changed while a
    program reads comes once more, and none is left out. Every answer has the `high_water` of the first
    page, to ask from next time. A view says in `changed` which moment a row was changed at.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.request = request
        self.changed: str = getattr(view, "changed", "updated_at")
        given = request.query_params.get("cursor")
        before = Cursor.decoded(given) if given is not None else None
        self.mark = before.mark if before else high_water().isoformat()
        self.ordering = _ordering(request, before)
        size = _size(request)
        rows = self._after(self._since(queryset), before).order_by(*self._columns())[: size + 1]
        page = list(rows)
        self.more, self.page = len(page) > size, page[:size]
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            OrderedDict(results=data, next=self._next(), high_water=self.mark.replace("+00:00", "Z"))
        )

    def _since(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        since = moment(self.request, SINCE)
        return queryset if since is None else queryset.filter(**{f"{self.changed}__gte": since})

    def _columns(self) -> tuple[str, ...]:
        sign = "-" if self.ordering.startswith("-") else ""
        return (f"{sign}pk",) if "created" in self.ordering else (f"{sign}{self.changed}", f"{sign}pk")

    def _after(self, queryset: "QuerySet[Any]", before: Cursor | None) -> "QuerySet[Any]":
        if before is None:
            return queryset
        step = "lt" if self.ordering.startswith("-") else "gt"
        further = Q(**{f"pk__{step}": before.pk})
        if before.at is None:
            return queryset.filter(further)
        at = instant(before.at)
        return queryset.filter(Q(**{f"{self.changed}__{step}": at}) | Q(**{self.changed: at}) & further)

    def _next(self) -> str | None:
        if not self.more:
            return None
        last = self.page[-1]
        at = None if "created" in self.ordering else getattr(last, self.changed).isoformat()
        cursor = Cursor(ordering=self.ordering, pk=last.pk, at=at, mark=self.mark)
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor.encoded()))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next", "high_water"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The address of the next page; null on the last one.",
                },
                "high_water": {
                    "type": "string",
                    "format": "date-time",
                    "description": "When you have read all pages, ask for `updated_since` this next time.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("cursor", "Where to go on: follow `next` instead of making one.", {"type": "string"}),
            _parameter(
                "page_size",
                "How many rows a page has.",
                {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": PAGE_SIZE},
            ),
            _parameter(
                "ordering",
                "The order of the rows. Not together with `updated_since`, which has its own.",
                {"type": "string", "enum": list(ORDERINGS), "default": "created_at"},
            ),
            _parameter(
                SINCE,
                "Only what was changed at this moment or later (ISO 8601, with its offset).",
                {"type": "string", "format": "date-time"},
            ),
        ]


def moment(request: Request, name: str) -> datetime | None:
    """The moment that a query parameter gives, None without it. Raises ValidationError without an offset."""
    given = request.query_params.get(name)
    if given is None:
        return None
    found = instant(given)
    if found is None:
        raise ValidationError(
            {name: [_("Give a moment with its offset, such as 2026-09-01T08:00:00Z; a + is sent as %2B.")]}
        )
    return found


def instant(given: str) -> datetime | None:
    """A moment with its offset, in UTC; None for all else, and for what no clock can show."""
    try:
        found = parse_datetime(given)
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _ordering(request: Request, before: Cursor | None) -> str:
    given = request.query_params.get("ordering")
    fixed = "updated_at" if SINCE in request.query_params else None
    if given is not None and given not in ORDERINGS:
        raise ValidationError({"ordering": [_("Order by one of: %s.") % ", ".join(ORDERINGS)]})
    if given is not None and fixed and given != fixed:
        raise ValidationError(
            {"ordering": [_("With updated_since the order is updated_at: leave this out.")]}
        )
    ordering = fixed or given or "created_at"
    if before and before.ordering != ordering:
        raise ValidationError({"cursor": [_("This cursor is of a list in another order. Begin anew.")]})
    return ordering


def _size(request: Request) -> int:
    given = request.query_params.get("page_size")
    if given is None:
        return PAGE_SIZE
    if not (given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= LONGEST_PAGE):
        raise ValidationError({"page_size": [_("Give a whole number from 1 to %d.") % LONGEST_PAGE]})
    return int(given)


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
