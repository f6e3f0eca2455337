from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from accounts.models.base import Stamped
from accounts.timezones import validate_timezone

if TYPE_CHECKING:
    from accounts.models.user import User

#: The organisation that owns what the site itself ships, so that no row is without an owner.
SHARED = "shared"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def shared(self) -> "Organisation":
        """The site's own organisation, made at its first use."""
        return self.get_or_create(slug=SHARED, defaults={"name": "Shared"})[0]

    def of(self, user: "User") -> "OrganisationQuerySet":
        return self.filter(members__user=user)


class Organisation(Stamped):
    """A school, or whoever runs classes here; it owns people's memberships and content.

    One row, `shared`, owns what the site ships: no table has a null owner.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=200)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_timezone])
    language = models.CharField(_("language"), max_length=35, default="en")
    retention_months = models.PositiveSmallIntegerField(
        _("months after which pupils are erased"),
        null=True,
        blank=True,
        help_text=_("Counted from the day on which somebody left their last class. Empty: never."),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_months=None) | Q(retention_months__gte=1),
                name="organisation_keeps_a_month",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationMember(Stamped):
    """A person works for an organisation. *What* they may do there, Django's groups say."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="members")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="organisation_memberships")

    class Meta:
        constraints = [UniqueConstraint(fields=["organisation", "user"], name="organisation_member_once")]
        verbose_name = _("member of an organisation")
        verbose_name_plural = _("members of organisations")

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"

    def clean(self) -> None:
        super().clean()
        refuse_program(self)


def refuse_program(place: models.Model) -> None:
    """Raise ValidationError for a new place of a service: a program belongs to the one organisation that it was
    made for, and is in no class.
    """
    user: User | None = getattr(place, "user", None) if getattr(place, "user_id", None) else None
    if place._state.adding and user is not None and user.kind != user.Kind.PERSON:
        raise ValidationError(_("This is a program: it belongs to the organisation that it was made for."))


def owned_by(user: "User", path: str = "organisation") -> Q:
    """Rows whose organisation (at `path`) `user` works for."""
    return Q(**{f"{path}__in": Organisation.objects.of(user)})


def worked_with_by(user: "User", published: str) -> Q:
    """Content that `user` may look at for their work, whatever they learn with besides; all, for a superuser.

    That is their organisations', and the site's where it is published: where the column of that name is set.
    """
    if user.is_superuser:
        return ~Q(pk__in=[])
    if not user.employers:
        return Q(pk__in=[])
    return owned_by(user) | Q(organisation__slug=SHARED, **{f"{published}__isnull": False})
