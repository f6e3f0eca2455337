"""Choosing a row among many by its title: what autocomplete says, and lists that ask the database once."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.admin.base import staff
from accounts.models import Organisation
from articles.models import ArticleRevision


def titled(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The rows with `choice_title`: that of the published revision, else of the draft."""
    try:
        revision: Any = rows.model._meta.get_field("published").related_model
    except FieldDoesNotExist:
        return rows
    drafts = revision._default_manager.drafts().filter(**{revision.identity_field: OuterRef("pk")})
    found: QuerySet[Any] = rows.annotate(
        choice_title=Coalesce("published__title", Subquery(drafts.values("title")[:1]))
    )
    return found


def choice_label(row: Any) -> str:
    """How a row is called where it is chosen: its title, and that it is a draft."""
    if isinstance(row, ArticleRevision):
        title = f"{row.title} · {row.number}"
        return _("%s (draft)") % title if row.is_draft else title
    title = getattr(row, "choice_title", None) or str(row)
    if hasattr(row, "published_id") and row.published_id is None:
        return _("%s (draft)") % title
    return title


class KnownChoiceField(forms.ModelChoiceField):
    """A foreign key in one of many rows. `know` tells it the rows in question, so that it asks nothing."""

    known: Mapping[str, Model] | None = None

    def know(self, known: Mapping[str, Model], choices: list[tuple[Any, str]] | None) -> None:
        """`known` by primary key as text; `choices` where all of them are listed."""
        self.known = known
        if isinstance(self.widget, AutocompleteSelect):
            self.widget = LabelledAutocomplete.like(self.widget, known)
        elif choices is not None:
            self.widget.choices = [("", _("(none)")), *choices]

    def to_python(self, value: Any) -> Any:
        if self.known is None:
            return super().to_python(value)
        if value in self.empty_values:
            return None
        if str(value) not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.known[str(value)]


class LabelledAutocomplete(AutocompleteSelect):
    """Autocomplete that has been told what its chosen row is called."""

    known: Mapping[str, Model]

    @classmethod
    def like(cls, widget: AutocompleteSelect, known: Mapping[str, Model]) -> "LabelledAutocomplete":
        made = cls(widget.field, widget.admin_site, attrs=dict(widget.attrs), using=widget.db)
        made.known = known
        made.is_required = widget.is_required
        return made

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for chosen in value:
            if str(chosen) in self.known:
                label = choice_label(self.known[str(chosen)])
                options.append(self.create_option(name, chosen, label, True, len(options)))
        return [(None, options, 0)]


def only_own(field: Any, request: HttpRequest) -> None:
    """Offer the organisations that they work for; where there is only one, ask nothing."""
    user = staff(request)
    own = Organisation.objects.all() if user.is_superuser else Organisation.objects.of(user)
    field.queryset = own
    field.widget = getattr(field.widget, "widget", field.widget)  # without the links to make another one
    rows = list(own[:2])
    if rows and (len(rows) == 1 or not user.is_superuser):
        field.initial = rows[0].pk
    if len(rows) == 1:
        field.widget = forms.HiddenInput()
