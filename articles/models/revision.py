"""Revisions: immutable once published. One guard for every table that holds or belongs to one."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Stamped

#: What may be allowed of a revision: Django's four, and making it what learners meet.
PERMISSIONS = ("add", "change", "delete", "view", "publish")


class Frozen(Exception):
    """Somebody tried to change, or delete, what is published. Make a new revision instead."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(
            _("This %(thing)s is published and never changes. Make a new revision instead.")
            % {"thing": model._meta.verbose_name}
        )


class FrozenQuerySet(models.QuerySet[Any]):
    """Refuses, in bulk as well, to change a row that is published or part of what is."""

    def frozen(self) -> Self:
        return self.filter(self.model.frozen_if())

    def _refuse_frozen(self) -> None:
        if self.frozen().exists():
            raise Frozen(self.model)

    def update(self, **fields: Any) -> int:
        self._refuse_frozen()
        parent = getattr(self.model, "revision_path", "").partition("__")[0]
        if {parent, f"{parent}_id"} & fields.keys():
            raise Frozen(self.model)  # a part is never given to another revision
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        if kwargs.get("update_conflicts"):
            raise NotImplementedError("An upsert would pass the guard: create, or update.")
        self.model.refuse_frozen_parents(rows)
        return super().bulk_create(rows, *args, **kwargs)


class Guarded(models.Model):
    """What `Revision` and `RevisionPart` share: no save and no delete once published."""

    class Meta:
        abstract = True

    @classmethod
    def frozen_if(cls) -> Q:
        """The rows of this table that may not change."""
        raise NotImplementedError

    @classmethod
    def refuse_frozen_parents(cls, rows: "Iterable[Any]") -> None:
        """Raise `Frozen` if one of these rows would be added to something that is published."""

    def _refuse_frozen(self) -> None:
        # Both, new or not: a new object may bear the key of a published row, and an old row may
        # have been given to a revision that is published.
        self.refuse_frozen_parents([self])
        if self.pk is not None and type(self)._base_manager.filter(self.frozen_if(), pk=self.pk).exists():
            raise Frozen(type(self))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        return super().delete(*args, **kwargs)


class RevisionQuerySet(FrozenQuerySet):
    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def published(self) -> Self:
        return self.exclude(published_at=None)


class Revision(Guarded, Stamped):
    """One state of an identity. A draft until `published_at`; from then on it never changes.

    At most one draft an identity. `schema_version` is that of the JSON it holds.
    """

    #: The name of the foreign key to the identity.
    identity_field: ClassVar[str]

    number = models.PositiveIntegerField(_("number"), default=1)
    schema_version = models.PositiveSmallIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.identity} · {self.number}"

    @classmethod
    def frozen_if(cls) -> Q:
        return Q(published_at__isnull=False)

    @property
    def identity(self) -> Any:
        return getattr(self, self.identity_field)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class RevisionPart(Guarded):
    """A row that belongs to a revision and freezes with it."""

    #: The path to the revision, as a lookup ("quiz_revision", "set__revision").
    revision_path: ClassVar[str] = "revision"
    #: Columns that tell what became of this very row, so that a copy of it begins without them.
    own_story: ClassVar[frozenset[str]] = frozenset()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def frozen_if(cls) -> Q:
        return Q(**{f"{cls.revision_path}__published_at__isnull": False})

    @classmethod
    def refuse_frozen_parents(cls, rows: "Iterable[Any]") -> None:
        # Asked of the database: a revision that the caller holds may have been published since.
        field: Any = cls._meta.get_field(cls.revision_path.partition("__")[0])
        parent = cast(type[Guarded], field.related_model)
        named = {getattr(row, field.attname) for row in rows}
        if parent._base_manager.filter(parent.frozen_if(), pk__in=named).exists():
            raise Frozen(cls)


def revision_constraints(model: str, identity: str) -> list[models.BaseConstraint]:
    """Numbers 1, 2, 3… of an identity, and one open draft at the most."""
    return [
        UniqueConstraint(fields=[identity, "number"], name=f"{model}_number_once"),
        UniqueConstraint(fields=[identity], condition=Q(published_at=None), name=f"{model}_one_draft"),
    ]
