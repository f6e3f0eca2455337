"""How the API's schema describes Web Annotations, whose names no serializer can have."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from articles.api.annotations import CONTEXT

_TEXT = {"type": "string"}
_ADDRESS = {"type": "string", "format": "uri"}
_CONTEXT = {"type": "array", "items": {}, "description": "The standard's terms, and `caveat` for ours."}


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


_SELECTORS = {
    "type": "array",
    "description": "Two ways to find the same words: by position, and by quotation.",
    "items": {
        "oneOf": [
            _object(
                {
                    "type": {"const": "TextPositionSelector"},
                    "start": {"type": "integer", "minimum": 0, "description": "In code points of the text."},
                    "end": {"type": "integer", "minimum": 1, "description": "Not part of it any more."},
                }
            ),
            _object(
                {"type": {"const": "TextQuoteSelector"}, "exact": _TEXT, "prefix": _TEXT, "suffix": _TEXT}
            ),
        ]
    },
}
_BODIES = {
    "type": "array",
    "description": "The skill (purpose `classifying`); then why (`describing`), what sound reporting would say"
    " (`editing`) and what some readers say (`questioning`), where that is known.",
    "items": {
        "oneOf": [
            _object(
                {
                    "type": {"const": "SpecificResource"},
                    "purpose": {"const": "classifying"},
                    "source": {**_ADDRESS, "description": "The address of the skill."},
                }
            ),
            _object(
                {
                    "type": {"const": "TextualBody"},
                    "purpose": {"enum": ["describing", "editing", "questioning"]},
                    "value": _TEXT,
                    "format": {"const": "text/plain"},
                    "language": _TEXT,
                }
            ),
        ]
    },
}
_ITEM = {
    "id": _ADDRESS,
    "type": {"const": "Annotation"},
    "motivation": {"const": "classifying"},
    "caveat:kind": {
        "enum": ["required", "acceptable", "foil"],
        "description": "To be found; readers differ; looks like it and is not.",
    },
    "caveat:ref": {**_TEXT, "description": "Its name in all revisions of the article."},
    "caveat:readings": {"type": "integer", "minimum": 1, "description": "Independent readings behind it."},
    "body": _BODIES,
    "target": _object(
        {
            "type": {"const": "SpecificResource"},
            "source": {**_ADDRESS, "description": "The address of the article's revision."},
            "selector": _SELECTORS,
        }
    ),
}
_PAGE = {
    "id": _ADDRESS,
    "type": {"const": "AnnotationPage"},
    "startIndex": {"type": "integer", "minimum": 0},
    "items": {"type": "array", "items": _object(_ITEM)},
}
_AROUND = {"prev": _ADDRESS, "next": _ADDRESS}
_COLLECTION = {
    "@context": _CONTEXT,
    "id": _ADDRESS,
    "type": {"const": "AnnotationCollection"},
    "label": _TEXT,
    "total": {"type": "integer", "minimum": 0},
    "first": _object(_PAGE, **_AROUND),
    "last": _ADDRESS,
}
_PART_OF = _object({"id": _ADDRESS, "type": _TEXT, "total": {"type": "integer"}})

_SITE = "https://read.example.org/api/v1"
_EXAMPLE: dict[str, Any] = {
    "id": f"{_SITE}/annotations/5f0c5b0e-6a55-4d1c-8a53-0f4b2f0a6d11/",
    "type": "Annotation",
    "motivation": "classifying",
    "caveat:kind": "required",
    "caveat:ref": "cruise",
    "caveat:readings": 2,
    "body": [
        {
            "type": "SpecificResource",
            "purpose": "classifying",
            "source": f"{_SITE}/skills/S2/",
        },
        {
            "type": "TextualBody",
            "format": "text/plain",
            "language": "en",
            "purpose": "describing",
            "value": "It names nobody who said so.",
        },
    ],
    "target": {
        "type": "SpecificResource",
        "source": f"{_SITE}/articles/0b6c7a52-3c3e-4f0f-9a0e-1d6f3a1b2c3d/revisions/3/",
        "selector": [
            {"type": "TextPositionSelector", "start": 28, "end": 70},
            {
                "type": "TextQuoteSelector",
                "exact": "The board wants the pier for cruise ships.",
                "prefix": "The board voted on 2 March. ",
                "suffix": "\nThe mayor came late.",
            },
        ],
    },
}
_ADDRESS_OF_ALL = f"{_SITE}/articles/0b6c7a52-3c3e-4f0f-9a0e-1d6f3a1b2c3d/annotations/"

ANNOTATION = OpenApiResponse(
    _object({"@context": _CONTEXT, **_ITEM}),
    examples=[OpenApiExample("A place to find", {"@context": CONTEXT, **_EXAMPLE})],
)
ANNOTATIONS = OpenApiResponse(
    {
        "oneOf": [
            _object(_COLLECTION),
            _object({"@context": _CONTEXT, **_PAGE, "partOf": _PART_OF}, **_AROUND),
        ]
    },
    examples=[
        OpenApiExample(
            "All of a text",
            {
                "@context": CONTEXT,
                "id": _ADDRESS_OF_ALL,
                "type": "AnnotationCollection",
                "label": "The night ferry",
                "total": 1,
                "first": {
                    "id": f"{_ADDRESS_OF_ALL}?page=1",
                    "type": "AnnotationPage",
                    "startIndex": 0,
                    "items": [_EXAMPLE],
                },
                "last": f"{_ADDRESS_OF_ALL}?page=1",
            },
        )
    ],
)
