"""“Add question” on the list of questions: it leads to the page on which one is written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from quizzes.models import QuestionRevision


class AddsQuestions(admin.ModelAdmin):
    """For the page of questions: adding one is writing its first draft."""

    def _drafts(self) -> admin.ModelAdmin:
        return self.admin_site.get_model_admin(QuestionRevision)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._drafts().has_add_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._drafts().add_view(request, form_url, extra_context)
