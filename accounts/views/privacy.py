"""Who sees what, in plain words; and all that is kept of whoever asks."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import consents, exporting
from accounts.doors import SignedInRequest, signed_in
from accounts.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """Anybody may read it; who has an account and has not agreed yet does so with its button."""
    user = request.user
    asked = isinstance(user, User) and consents.is_asked(user)
    if request.method == "POST":
        if isinstance(user, User) and asked:
            consents.agree(user=user)
        return redirect("accounts:privacy")
    return render(request, "accounts/privacy.html", {"words": consents.joining_words(), "asked": asked})


@signed_in
@require_GET
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """All that the site keeps about whoever asks, as a file to keep."""
    return download(request.user)


def download(person: User) -> StreamingHttpResponse:
    """The export of one person; who may have it, the caller has asked."""
    response = StreamingHttpResponse(exporting.export(person), content_type="application/json")
    name = f"read-it-twice-{timezone.now():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
