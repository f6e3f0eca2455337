"""Filters beside the lists."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _


class ByValue(admin.AllValuesFieldListFilter):
    """All values of a column; the empty one has a name, for a link needs one."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] if choice["display"] != "" else _("(none)")}
