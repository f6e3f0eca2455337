"""How lists are narrowed: by filters that are named after the fields they look at; unknown ones are refused."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.api.pages import PARAMETERS


class Narrowed(DjangoFilterBackend):
    """Filters of the view's `filterset_class`, and nothing else: a filter that is misspelt shows no whole list.

    A view whose list takes more parameters names them in `parameters`.
    """

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if view.action == "list":
            filters = view.filterset_class.base_filters if getattr(view, "filterset_class", None) else {}
            refuse_unknown(request, {*PARAMETERS, *filters, *view.parameters})
            _refuse_half_truths(request, filters)
            _refuse_nobody(request, filters)
        return super().filter_queryset(request, queryset, view)


class IsSet(BooleanFilter):
    """`true`: only rows in which the moment is set; `false`: only the others."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, "isnull", exclude=True, **kwargs)


def _refuse_half_truths(request: Request, filters: Mapping[str, Any]) -> None:
    """Django's own reading takes whatever is neither true nor false for no filter at all."""
    odd = [
        name
        for name, filter_ in filters.items()
        if isinstance(filter_, BooleanFilter)
        and request.query_params.get(name, "true") not in {"true", "false"}
    ]
    if odd:
        raise ValidationError({name: [_("Give true or false.")] for name in odd})


def _refuse_nobody(request: Request, filters: Mapping[str, Any]) -> None:
    """Whoever asks for the rows of nobody in particular has lost a name, and does not want the rows of all."""
    if empty := [name for name in filters if request.query_params.get(name, "-").strip() == ""]:
        raise ValidationError({name: [_("Say which, or leave this out.")] for name in empty})


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Raise ValidationError if the address has a parameter that is not `known`, or one of them twice."""
    faults = {}
    for name, given in request.query_params.lists():
        if name not in known:
            faults[name] = [_("There is no such parameter. There are: %s.") % ", ".join(sorted(known))]
        elif len(given) > 1:
            faults[name] = [_("This parameter was given more than once.")]
    if faults:
        raise ValidationError(faults)
