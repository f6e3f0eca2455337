"""The demo school's API client: one with all scopes, whose secret the demo keeps in a file."""

from collections.abc import Sequence

from django.contrib.auth.hashers import check_password

from accounts.api.access import SCOPES
from accounts.models import Organisation, User
from integrations import clients
from integrations.models import ApiClient

NAME, SCHOOL = "Demo LMS", "demo-school"


def client(kept: Sequence[str]) -> tuple[str, str]:
    """Its id and secret; `kept` are those of last time, which stay where they still sign in.

    The school is the one that `manage.py demo` has made.
    """
    school = Organisation.objects.get(slug=SCHOOL)
    found = ApiClient.objects.filter(organisation=school, name=NAME, revoked_at=None).first()
    if found is None:
        by = User.objects.get(username="admin")
        found, secret = clients.make_client(organisation=school, name=NAME, scopes=list(SCOPES), by=by)
    elif len(kept) == 2 and check_password(kept[1], found.application.client_secret):
        secret = kept[1]
    else:
        secret = clients.new_secret(client=found)
    return found.application.client_id, secret


def line(address: str, client_id: str, secret: str) -> str:
    """For a shell: gets a token and lists the classes."""
    token = (
        f"curl -s {address}/api/v1/token/ -d grant_type=client_credentials"
        f" -d client_id={client_id} -d client_secret={secret}"
        """ | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'"""
    )
    return f'curl -s -H "Authorization: Bearer $({token})" {address}/api/v1/cohorts/'
