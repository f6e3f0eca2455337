"""What the admin says about a row that is not there, or not theirs to see."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _


def not_there(page: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Back to the front page, as Django's own pages do; the same whether it exists or not."""
    page.message_user(request, _("There is no such row, or it is not yours to see."), messages.WARNING)
    return HttpResponseRedirect(reverse("admin:index", current_app=page.admin_site.name))
