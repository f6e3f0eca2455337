"""What was agreed to and what was told, to read; the site's own pages write it."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from accounts.models import Consent, Notice


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["user", "kind", "given", "by", "at"]
    list_filter = ["kind", "given"]
    list_select_related = ["user", "by"]
    search_fields = ["user__username_key"]
    date_hierarchy = "at"
    fields = ["user", "kind", "given", "wording", "by", "at"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["user", "kind", "at", "read_at", "mailed_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username_key"]
    date_hierarchy = "at"
    fields = ["user", "kind", "key", "facts", "url", "at", "read_at", "mailed_at"]
