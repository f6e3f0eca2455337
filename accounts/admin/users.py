from typing import Any

import allauth.account.admin  # noqa: F401 - registers its page, which is taken away here
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
    UsernameField,
)
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.admin import scope
from accounts.admin.base import ReadOnlyPart, staff
from accounts.admin.choosing import choose_by_typing
from accounts.admin.forgetting import Forgetting, may_change
from accounts.models import Cohort, CohortMember, ExternalIdentity, OrganisationMember, User
from accounts.names import name_key
from accounts.signals import cohort_member_changed

# A person's address is edited with the person: two places would tell two things.
admin.site.unregister(EmailAddress)


class UniqueNames(forms.ModelForm):
    """Refuses a name or an address that another account has, in whatever case or width of letters."""

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if self._taken(username_key=name_key(username)):
            raise ValidationError(_("Somebody has this user name already."), code="unique")
        return username

    def clean_email(self) -> str:
        email: str = self.cleaned_data.get("email", "")
        if email and self._taken(email_key=name_key(email)):
            raise ValidationError(_("Somebody has this e-mail address already."), code="unique")
        return email

    def _taken(self, **key: str) -> bool:
        others: QuerySet[User] = User.objects.exclude(pk=self.instance.pk)
        return others.filter(**key).exists()


class NewUserForm(UniqueNames, AdminUserCreationForm):
    """An account, and the class that it is for: staff see only the people of their classes."""

    cohort = forms.ModelChoiceField(Cohort.objects.none(), label=_("Class"), required=False)
    role = forms.ChoiceField(label=_("Role in the class"), choices=CohortMember.Role, required=False)

    class Meta:
        model = User
        fields = ["username", "display_name", "email"]
        field_classes = {"username": UsernameField}


class AccountForm(UniqueNames, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 - the page lists them, by who is asking
        field_classes = {"username": UsernameField}


class NewPasswordForm(AdminPasswordChangeForm):
    """Sets a password for somebody else, and lets them try again at once if they were locked out."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        limits.forgive(user)
        return user


class CohortPlacePart(ReadOnlyPart):
    model = CohortMember
    fields = ["cohort", "role", "real_name", "joined_at", "left_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[CohortMember]":
        return super().get_queryset(request).select_related("cohort")


class EmployerPart(ReadOnlyPart):
    model = OrganisationMember
    fields = ["organisation", "created_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[OrganisationMember]":
        return super().get_queryset(request).select_related("organisation")


class IdentityPart(ReadOnlyPart):
    model = ExternalIdentity
    fields = ["organisation", "issuer", "subject"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ExternalIdentity]":
        return super().get_queryset(request).select_related("organisation")


#: What a teacher, whoever runs an organisation, and a superuser may change of an account.
TEACHERS = ["display_name"]
ORGANISERS = [
    *TEACHERS,
    "username",
    "email",
    "timezone",
    "language",
    "is_active",
    "is_staff",
    "groups",
]
EVERYTHING = [*ORGANISERS, "kind", "is_superuser", "user_permissions"]


@admin.register(User)
class UserAdmin(Forgetting, DjangoUserAdmin):
    form = AccountForm
    add_form = NewUserForm
    change_password_form = NewPasswordForm
    list_display = ["username", "display_name", "email", "kind", "is_staff", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "kind", "groups"]
    search_fields = ["username_key", "email_key", "display_name"]
    ordering = ["username_key"]
    date_hierarchy = "created_at"
    fieldsets = [
        (None, {"fields": ["username", "display_name", "email", "password", "kind"]}),
        (_("Time and language"), {"fields": ["timezone", "language"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["created_at", "last_login", "erased_at", "uuid"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username",
                    "display_name",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                    "cohort",
                    "role",
                ],
            },
        )
    ]
    readonly_fields = ["created_at", "last_login", "erased_at", "uuid"]
    inlines = [CohortPlacePart, EmployerPart, IdentityPart]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change(request, obj))

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj is not None else []

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [  # nothing that leads to a new password
            (title, {**options, "fields": [name for name in options["fields"] if name != "password"]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        if obj is None:
            return []
        user = staff(request)
        if user.is_superuser:
            return self.readonly_fields
        open_to_them = ORGANISERS if scope.runs_organisations(user) else TEACHERS
        return [*self.readonly_fields, *(name for name in EVERYTHING if name not in open_to_them)]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            cohorts: Any = form.base_fields["cohort"]
            cohorts.queryset = scope.rows(Cohort, staff(request)).filter(archived_at=None)
            cohorts.required = not staff(request).is_superuser
            choose_by_typing(cohorts, CohortMember._meta.get_field("cohort"), self.admin_site)
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nobody gives a group that can do more than they can."""
        if db_field.name == "groups" and not staff(request).is_superuser:
            own = Permission.objects.filter(Q(group__user=staff(request)) | Q(user=staff(request)))
            beyond = Permission.objects.exclude(pk__in=own.values("pk"))
            kwargs["queryset"] = Group.objects.exclude(permissions__in=beyond)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # An address that was verified before must not go on receiving links to a new password.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()
        cohort = None if change else form.cleaned_data["cohort"]
        if cohort is not None:
            role = form.cleaned_data["role"] or CohortMember.Role.LEARNER
            member = CohortMember.objects.create(cohort=cohort, user=obj, role=role)
            cohort_member_changed.send(sender=CohortMember, member=member)
