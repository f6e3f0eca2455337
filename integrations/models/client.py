from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application

from accounts.models import Organisation, PublicModel, User


class ApiClient(PublicModel):
    """A program of one organisation that reaches the API, with the scopes that it may ask for.

    It acts as `user`, a service account that has a place in that organisation and in no other; its id
    and the hash of its secret are in `application`. Written only by `integrations.clients`.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="api_clients", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=120)
    user = models.OneToOneField(User, models.PROTECT, related_name="api_client")
    application = models.OneToOneField(Application, models.PROTECT, related_name="api_client")
    scopes = models.JSONField(_("scopes"), default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        ordering = ["organisation", "name", "pk"]
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(revoked_at=None),
                name="api_client_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
