import copy
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.api.access import SCOPES
from accounts.models import Organisation, User
from integrations import clients
from integrations.models import ApiClient
from tests.accounts.conftest import at_once as at_once
from tests.factories.accounts import OrganisationFactory, StaffFactory


class Program:
    """A program with its token: what an LMS would do over HTTP, without the network."""

    def __init__(self, client: ApiClient, secret: str, *, scopes: str = "") -> None:
        self.client, self.secret = client, secret
        self.http = Client()
        self.headers = {"Authorization": f"Bearer {self.token(scopes)}"}

    def token(self, scopes: str = "") -> str:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self.client.application.client_id,
            "client_secret": self.secret,
            **({"scope": scopes} if scopes else {}),
        }
        return str(self.http.post("/api/v1/token/", asked).json()["access_token"])

    def within(self, scope: str) -> "Program":
        """The same program with a token of one scope: made without asking, because tests ask a thousand times."""
        token = AccessToken(
            application=self.client.application,
            user=self.client.user,
            token=secrets.token_hex(),
            scope=scope,
            expires=timezone.now() + timedelta(hours=1),
        )
        token.save()
        one = copy.copy(self)
        one.headers = {"Authorization": f"Bearer {token.token}"}
        return one

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.http.delete(f"/api/v1{path}", headers={**self.headers, **headers})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        send = getattr(self.http, method)
        return send(
            f"/api/v1{path}",
            body if body is not None else {},
            content_type="application/json",
            headers={**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}},
        )


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins with the whole allowance: its client has the key of an earlier test's."""
    caches["process"].clear()


@pytest.fixture
def head() -> User:
    return StaffFactory(is_superuser=True)


@pytest.fixture
def school() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def program(head: User, school: Organisation) -> Callable[..., Program]:
    """Programs of the school, or of another; with all scopes, or those named."""

    def made(*scopes: str, organisation: Organisation | None = None, name: str = "LMS") -> Program:
        client, secret = clients.make_client(
            organisation=organisation or school, name=name, scopes=scopes or tuple(SCOPES), by=head
        )
        return Program(client, secret)

    return made
