"""Links to pages that a site may do without: "" where there is no such page."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def link_to(name: str, **kwargs: Any) -> str:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""
