from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, PublicModel
from integrations.models.client import ApiClient
from quizzes.models import Quiz


class Launch(PublicModel):
    """A way in that a client asked for: once, until `expires_at`, it signs `learner` in and opens `path`.

    Where that is the page of `quiz`, it is started under `cohort` then; null: under any of the client's classes.
    Of the token in the address the SHA-256 is kept. Written only by `integrations.launching`.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="launches")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checksum = models.CharField(max_length=64, unique=True, editable=False)
    path = models.CharField(_("opens"), max_length=500)
    quiz = models.ForeignKey(Quiz, models.CASCADE, null=True, related_name="+")
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("launch")
        verbose_name_plural = _("launches")
        indexes = [models.Index(fields=["expires_at"], name="launch_age")]

    def __str__(self) -> str:
        return f"{self.learner} → {self.path}"
