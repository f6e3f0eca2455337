from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.base import ReadOnlyPart
from accounts.admin.filters import ByValue
from articles.admin.base import Owned
from articles.admin.editor import Editor
from articles.models import Annotation, AnnotationSet, ArticleRevision, Frozen


class AnnotationRows(ReadOnlyPart):
    model = Annotation
    fields = ["ref", "skill", "kind", "exact", "readings", "party"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Annotation]":
        return super().get_queryset(request).select_related("skill")


@admin.register(AnnotationSet)
class AnnotationSetAdmin(Owned):
    refusals = (Frozen,)
    organisation_path = "revision__article__organisation"
    list_display = ["revision", "purpose", "keyer", "closed_at"]
    list_filter = [
        "purpose",
        ("revision__published_at", admin.EmptyFieldListFilter),
        ("closed_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["revision__article", "keyer"]
    search_fields = ["revision__title", "revision__article__ref"]
    fields = ["revision", "purpose", "keyer", "closed_at", ("swap_test_at", "swap_test_by")]
    inlines = [AnnotationRows]

    def has_change_permission(self, request: HttpRequest, obj: AnnotationSet | None = None) -> bool:
        return False


@admin.register(Annotation)
class AnnotationAdmin(Owned):
    """To be looked at. Annotations are written in the editor, which asks and tells whoever else writes."""

    organisation_path = "set__revision__article__organisation"
    list_display = ["exact", "skill", "kind", "ref", "layer", "readings", "party"]
    list_filter = [
        "kind",
        ("skill", admin.RelatedOnlyFieldListFilter),
        "set__purpose",
        ("set__revision__article", admin.RelatedOnlyFieldListFilter),
        ("party", ByValue),
        "to_confirm",
    ]
    list_select_related = ["skill", "set__revision__article"]
    search_fields = ["exact", "rationale", "ref", "set__revision__title"]
    date_hierarchy = "fact_checked_on"
    fields = [
        "set",
        "ref",
        ("skill", "kind"),
        ("start", "end"),
        "prefix",
        "exact",
        "suffix",
        "rationale",
        "instead",
        "minority",
        "readings",
        "party",
        "fact_checked_on",
        "to_confirm",
    ]

    def get_urls(self) -> list[Any]:
        editors = [Editor(self, purpose) for purpose in AnnotationSet.Purpose]
        return [url for editor in editors for url in editor.urls()] + super().get_urls()

    def owns_revision(self, request: HttpRequest, revision: ArticleRevision) -> bool:
        return self.owns(request, Annotation(set=AnnotationSet(revision=revision)))

    @admin.display(description=AnnotationSet._meta.verbose_name, ordering="set")
    def layer(self, annotation: Annotation) -> AnnotationSet:
        return annotation.set

    def has_change_permission(self, request: HttpRequest, obj: Annotation | None = None) -> bool:
        return False
