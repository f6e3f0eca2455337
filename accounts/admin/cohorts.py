from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import joining
from accounts.admin.base import (
    Archiving,
    CaveatAdmin,
    Part,
    ReadOnlyPart,
    changed_words,
    has_model_permission,
    staff,
)
from accounts.models import Cohort, CohortMember, JoinCode
from accounts.signals import cohort_member_changed, cohort_zone_changed


class MembershipForm(forms.ModelForm):
    """A person has one live place in a class; the form says so, not the database."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk is None and cleaned.get("cohort") and cleaned.get("user"):
            live = CohortMember.objects.filter(cohort=cleaned["cohort"], user=cleaned["user"], left_at=None)
            if live.exists():
                self.add_error("user", _("They are in this class already."))
        return cleaned


class CohortMemberPart(Part):
    """People are added here; whoever is a member already is changed on a page of their own."""

    model = CohortMember
    form = MembershipForm
    fields = ["user", "role", "real_name", "joined_at", "left_at"]
    readonly_fields = ["joined_at", "left_at"]
    autocomplete_fields = ["user"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[CohortMember]":
        return super().get_queryset(request).select_related("user")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class JoinCodePart(ReadOnlyPart):
    model = JoinCode
    fields = ["code", "uses", "max_uses", "expires_at", "revoked_at"]


@admin.register(Cohort)
class CohortAdmin(Archiving):
    list_display = ["name", "organisation", "timezone", "starts_on", "ends_on", "archived_at"]
    list_filter = [
        ("organisation", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organisation"]
    search_fields = ["name", "external_id", "organisation__name"]
    date_hierarchy = "created_at"
    fields = [
        "organisation",
        "name",
        "timezone",
        ("starts_on", "ends_on"),
        "external_id",
        "uuid",
        "archived_at",
    ]
    readonly_fields = ["uuid", "archived_at"]
    autocomplete_fields = ["organisation"]
    inlines = [CohortMemberPart, JoinCodePart]
    actions = ["make_code", *Archiving.actions]

    def get_readonly_fields(self, request: HttpRequest, obj: Cohort | None = None) -> list[str]:
        """A class stays with its organisation: its pupils' work would move to other people."""
        return [*self.readonly_fields, "organisation"] if obj is not None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Cohort, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "timezone" in form.changed_data:
            cohort_zone_changed.send(sender=Cohort, cohort=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is CohortMember:
            for member in formset.new_objects:
                cohort_member_changed.send(sender=CohortMember, member=member)

    def has_make_code_permission(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("accounts.add_joincode")

    @admin.action(description=_("Make a new code for the selected classes"), permissions=["make_code"])
    def make_code(self, request: HttpRequest, queryset: "QuerySet[Cohort]") -> None:
        for cohort in queryset.filter(archived_at=None):
            code = joining.new_code(cohort=cohort)
            self.log_change(request, cohort, f"+ {code}")
            self.message_user(
                request, _("The new code of %(class)s is %(code)s.") % {"class": cohort, "code": code}
            )


@admin.register(CohortMember)
class CohortMemberAdmin(CaveatAdmin):
    form = MembershipForm
    list_display = ["user", "cohort", "role", "real_name", "joined_at", "left_at"]
    list_filter = [
        "role",
        ("left_at", admin.EmptyFieldListFilter),
        ("cohort", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["user", "cohort"]
    search_fields = ["user__username_key", "user__display_name", "real_name", "cohort__name"]
    date_hierarchy = "joined_at"
    fields = ["cohort", "user", "role", "real_name", "joined_at", "left_at"]
    readonly_fields = ["joined_at", "left_at"]
    autocomplete_fields = ["cohort", "user"]
    actions = ["end"]

    def get_readonly_fields(self, request: HttpRequest, obj: CohortMember | None = None) -> list[str]:
        return [*self.readonly_fields, "cohort", "user"] if obj is not None else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: CohortMember | None = None) -> bool:
        """A place that was left is history."""
        return super().has_change_permission(request, obj) and (obj is None or obj.left_at is None)

    def save_model(self, request: HttpRequest, obj: CohortMember, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        cohort_member_changed.send(sender=CohortMember, member=obj)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.action(description=_("End the selected places today"), permissions=["end"])
    @transaction.atomic
    def end(self, request: HttpRequest, queryset: "QuerySet[CohortMember]") -> None:
        live = queryset.filter(left_at=None).select_related("user", "cohort")
        ended = list(live.select_for_update(of=("self",), no_key=True))
        for member in ended:
            member.left_at = timezone.now()
            member.save(update_fields=["left_at", "updated_at"])
            cohort_member_changed.send(sender=CohortMember, member=member)
            self.log_change(request, member, str(_("Ended.")))
        self.message_user(request, changed_words(len(ended)))
