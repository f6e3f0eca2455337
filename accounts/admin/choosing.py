"""Fields in which a row is looked for by typing, where a list of all would be too long."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Field

from accounts.admin.numbers import whole_number


class SteadyAutocomplete(AutocompleteSelect):
    """Shows the chosen row; for what is no row's key, and may come with any request, it shows none."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        known = [chosen for chosen in value if not chosen or whole_number(chosen) is not None]
        return super().optgroups(name, known, attr)


def choose_by_typing(field: forms.Field, relation: "Field[Any, Any]", site: AdminSite) -> None:
    """Let a field of a form ask as the admin does for `relation`, a foreign key to the same table."""
    chosen: Any = field
    chosen.widget = SteadyAutocomplete(relation, site)
    chosen.widget.choices = chosen.choices
    chosen.widget.is_required = chosen.required
