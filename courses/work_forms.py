"""What a teacher fills in when something is given to a class. The verbs judge it; these carry it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.local_times import WallTimeField
from accounts.models import Cohort
from quizzes.models import Assignment, QuizRevision

EVERYONE, SOME = "everyone", "some"


class GivingForm(forms.Form):
    """For whom, from when on and until when, on the clock of the class. `people` maps UUIDs to names."""

    whom = forms.ChoiceField(
        label=_("For whom"),
        choices=[(EVERYONE, _("The whole class")), (SOME, _("Some of it"))],
        widget=forms.RadioSelect,
        initial=EVERYONE,
    )
    learners = forms.MultipleChoiceField(label=_("Who"), widget=forms.CheckboxSelectMultiple, required=False)
    opens_at = WallTimeField(label=_("Opens"), required=False, help_text=_("Empty: at once."))
    due_at = WallTimeField(label=_("Due"), required=False, later=True, help_text=_("Empty: no date."))

    def __init__(self, *args: Any, cohort: Cohort, people: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._field(forms.MultipleChoiceField, "learners").choices = list(people.items())
        for name in ("opens_at", "due_at", "closes_at"):
            if name in self.fields:
                self._field(WallTimeField, name).zone = cohort.timezone

    def _field(self, _kind: type[Any], name: str) -> Any:
        return self.fields[name]

    @property
    def chosen_learners(self) -> list[str] | None:
        """The UUIDs of those whom it is for; None for the whole class."""
        return None if self.cleaned_data["whom"] == EVERYONE else self.cleaned_data["learners"]

    @property
    def terms(self) -> dict[str, Any]:
        """What the verb takes besides."""
        return {name: self.cleaned_data.get(name) for name in ("opens_at", "due_at")}

    @property
    def said_twice(self) -> list[str]:
        """The labels of times that the clock shows twice, because it goes back that day."""
        times = [(field.label, field) for field in self.fields.values() if isinstance(field, WallTimeField)]
        return [str(label) for label, field in times if field.settled and field.settled.twice]


class AssignmentForm(GivingForm):
    """A quiz: with all that can be said of it."""

    closes_at = WallTimeField(
        label=_("Closes"),
        required=False,
        later=True,
        help_text=_("Nothing is taken after that. Empty: never."),
    )
    late_policy = forms.ChoiceField(
        label=_("Late work"), choices=Assignment.LatePolicy.choices, initial=Assignment.LatePolicy.ACCEPT
    )
    late_percent = forms.IntegerField(
        label=_("Per cent off for each day"), required=False, min_value=0, max_value=100
    )
    attempts_allowed = forms.IntegerField(
        label=_("Tries"), required=False, min_value=1, max_value=100, help_text=_("Empty: as the quiz says.")
    )
    minutes = forms.IntegerField(
        label=_("Minutes to do it in"),
        required=False,
        min_value=1,
        max_value=1_440,
        help_text=_("Empty: as the quiz says."),
    )
    attempt_rule = forms.ChoiceField(
        label=_("Of several tries counts"),
        choices=Assignment.AttemptRule.choices,
        initial=Assignment.AttemptRule.BEST,
    )
    feedback = forms.ChoiceField(label=_("The reasons are shown"), required=False)
    release = forms.ChoiceField(
        label=_("Marks are shown"), choices=Assignment.Release.choices, initial=Assignment.Release.AUTO
    )

    def __init__(self, *args: Any, practice: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if practice:  # it tells at once, and nothing can be held back
            del self.fields["feedback"], self.fields["release"]
        else:
            self._field(forms.ChoiceField, "feedback").choices = _FEEDBACK

    @property
    def terms(self) -> dict[str, Any]:
        minutes = self.cleaned_data["minutes"]
        left_out = {"whom", "learners", "minutes"}
        chosen = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return {
            **chosen,
            "late_percent": chosen["late_percent"] or 0,
            "time_limit_s": minutes * 60 if minutes else None,
        }


_FEEDBACK: list[tuple[str, str | Promise]] = [
    ("", _("as the quiz says")),
    (QuizRevision.Feedback.AFTER_SUBMIT, QuizRevision.Feedback.AFTER_SUBMIT.label),
    (QuizRevision.Feedback.AFTER_CLOSE, QuizRevision.Feedback.AFTER_CLOSE.label),
]


class AccommodationForm(forms.Form):
    """What one learner is granted. Empty everywhere takes it back."""

    extra_percent = forms.IntegerField(
        label=_("More time, in per cent"), required=False, min_value=0, max_value=400
    )
    extra_minutes = forms.IntegerField(
        label=_("More time, in minutes"), required=False, min_value=0, max_value=1_440
    )
    extra_attempts = forms.IntegerField(label=_("More tries"), required=False, min_value=0, max_value=100)
    extra_days = forms.IntegerField(
        label=_("More days for every date"), required=False, min_value=0, max_value=365
    )
    due_at = WallTimeField(label=_("A due date of their own"), required=False, later=True)

    def __init__(self, *args: Any, cohort: Cohort, for_one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due: Any = self.fields["due_at"]
        due.zone = cohort.timezone
        if not for_one:
            del self.fields["due_at"]

    @property
    def granted(self) -> dict[str, Any]:
        minutes = self.cleaned_data["extra_minutes"]
        rest = {name: value for name, value in self.cleaned_data.items() if name != "extra_minutes"}
        return {**rest, "extra_s": None if minutes is None else minutes * 60}


class CopyForm(forms.Form):
    """A class for the next term."""

    name = forms.CharField(label=_("Name of the new class"), max_length=120)
    starts_on = forms.DateField(
        label=_("First day of the new term"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shift_days = forms.IntegerField(
        label=_("Days by which every date moves"),
        min_value=-3_660,
        max_value=3_660,
        help_text=_("364 keeps the day of the week over a year."),
    )
