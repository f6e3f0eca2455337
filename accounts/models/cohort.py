from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.base import PublicModel, Stamped
from accounts.models.organisation import Organisation, owned_by, refuse_program
from accounts.models.user import User
from accounts.timezones import validate_timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CohortQuerySet(models.QuerySet["Cohort"]):
    def active(self) -> "CohortQuerySet":
        return self.filter(archived_at=None)

    def with_role(self, user: "User", *roles: str) -> "CohortQuerySet":
        live = CohortMember.objects.filter(user=user, role__in=roles, left_at=None)
        return self.filter(pk__in=live.values("cohort"))

    def taught_by(self, user: "User") -> "CohortQuerySet":
        """Where they are a teacher or an assistant now; archived classes are still theirs to read."""
        return self.with_role(user, CohortMember.Role.TEACHER, CohortMember.Role.ASSISTANT)

    def led_by(self, user: "User") -> "CohortQuerySet":
        """Where they are a teacher now: who may change the class, not only look and grade."""
        return self.with_role(user, CohortMember.Role.TEACHER)

    def graded_by(self, user: "User") -> "CohortQuerySet":
        """Whose marks they may set by hand: those that they lead; a service, those of its organisation."""
        if user.kind == User.Kind.SERVICE:
            return self.filter(owned_by(user))
        return self.led_by(user)

    def learnt_by(self, user: "User") -> "CohortQuerySet":
        return self.with_role(user, CohortMember.Role.LEARNER).active()

    def visible_to(self, user: "User | AnonymousUser") -> "CohortQuerySet":
        """Their own classes; a service sees those of its organisation; a superuser all."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser:
            return self
        mine = CohortMember.objects.filter(user=user, left_at=None)
        seen = Q(pk__in=mine.values("cohort"))
        if user.kind == User.Kind.SERVICE:
            seen |= owned_by(user)
        return self.filter(seen)


class Cohort(PublicModel):
    """A class: learners with their teachers, for a term. "Class" on the screen."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=120)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_timezone])
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    external_id = models.CharField(_("external id"), max_length=255, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        permissions = [("start_cohort", "Can start a class of their own")]
        constraints = [
            UniqueConstraint(
                fields=["organisation", "external_id"],
                condition=~Q(external_id=""),
                name="cohort_external_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class CohortMemberQuerySet(models.QuerySet["CohortMember"]):
    def live(self) -> "CohortMemberQuerySet":
        return self.filter(left_at=None)

    def learning(self) -> "CohortMemberQuerySet":
        """Of those who learn in their class now."""
        return self.live().filter(role=CohortMember.Role.LEARNER)

    def visible_to(self, user: "User | AnonymousUser") -> "CohortMemberQuerySet":
        """Who teaches a class sees its places, with real names; a service those of its organisation."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser:
            return self
        seen = Q(cohort__in=Cohort.objects.taught_by(user))
        if user.kind == User.Kind.SERVICE:
            seen |= owned_by(user, "cohort__organisation")
        return self.filter(seen)


class CohortMember(PublicModel):
    """Somebody's place in a class, from `joined_at` until `left_at`. One live place each.

    `real_name` is what the teacher typed; nobody but teachers sees it.
    """

    class Role(models.TextChoices):
        LEARNER = "learner", _("learner")
        TEACHER = "teacher", _("teacher")
        ASSISTANT = "assistant", _("assistant")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="cohort_memberships")
    role = models.CharField(_("role"), max_length=9, choices=Role, default=Role.LEARNER)
    real_name = models.CharField(_("real name"), max_length=200, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = CohortMemberQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "joined_at", "pk"]
        verbose_name = _("member of a class")
        verbose_name_plural = _("members of classes")
        constraints = [
            UniqueConstraint(
                fields=["cohort", "user"], condition=Q(left_at=None), name="cohort_member_live_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["learner", "teacher", "assistant"]), name="cohort_member_role_known"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
                name="cohort_member_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"

    def clean(self) -> None:
        super().clean()
        refuse_program(self)


class JoinCodeQuerySet(models.QuerySet["JoinCode"]):
    def live(self) -> "JoinCodeQuerySet":
        """Codes that still let somebody in, as far as dates say; `max_uses` is settled by the verb."""
        now = timezone.now()
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, cohort__archived_at=None
        )


class JoinCode(Stamped):
    """A code that lets a learner into one class: upper-case ASCII without 0, O, 1 and I."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="join_codes")
    code = models.CharField(_("code"), max_length=12, unique=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    max_uses = models.PositiveIntegerField(_("most uses"), null=True, blank=True)
    uses = models.PositiveIntegerField(_("uses"), default=0, editable=False)

    objects = JoinCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("class code")
        verbose_name_plural = _("class codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(max_uses__gt=0), name="join_code_some_uses"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9]{4,12}$"), name="join_code_upper_ascii"
            ),
        ]

    def __str__(self) -> str:
        return self.code
