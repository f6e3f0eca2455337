from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import CaveatAdmin, Part, ReadOnlyAdmin
from accounts.models import ExternalIdentity, Organisation, OrganisationMember, User


class OrganisationMemberPart(Part):
    """Its people. Programs are on the page of their clients, and leave with them."""

    model = OrganisationMember
    fields = ["user", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[OrganisationMember]":
        return super().get_queryset(request).filter(user__kind=User.Kind.PERSON).select_related("user")

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(CaveatAdmin):
    list_display = ["name", "slug", "timezone", "language", "created_at"]
    list_filter = ["language", "timezone"]
    search_fields = ["name", "slug"]
    date_hierarchy = "created_at"
    fields = ["name", "slug", "timezone", "language", "retention_months", "created_at", "updated_at"]
    readonly_fields = ["created_at", "updated_at"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OrganisationMemberPart]

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> list[str]:
        """The slug is settled at the start: addresses and bundles know the organisation by it."""
        return [*self.readonly_fields, "slug"] if obj is not None else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        return {} if obj is not None else self.prepopulated_fields


@admin.register(OrganisationMember)
class OrganisationMemberAdmin(CaveatAdmin):
    """Who works where. Taking somebody out is deleting the row: nothing else hangs on it."""

    list_display = ["user", "organisation", "created_at"]
    list_filter = [("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__username_key", "user__email_key", "user__display_name", "organisation__name"]
    date_hierarchy = "created_at"
    fields = ["organisation", "user", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["organisation", "user"]

    def has_change_permission(self, request: HttpRequest, obj: OrganisationMember | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OrganisationMember | None = None) -> bool:
        """A program's place ends with its client alone."""
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and (obj is None or obj.user.kind == User.Kind.PERSON)


@admin.register(ExternalIdentity)
class ExternalIdentityAdmin(ReadOnlyAdmin):
    """How another system names our users; only that system's link writes these."""

    list_display = ["issuer", "subject", "user", "organisation", "created_at"]
    list_filter = ["issuer", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "organisation"]
    search_fields = ["subject", "issuer", "user__username_key"]
    date_hierarchy = "created_at"
    fields = ["issuer", "subject", "user", "organisation", "created_at"]
