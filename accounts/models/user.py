from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.base import PublicModel, Stamped
from accounts.models.organisation import Organisation, OrganisationMember
from accounts.names import name_key
from accounts.timezones import validate_timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UserQuerySet(models.QuerySet["User"]):
    def people(self) -> "UserQuerySet":
        return self.filter(kind=User.Kind.PERSON, erased_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """A service sees the people of its organisation, erased ones too; everybody else themselves."""
        if not isinstance(user, User):
            return self.none()
        if user.kind != User.Kind.SERVICE:
            return self.filter(pk=user.pk)
        return self.filter(kind=User.Kind.PERSON).known_to(user.employers)

    def known_to(self, organisations: Collection[int]) -> "UserQuerySet":
        """Whom one of them (primary keys) names by an id, who works there, or has or had a place in its classes."""
        from accounts.models.cohort import CohortMember  # late: places point at people

        named = ExternalIdentity.objects.filter(organisation__in=organisations)
        works = OrganisationMember.objects.filter(organisation__in=organisations)
        places = CohortMember.objects.filter(cohort__organisation__in=organisations).order_by()
        ways = (named.values("user"), works.values("user"), places.values("user"))
        return self.filter(Q(pk__in=ways[0]) | Q(pk__in=ways[1]) | Q(pk__in=ways[2]))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds a user by name as a person would type it, in any case and any width of letters."""

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(username_key=name_key(username or ""))
        return user

    def create_user(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> "User":
        user: User = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> "User":
        return self.create_user(
            username, email, password, **{**fields, "is_staff": True, "is_superuser": True}
        )


class User(AbstractBaseUser, PermissionsMixin, PublicModel):
    """Somebody who signs in, or a *service* that acts for an LMS with memberships of its own.

    `username_key` and `email_key` are the folded forms that must be unique; a learner who joins
    by a class code has no e-mail, and a nickname (`display_name`) that need not be unique.
    `erased_at` is set when a person was anonymised in place; such a row signs in never again.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        SERVICE = "service", _("service")

    username = models.CharField(
        _("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    username_key = models.CharField(max_length=300, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    email_key = models.CharField(max_length=600, blank=True, editable=False)
    display_name = models.CharField(_("nickname"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.PERSON)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_timezone],
        help_text=_("Empty: the class's or the organisation's."),
    )
    language = models.CharField(_("language"), max_length=35, blank=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    #: In a session that another system began: the organisation (primary key) that it is bound to. Of no row.
    launched_by: int | None = None

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["username_key"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            UniqueConstraint(fields=["email_key"], condition=~Q(email_key=""), name="user_email_once"),
            models.CheckConstraint(condition=Q(kind__in=["person", "service"]), name="user_kind_known"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def employers(self) -> frozenset[int]:
        """The organisations that they work for, by number; asked once for this object, as permissions are."""
        found = self.organisation_memberships.order_by().values_list("organisation", flat=True)
        return frozenset(found) if self.pk else frozenset()

    def clean(self) -> None:
        super().clean()
        self._fold()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._fold()
        if (names := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {
                *names,
                *(f"{name}_key" for name in ("username", "email") if name in names),
            }
        super().save(*args, **kwargs)

    def _fold(self) -> None:
        self.username_key = name_key(self.username)
        self.email_key = name_key(self.email)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class ExternalIdentity(Stamped):
    """How another system (an LMS, OneRoster, LTI) names one of our users. Never reused."""

    user = models.ForeignKey(User, models.PROTECT, related_name="external_identities")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    issuer = models.CharField(_("issuer"), max_length=255)
    subject = models.CharField(_("subject"), max_length=255)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["organisation", "issuer", "subject"], name="external_identity_once")
        ]
        verbose_name = _("external identity")
        verbose_name_plural = _("external identities")

    def __str__(self) -> str:
        return f"{self.issuer} · {self.subject}"
