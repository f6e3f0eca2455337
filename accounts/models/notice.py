from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "NoticeQuerySet":
        """Their own."""
        return self.filter(user=user) if isinstance(user, User) else self.none()


class Notice(models.Model):
    """Something that somebody is told once: in the app, and in the next digest if they want mail.

    `key` names what it is about ("assigned:<uuid>"): the same news is never told twice. `facts` are
    the names and dates that the words of its kind need; the words are made when it is shown, in the
    reader's language and zone. Written only by `accounts.notices`.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=32)
    key = models.CharField(_("key"), max_length=120)
    facts = models.JSONField(_("facts"), default=dict)
    url = models.CharField(_("address"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["user", "at"], name="notice_of_user")]
        constraints = [
            UniqueConstraint(fields=["user", "key"], name="notice_told_once"),
            models.CheckConstraint(condition=~Q(key=""), name="notice_has_key"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.key}"
