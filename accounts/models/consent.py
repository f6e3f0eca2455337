from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class Consent(models.Model):
    """What a person, or somebody for them, agreed to or took back, in the words that they read.

    Append-only: the newest row of a kind holds. Written only by `accounts.consents` and `accounts.digests`.
    """

    class Kind(models.TextChoices):
        JOINING = "joining", _("what is kept, and who sees it")
        MAIL = "mail", _("news by e-mail")

    user = models.ForeignKey(User, models.PROTECT, related_name="consents")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    given = models.BooleanField(_("given"))
    wording = models.TextField(_("wording"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["user", "-at", "-pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["user", "kind", "at"], name="consent_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["joining", "mail"]), name="consent_kind_known"),
            models.CheckConstraint(condition=~Q(wording=""), name="consent_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.kind}"
