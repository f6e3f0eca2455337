"""Errors for programs: RFC 9457 problem details."""

from typing import Any

from django.http import JsonResponse

#: Stable names of problems begin so; they are identifiers and need not resolve.
TYPE_BASE = "urn:read-it-twice:problem/"


def problem(*, status: int, code: str, title: str, detail: str, **members: Any) -> JsonResponse:
    """A problem details response: `code` names its kind for good, `detail` says how to mend this one."""
    body = {"type": f"{TYPE_BASE}{code}", "title": title, "status": status, "detail": detail, **members}
    return JsonResponse(body, status=status, content_type="application/problem+json")
