from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin, ReadOnlyPart
from articles.admin.rows import RowsFormSet, RowsPart, one_error, plain_lines
from courses.checking import QUIZ_MODE
from courses.models import Step


class StepForm(forms.ModelForm):
    """A step. Which fields belong to it depends on its kind; its key is made for it, and stays."""

    text_of = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    key = forms.SlugField(required=False, max_length=64, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Empty: that of its article or quiz.")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=1, required=False)

    class Meta:
        model = Step
        fields = [
            "kind",
            "title",
            "minutes",
            "on_short_route",
            "body",
            "article",
            "skill",
            "first_line",
            "last_line",
            "quiz",
            "key",
        ]
        labels = {
            "kind": _("Kind"),
            "skill": _("Notes of one skill"),
            "first_line": _("From paragraph"),
            "last_line": _("to paragraph"),
        }
        help_texts = {
            "skill": _("None: the notes of all skills."),
            "first_line": _("Empty: from the beginning."),
            "last_line": _("Empty: to the end."),
        }

    def clean_body(self) -> str:
        return plain_lines(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        wanted, unfit = NEEDS.get(kind or "", ((), ()))
        for name, message in wanted:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        for name in unfit:
            if cleaned.get(name):
                one_error(
                    self,
                    name,
                    _("A step of this kind has no use for this. Take it out, or choose another kind."),
                )
        self._clean_lines(cleaned)
        cleaned["minutes"] = cleaned.get("minutes") or 1
        if not cleaned.get("title") and "title" not in self.errors:
            cleaned["title"] = self._default_title(cleaned)
        return cleaned

    def _clean_lines(self, cleaned: dict[str, Any]) -> None:
        first, last, article = cleaned.get("first_line"), cleaned.get("last_line"), cleaned.get("article")
        if (
            (first is None and last is None)
            or not article
            or {"first_line", "last_line"} & self.errors.keys()
        ):
            return
        revision = article.published or article.revisions.drafts().first()
        if self._is_other_text(cleaned.get("text_of"), article, revision):
            data: Any = dict(self.data.items())
            self.data = {
                **data,
                self.add_prefix("text_of"): str(revision.pk),
            }  # what is sent next is of this one
            self.add_error(
                "first_line",
                _("The article has a new text. Look which paragraphs of it are to be shown, and save again."),
            )
            return
        cleaned["article_revision"] = revision
        end = len(revision.blocks) if revision else last or first or 1
        cleaned["first_line"], cleaned["last_line"] = first or 1, last or end
        if max(cleaned["first_line"], cleaned["last_line"]) > end:
            name = "last_line" if cleaned["last_line"] > end else "first_line"
            self.add_error(name, _now("The article has %d paragraphs, subheads included.") % end)
        elif not 1 <= cleaned["first_line"] <= cleaned["last_line"]:
            self.add_error("last_line", _("The last paragraph must not come before the first."))

    @staticmethod
    def _is_other_text(shown: int | None, article: Any, now: Any) -> bool:
        """Whether the paragraphs were chosen in another text of the article; 0: in one that is no more."""
        if shown is None or now is None or shown == now.pk:
            return False
        return shown == 0 or article.revisions.filter(pk=shown).exists()

    def _default_title(self, cleaned: dict[str, Any]) -> str:
        thing = cleaned.get("article") or cleaned.get("quiz")
        title = getattr(thing, "choice_title", None) or ""
        if not title and cleaned.get("kind") == Step.Kind.EXPLAIN:
            self.add_error("title", _("Give the step a title: it stands in the list of steps."))
        return title[:200] or str(cleaned.get("kind", ""))

    def _post_clean(self) -> None:
        """The row is made by a verb, and its constraints are said above."""


#: What a step of each kind must have, with what to say; and what it has no use for.
NEEDS: dict[str, tuple[tuple[tuple[str, Any], ...], tuple[str, ...]]] = {
    Step.Kind.EXPLAIN: (
        (("body", _("Write what is to be explained.")),),
        ("article", "skill", "first_line", "last_line", "quiz"),
    ),
    Step.Kind.READ: ((("article", _("Choose the article to read.")),), ("quiz",)),
    Step.Kind.PRACTICE: (
        (("quiz", _("Choose a quiz of mode “practice”.")),),
        ("article", "skill", "first_line", "last_line"),
    ),
    Step.Kind.QUIZ: (
        (("quiz", _("Choose a quiz of mode “graded”.")),),
        ("article", "skill", "first_line", "last_line"),
    ),
}


class StepFormSet(RowsFormSet):
    """The steps of a draft. `text_of` of each is the text in which its paragraphs were chosen; 0: in none that is."""

    def initial_of(self, row: Any) -> dict[str, Any]:
        chosen = row.article_revision_id or (0 if row.first_line else None)
        return {**super().initial_of(row), "text_of": chosen}

    def steps(self) -> list[dict[str, Any]]:
        """The columns of each step, in order."""
        return [
            {name: row[name] for name in StepForm.Meta.fields}
            | {"article_revision": row.get("article_revision")}
            for row in self.rows()
        ]

    def clean(self) -> None:
        super().clean()
        seen: set[Any] = set()
        for form in self.kept():
            key, quiz = form.cleaned_data.get("key"), form.cleaned_data.get("quiz")
            if key and key in seen:
                form.cleaned_data["key"] = ""  # a row sent twice: the second is a step of its own
            seen.add(key)
            kind: Any = form.cleaned_data.get("kind")
            mode = QUIZ_MODE.get(kind)
            if quiz and mode and quiz.mode != mode:
                form.add_error("quiz", _now("This kind of step needs a quiz of mode “%s”.") % mode.label)
                raise ValidationError(_("A step and its quiz do not fit together."))


class StepRows(RowsPart):
    model = Step
    form = StepForm
    formset = StepFormSet
    fields = [*StepForm.Meta.fields, "text_of"]
    autocomplete_fields = ["article", "quiz"]
    ordering = ["position"]
    verbose_name = _("step")
    verbose_name_plural = _("steps, in order")
    help = _(
        "Explain: your own words, in Markdown. Read: an article with its notes. Practise: questions with"
        " feedback at once. Quiz: graded questions."
    )
    add_words = _("Add a step")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind":
            field.choices = Step.Kind.choices
            field.initial = Step.Kind.EXPLAIN
        return field


class PublishedSteps(ReadOnlyPart):
    model = Step
    fields = ["position", "title", "kind", "minutes", "on_short_route", "article", "skill", "quiz"]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Step]":
        return super().get_queryset(request).select_related("article", "skill", "quiz", "lesson_revision")


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    """A step of a lesson. Edited on the page of the lesson's draft."""

    list_display = [
        "title",
        "lesson_revision",
        "position",
        "kind",
        "minutes",
        "on_short_route",
        "article",
        "quiz",
    ]
    list_filter = [
        "kind",
        "on_short_route",
        ("lesson_revision__published_at", admin.EmptyFieldListFilter),
        ("lesson_revision__lesson__course", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["lesson_revision", "article", "quiz"]
    search_fields = ["title", "key", "body", "lesson_revision__title"]
    fields = [
        "lesson_revision",
        "position",
        "key",
        "kind",
        "title",
        "minutes",
        "on_short_route",
        "body",
        "article",
        ("first_line", "last_line"),
        "skill",
        "quiz",
    ]
