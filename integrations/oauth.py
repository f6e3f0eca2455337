"""OAuth 2.0 client credentials: which scopes a client may ask for, and who a token speaks for."""

from typing import Any

from django.utils.translation import gettext as _
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.models import Application
from oauth2_provider.oauth2_backends import OAuthLibCore, get_oauthlib_core
from oauth2_provider.scopes import BaseScopes
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.api.access import SCOPES, Grant
from accounts.models import User
from integrations.models import ApiClient


class ClientScopes(BaseScopes):
    """A client may ask for its own scopes; who asks for none in particular gets them all."""

    def get_all_scopes(self) -> dict[str, str]:
        return {name: str(meaning) for name, meaning in SCOPES.items()}

    def get_available_scopes(
        self, application: Application | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        client = ApiClient.objects.filter(application=application, revoked_at=None).first()
        return list(client.scopes) if client else []

    get_default_scopes = get_available_scopes


class HeaderOnly(OAuthLibCore):
    """Looks for a token in the headers alone: the body may be a bundle, and the query what nobody can decode."""

    def extract_body(self, request: Any) -> list[Any]:
        return []

    def _get_escaped_full_path(self, request: Any) -> str:
        return str(request.path)


class ClientAuthentication(OAuth2Authentication):
    """A bearer token speaks for the service account of its client, within the scopes that both hold now.

    Who asks is settled before the body is read, and whatever it is. Rows are looked for by the places of
    that account: with any but its one place in the client's organisation it is let in nowhere.
    """

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        if not request.headers.get("Authorization", "").lower().startswith("bearer"):
            return None
        valid, found = HeaderOnly(get_oauthlib_core().server).verify_request(request, scopes=[])
        if not valid:
            request.oauth2_error = getattr(found, "oauth2_error", {})  # type: ignore[attr-defined]
            raise AuthenticationFailed
        token = found.access_token
        client = (
            ApiClient.objects.select_related("user")
            .filter(application=token.application_id, revoked_at=None, user__is_active=True)
            .first()
        )
        if client is None:
            raise AuthenticationFailed
        if client.user.employers != {client.organisation_id}:
            raise PermissionDenied(
                _("This client's account has lost its one place in its organisation. Make another client.")
            )
        scopes = frozenset(token.scope.split()) & frozenset(client.scopes)
        return client.user, Grant(client=client.pk, scopes=scopes)
