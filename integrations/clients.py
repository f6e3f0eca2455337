"""Clients of the API: made, given a new secret, revoked. The only writer of clients and their accounts."""

import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, Application

from accounts.api.access import SCOPES
from accounts.models import Organisation, OrganisationMember, User
from integrations.models import ApiClient


class ClientRefused(Exception):
    """No client was made, in a sentence for whoever asked."""


@transaction.atomic
def make_client(
    *, organisation: Organisation, name: str, scopes: Collection[str], by: User
) -> tuple[ApiClient, str]:
    """A client with a service account of its own, and its secret, which can never be seen again.

    Raises ClientRefused for a name that a live client of the organisation has, or unknown scopes.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise ClientRefused(_("There is no scope %(scope)s.") % {"scope": unknown[0]})
    if (
        not name.strip()
        or ApiClient.objects.filter(organisation=organisation, name=name, revoked_at=None).exists()
    ):
        raise ClientRefused(_("Give the client a name that no other client of this organisation has."))
    secret = secrets.token_urlsafe(32)
    client_id = secrets.token_hex(16)
    user = User.objects.create_user(
        username=f"service-{client_id[:12]}", display_name=name, kind=User.Kind.SERVICE
    )
    OrganisationMember.objects.create(organisation=organisation, user=user)
    application = Application.objects.create(
        name=name,
        client_id=client_id,
        client_secret=secret,  # its model keeps the hash
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        user=user,
    )
    client = ApiClient.objects.create(
        organisation=organisation,
        name=name,
        user=user,
        application=application,
        scopes=[scope for scope in SCOPES if scope in scopes],
        made_by=by,
    )
    return client, secret


@transaction.atomic
def new_secret(*, client: ApiClient) -> str:
    """A new secret in place of the old one, which signs in no more; tokens that it had got run out."""
    secret = secrets.token_urlsafe(32)
    client.application.client_secret = secret
    client.application.save()
    return secret


@transaction.atomic
def revoke(*, client: ApiClient) -> ApiClient:
    """End the client: its tokens hold no more, and it gets no new ones. Twice is once."""
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at", "updated_at"])
        AccessToken.objects.filter(application=client.application_id).delete()
        client.user.is_active = False
        client.user.save(update_fields=["is_active", "updated_at"])
    return client
