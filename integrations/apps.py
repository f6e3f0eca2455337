from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Other systems")

    def ready(self) -> None:
        from accounts import clock
        from accounts.api.signals import written
        from accounts.signals import cohort_member_changed, cohort_members_changed
        from courses.signals import course_published
        from integrations import (  # noqa: F401
            audit,
            delivering,
            idempotency,
            launching,
            outbox,
            personal_data,
            schema,
            score_news,
        )
        from quizzes import signals

        written.connect(audit.keep, dispatch_uid="integrations.audit")
        personal_data.register()
        cohort_member_changed.connect(outbox.on_member_changed, dispatch_uid="integrations.outbox")
        cohort_members_changed.connect(outbox.on_members_changed, dispatch_uid="integrations.outbox")
        course_published.connect(outbox.on_course_published, dispatch_uid="integrations.outbox")
        signals.attempt_submitted.connect(outbox.on_attempt_submitted, dispatch_uid="integrations.outbox")
        signals.grades_released.connect(outbox.on_grades_released, dispatch_uid="integrations.outbox")
        # Before the deliveries: what is written down in a turn leaves in it.
        clock.register("integrations.scores", score_news.tell_changed, every=timedelta(seconds=2))
        clock.register("integrations.deliver", delivering.deliver_due, every=timedelta(seconds=2))
        clock.register("integrations.launches", launching.forget_old, every=timedelta(hours=1))
        clock.register("integrations.replies", idempotency.forget_old, every=timedelta(hours=1))
