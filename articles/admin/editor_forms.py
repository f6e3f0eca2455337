"""What an author sends from the editor, field by field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from articles import annotating
from articles.models import Annotation, Skill
from articles.placing import place_of_quote, place_of_units

LONGEST = 2_000  # characters of a reason
HIGHEST = 2**31 - 1


class EntryForm(forms.Form):
    """An annotation, placed by units (`first`, `last`, `by`) or by `quote` and `occurrence`.

    Where neither is given the annotation stays where it is. `text` is the state of the text in which the place
    was chosen (`states.state_of`), and `seen` the version that was changed.
    """

    skill = forms.ModelChoiceField(
        Skill.objects.all(), to_field_name="slug", label=_("Skill"), empty_label=None
    )
    kind = forms.ChoiceField(choices=Annotation.Kind.choices, label=_("Kind"), widget=forms.RadioSelect)
    quote = forms.CharField(required=False, max_length=LONGEST, label=_("Words, as they stand in the text"))
    occurrence = forms.IntegerField(
        required=False, min_value=1, max_value=9_999, label=_("Which, if they stand there more than once")
    )
    rationale = forms.CharField(required=False, max_length=LONGEST, label=_("Why"), widget=forms.Textarea)
    instead = forms.CharField(
        required=False, max_length=LONGEST, label=_("Sound reporting would say"), widget=forms.Textarea
    )
    minority = forms.CharField(
        required=False, max_length=LONGEST, label=_("Some readers say"), widget=forms.Textarea
    )
    readings = forms.IntegerField(required=False, min_value=1, max_value=99, label=_("Independent readings"))
    party = forms.CharField(required=False, max_length=64, label=_("Party that it hits"))
    fact_checked_on = forms.DateField(
        required=False,
        label=_("Fact checked on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    first = forms.IntegerField(required=False, min_value=0, max_value=HIGHEST, widget=forms.HiddenInput)
    last = forms.IntegerField(required=False, min_value=0, max_value=HIGHEST, widget=forms.HiddenInput)
    by = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, blind: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("rationale", "instead", "minority"):
            self.fields[name].widget.attrs["rows"] = 3
        if blind:
            for name in ("instead", "minority", "readings", "party", "fact_checked_on"):
                del self.fields[name]

    def clean_party(self) -> str:
        party = self.cleaned_data["party"]
        name = slugify(party)
        if party and not name:
            raise ValidationError(_("Name the party in the letters a to z, as in “board”."))
        return str(name)

    def clean_readings(self) -> int:
        return self.cleaned_data["readings"] or 1

    def place(self) -> annotating.Place | None:
        """What finds the place that was chosen, or None."""
        sent = self.cleaned_data
        if sent["first"] is not None and sent["last"] is not None:
            units = {"first": sent["first"], "last": sent["last"], "sentences": sent["by"] == "sentences"}
            return lambda revision: place_of_units(revision=revision, seen=sent["text"], **units)
        if sent["quote"]:
            # Only a number is counted in the text; words that are there once are the same in any.
            seen = sent["text"] if sent["occurrence"] and sent["text"] else None
            quoted = {"quote": sent["quote"], "occurrence": sent["occurrence"] or 1, "seen": seen}
            return lambda revision: place_of_quote(revision=revision, **quoted)
        return None

    def words(self) -> dict[str, Any]:
        """What was written about the place."""
        return {name: self.cleaned_data[name] for name in annotating.WORDS if name in self.cleaned_data}
