"""The class code: big enough for the projector, and what teachers decide about it."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import classes, joining, journal, limits, teaching
from accounts.class_forms import CodeTermsForm
from accounts.doors import SignedInRequest, signed_in
from accounts.models import Cohort

LASTS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "always": None}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The newest code that lets pupils in; teachers make another, and withdraw what they made."""
    if request.method == "POST":
        cohort = teaching.led_class(request.user, uuid)
        form = CodeTermsForm(request.POST)
        if "revoke" in request.POST:
            named = request.POST["revoke"].replace("\x00", "")  # which PostgreSQL takes in no question
            found = get_object_or_404(cohort.join_codes.select_related("cohort"), code=named)
            classes.revoke_code(by=request.user, code=found)
            return redirect("accounts:codes", uuid=cohort.uuid)
        if form.is_valid() and cohort.archived_at is None:
            _make(request, cohort, form)
            return redirect("accounts:codes", uuid=cohort.uuid)
        return _shown(request, cohort, form, status=422)
    return _shown(request, teaching.taught_class(request.user, uuid), CodeTermsForm())


def _make(request: SignedInRequest, cohort: Cohort, form: CodeTermsForm) -> None:
    lasts = LASTS[form.cleaned_data["lasts"]]
    code = joining.new_code(
        cohort=cohort,
        expires_at=timezone.now() + lasts if lasts else None,
        max_uses=form.cleaned_data["max_uses"],
    )
    journal.note(request.user, code, "Made.", added=True)


def _shown(request: SignedInRequest, cohort: Cohort, form: CodeTermsForm, status: int = 200) -> HttpResponse:
    live = [code for code in cohort.join_codes.live() if code.max_uses is None or code.uses < code.max_uses]
    newest = live[0] if live else None
    limits.know_codes(request, [code.code for code in live])
    context = teaching.class_context(
        cohort,
        "accounts:people",
        codes=live,
        newest=newest,
        address=request.build_absolute_uri(reverse("accounts:join")).partition("://")[2].rstrip("/"),
        link=request.build_absolute_uri(reverse("accounts:join", args=[newest.code])) if newest else "",
        form=form,
        may_lead=Cohort.objects.led_by(request.user).filter(pk=cohort.pk).exists(),
    )
    return render(request, "accounts/teach/codes.html", context, status=status)
