from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import CharFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import Door, Listed
from accounts.api.filters import refuse_unknown
from accounts.api.references import caller
from articles import revising
from articles.api import annotations
from articles.api.annotation_schema import ANNOTATION, ANNOTATIONS
from articles.api.annotations import AnnotationRenderer, LinkedDataRenderer
from articles.api.serializers import (
    ArticleLineSerializer,
    ArticleRevisionLineSerializer,
    ArticleRevisionSerializer,
    ArticleSerializer,
    SkillSerializer,
)
from articles.api.shapes import ContentFilters, OwnChanged, published, without_text
from articles.models import Annotation, Article, ArticleRevision, Skill

READS = {"list": "content:read", "retrieve": "content:read"}
ANNOTATION_RENDERERS = [JSONRenderer, AnnotationRenderer, LinkedDataRenderer]


class SkillViewSet(Listed):
    """The skills that are taught: the same for every organisation, and few."""

    queryset = Skill.objects.none()
    serializer_class = SkillSerializer
    lookup_field = "code"
    lookup_value_converter = "slug"
    scopes = READS

    def rows(self) -> "QuerySet[Any]":
        return Skill.objects.all()


class ArticleFilters(ContentFilters):
    language = CharFilter("published__language", help_text="A language tag, such as `en`.")


class ArticleViewSet(OwnChanged):
    """Articles of the client's organisation and of the site, each as it is published now; drafts are not told."""

    queryset = Article.objects.none()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilters
    scopes = {**READS, "partial_update": "content:write", "annotations": "keys:read"}

    def get_serializer_class(self) -> Any:
        return ArticleLineSerializer if self.action == "list" else ArticleSerializer

    def rows(self) -> "QuerySet[Any]":
        rows = published(Article.objects.visible_to(self.request.user))
        return without_text(rows, "published") if self.action == "list" else rows

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Publish another revision with what is sent; what is not sent stays. `If-Match` is required.

        Annotations move along with a changed text. If one would lose its place, or stand on other words, nothing
        is changed (409): that is for a person to look at, in the administration. Questions and lessons that
        quote the text get drafts there, and show the old text until somebody publishes those.
        """
        return super().partial_update(request, *args, **kwargs)

    def change(self, request: Request, row: Article, given: dict[str, Any]) -> Any:
        revising.republish(article=row, by=caller(request), **given.get("published", {}))
        return self.again(row)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "revision",
                {"type": "integer", "minimum": 1},
                description="Of another revision than the published one.",
            ),
            OpenApiParameter(
                "page",
                {"type": "integer", "minimum": 1},
                description="From 1: this page alone. Follow `next`.",
            ),
        ],
        responses=ANNOTATIONS,
    )
    @action(detail=True, renderer_classes=ANNOTATION_RENDERERS, pagination_class=None, filterset_class=None)
    def annotations(self, request: Request, uuid: UUID) -> Response:
        """The key of a text, in text order, as a collection of W3C Web Annotations (JSON-LD), 200 a page.

        Ask for the media type of Web Annotations in `Accept` to get it under that name.
        """
        refuse_unknown(request, {"revision", "page"})
        article = self.get_object()
        revisions = ArticleRevision.objects.published().filter(article=article).select_related("article")
        number = _number(request, "revision") or article.published.number
        revision = get_object_or_404(without_text(revisions), number=number)
        rows = annotations.key_annotations(set__revision=revision)
        pages = Paginator(rows.order_by("start", "end", "pk"), annotations.PAGE_SIZE)
        asked = _number(request, "page")
        if asked is None:
            return self.tagged(request, annotations.collection(revision, pages, request))
        if asked not in pages.page_range:
            raise ValidationError({"page": [_("There are %d pages.") % pages.num_pages]})
        return self.tagged(request, annotations.page(pages.page(asked), request))


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 9 and int(given) > 0):
        raise ValidationError({name: [_("Give a whole number from 1.")]})
    return int(given)


class AnnotationViewSet(Door):
    """Single annotations, at the addresses by which collections name them."""

    queryset = Annotation.objects.none()
    serializer_class = None
    renderer_classes = ANNOTATION_RENDERERS
    scopes = {"retrieve": "keys:read"}

    def rows(self) -> "QuerySet[Any]":
        seen = Article.objects.visible_to(self.request.user)
        return annotations.key_annotations(set__revision__article__in=seen)

    @extend_schema(responses=ANNOTATION)
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """One annotation of a published key, as a W3C Web Annotation (JSON-LD)."""
        row = annotations.shown(self.get_object(), request)
        return self.tagged(request, {"@context": annotations.CONTEXT, **row})


class TextRenderer(BaseRenderer):
    """The text alone: what positions are counted in."""

    media_type = "text/plain"
    format = "txt"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return str(data["text"]).encode() if data else b""


class ArticleRevisionViewSet(Listed):
    """The published revisions of an article, by number. What attempts and annotations refer to stays here."""

    queryset = ArticleRevision.objects.none()
    serializer_class = ArticleRevisionSerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    scopes = READS

    def get_serializer_class(self) -> Any:
        return ArticleRevisionLineSerializer if self.action == "list" else ArticleRevisionSerializer

    def get_renderers(self) -> Any:
        return [*super().get_renderers(), *([TextRenderer()] if self.action == "retrieve" else [])]

    def rows(self) -> "QuerySet[Any]":
        articles = Article.objects.visible_to(self.request.user)
        article = get_object_or_404(articles, uuid=self.kwargs["article"], published__isnull=False)
        rows = ArticleRevision.objects.published().filter(article=article).select_related("article")
        return without_text(rows) if self.action == "list" else rows

    @extend_schema(
        responses={
            (200, "application/json"): ArticleRevisionSerializer,
            (200, "text/plain"): OpenApiTypes.STR,
        }
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One revision; with `Accept: text/plain` its text alone, in UTF-8."""
        return super().retrieve(request, *args, **kwargs)
