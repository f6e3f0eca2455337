"""What a person may ask for: all that is kept about them, and to be forgotten. For whoever runs their school."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts import authority, erasing
from accounts.admin import see_also
from accounts.admin.base import CaveatAdmin, staff
from accounts.models import User
from accounts.views.privacy import download


def may_change(request: HttpRequest, person: User) -> bool:
    """Whether who asks may change this account. Looked up once a request: every part of the page asks."""
    known: dict[Any, bool] = request.__dict__.setdefault("_may_change", {})
    if person.pk not in known:
        known[person.pk] = authority.may_change_person(staff(request), person)
    return known[person.pk]


def may_forget(request: HttpRequest, person: User) -> bool:
    """Whether who asks runs the organisations, and may change this very account."""
    return authority.runs_organisations(staff(request)) and may_change(request, person)


class Forgetting(CaveatAdmin):
    """The two pages beside a person's own."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/export/", view(self.export_view), name="accounts_user_export"),
            path("<path:object_id>/erase/", view(self.erase_view), name="accounts_user_erase"),
            *super().get_urls(),
        ]

    def _person(self, request: HttpRequest, object_id: str) -> User:
        person = self.get_object(request, object_id)
        if not may_forget(request, person):
            raise PermissionDenied
        return person  # type: ignore[no-any-return]

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The file that the person could download themselves."""
        person = self._person(request, object_id)
        self.log_change(request, person, "Exported.")
        return download(person)

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """What erasing does; and, with the user name typed once more, the doing of it."""
        person = self._person(request, object_id)
        wrong = ""
        if request.method == "POST":
            if request.POST.get("username", "").strip() == person.username:
                try:
                    erasing.erase(person=person, by=staff(request))
                except erasing.EraseRefused as refused:
                    wrong = str(refused)
                else:
                    self.message_user(request, _("Erased. What is left is nobody's."), messages.SUCCESS)
                    return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))
            else:
                wrong = _("That is another name. Type the user name as it stands above.")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase this person"),
            "opts": self.opts,
            "original": person,
            "wrong": wrong,
        }
        return TemplateResponse(
            request, "admin/accounts/user/erase.html", context, status=422 if wrong else 200
        )


def _offers(request: HttpRequest, person: User) -> Iterator[see_also.Link]:
    if may_forget(request, person):
        yield see_also.Link(
            _("All that is kept about them"), reverse("admin:accounts_user_export", args=[person.pk])
        )
        yield see_also.Link(_("Erase this person…"), reverse("admin:accounts_user_erase", args=[person.pk]))


see_also.offer(User, _offers)
