"""The pages on which somebody reads what is new, and says whether they want it by mail. Doors."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts import digests, notices
from accounts.models import Notice, User

#: How many notices the page shows, the newest first; older ones are history.
SHOWN = 100


@login_required
@never_cache
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    told = notices.still_so(user, list(Notice.objects.visible_to(user)[:SHOWN]))
    context = {
        "news": [(notice, words) for notice in told if (words := notices.words(notice))],
        "wants_mail": digests.wanted_by(user) if user.email else False,
        "mail_wording": digests.wording(),
        "nav": "news",
    }
    return render(request, "accounts/news.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    notices.mark_read(cast(User, request.user))
    return redirect("accounts:news")


@login_required
@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    given = bool(request.POST.get("mail")) and bool(user.email)
    digests.want(user=user, given=given)
    messages.success(request, _("You get news by mail.") if given else _("You get no news by mail."))
    return redirect("accounts:news")


@csrf_exempt  # the signed token is the proof: mail programs post here by themselves (RFC 8058)
@never_cache
def off(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of the mails. Looking changes nothing: programs that scan mail open every address."""
    reader = digests.reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        digests.want(user=reader, given=False)
    return render(request, "accounts/news_off.html", {"done": request.method == "POST"})
