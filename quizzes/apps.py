from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = _("Quizzes")

    def ready(self) -> None:
        from articles.signals import article_published  # late: models are read by then
        from quizzes.requoting import on_article_published

        article_published.connect(on_article_published, dispatch_uid="quizzes.requoting")
