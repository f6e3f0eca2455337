"""What all content has in common over the API: an identity that stays, and the revision that is published."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, PermissionDenied

from accounts.api.doors import Changed
from accounts.api.filters import IsSet
from accounts.api.references import caller
from accounts.models.organisation import SHARED

#: The fields of an identity, the same for articles, questions and quizzes.
IDENTITY = ["uuid", "bundle", "ref", "shared", "archived_at", "created_at", "updated_at"]
#: And of the revision of it that is published.
PUBLISHED = ["revision", "published_at"]
#: The columns of an article's revision that hold its text, which is long.
TEXT = ["text", "blocks", "sentences", "words"]


class ContentOfOthers(PermissionDenied):
    """A program changes only what its own organisation owns."""

    default_code = "content_of_others"
    default_detail = _(
        "This is shared by the site, and read by all. A copy that your organisation owns can be changed: "
        "make one in the administration."
    )


class Archived(APIException):
    """What is archived is no longer in use, and is not changed."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "archived"
    default_detail = _("This is archived. Take it out of the archive in the administration, then change it.")


class SharedField(serializers.BooleanField):
    """Whether the site owns a row, found by its `organisation`, or by what `source` says."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"source": "organisation.slug", "read_only": True, **kwargs}
        kwargs["help_text"] = "Owned by the site and read by all organisations; programs cannot change it."
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> bool:
        return bool(value == SHARED)


class IdentitySerializer(serializers.ModelSerializer[Any]):
    """An identity with its published revision. A subclass names its model and its fields."""

    bundle = serializers.CharField(
        read_only=True, help_text="The course bundle that it came from; empty where it was made here."
    )
    ref = serializers.CharField(
        read_only=True, help_text="Its name in that bundle; stable, not unique alone."
    )
    shared = SharedField()
    archived_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Set when it is no longer in use; null while it is."
    )
    revision = serializers.IntegerField(
        source="published.number",
        read_only=True,
        help_text="The number of the published revision. A change makes another one; this one stays as it is.",
    )
    published_at = serializers.DateTimeField(
        source="published.published_at", read_only=True, help_text="When this revision was published."
    )


class ContentFilters(FilterSet):
    """What lists of identities can be narrowed by."""

    bundle = CharFilter(help_text="The course bundle that it came from.")
    ref = CharFilter(help_text="Its name in that bundle.")
    archived = IsSet("archived_at", help_text="`true`: only what is archived; `false`: only what is not.")


class OwnChanged(Changed):
    """Content that programs change where their organisation owns it, against the state that they read."""

    tag_required = True

    def _locked(self) -> Any:
        """The row, held; raises ContentOfOthers and Archived."""
        row = super()._locked()
        if row.organisation_id not in caller(self.request).employers:
            raise ContentOfOthers
        if row.archived_at is not None:
            raise Archived
        return row


def published(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those that have a published revision, with it and their owner."""
    return rows.filter(published__isnull=False).select_related("organisation", "published")


def without_text(rows: "QuerySet[Any]", revision: str = "") -> "QuerySet[Any]":
    """Without reading the text of the article's revision at that path ("": the rows are such revisions)."""
    prefix = f"{revision}__" if revision else ""
    return rows.defer(*(f"{prefix}{name}" for name in TEXT))
