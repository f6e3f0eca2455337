"""How lists are paged and narrowed: the same for every resource."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.changes import high_water

SINCE = "updated_since"


class Pages(CursorPagination):
    """Pages by cursor: a row that is added meanwhile shifts nothing, and none comes twice or is left out.

    `page_size` 1 to 200. In the order in which rows were made; with `updated_since`, in the order in
    which they were changed. Every answer has a `high_water` to ask from next time.
    """

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = ("pk",)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.high_water = high_water()
        since = _since(request)
        if since is not None:
            queryset = queryset.filter(updated_at__gte=since)
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        return page

    def get_ordering(self, request: Request, queryset: "QuerySet[Any]", view: Any) -> tuple[str, ...]:
        return ("updated_at", "pk") if SINCE in request.query_params else ("pk",)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            OrderedDict(
                next=self.get_next_link(),
                previous=self.get_previous_link(),
                high_water=self.high_water,
                results=data,
            )
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        described["required"] = ["next", "previous", "high_water", "results"]
        described["properties"]["high_water"] = {
            "type": "string",
            "format": "date-time",
            "description": "Ask for `updated_since` this next time.",
        }
        return described

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        since = {
            "name": SINCE,
            "in": "query",
            "required": False,
            "description": "Only what was changed at this moment or later (ISO 8601, with its offset).",
            "schema": {"type": "string", "format": "date-time"},
        }
        return [*parameters, since]


def _since(request: Request) -> datetime | None:
    given = request.query_params.get(SINCE)
    if given is None:
        return None
    try:
        found = parse_datetime(given)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValidationError(
            {SINCE: [_("Give a moment with its offset, such as 2026-09-01T08:00:00Z; a + is sent as %2B.")]}
        )
    return found
