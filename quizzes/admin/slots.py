"""What a quiz asks: a question or a draw a row, edited on the page of the quiz's draft."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, ReadOnlyPart
from articles.admin.rows import RowsFormSet, RowsPart, one_error
from quizzes.models import QuizSlot
from quizzes.publishing import Draw, Slot


class SlotForm(forms.ModelForm):
    """A question, or a draw: one of the two."""

    points = forms.DecimalField(
        label=_("Points each"), min_value=0, max_digits=6, decimal_places=2, initial=1, required=False
    )
    draw_count = forms.IntegerField(label=_("How many"), min_value=1, max_value=100, required=False)
    draw_difficulty = forms.TypedChoiceField(
        label=_("Difficulty"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("any")), *((level, str(level)) for level in range(1, 6))],
    )

    class Meta:
        model = QuizSlot
        fields = ["question", "draw_skill", "draw_count", "draw_difficulty", "points"]
        labels = {"question": _("Question"), "draw_skill": _("or draw from the bank: skill")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        question, skill = cleaned.get("question"), cleaned.get("draw_skill")
        if question and (skill or cleaned.get("draw_count")):
            one_error(self, "draw_skill", _("Choose a question or a draw, not both."))
        elif not question and not skill and "question" not in self.errors and "draw_skill" not in self.errors:
            one_error(self, "question", _("Choose a question, or a skill to draw from the bank."))
        elif skill and not cleaned.get("draw_count"):
            one_error(self, "draw_count", _("Say how many to draw."))
        if cleaned.get("points") is None and "points" not in self.errors:
            cleaned["points"] = 1
        elif cleaned.get("points") == 0:
            one_error(self, "points", _("Points must be above 0."))
        return cleaned

    def _post_clean(self) -> None:
        """The row is made by a verb, and its constraints are said above."""


class SlotFormSet(RowsFormSet):
    """The slots of a draft. A question that a revision is pinned for stays pinned."""

    def clean(self) -> None:
        super().clean()
        seen: dict[Any, int] = {}
        for form in self.kept():
            question = form.cleaned_data.get("question")
            if question and question.pk in seen:
                form.add_error("question", _("This question is in the quiz already."))
                raise ValidationError(_("The same question stands in the quiz twice."))
            if question:
                seen[question.pk] = 1

    def slots(self) -> Iterator[Slot]:
        pinned = {slot.question_id: slot.pinned for slot in self.instance.slots.select_related("pinned")}
        for row in self.rows():
            if row["question"]:
                yield Slot(row["question"], row["points"], pinned=pinned.get(row["question"].pk))
            else:
                draw = Draw(row["draw_skill"], row["draw_count"], row["draw_difficulty"])
                yield Slot(None, row["points"], draw)


class QuizSlotRows(RowsPart):
    model = QuizSlot
    form = SlotForm
    formset = SlotFormSet
    fields = ["question", "draw_skill", "draw_count", "draw_difficulty", "points"]
    autocomplete_fields = ["question"]
    ordering = ["position"]
    verbose_name = _("question or draw")
    verbose_name_plural = _("questions, in order")
    help = _("Each row is one question, or a draw of several from the bank, new for each attempt.")
    add_words = _("Add a question or a draw")


class PublishedSlots(ReadOnlyPart):
    model = QuizSlot
    fields = ["position", "question", "draw_skill", "draw_count", "draw_difficulty", "points", "pinned"]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[QuizSlot]":
        related = ["quiz_revision", "question", "pinned__question", "draw_skill"]
        return super().get_queryset(request).select_related(*related)


@admin.register(QuizSlot)
class QuizSlotAdmin(ReadOnlyAdmin):
    """A question's place in a quiz, or a draw's. Edited on the page of the quiz's draft."""

    list_display = ["quiz_revision", "position", "question", "draw_skill", "draw_count", "points", "pinned"]
    list_filter = [
        ("quiz_revision__quiz", admin.RelatedOnlyFieldListFilter),
        ("quiz_revision__published_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["quiz_revision", "question", "pinned__question", "draw_skill"]
    search_fields = ["quiz_revision__title", "question__ref", "question__published__title"]
    fields = [
        "quiz_revision",
        "position",
        "question",
        ("draw_skill", "draw_count", "draw_difficulty"),
        "points",
        "pinned",
    ]
