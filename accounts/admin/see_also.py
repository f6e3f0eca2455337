"""Links from a row to the rows of upper rooms that belong to it, which the lower room cannot name."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


class Related(NamedTuple):
    """Rows of `model` whose foreign key `field` is the row at hand."""

    model: type[models.Model]
    field: str


class Link(NamedTuple):
    label: "str | Promise"
    url: str


#: What else to offer beside a row: asked for each page that shows one.
Offer = Callable[[HttpRequest, Any], Iterable[Link]]

_RELATED: dict[type[models.Model], list[Related]] = defaultdict(list)
_OFFERS: dict[type[models.Model], list[Offer]] = defaultdict(list)


def register(model: type[models.Model], related: type[models.Model], field: str) -> None:
    """Link each row of `model` to the list of `related` rows whose `field` it is."""
    _RELATED[model].append(Related(related, field))


def offer(model: type[models.Model], links_of: Offer) -> None:
    """Add the links that `links_of` gives for a request and a row of `model`."""
    _OFFERS[model].append(links_of)


def links(request: HttpRequest, row: models.Model) -> list[Link]:
    """What to offer beside `row`: the lists and pages that this member of staff may open."""
    lists = [
        Link(related.model._meta.verbose_name_plural or "", _list_url(related, row))
        for related in _RELATED[type(row)]
        if request.user.has_perm(f"{related.model._meta.app_label}.view_{related.model._meta.model_name}")
    ]
    return [*lists, *(link for links_of in _OFFERS[type(row)] for link in links_of(request, row))]


def _list_url(related: Related, row: models.Model) -> str:
    options = related.model._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?{related.field}__id__exact={row.pk}"
