"""Questions that could not follow a new revision of their article: to look at, and to tick off."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import has_model_permission, staff
from articles.admin.base import Owned
from quizzes import requoting
from quizzes.models import QuestionOrphan


@admin.register(QuestionOrphan)
class QuestionOrphanAdmin(Owned):
    """Written when an article is published. Nothing of it is edited: somebody says that it is done."""

    organisation_path = "question__organisation"
    list_display = ["question", "reason", "words", "article_revision", "resolved_at", "open_question"]
    list_filter = [
        ("resolved_at", admin.EmptyFieldListFilter),
        "reason",
        ("question__organisation", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["question", "article_revision__article"]
    search_fields = ["question__ref", "detail", "article_revision__title"]
    date_hierarchy = "created_at"
    fields = [
        "open_question",
        "question",
        "article_revision",
        "reason",
        "detail",
        ("created_at", "resolved_at", "resolved_by"),
    ]
    actions = ["done"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["open_question"]

    def has_done_permission(self, request: HttpRequest) -> bool:
        return has_model_permission(self, request, "change")

    @admin.display(description=gettext_lazy("words"))
    def words(self, orphan: QuestionOrphan) -> str:
        return orphan.detail[:80]

    @admin.display(description=gettext_lazy("question"))
    def open_question(self, orphan: QuestionOrphan) -> str:
        address = reverse("admin:quizzes_question_change", args=[orphan.question_id])
        return format_html('<a href="{}">{}</a>', address, _("Open the question"))

    @admin.action(
        description=gettext_lazy("Done: the selected questions are looked after"), permissions=["done"]
    )
    def done(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        def settle(orphan: QuestionOrphan) -> None:
            requoting.settle(orphan=orphan, by=staff(request))
            self.log_change(request, orphan, str(_("Done.")))

        self.run(request, self.owned(request, queryset.filter(resolved_at=None)), settle)
