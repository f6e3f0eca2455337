"""What the API's schema says of this room: signing in, and what webhooks send."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.api.access import SCOPES
from accounts.api.schema_parts import PROBLEM, ref
from integrations import webhook_shapes
from integrations.outbox import EVENTS

Shape = dict[str, Any]
_FORM = "application/x-www-form-urlencoded"


class ClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Client credentials, with the scopes that there are."""

    target_class = "integrations.oauth.ClientAuthentication"
    name = "client"

    def get_security_definition(self, auto_schema: AutoSchema) -> Shape:
        scopes = {name: str(meaning) for name, meaning in SCOPES.items()}
        flow = {"tokenUrl": "/api/v1/token/", "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


def components() -> Shape:
    """The bodies of the token endpoint, and signing in by HTTP Basic."""
    return {
        "schemas": {"Token": _TOKEN, "TokenRequest": _TOKEN_REQUEST, "TokenRefusal": _TOKEN_REFUSAL},
        "securitySchemes": {
            "clientBasic": {
                "type": "http",
                "scheme": "basic",
                "description": "The client's id and secret; only for getting a token.",
            }
        },
    }


def token_path() -> Shape:
    """OAuth's own endpoint, which speaks OAuth's own language (RFC 6749), refusals too."""
    shown = {"X-Request-Id": ref("headers", "X-Request-Id")}

    def answer(description: str, name: str, example: Shape) -> Shape:
        content = {"application/json": {"schema": ref("schemas", name), "example": example}}
        return {"description": description, "headers": shown, "content": content}

    refused = {"schema": ref("schemas", "Problem")}
    operation = {
        "operationId": "token_create",
        "summary": "Get a token",
        "description": "Client credentials (RFC 6749, section 4.4). A token holds for an hour; get a new one then, "
        "or when an answer is 401. Send the id and secret in the body, or by HTTP Basic.",
        "tags": ["token"],
        "parameters": [ref("parameters", "X-Request-Id")],
        "security": [{}, {"clientBasic": []}],
        "requestBody": {
            "required": True,
            "content": {_FORM: {"schema": ref("schemas", "TokenRequest"), "example": _REQUEST_EXAMPLE}},
        },
        "responses": {
            "200": answer("A token.", "Token", _TOKEN_EXAMPLE),
            "400": {
                **answer("The request is no such request.", "TokenRefusal", {"error": "invalid_scope"}),
                "description": "The grant type or a scope is not one of the client's.",
            },
            "401": answer("The id or the secret is wrong.", "TokenRefusal", {"error": "invalid_client"}),
            "413": ref("responses", "TooLarge"),
        },
    }
    operation["responses"]["400"]["content"][PROBLEM] = refused  # type: ignore[index]
    return {"/api/v1/token/": {"post": operation}}


def webhooks() -> Shape:
    """What an endpoint is sent: one entry for each kind of event."""
    return {kind: {"post": _webhook(kind, str(meaning))} for kind, meaning in EVENTS.items()}


def _webhook(kind: str, meaning: str) -> Shape:
    event = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": kind},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": webhook_shapes.data_of(kind),
        },
    }
    content = {"schema": event, "example": webhook_shapes.example_of(kind)}
    headers = {
        "webhook-id": "The same for each time that this event is sent: what you have seen, you can leave.",
        "webhook-timestamp": "When it was sent, in seconds since 1970. Refuse what is older than five minutes.",
        "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, by the secret; several, "
        "with spaces between, while a secret is changed.",
    }
    return {
        "operationId": "webhook_" + kind.replace(".", "_"),
        "summary": meaning,
        "description": "Answer 200 to 299 within ten seconds. Anything else is sent again, for up to three days.\n\n"
        + webhook_shapes.ORDER,
        "tags": ["webhooks"],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": said,
                "schema": {"type": "string"},
            }
            for name, said in headers.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {"204": {"description": "Taken."}},
    }


_TOKEN_REQUEST: Shape = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string", "format": "password"},
        "scope": {
            "type": "string",
            "description": "Scopes with spaces between; left out, all that the client has.",
        },
    },
}
_REQUEST_EXAMPLE = {
    "grant_type": "client_credentials",
    "client_id": "4f0c2f9e5f3a4b7d9a1e6c8b2d3f4a5b",
    "client_secret": "shown-once-when-the-client-was-made",
    "scope": "roster:read grades:read",
}
_TOKEN: Shape = {
    "type": "object",
    "required": ["access_token", "expires_in", "token_type", "scope"],
    "properties": {
        "access_token": {"type": "string", "description": "Send it as `Authorization: Bearer …`."},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "token_type": {"type": "string", "const": "Bearer"},
        "scope": {"type": "string", "description": "What the token may, with spaces between."},
    },
}
_TOKEN_EXAMPLE = {
    "access_token": "Zk3uJ0v5mS1cQ8xW2yB7nD4tR6gH9p",
    "expires_in": 3600,
    "token_type": "Bearer",
    "scope": "roster:read grades:read",
}
_TOKEN_REFUSAL: Shape = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "string",
            "description": "`invalid_client`, `invalid_scope`, `unsupported_grant_type` …",
        },
        "error_description": {"type": "string"},
    },
}
