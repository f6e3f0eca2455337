"""Webhooks: where clients are told, what waits, and what was given up and can be sent again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.admin import home, scope
from accounts.admin.base import CaveatAdmin, ReadOnlyAdmin, has_model_permission
from accounts.models.organisation import owned_by
from integrations import delivering, endpoints
from integrations.models import ApiClient, Delivery, OutboxEvent, WebhookEndpoint
from integrations.outbox import EVENTS

scope.follow(WebhookEndpoint, "client", ApiClient)
scope.follow(Delivery, "endpoint", WebhookEndpoint)
scope.register(OutboxEvent, lambda user: OutboxEvent.objects.filter(owned_by(user)))
roles.grant(roles.SITE_ADMIN, "view", WebhookEndpoint, OutboxEvent, Delivery)
roles.grant(roles.SITE_ADMIN, "add", WebhookEndpoint)
roles.grant(roles.SITE_ADMIN, "change", WebhookEndpoint, Delivery)
#: Deliveries to an endpoint that is still told of events.
_TOLD: Any = {"endpoint__disabled_at": None, "endpoint__client__revoked_at": None}


class EndpointForm(forms.ModelForm):
    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    events = forms.MultipleChoiceField(
        label=_("Tell of"), choices=list(EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["client", "url", "events"]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(CaveatAdmin):
    form = EndpointForm
    refusals = (endpoints.EndpointRefused,)
    list_display = ["url", "client", "created_at", "disabled_at"]
    list_filter = [("disabled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client"]
    search_fields = ["url", "client__name"]
    autocomplete_fields = ["client"]
    actions = ["rotate", "disable"]

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        made = ["client", "url", "events"]
        return made if obj is None else [*made, "created_at", "disabled_at", "uuid"]

    def has_change_permission(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made = endpoints.make_endpoint(client=given["client"], url=given["url"], events=given["events"])
        obj.__dict__.update(made.__dict__)
        self._show_secret(request, made, made.secret)

    def _show_secret(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> None:
        words = _("The secret for %(url)s is %(secret)s. Copy it now: it is not shown again.")
        self.message_user(request, words % {"url": endpoint.url, "secret": secret}, messages.WARNING)

    def has_alter_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("Give the selected webhooks a new secret"), permissions=["alter"])
    def rotate(self, request: HttpRequest, queryset: "QuerySet[WebhookEndpoint]") -> None:
        for endpoint in queryset.filter(disabled_at=None):
            self._show_secret(request, endpoint, endpoints.rotate_secret(endpoint=endpoint))
            self.log_change(request, endpoint, str(_("New secret.")))

    @admin.action(description=_("Disable the selected webhooks"), permissions=["alter"])
    def disable(self, request: HttpRequest, queryset: "QuerySet[WebhookEndpoint]") -> None:
        for endpoint in queryset.filter(disabled_at=None):
            endpoints.disable(endpoint=endpoint)
            self.log_change(request, endpoint, str(_("Disabled.")))


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "organisation", "learner"]
    list_filter = ["kind"]
    list_select_related = ["organisation", "learner"]
    search_fields = ["uuid"]
    date_hierarchy = "at"
    fields = ["uuid", "kind", "organisation", "learner", "data", "at"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "endpoint", "status", "tries", "answer", "fault", "next_at", "done_at"]
    list_filter = ["status", ("endpoint", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event", "endpoint"]
    search_fields = ["fault", "event__uuid"]
    fields = ["event", "endpoint", ("status", "tries"), ("answer", "fault"), ("since", "next_at", "done_at")]
    actions = ["send_again"]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("Send the selected deliveries again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: "QuerySet[Delivery]") -> None:
        again = list(queryset.exclude(status=Delivery.Status.WAITING).filter(**_TOLD))
        for delivery in again:
            delivering.send_again(delivery=delivery)
        self.message_user(request, _("%(count)d are sent again.") % {"count": len(again)})


def given_up(user: Any) -> Any:
    """Deliveries that were given up, for who may send them again."""
    if not user.has_perm("integrations.change_delivery"):
        return
    count = scope.rows(Delivery, user).filter(status=Delivery.Status.DEAD, **_TOLD).count()
    if count:
        words = _("%(count)d deliveries to other systems were given up") % {"count": count}
        yield home.Need(words, f"{home.admin_url(Delivery, 'changelist')}?status__exact=dead")


home.register_need(given_up)
