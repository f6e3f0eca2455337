"""Every address that the site answers at, as its URL configuration has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver


@dataclass(frozen=True)
class Route:
    """A pattern from the root on, and the name that `reverse` knows it by ("" where it has none)."""

    pattern: str
    name: str


def every_route(resolver: URLResolver, before: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Route]:
    """The routes below `resolver`, in the order in which they are tried."""
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(pattern, ":".join([*spaces, entry.name]) if entry.name else "")
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from every_route(entry, pattern, inner)
