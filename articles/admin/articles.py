from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyPart
from articles import copying, differences, lines, publishing
from articles.admin.base import IdentityAdmin, RevisionAdmin, RevisionRows
from articles.models import AnnotationSet, Article, ArticleRevision
from articles.text.positions import normalise

differences.register(ArticleRevision, lines.of_article)
#: What a line of an article may be.
BLOCK_KINDS = ("p", "h2")


class ArticleRevisionRows(RevisionRows):
    model = ArticleRevision
    fields = ["title", *RevisionRows.fields]


@admin.register(Article)
class ArticleAdmin(IdentityAdmin):
    published_as = ArticleRevision
    copy_verb = staticmethod(copying.copy_article)
    list_select_related = ["organisation", "published__article"]
    search_fields = [*IdentityAdmin.search_fields, "published__title"]
    inlines = [ArticleRevisionRows]


class ArticleRevisionForm(forms.ModelForm):
    """A draft's words as plain text, one paragraph a line."""

    def clean_text(self) -> str:
        lines = normalise(self.cleaned_data["text"]).split("\n")
        return "\n".join(line.strip() for line in lines if line.strip())

    def clean_blocks(self) -> list[str]:
        blocks = self.cleaned_data["blocks"]
        if not isinstance(blocks, list) or any(kind not in BLOCK_KINDS for kind in blocks):
            raise ValidationError(_("Write a list of “p” (a paragraph) and “h2” (a subhead)."))
        return blocks

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = cleaned.get("text", "").count("\n") + 1
        if "blocks" in cleaned and cleaned.get("text") and len(cleaned["blocks"]) != lines:
            message = _("The text has %(lines)d lines. Write one kind of block for each.") % {"lines": lines}
            self.add_error("blocks", message)
        return cleaned


class AnnotationSetRows(ReadOnlyPart):
    model = AnnotationSet
    fields = ["purpose", "keyer", "closed_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("revision__article", "keyer")


@admin.register(ArticleRevision)
class ArticleRevisionAdmin(RevisionAdmin):
    form = ArticleRevisionForm
    organisation_path = "article__organisation"
    publish_verb = publishing.publish
    list_display = ["title", "article", "number", "language", "published_at", "published_by", "created_at"]
    list_filter = [
        ("published_at", admin.EmptyFieldListFilter),
        "language",
        ("article__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["article", "published_by"]
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
        "blocks",
        "sha256",
    ]
    readonly_fields = ["article", "number", "published_at", "published_by", "sha256"]
    inlines = [AnnotationSetRows]

    def save_model(self, request: HttpRequest, obj: ArticleRevision, form: Any, change: bool) -> None:
        """The words and sentences are found again, because the text may be another one."""
        for name, value in publishing.cut(obj.text).items():
            setattr(obj, name, value)
        super().save_model(request, obj, form, change)
