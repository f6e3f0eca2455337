"""The API's documentation, served by the site itself: nothing comes from elsewhere, and nothing needs a script."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView
from markdown_it import MarkdownIt
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import SCOPES
from config import api_reading
from config.openapi import built
from config.problem_types import TYPES

_BEGIN = """export API={site}/api/v1
pick() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }
export TOKEN=$(curl -s $API/token/ -d grant_type=client_credentials \\
  -d client_id=… -d client_secret=… | pick '["access_token"]')
curl -H "Authorization: Bearer $TOKEN" $API/cohorts/"""
_GUIDE = settings.BASE_DIR / "docs" / "lms.md"
_CLIENT = settings.BASE_DIR / "docs" / "lms_client.py"
#: Where the guide's links to files beside it lead on the site: the name of a page, and its arguments.
_LINKS: dict[str, tuple[str, list[str]]] = {
    "guides/api-problems.md": ("docs-problems", []),
    "guides/oneroster.md": ("docs-resource", ["oneroster-imports"]),
    "lms_client.py": ("docs-client", []),
    "openapi.yaml": ("docs-resource", ["webhooks"]),
    "question-types.md": ("docs-types", []),
}


class SchemaView(SpectacularAPIView):
    """The schema, for anybody: it holds no secret. YAML; or JSON, by Accept or `?format=json`."""

    permission_classes = ()
    authentication_classes = ()
    throttle_classes = ()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        named = {"json": OpenApiJsonRenderer2, "yaml": OpenApiYamlRenderer}.get(
            request.query_params.get("format", "")
        )
        if named is not None:
            return named(), named.media_type
        return super().perform_content_negotiation(request, force)

    def _get_schema_response(self, request: Request) -> Response:
        return Response(built())


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    return _page(request, "contents", scopes=SCOPES, site=site, begin=_BEGIN.replace("{site}", site))


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The guide for programmers, from `docs/lms.md`: our own text."""
    _title, _newline, source = _GUIDE.read_text(encoding="utf-8").partition("\n")
    text = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
    for file, (name, args) in _LINKS.items():
        text = text.replace(f'href="{file}"', f'href="{reverse(f"api:{name}", args=args)}"')
    text = text.replace("<pre>", '<pre tabindex="0">')  # long lines are scrolled, also by keyboard
    return _page(request, "guide", guide=mark_safe(text))  # noqa: S308 - written by us, and HTML is off


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    return _page(request, "problems", problems=sorted(TYPES.items()))


@require_safe
def question_types(request: HttpRequest) -> HttpResponse:
    """Every type of question: what is asked, and what may be answered."""
    return _page(request, "types", types=api_reading.question_types())


@require_safe
def client(request: HttpRequest) -> HttpResponse:
    """The worked client, as one may save it."""
    return HttpResponse(_CLIENT.read_text(encoding="utf-8"), content_type="text/plain; charset=utf-8")


@require_safe
def of_resource(request: HttpRequest, resource: str) -> HttpResponse:
    """One resource: each of its operations with fields, an example and a line for curl."""
    operations = api_reading.resources().get(resource)
    if operations is None:
        raise Http404
    return _page(request, "resource", name=resource, operations=operations)


def _page(request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
    return render(request, f"api/{template}.html", {**shown, "resources": api_reading.resources()})
