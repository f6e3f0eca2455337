from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Other systems")

    def ready(self) -> None:
        from accounts import clock
        from accounts.api.signals import written
        from integrations import audit, idempotency

        written.connect(audit.keep, dispatch_uid="integrations.audit")
        clock.register("integrations.replies", idempotency.forget_old, every=timedelta(hours=1))
