from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from accounts import zones

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReaderSettingsMiddleware:
    """Show times in the reader's zone, and speak their language if they have chosen one.

    What they are shown is kept nowhere: the next user of the device must not find it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            # Not undone here: LocaleMiddleware, outside, reads it for the header and sets it anew each time.
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zones.zone_of(request)):
            response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
