"""Second factors: to be removed for somebody who lost their phone, never to be read.

allauth's own page shows the secret from which the codes are made.
"""

import allauth.mfa.admin  # noqa: F401 - registers its page, which is replaced here
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyAdmin

admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__username_key", "user__email_key", "user__display_name"]
    date_hierarchy = "created_at"
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
