import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, PublicModel, User
from accounts.models.organisation import worked_with_by
from accounts.visibility import granted

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def own_ref() -> str:
    """A ref for a row that no bundle named: unique, and plainly not hand-made."""
    return uuid.uuid4().hex


class IdentityQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        """Published and not archived: what a learner can meet."""
        return self.filter(published__isnull=False, archived_at=None)

    def worked_with_by(self, user: User) -> Q:
        """What somebody may look at for their work, whatever they learn with besides; all, for a superuser."""
        return worked_with_by(user, "published")


class MetQuerySet(IdentityQuerySet):
    """Of identities that learners meet."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What learners are given, by their classes; for those who work for an organisation, its and the shared."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser:
            return self
        given = granted(self.model._meta.label, user) & Q(published__isnull=False, archived_at=None)
        return self.filter(given | self.worked_with_by(user))


class Identity(PublicModel):
    """What stays the same while its revisions change: an article, a question, a quiz.

    `bundle` and `ref` name it in the plain-text bundle that it came from (`bundle` empty: made
    here). Each concrete identity adds `published`, the revision that learners meet now.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    bundle = models.CharField(_("bundle"), max_length=64, blank=True)
    ref = models.CharField(_("ref"), max_length=64, default=own_ref)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            UniqueConstraint(fields=["organisation", "bundle", "ref"], name="%(class)s_ref_once"),
        ]

    def __str__(self) -> str:
        return self.ref
