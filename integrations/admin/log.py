"""What programs wrote, and what they were answered: to read."""

from django.contrib import admin

from accounts import roles
from accounts.admin import scope
from accounts.admin.base import ReadOnlyAdmin
from integrations.models import ApiClient, ApiEntry, StoredReply

scope.follow(ApiEntry, "client", ApiClient)
roles.grant(roles.SITE_ADMIN, "view", ApiEntry)


@admin.register(ApiEntry)
class ApiEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "client", "method", "path", "kind", "scope"]
    list_filter = [("client", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["client"]
    search_fields = ["path", "request_id"]
    date_hierarchy = "at"
    fields = [
        "client",
        "at",
        "request_id",
        "scope",
        ("method", "path"),
        ("kind", "object_uuid"),
        "before",
        "after",
    ]


@admin.register(StoredReply)
class StoredReplyAdmin(ReadOnlyAdmin):
    list_display = ["key", "user", "status", "at"]
    list_select_related = ["user"]
    search_fields = ["key"]
    fields = ["user", "key", "status", "at"]
