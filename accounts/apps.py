from datetime import timedelta

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts import (
            clock,
            consents,
            digests,
            limits,
            registration,
            retention,
            roles,
            sqlite,
            teaching,
            zones,
        )

        connection_created.connect(sqlite.teach, dispatch_uid="accounts.sqlite")
        post_migrate.connect(roles.sync_roles, sender=self, dispatch_uid="accounts.sync_roles")
        user_logged_in.connect(zones.remember_at_login, dispatch_uid="accounts.remember_zone")
        user_logged_in.connect(limits.know_user, dispatch_uid="accounts.know_user")
        user_logged_in.connect(teaching.remember_at_login, dispatch_uid="accounts.remember_teaching")
        clock.register("accounts.digests", digests.send_due, every=timedelta(minutes=20))
        user_logged_in.connect(consents.remind_at_login, dispatch_uid="accounts.remind_of_consent")
        clock.register("accounts.retention", retention.erase_due, every=timedelta(days=1))
        registration.register()
