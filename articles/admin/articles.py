"""The pages of articles and their revisions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.base import ReadOnlyPart, staff
from accounts.admin.numbers import whole_number
from articles import copying, differences, lines, publishing, revising, wording
from articles.admin.base import IdentityAdmin
from articles.admin.editor_state import keying_blind
from articles.admin.intake import ArticleIntake
from articles.admin.revisions import RevisionRows
from articles.admin.seen import SeenForm
from articles.admin.sentences import SentencesPage
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Orphan
from articles.text.cleaning import Unfit, clean, marked

differences.register(ArticleRevision, lines.of_article)


class ArticleRevisionRows(RevisionRows):
    model = ArticleRevision
    fields = ["title", *RevisionRows.fields]


@admin.register(Article)
class ArticleAdmin(ArticleIntake, IdentityAdmin):
    published_as = ArticleRevision
    copy_verb = staticmethod(copying.copy_article)
    revise_verb = staticmethod(revising.revise)
    key_permission = "articles.view_annotation"
    list_select_related = ["organisation", "published__article"]
    search_fields = [*IdentityAdmin.search_fields, "published__title"]
    inlines = [ArticleRevisionRows]

    def differences_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """As everywhere; not for who keys one of the revisions blind, because keys stand there."""
        own = AnnotationSet.objects.keyed_blind_by(staff(request))
        if own.filter(revision__article=whole_number(object_id) or 0).exists():
            self.message_user(request, keying_blind(), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[object_id]))
        return super().differences_view(request, object_id)


class ArticleRevisionForm(SeenForm):
    """A draft's words as plain text, one paragraph a line, subheads marked by ##."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
        help_text=gettext_lazy("One paragraph a line. A line that begins with ## is a subhead."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["text"] = marked(self.instance.text.split("\n"), self.instance.blocks)

    def clean_text(self) -> str:
        try:
            cleaned = clean(self.cleaned_data["text"], "text")
        except Unfit as error:
            raise ValidationError(wording.unfit(error)) from error
        self.cleaned_data["blocks"] = list(cleaned.blocks)
        self.removed = cleaned.removed
        return cleaned.text


class AnnotationSetRows(ReadOnlyPart):
    model = AnnotationSet
    fields = ["purpose", "keyer", "closed_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("revision__article", "keyer")


@admin.register(ArticleRevision)
class ArticleRevisionAdmin(SentencesPage):
    form = ArticleRevisionForm
    organisation_path = "article__organisation"
    publish_verb = publishing.publish
    list_display = ["title", "article", "number", "language", "published_at", "published_by", "created_at"]
    list_filter = [
        ("published_at", admin.EmptyFieldListFilter),
        "language",
        ("article__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["article__organisation", "published_by"]
    search_fields = ["title", "article__ref", "source", "byline"]
    fields = [
        "article",
        ("number", "published_at", "published_by"),
        "title",
        "byline",
        "source",
        "dateline",
        "licence",
        "content_note",
        ("language", "direction"),
        "text",
        "sha256",
    ]
    readonly_fields = ["article", "number", "published_at", "published_by", "sha256"]
    inlines = [AnnotationSetRows]

    def choosable(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """What a question may quote: what is in force, and open drafts; without their long columns."""
        quoted = rows.filter(Q(article__published=F("pk")) | Q(published_at=None))
        return quoted.filter(article__archived_at=None).defer("text", "words", "sentences")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A page that only shows has no fields of its own."""
        if obj is not None and not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the moment that the page shows, where it can be saved."""
        return [*self.fields, "seen"] if obj and self.has_change_permission(request, obj) else self.fields

    def save_model(self, request: HttpRequest, obj: ArticleRevision, form: Any, change: bool) -> None:
        """By the verb, which moves annotations along where the text is another one; says what became of them."""
        names = [name for name in form.cleaned_data if name not in {"seen"}]
        fields = {name: form.cleaned_data[name] for name in names}
        edited = revising.edit(revision=obj, by=staff(request), **fields)
        if form.removed:
            gone = "; ".join(f"{wording.removed(what)} ({what.times})" for what in form.removed)
            said = _("Taken out of the text, or changed in it: %s. The text below is what is kept.") % gone
            self.message_user(request, said, messages.WARNING)
        for level, said in edited_words(edited):
            self.message_user(request, said, level)

    @admin.action(description=gettext_lazy("Publish the selected drafts"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """As everywhere; a draft with annotations that have no place is named with a link to them."""
        super().publish(request, queryset)
        waiting = Count("orphans", filter=Q(orphans__outcome=Orphan.Outcome.OPEN))
        for draft in self.owned(request, queryset.filter(published_at=None)).annotate(waiting=waiting):
            if draft.waiting:
                link = format_html(
                    '<a href="{}">{}</a>', waiting_list(draft), _("Place them, or leave them out")
                )
                self.message_user(request, format_html("{}: {}", draft, link), messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        revision: ArticleRevision | None = kwargs.get("obj")
        if revision is not None:
            context |= {"has_file_field": True, **self._beside(request, revision)}
        return super().render_change_form(request, context, *args, **kwargs)

    def _beside(self, request: HttpRequest, revision: ArticleRevision) -> dict[str, Any]:
        """What waits on this draft, and where to go from here."""
        if not self.has_change_permission(request, revision):
            return {}
        return {
            "mends": True,
            "orphans": Orphan.objects.filter(revision=revision, outcome=Orphan.Outcome.OPEN).select_related(
                "skill"
            ),
            "to_confirm": self._to_confirm(request, revision),
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.confirm_view)
        return [
            path("<path:object_id>/confirm/", view, name="articles_articlerevision_confirm"),
            *super().get_urls(),
        ]

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that a moved annotation (`annotation`) still holds, as it was shown (`seen`)."""
        revision = self.open_to_change(request, object_id)
        if request.method != "POST":
            raise PermissionDenied
        number = whole_number(request.POST.get("annotation", "")) or 0
        found = self._to_confirm(request, revision).filter(pk=number).first()
        if found:
            self._confirm(request, revision, found)
        return HttpResponseRedirect(reverse("admin:articles_articlerevision_change", args=[revision.pk]))

    def _confirm(self, request: HttpRequest, revision: ArticleRevision, annotation: Annotation) -> None:
        try:
            revising.confirm(annotation=annotation, seen=request.POST.get("seen", ""))
        except self.refusals as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            said = _("Confirmed: “%s”.") % annotation.exact
            self.log_change(request, revision, said)
            self.message_user(request, said)

    @staticmethod
    def _to_confirm(request: HttpRequest, revision: ArticleRevision) -> "QuerySet[Annotation]":
        """The annotations that moved to other words; none of a key that they must not see yet."""
        layers = AnnotationSet.objects.filter(revision=revision).open_to_the_eyes_of(staff(request))
        rows = Annotation.objects.filter(set__in=layers.order_by(), to_confirm=True)
        return rows.select_related("skill", "set__revision")


def waiting_list(revision: ArticleRevision) -> str:
    """The list of what has no place in a revision yet."""
    return f"{reverse('admin:articles_orphan_changelist')}?revision__id__exact={revision.pk}&outcome__exact="


def edited_words(edited: revising.Edited) -> "list[tuple[int, str]]":
    """What an edit of the text did, in sentences, with the level of each."""
    said = []
    if edited.lost:
        words = ngettext(
            "%(count)d annotation has no place in the new text. It waits below.",
            "%(count)d annotations have no place in the new text. They wait below.",
            edited.lost,
        )
        said.append((messages.WARNING, words % {"count": edited.lost}))
    if edited.to_confirm or edited.found_again:
        count = edited.to_confirm + edited.found_again
        words = ngettext(
            "%(count)d annotation stands on words that changed. Confirm it below.",
            "%(count)d annotations stand on words that changed. Confirm them below.",
            count,
        )
        said.append((messages.WARNING, words % {"count": count}))
    for line in edited.lines_cut_again:
        words = _("The sentences of this paragraph were found again, because it changed: “%s”")
        said.append((messages.WARNING, words % (line if len(line) <= 80 else f"{line[:80]}…")))
    return said
