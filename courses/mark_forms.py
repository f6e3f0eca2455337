"""What a teacher fills in on the pages of marks."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.gradebook import Choice
from quizzes.models import Assignment, GradeEntry

MOST_DROPPED = 20


class ChoiceForm(forms.Form):
    """How totals are made and marks shown; it lives in the page's address, so that a link keeps it."""

    drop = forms.IntegerField(
        label=_("Lowest marks to drop"),
        required=False,
        initial=0,
        min_value=0,
        max_value=MOST_DROPPED,
        error_messages={
            "invalid": _("Type a whole number, 0 or more."),
            "min_value": _("Type a whole number, 0 or more."),
            "max_value": _("Drop at most %(limit_value)s."),
        },
    )
    missing = forms.ChoiceField(
        label=_("Missing work"),
        required=False,
        choices=[("zero", _("counts as 0 once it was due")), ("out", _("is left out of the total"))],
    )
    show = forms.ChoiceField(
        label=_("Show marks in"),
        required=False,
        choices=[("percent", _("per cent")), ("points", _("points"))],
    )

    @property
    def choice(self) -> Choice:
        """What was chosen; the plain choice for what was not, or not rightly."""
        if not self.is_bound:
            return Choice()
        self.is_valid()
        given = self.cleaned_data
        return Choice(
            drop_lowest=given.get("drop") or 0,
            missing_counts=given.get("missing") != "out",
            as_points=given.get("show") == "points",
        )

    @property
    def query(self) -> str:
        """The choice as the end of an address, "" for the plain one."""
        choice = self.choice
        parts = [
            f"drop={choice.drop_lowest}" if choice.drop_lowest else "",
            "" if choice.missing_counts else "missing=out",
            "show=points" if choice.as_points else "",
        ]
        said = "&".join(filter(None, parts))
        return f"?{said}" if said else ""


class EntryForm(forms.Form):
    """A teacher's word on one mark. The verb judges; this form carries, and reads the number."""

    kind = forms.ChoiceField(
        label=_("The mark is"),
        choices=[
            (GradeEntry.Kind.OVERRIDE, _("set by hand")),
            (GradeEntry.Kind.EXCUSED, _("excused")),
            (GradeEntry.Kind.NONE, _("as scored")),
        ],
        error_messages={"invalid_choice": _("Choose what the mark should be.")},
    )
    percent = forms.CharField(
        label=_("Mark in per cent"),
        required=False,
        max_length=12,
        help_text=_("From 0 to 100. Only for a mark that is set by hand."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("Teachers of this class see it; pupils do not."),
        error_messages={"required": _("Say why. Whoever looks at this mark later will ask.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        # Several stand on one page: each names its fields by its assignment.
        super().__init__(*args, **{"auto_id": f"m-{assignment.uuid}-%s", **kwargs})

    def clean_percent(self) -> str:
        """A number with point or comma, perhaps with its sign; 0 to 100."""
        typed: str = self.cleaned_data["percent"].strip().removesuffix("%").strip().replace(",", ".")
        if typed and not _is_percentage(typed):
            raise forms.ValidationError(_("Type the mark as a number from 0 to 100."))
        return typed

    @property
    def fraction(self) -> float | None:
        """0 to 1, None where nothing was typed or the mark is not set by hand."""
        typed = self.cleaned_data.get("percent")
        if not typed or self.cleaned_data.get("kind") != GradeEntry.Kind.OVERRIDE:
            return None
        return float(Decimal(typed) / 100)


def _is_percentage(typed: str) -> bool:
    try:
        value = Decimal(typed)
    except InvalidOperation:
        return False
    return value.is_finite() and 0 <= value <= 100
