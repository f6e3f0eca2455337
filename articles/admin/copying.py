"""The action that makes what is shared one's own: a copy, as a draft."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import CaveatAdmin, has_model_permission, staff
from accounts.models import Organisation
from articles.publishing import PublishingError


class Copying(CaveatAdmin):
    """Adds “Copy to our organisation” to a list whose rows others may own."""

    refusals = (PublishingError,)
    actions: Any = ["copy_here"]
    #: The verb that copies: called with the row by the name of its model, `organisation` and `by`.
    copy_verb: Callable[..., Any] | None = None

    def has_copy_permission(self, request: HttpRequest) -> bool:
        return type(self).copy_verb is not None and has_model_permission(self, request, "add")

    @admin.action(description=_("Copy to our organisation"), permissions=["copy"])
    def copy_here(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        user, verb = staff(request), type(self).copy_verb
        ours = Organisation.objects.of(user).first()
        if ours is None or verb is None:
            message = _now(
                "You work for no organisation yet, so there is no place for a copy. Ask a site admin."
            )
            self.message_user(request, message, messages.ERROR)
            return

        def copy_one(row: Any) -> None:
            made = verb(**{self.opts.model_name or "": row}, organisation=ours, by=user)
            page = self.admin_site.get_model_admin(type(made))
            page.log_addition(request, made, _now("Copied from “%s”.") % row)
            link = admin_link(made)
            self.message_user(request, format_html(_now("Copied to {}: {}"), ours, link), messages.SUCCESS)

        self.run(request, queryset, copy_one, copied_words)


def admin_link(row: Any) -> str:
    """A link to the row's page in the admin, under its name."""
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row)


def copied_words(count: int) -> str:
    return ngettext(
        "%(count)d copy was made. It is a draft that you can change.",
        "%(count)d copies were made. They are drafts that you can change.",
        count,
    ) % {"count": count}
