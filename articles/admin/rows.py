"""Rows of a draft that stand in an order and are written anew with each save: slots, steps.

The form knows no primary keys, so that two authors who took different rows out can still both save.
"""

from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import Part
from accounts.admin.numbers import whole_number
from articles.admin.choices import KnownChoiceField, choice_label, titled

MOST_ROWS = 200


class PlaceField(forms.IntegerField):
    """Where a row stands. A number alone makes no row of an empty one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Place"), required=False, min_value=0, max_value=10_000, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class RowsFormSet(BaseInlineFormSet):
    """All rows as they shall be, in the order of ORDER; `rows()` has them once the forms are valid."""

    #: What the rows are called in the history, and whether the last save changed them.
    label: "str | Promise" = ""
    differs = False

    def __init__(self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any) -> None:
        found = kwargs.pop("queryset")
        kwargs.pop("save_as_new", None)
        self.stored = found.filter(**{self.fk.name: instance}) if instance and instance.pk else found.none()
        self.known: dict[str, tuple[dict[str, Any], list[tuple[Any, str]] | None]] = {}
        initial = [] if data is not None else [self.initial_of(row) for row in self.stored]
        super().__init__(data, files, instance=instance, queryset=found.none(), initial=initial, **kwargs)
        self.extra = len(initial)

    def initial_of(self, row: Model) -> dict[str, Any]:
        """What a stored row is shown as."""
        return model_to_dict(row)

    def initial_form_count(self) -> int:
        return 0

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields.pop("id", None)
        form.fields["ORDER"] = PlaceField(initial=None if index is None or self.is_bound else index + 1)
        for name, field in form.fields.items():
            if isinstance(field, KnownChoiceField):
                if name not in self.known:
                    self.known[name] = self._knowledge(name, field)
                field.know(*self.known[name])

    def _knowledge(self, name: str, field: Any) -> tuple[dict[str, Any], list[tuple[Any, str]] | None]:
        """The rows that any form names in this field; and all choices, where the field lists them."""
        if "autocomplete" in type(field.widget).__name__.lower():
            named = self._named(name)
            rows = titled(field.queryset.filter(pk__in=named)) if named else []
            return {str(row.pk): row for row in rows}, None
        rows = list(titled(field.queryset))
        return {str(row.pk): row for row in rows}, [(row.pk, choice_label(row)) for row in rows]

    def _named(self, name: str) -> set[int]:
        given = (
            [self.data.get(f"{self.prefix}-{index}-{name}") for index in range(self.total_form_count())]
            if self.is_bound
            else [row.get(name) for row in self.initial_extra or ()]
        )
        return {number for number in map(whole_number, given) if number is not None}

    def validate_unique(self) -> None:
        """Positions are given by the order; what else is once in a draft, `clean` says."""

    def clean(self) -> None:
        """A count that no browser sends must not empty the draft."""
        if (self.management_form.cleaned_data.get("TOTAL_FORMS") or 0) < 0:
            raise ValidationError(_("This form came incomplete. Open the page again and save once more."))

    def kept(self) -> list[Any]:
        """The forms of rows that are to stay, valid so far or not, for `clean`."""
        filled = [form for form in self.forms if form.has_changed()]
        return [form for form in filled if not getattr(form, "cleaned_data", {}).get("DELETE")]

    def rows(self) -> list[dict[str, Any]]:
        """The cleaned rows in order, those taken out left out."""
        return [form.cleaned_data for form in self.ordered_forms]

    def save(self, commit: bool = True) -> list[Any]:
        """Nothing by itself: the page calls a verb with `rows()`. Notes whether they differ from what is stored."""
        names = self.empty_form.fields.keys() - {"ORDER", "DELETE"}
        before = [{name: self.initial_of(row).get(name) for name in names} for row in self.stored]
        after = [{name: getattr(row.get(name), "pk", row.get(name)) for name in names} for row in self.rows()]
        self.differs = before != after
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []


class RowsPart(Part):
    """The rows on the page of their draft. `ordering` says how they stand."""

    formset: Any = RowsFormSet
    template = "articles/admin/rows.html"
    max_num = MOST_ROWS
    show_change_link = False

    #: What stands above the rows, and on the button that adds one.
    help: "str | Promise" = ""
    add_words: "str | Promise" = ""

    # Who may change the draft may change what it is made of.
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_open(request, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        given = {"can_order": True, "can_delete": True, "absolute_max": MOST_ROWS + 50, **kwargs}
        made: Any = super().get_formset(request, obj, **given)
        made.label = self.verbose_name_plural
        return made

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.is_relation:
            kwargs["form_class"] = KnownChoiceField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


def one_error(form: forms.BaseForm, name: str, message: "str | Promise") -> None:
    """Add an error beside a field, if it has none yet."""
    if name not in form.errors:
        form.add_error(name, str(message))


def plain_lines(text: str) -> str:
    """What was typed, with the line ends that everything else here has: browsers send two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
