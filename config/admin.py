from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class TitledAutocomplete(AutocompleteJsonView):
    """Calls what has revisions by its title, and says where there is only a draft."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        from articles.admin.choices import choice_label  # late: it needs models

        return {"id": str(getattr(obj, to_field_name)), "text": choice_label(obj)}


class CaveatAdminSite(AdminSite):
    """Django's own admin under our name, whose login is allauth's, so that MFA cannot be passed by."""

    site_header = _("Read it twice: administration")
    site_title = _("Read it twice")
    index_title = _("What is here")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Imported late: allauth's decorators need models, and this class is loaded before them.
        from allauth.account.decorators import secure_admin_login

        page: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return page

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        page = TitledAutocomplete.as_view(admin_site=self)(request)
        return cast(HttpResponse, page)
