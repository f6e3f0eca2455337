from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import joining
from accounts.admin.base import CaveatAdmin, changed_words, has_model_permission
from accounts.models import JoinCode


@admin.register(JoinCode)
class JoinCodeAdmin(CaveatAdmin):
    """A code is drawn, never typed: nobody can guess the next one."""

    list_display = ["code", "cohort", "uses", "max_uses", "expires_at", "revoked_at", "created_at"]
    list_filter = [
        ("cohort", admin.RelatedOnlyFieldListFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
        "expires_at",
    ]
    list_select_related = ["cohort"]
    search_fields = ["code", "cohort__name"]
    date_hierarchy = "created_at"
    readonly_fields = ["code", "uses", "revoked_at", "created_at"]
    autocomplete_fields = ["cohort"]
    actions = ["revoke"]

    def get_fields(self, request: HttpRequest, obj: JoinCode | None = None) -> Any:
        settled = ["cohort", "max_uses", "expires_at"]
        return settled if obj is None else ["code", *settled, "uses", "revoked_at", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: JoinCode | None = None) -> list[str]:
        return [*self.readonly_fields, "cohort"] if obj is not None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: JoinCode, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = joining.new_code(cohort=obj.cohort, expires_at=obj.expires_at, max_uses=obj.max_uses)
        obj.__dict__.update(made.__dict__)
        self.message_user(
            request, _("The new code of %(class)s is %(code)s.") % {"class": obj.cohort, "code": obj}
        )

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("Withdraw the selected codes"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: "QuerySet[JoinCode]") -> None:
        live = list(queryset.filter(revoked_at=None))
        now = timezone.now()
        JoinCode.objects.filter(pk__in=[code.pk for code in live]).update(revoked_at=now, updated_at=now)
        for code in live:
            self.log_change(request, code, str(_("Withdrawn.")))
        self.message_user(request, changed_words(len(live)))
