"""Cards with new passwords, to print and cut. What a password is, only this answer ever says."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import authority, cards, teaching
from accounts.doors import SignedInRequest, signed_in
from accounts.models import Cohort
from accounts.naming import names_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def card_page(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Choose pupils; then new passwords for them, once."""
    cohort = teaching.led_class(request.user, uuid)
    pupils = list(authority.pupils_of(cohort))
    if request.method == "POST":
        asked = set(request.POST.getlist("pupil"))
        chosen = [pupil for pupil in pupils if str(pupil.uuid) in asked]
        if chosen:
            return show_cards(
                request, cohort, cards.new_passwords(by=request.user, cohort=cohort, pupils=chosen)
            )
    names = names_in(cohort)
    context = teaching.class_context(
        cohort,
        "accounts:people",
        pupils=sorted(((names[one.pk], one) for one in pupils), key=lambda row: row[0].casefold()),
        wrong=_("Tick at least one pupil.") if request.method == "POST" else "",
    )
    return render(
        request, "accounts/teach/choose_cards.html", context, status=422 if context["wrong"] else 200
    )


def show_cards(request: SignedInRequest, cohort: Cohort, made: list[cards.Card], **more: Any) -> HttpResponse:
    """The page to print. Nothing keeps it: not the browser, not a proxy, not we."""
    address = request.build_absolute_uri(reverse("account_login"))
    context = {"cohort": cohort, "cards": made, "address": address, "nav": "classes", **more}
    response = render(request, "accounts/teach/cards.html", context)
    patch_cache_control(response, no_store=True, private=True)
    return response
