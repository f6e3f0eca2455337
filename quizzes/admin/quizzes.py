from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import has_model_permission, staff
from accounts.admin.choosing import choose_by_typing
from articles import differences
from articles.admin.base import IdentityAdmin
from articles.admin.choices import only_own
from articles.admin.revision_pages import address
from articles.admin.revisions import RevisionAdmin, RevisionRows
from articles.admin.rows import plain_lines
from articles.admin.seen import SeenForm
from articles.models import Article
from quizzes import building, copying, lines, publishing, usage
from quizzes.admin.figures import Figured
from quizzes.admin.slots import PublishedSlots, QuizSlotRows, SlotFormSet
from quizzes.balance import balance
from quizzes.models import Evidence, Quiz, QuizRevision

differences.register(QuizRevision, lines.of_quiz)
MOST_MINUTES = 24 * 60


class QuizRevisionRows(RevisionRows):
    model = QuizRevision
    fields = ["title", "feedback", *RevisionRows.fields]


class NewQuizForm(forms.ModelForm):
    """What a quiz needs before it can be built."""

    title = forms.CharField(label=_("Title"), max_length=200)

    class Meta:
        model = Quiz
        fields = ["mode", "organisation"]


@admin.register(Quiz)
class QuizAdmin(Figured, IdentityAdmin):
    published_as = QuizRevision
    copy_verb = staticmethod(copying.copy_quiz)
    revise_verb = staticmethod(building.revise_quiz)
    list_display = ["choice_title", "mode", "ref", "organisation", "published", "archived_at", "updated_at"]
    list_filter = ["mode", *IdentityAdmin.list_filter]
    list_select_related = ["organisation", "published"]
    search_fields = [*IdentityAdmin.search_fields, "published__title", "revisions__title"]
    fields = ["mode", *IdentityAdmin.fields]
    inlines = [QuizRevisionRows]

    @admin.display(description=_("title"), ordering="choice_title")
    def choice_title(self, quiz: Any) -> str:
        return str(quiz.choice_title or quiz.ref)

    @admin.action(description=_("Archive the selected rows"), permissions=["archive"])
    def archive(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """What learners meet now stays: it would be gone from their lesson in the middle of it."""
        quizzes = {quiz.pk: quiz for quiz in queryset.filter(archived_at=None)}
        taught = usage.taught(quizzes)
        uses = usage.uses_of_quizzes(taught, staff(request))
        for pk in sorted(taught):
            places = sorted({f"“{use.title}”" for use in uses.get(pk, ()) if use.live})
            said = _(
                "“%(quiz)s” is not archived: learners meet it now. Take it out of its lessons and classes first."
            )
            where = f" ({', '.join(places)})" if places else ""
            self.message_user(request, said % {"quiz": quizzes[pk]} + where, messages.ERROR)
        super().archive(request, queryset.exclude(pk__in=taught))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "add")

    def get_inlines(self, request: HttpRequest, obj: Quiz | None) -> Any:
        return self.inlines if obj else []

    def get_form(
        self, request: HttpRequest, obj: Quiz | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs.update(form=NewQuizForm, fields=["title", "mode", "organisation"])
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            only_own(form.base_fields["organisation"], request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Quiz | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["title", "mode", "organisation"]})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Quiz | None = None) -> Any:
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Quiz, form: Any, change: bool) -> None:
        """Made by the verb, with its first draft."""
        made = building.new_quiz(
            organisation=obj.organisation, mode=obj.mode, title=form.cleaned_data["title"], by=staff(request)
        )
        obj.pk, obj.ref, obj.uuid = made.quiz.pk, made.quiz.ref, made.quiz.uuid

    def response_add(self, request: HttpRequest, obj: Quiz, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(address(obj.revisions.get()))


class QuizRevisionForm(SeenForm):
    """A draft's words and rules; the time limit is typed in minutes and kept in seconds."""

    minutes = forms.DecimalField(
        label=_("Time limit in minutes"),
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        decimal_places=2,
        help_text=_("Empty: no limit."),
    )
    pinned = forms.ModelChoiceField(
        label=_("Article beside the questions"),
        required=False,
        queryset=Article.objects.none(),
        error_messages={"invalid_choice": _("Choose an article that is published, and not archived.")},
        help_text=_("Learners read it beside each question, without its annotations."),
    )
    newest = forms.BooleanField(
        label=_("Lay the article's new text beside the questions"),
        required=False,
        help_text=_(
            "The article was published anew since this quiz took it. Without a tick the earlier text stays."
        ),
    )

    class Meta:
        model = QuizRevision
        fields = ["title", "instructions", "attempts_allowed", "feedback", "shuffle_items", "shuffle_options"]
        help_texts = {"attempts_allowed": _("Empty: as often as they like.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seconds = self.instance.time_limit_s
        self.initial.setdefault("minutes", round(Decimal(seconds) / 60, 2).normalize() if seconds else None)
        if self.instance.pinned_article:
            self.initial.setdefault("pinned", self.instance.pinned_article.article_id)
        if "newest" in self.fields and not self._is_behind():
            self.fields["newest"].widget = forms.HiddenInput()

    def _is_behind(self) -> bool:
        """Whether the pinned article has another text in force."""
        pinned = self.instance.pinned_article
        return pinned is not None and pinned.article.published_id not in {None, pinned.pk}

    def clean_instructions(self) -> str:
        return plain_lines(self.cleaned_data["instructions"])

    def clean_minutes(self) -> Any:
        minutes = self.cleaned_data["minutes"]
        if minutes is not None and round(minutes * 60) < 1:
            raise ValidationError(_("Leave it empty, or give at least some seconds."))
        return minutes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.quiz_id and cleaned.get("feedback"):
            fitting = publishing.fitting_feedback(self.instance.quiz)
            if cleaned["feedback"] != fitting:
                self.add_error("feedback", _("Practice gives feedback at once, and nothing else does."))
        if cleaned.get("attempts_allowed") == 0:
            self.add_error("attempts_allowed", _("Leave it empty, or allow at least one attempt."))
        return cleaned

    def _post_clean(self) -> None:
        minutes, article = self.cleaned_data.get("minutes"), self.cleaned_data.get("pinned")
        self.instance.time_limit_s = round(minutes * 60) if minutes else None
        self.instance.pinned_article = self._pinned(article) if "pinned" not in self.errors else None
        super()._post_clean()  # type: ignore[misc]

    def _pinned(self, article: Any) -> Any:
        """The revision that was pinned stays, until another article is chosen, or its new text is asked for."""
        kept = self.instance.pinned_article if not self.cleaned_data.get("newest") else None
        if article is None or (kept and kept.article_id == article.pk):
            return kept if article else None
        return article.published


@admin.register(QuizRevision)
class QuizRevisionAdmin(RevisionAdmin):
    form = QuizRevisionForm
    change_form_template = "quizzes/admin/quiz_draft.html"
    organisation_path = "quiz__organisation"
    publish_verb = publishing.publish_quiz
    list_display = ["title", "quiz", "number", "feedback", "attempts_allowed", "published_at", "created_at"]
    list_filter = [
        "quiz__mode",
        ("published_at", admin.EmptyFieldListFilter),
        "feedback",
        ("quiz__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["quiz"]
    search_fields = ["title", "quiz__ref"]
    readonly_fields = ["quiz", "number", "published_at", "published_by"]
    draft_fieldsets = [
        (None, {"fields": ["title", "instructions", "pinned", "newest", "seen"]}),
        (
            _("Rules"),
            {"fields": [("minutes", "attempts_allowed"), "feedback", ("shuffle_items", "shuffle_options")]},
        ),
    ]
    fields = [
        "quiz",
        ("number", "published_at", "published_by"),
        "title",
        "instructions",
        "pinned_article",
        ("time_limit_s", "attempts_allowed"),
        "feedback",
        ("shuffle_items", "shuffle_options"),
    ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[QuizRevision]":
        return super().get_queryset(request).select_related("quiz__organisation", "pinned_article__article")

    def get_inlines(self, request: HttpRequest, obj: QuizRevision | None) -> Any:
        return [QuizSlotRows if obj and self.has_change_permission(request, obj) else PublishedSlots]

    def get_fieldsets(self, request: HttpRequest, obj: QuizRevision | None = None) -> Any:
        if obj is not None and self.has_change_permission(request, obj):
            return self.draft_fieldsets
        return super().get_fieldsets(request, obj)

    def get_form(
        self, request: HttpRequest, obj: QuizRevision | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None or not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **{**kwargs, "form": forms.ModelForm})
        form = super().get_form(request, obj, change, **{**kwargs, "fields": QuizRevisionForm.Meta.fields})
        choices: Any = self.admin_site.get_model_admin(Article).get_queryset(request)
        field: Any = form.base_fields["pinned"]
        field.queryset = choices.live()
        field.label_from_instance = lambda article: str(article.choice_title)
        choose_by_typing(field, Evidence._meta.get_field("article"), self.admin_site)
        return form

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save()
        if isinstance(formset, SlotFormSet):
            publishing.put_slots(revision=form.instance, slots=list(formset.slots()))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context["balance"] = balance(obj)
        return super().render_change_form(request, context, *args, **kwargs)
