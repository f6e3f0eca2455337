"""Forms of the pages on which a class is run. The verbs judge what is typed; these carry it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.classes import LONGEST_REAL_NAME
from accounts.models import CohortMember, Organisation
from accounts.roster.plans import LONGEST_ID


class StartForm(forms.Form):
    """A name; and the organisation, for whoever works for more than one."""

    name = forms.CharField(
        label=_("Name of the class"),
        required=False,  # the verb has a better word for it
        help_text=_("As you call it: “7b English”. You can teach several."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "required": True}),
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("School"), empty_label=None)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        if len(organisations) < 2:
            del self.fields["organisation"]


class StaffForm(forms.Form):
    login = forms.CharField(
        label=_("User name or e-mail of a colleague"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        label=_("They are"),
        choices=[
            (CohortMember.Role.ASSISTANT, _("an assistant: sees and grades")),
            (CohortMember.Role.TEACHER, _("a teacher: changes the class too")),
        ],
    )


class NamesForm(forms.Form):
    real_name = forms.CharField(
        label=_("Real name"),
        required=False,
        help_text=_("Only the teachers of this class see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_REAL_NAME}),
    )
    nickname = forms.CharField(
        label=_("Nickname"),
        required=False,
        help_text=_("The class sees it, in every class that they are in."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    student_id = forms.CharField(
        label=_("Student ID"),
        required=False,
        help_text=_("The school's own, if your lists have one: by it a list finds them again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_ID}),
    )


class CodeTermsForm(forms.Form):
    """How long a new class code lets pupils in, and how many."""

    LASTS = ("hour", "day", "week", "always")

    lasts = forms.ChoiceField(
        label=_("Works for"),
        choices=[
            ("hour", _("one hour")),
            ("day", _("a day")),
            ("week", _("a week")),
            ("always", _("until you withdraw it")),
        ],
        initial="week",
    )
    max_uses = forms.IntegerField(
        label=_("Pupils at most"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Empty: as many as come."),
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
