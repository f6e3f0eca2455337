"""Copies that the browser keeps of unsaved work (`articles/static/articles/copies.js`): which slot a page has."""

import re
from typing import NamedTuple
from uuid import uuid4

from django.http import HttpRequest

_PAGE = re.compile(r"[0-9a-f]{32}")
_SAVED = "saved_copies"  # in the session
_MOST = 20


class Copy(NamedTuple):
    """What a page says to its script: of what copies are kept, its own slot, and which slots are saved by now."""

    name: str
    page: str
    posted: bool
    saved: tuple[str, ...]


def copy_of(request: HttpRequest, name: str) -> Copy:
    """For a page on which `name` (one draft, say) is written. What was sent keeps the slot that it had."""
    posted = request.method == "POST"
    saved = tuple(request.session.pop(_SAVED, ())) if _SAVED in request.session else ()
    return Copy(name, _page(request) or uuid4().hex, posted, saved)


def note_saved(request: HttpRequest, name: str) -> None:
    """The next page tells the browser that the copy of the page that was sent is not needed any more."""
    page = _page(request)
    if page:
        request.session[_SAVED] = [*request.session.get(_SAVED, ()), f"{name}:{page}"][-_MOST:]


def _page(request: HttpRequest) -> str:
    sent = request.POST.get("copy_page", "")
    return sent if _PAGE.fullmatch(sent) else ""
