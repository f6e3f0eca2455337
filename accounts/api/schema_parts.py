"""What stands once in the API's schema, and operations point at: headers, parameters, refusals, texts."""

from typing import Any

from accounts.problems import TYPE_BASE

Part = dict[str, Any]
PROBLEM = "application/problem+json"


def ref(kind: str, name: str) -> Part:
    return {"$ref": f"#/components/{kind}/{name}"}


#: What actions do whose own docstring says nothing of it; %s is the plural noun.
SUMMARIES = {
    "list": "List %s",
    "retrieve": "Read one of the %s",
    "create": "Make one of the %s",
    "partial_update": "Change one of the %s",
    "destroy": "End one of the %s",
}
NEEDS_SCOPE = "Needs a token with the scope %s."
ANY_CLIENT = "Any token will do."
PEOPLE_TOO = "Signed-in people may too, by their session, for what is their own."
PEOPLE_ONLY = "For signed-in people, by their session; not for programs."
DESCRIPTIONS = {"200": "As asked.", "201": "Made.", "202": "Taken; it is done soon.", "204": "Done; no body."}

HEADERS: Part = {
    "ETag": {
        "description": "Names this state of what is shown. Send it in If-None-Match to read again, "
        "in If-Match to change.",
        "schema": {"type": "string", "examples": ['"7d5c0a5f4b8e4d0f9a6b1c2d3e4f5a6b"']},
    },
    "X-Request-Id": {
        "description": "The name of this request in our logs: yours where you sent one, else one of ours.",
        "required": True,
        "schema": {"type": "string", "maxLength": 64, "examples": ["sync-2026-09-01-0007"]},
    },
    "RateLimit": {
        "description": "`r` requests are left, and `t` seconds until there are more. Only for programs.",
        "schema": {"type": "string", "examples": ['"caller";r=599;t=60']},
    },
    "RateLimit-Policy": {
        "description": "`q` requests in any `w` seconds. Only for programs.",
        "schema": {"type": "string", "examples": ['"caller";q=600;w=60']},
    },
    "Retry-After": {
        "description": "Ask again after so many seconds.",
        "schema": {"type": "integer", "minimum": 0, "examples": [7]},
    },
    "Idempotent-Replayed": {
        "description": "`true` where this is the answer that the first request with this key got.",
        "schema": {"type": "string", "const": "true"},
    },
    "WWW-Authenticate": {
        "description": "How to sign in.",
        "schema": {"type": "string", "examples": ['Bearer realm="api"']},
    },
}

PARAMETERS: Part = {
    "X-Request-Id": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "A name of yours for this request, for our logs and yours: up to 64 characters of ASCII.",
        "schema": {"type": "string"},
        "example": "sync-2026-09-01-0007",
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes the request safe to send again: for 24 hours the same key with the same body, and "
        "a token of the same scopes, gets the same answer, and the work is done once. A fresh UUID for each piece "
        "of work.",
        "schema": {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"},
        "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag that you read. If somebody has changed it since, the answer is 412 and nothing is "
        "changed. Without it you write over what they did.",
        "schema": {"type": "string"},
        "example": "*",
    },
    "If-Match-required": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag that you read. If somebody has changed it since, the answer is 412 and nothing is "
        "changed.",
        "schema": {"type": "string"},
        "example": "*",
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of what you have. Nothing is sent again while that is still true (304).",
        "schema": {"type": "string"},
        "example": '"7d5c0a5f4b8e4d0f9a6b1c2d3e4f5a6b"',
    },
}

PROBLEM_SCHEMA: Part = {
    "type": "object",
    "description": "A refusal, as problem details (RFC 9457). `type` names its kind for good: decide by it and "
    "never by the sentences. `detail` says how to mend this one.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Stable; an identifier, not an address."},
        "title": {"type": "string", "description": "The kind of problem in a few words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong here, and how to mend it."},
        "errors": {
            "type": "array",
            "description": "Each fault by itself, where there may be several.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": 'JSON pointer into the body, or "/" and the name of a query parameter; '
                        '"" for the whole.',
                    },
                    "detail": {"type": "string"},
                    "code": {"type": "string", "description": "The kind of fault, stable."},
                },
            },
        },
    },
}

