"""The page for a request that could not be read: it says what was wrong with it, and how to mend that."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler400`; 413 for what is too long, which the reader can mend."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "400.html", status=400)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    advice = _(
        "A form may hold %(most)s million characters or so. Go back: what you wrote is still there. Shorten "
        "it, or put a long text in parts, and send it again."
    ) % {"most": f"{most / 1_000_000:.1f}"}
    return render(request, "400.html", {"too_long": advice}, status=413)
