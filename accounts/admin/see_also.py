"""Links from a row to the rows of upper rooms that belong to it, which the lower room cannot name."""

from collections import defaultdict
from typing import NamedTuple

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


class Offered(NamedTuple):
    """A page of an upper room that takes the row at hand: its words, its route, and who may open it."""

    label: "str | Promise"
    route: str
    permission: str


_OFFERED: dict[type[models.Model], list[Offered]] = defaultdict(list)
_RELATED: dict[type[models.Model], list[Related]] = defaultdict(list)


def register(model: type[models.Model], related: type[models.Model], field: str) -> None:
    """Link each row of `model` to the list of `related` rows whose `field` it is."""
    _RELATED[model].append(Related(related, field))


def offer(model: type[models.Model], label: "str | Promise", route: str, permission: str) -> None:
    """Link each row of `model` to the page `route`, which takes its key, for those with the permission."""
    _OFFERED[model].append(Offered(label, route, permission))


def links(request: HttpRequest, row: models.Model) -> list[Link]:
    """What to offer beside `row`: the lists that this member of staff may open."""
    pages = [
        Link(page.label, reverse(page.route, args=[row.pk]))
        for page in _OFFERED[type(row)]
        if request.user.has_perm(page.permission)
    ]
    return pages + [
        Link(related.model._meta.verbose_name_plural or "", _list_url(related, row))
        for related in _RELATED[type(row)]
        if request.user.has_perm(f"{related.model._meta.app_label}.view_{related.model._meta.model_name}")
    ]


def _list_url(related: Related, row: models.Model) -> str:
    options = related.model._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?{related.field}__id__exact={row.pk}"
