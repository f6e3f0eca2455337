from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


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