#: Status → name of the shared answer; its description, the code of its example and an example's sentence.
_SHARED: dict[str, tuple[str, str, str, str, str]] = {
    "400": ("Invalid", "The request is not as described here.", "invalid", "Invalid input.", ""),
    "401": (
        "NotSignedIn",
        "There is no token, or it has run out or was taken back: get a new one.",
        "not-authenticated",
        "Authentication credentials were not provided.",
        "",
    ),
    "403": (
        "NotAllowed",
        "Whoever asks may not do this; a program lacks the scope.",
        "scope-missing",
        "This token lacks a scope.",
        "The token needs the scope roster:write.",
    ),
    "404": (
        "NotFound",
        "There is no such thing, or none that you may see.",
        "not-found",
        "Not found.",
        "",
    ),
    "406": (
        "NotAcceptable",
        "The Accept header leaves out application/json.",
        "not-acceptable",
        "Could not satisfy the request Accept header.",
        "",
    ),
    "409": (
        "Conflict",
        "It cannot be done as things are; or the first request with this Idempotency-Key is still at work.",
        "idempotency-key-in-use",
        "The same request is at work",
        "The first request with this key has no answer yet. Ask again in a second.",
    ),
    "412": (
        "ChangedMeanwhile",
        "Somebody has changed it since you read it. Nothing was changed now.",
        "changed-meanwhile",
        "This was changed since you read it. Read it again, and send your change with the new ETag.",
        "",
    ),
    "413": (
        "TooLarge",
        "The body is longer than the site takes.",
        "too-large",
        "The request is too large",
        "Send it in parts.",
    ),
    "415": (
        "WrongMediaType",
        "The body is of a media type that is not taken here.",
        "unsupported-media-type",
        "Not this media type",
        'Unsupported media type "text/plain" in request.',
    ),
    "422": (
        "Refused",
        "The body can be read, and what it asks for is refused; or its Idempotency-Key stood for another request.",
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request",
        "The key stands for a request with another address or body. Send a new key.",
    ),
    "428": (
        "TagRequired",
        "If-Match is missing.",
        "if-match-required",
        "Send the ETag that you read in If-Match, so that nobody's change is written over.",
        "",
    ),
    "429": (
        "TooMany",
        "Too many requests: wait as long as Retry-After says.",
        "throttled",
        "Request was throttled.",
        "Request was throttled. Expected available in 7 seconds.",
    ),
}
REFUSALS = {code: shared[0] for code, shared in _SHARED.items()}
_MORE_HEADERS = {"401": ["WWW-Authenticate"], "409": ["Retry-After"], "429": ["Retry-After"]}


def refusal(code: str, description: str = "") -> Part:
    """The answer of a status: its headers, the problem and an example of it."""
    _name, usual, kind, title, detail = _SHARED.get(code, ("", "Refused.", "refused", "Refused", ""))
    names = ["X-Request-Id", *_MORE_HEADERS.get(code, [])]
    example: Part = {
        "type": f"{TYPE_BASE}{kind}",
        "title": title,
        "status": int(code),
        "detail": detail or title,
    }
    if code == "400":
        example["errors"] = [{"pointer": "/name", "detail": "This field is required.", "code": "required"}]
        example["detail"] = "This field is required."
    return {
        "description": description or usual,
        "headers": {name: ref("headers", name) for name in names},
        "content": {PROBLEM: {"schema": ref("schemas", "Problem"), "example": example}},
    }


def components() -> Part:
    """What operations point at, for the schema's `components`."""
    not_modified = {
        "description": "You have the newest state.",
        "headers": {name: ref("headers", name) for name in ("ETag", "X-Request-Id")},
    }
    answers = {shared[0]: refusal(code) for code, shared in _SHARED.items()}
    return {
        "headers": HEADERS,
        "parameters": PARAMETERS,
        "responses": {**answers, "NotModified": not_modified},
        "schemas": {"Problem": PROBLEM_SCHEMA},
    }
