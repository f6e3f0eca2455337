"""How the API's schema tells programs to sign in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.api.access import SCOPES


class ClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Client credentials, with the scopes that there are."""

    target_class = "integrations.oauth.ClientAuthentication"
    name = "client"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        scopes = {name: str(meaning) for name, meaning in SCOPES.items()}
        flow = {"tokenUrl": "/api/v1/token/", "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}
