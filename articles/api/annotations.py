"""Annotations as W3C Web Annotations: JSON-LD that any annotation tool reads.

See https://www.w3.org/TR/annotation-model/. Positions count code points, as that standard and this site do.
The key of a text only; what a second keyer marked blind is told to no program.
"""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from articles.api.shapes import without_text
from articles.models import Annotation, AnnotationSet, ArticleRevision

TERMS = "urn:read-it-twice:terms/"
#: The standard's own terms, and a prefix for the three that are ours: `kind`, `ref`, `readings`.
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"caveat": TERMS}]
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
PAGE_SIZE = 200


class AnnotationRenderer(JSONRenderer):
    """The media type of Web Annotations."""

    media_type = PROFILE
    format = "jsonld"


class LinkedDataRenderer(AnnotationRenderer):
    """The same for who asks for JSON-LD of any kind."""

    media_type = "application/ld+json"


def key_annotations(**where: Any) -> "QuerySet[Annotation]":
    """The annotations of published keys; `where` narrows them to what the caller sees."""
    rows: QuerySet[Annotation] = Annotation.objects.filter(
        set__purpose=AnnotationSet.Purpose.KEY, set__revision__published_at__isnull=False, **where
    )
    return without_text(rows.select_related("skill", "set__revision__article"), "set__revision")


def shown(row: Annotation, request: Request) -> dict[str, Any]:
    """One annotation, without its context."""
    revision: ArticleRevision = row.set.revision
    return {
        "id": _address(request, "annotation-detail", uuid=row.uuid),
        "type": "Annotation",
        "motivation": "classifying",
        "caveat:kind": row.kind,
        "caveat:ref": row.ref,
        "caveat:readings": row.readings,
        "body": [_skill(row, request), *_words(row, revision.language)],
        "target": {
            "type": "SpecificResource",
            "source": source(revision, request),
            "selector": [
                {"type": "TextPositionSelector", "start": row.start, "end": row.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": row.exact,
                    "prefix": row.prefix,
                    "suffix": row.suffix,
                },
            ],
        },
    }


def _skill(row: Annotation, request: Request) -> dict[str, str]:
    return {
        "type": "SpecificResource",
        "purpose": "classifying",
        "source": _address(request, "skill-detail", code=row.skill.code),
    }


def _words(row: Annotation, language: str) -> list[dict[str, str]]:
    """Why; what sound reporting would say; what some readers say."""
    said = {"describing": row.rationale, "editing": row.instead, "questioning": row.minority}
    plain = {"type": "TextualBody", "format": "text/plain", "language": language}
    return [{**plain, "purpose": purpose, "value": value} for purpose, value in said.items() if value]


def source(revision: ArticleRevision, request: Request) -> str:
    """The address of the text that positions are counted in."""
    return _address(request, "article-revision-detail", article=revision.article.uuid, number=revision.number)


def collection(revision: ArticleRevision, pages: "Paginator[Annotation]", request: Request) -> dict[str, Any]:
    """All annotations of a text, with the first page of them."""
    return {
        "@context": CONTEXT,
        "id": _own(request),
        "type": "AnnotationCollection",
        "label": revision.title,
        "total": pages.count,
        "first": _page(pages.page(1), request),
        "last": _of_page(request, pages.num_pages),
    }


def page(found: "Page[Annotation]", request: Request) -> dict[str, Any]:
    """A page of them by itself."""
    return {
        "@context": CONTEXT,
        **_page(found, request),
        "partOf": {"id": _own(request), "type": "AnnotationCollection", "total": found.paginator.count},
    }


def _page(found: "Page[Annotation]", request: Request) -> dict[str, Any]:
    around = {}
    if found.has_previous():
        around["prev"] = _of_page(request, found.previous_page_number())
    if found.has_next():
        around["next"] = _of_page(request, found.next_page_number())
    return {
        "id": _of_page(request, found.number),
        "type": "AnnotationPage",
        "startIndex": max(0, found.start_index() - 1),
        **around,
        "items": [shown(row, request) for row in found],
    }


def _own(request: Request) -> str:
    return str(remove_query_param(request.build_absolute_uri(), "page"))


def _of_page(request: Request, number: int) -> str:
    return str(replace_query_param(request.build_absolute_uri(), "page", number))


def _address(request: Request, name: str, **kwargs: Any) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}", kwargs=kwargs))
