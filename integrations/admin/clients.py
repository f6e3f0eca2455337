"""Clients of the API: made here, with a secret that is shown once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oauth2_provider import models as oauth

from accounts import roles
from accounts.admin import scope
from accounts.admin.base import CaveatAdmin, has_model_permission, staff
from accounts.api.access import SCOPES
from accounts.models.organisation import owned_by
from integrations import clients
from integrations.models import ApiClient

# Their own pages show what we do not use, and would make clients without an organisation.
for _model in (
    oauth.get_application_model(),
    oauth.get_access_token_model(),
    oauth.get_grant_model(),
    oauth.get_refresh_token_model(),
    oauth.get_id_token_model(),
    oauth.get_device_grant_model(),
):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)

scope.register(ApiClient, lambda user: ApiClient.objects.filter(owned_by(user)))
roles.grant(roles.SITE_ADMIN, "view", ApiClient)
roles.grant(roles.SITE_ADMIN, "add", ApiClient)
roles.grant(roles.SITE_ADMIN, "change", ApiClient)


class ClientForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiClient
        fields = ["organisation", "name", "scopes"]


@admin.register(ApiClient)
class ApiClientAdmin(CaveatAdmin):
    form = ClientForm
    refusals = (clients.ClientRefused,)
    list_display = ["name", "organisation", "client_id", "created_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organisation", "application"]
    search_fields = ["name"]
    autocomplete_fields = ["organisation"]
    actions = ["renew", "revoke"]

    @admin.display(description=_("client id"))
    def client_id(self, client: ApiClient) -> str:
        return str(client.application.client_id)

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> Any:
        if obj is None:
            return ["organisation", "name", "scopes"]
        return ["organisation", "name", "client_id", "scopes", "made_by", "created_at", "revoked_at", "uuid"]

    def has_change_permission(self, request: HttpRequest, obj: ApiClient | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made, secret = clients.make_client(
            organisation=given["organisation"], name=given["name"], scopes=given["scopes"], by=staff(request)
        )
        obj.__dict__.update(made.__dict__)
        self._show_secret(request, made, secret)

    def _show_secret(self, request: HttpRequest, client: ApiClient, secret: str) -> None:
        words = _("Client id %(id)s, secret %(secret)s. Copy the secret now: it is not shown again.")
        self.message_user(
            request, words % {"id": client.application.client_id, "secret": secret}, messages.WARNING
        )

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("Give the selected clients a new secret"), permissions=["revoke"])
    def renew(self, request: HttpRequest, queryset: "QuerySet[ApiClient]") -> None:
        for client in queryset.filter(revoked_at=None).select_related("application"):
            self._show_secret(request, client, clients.new_secret(client=client))
            self.log_change(request, client, str(_("New secret.")))

    @admin.action(description=_("Revoke the selected clients"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: "QuerySet[ApiClient]") -> None:
        for client in queryset.filter(revoked_at=None).select_related("user"):
            clients.revoke(client=client)
            self.log_change(request, client, str(_("Revoked.")))
