"""Questions that could not follow a new text of their article: to place, to leave as they are, or to archive."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import has_model_permission, staff
from accounts.admin.numbers import whole_number
from articles.admin.base import Owned
from articles.admin.revision_pages import address
from articles.models import Frozen
from articles.publishing import PublishingError
from articles.text.candidates import Candidate, candidates
from quizzes import placing, requoting
from quizzes.models import Question, QuestionOrphan, QuestionRevision
from quizzes.placing import Standpoint


@admin.register(QuestionOrphan)
class QuestionOrphanAdmin(Owned):
    """Written when an article is published or its draft edited. Nothing of it is edited: it is looked after."""

    organisation_path = "question__organisation"
    refusals = (Frozen, PublishingError)
    change_form_template = "admin/quizzes/questionorphan/change_form.html"
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

    def may_mend(self, request: HttpRequest, orphan: QuestionOrphan) -> bool:
        """Whoever may write the question's drafts."""
        drafts: Any = self.admin_site.get_model_admin(QuestionRevision)
        may = self.has_done_permission(request) and drafts.has_change_permission(request)
        return bool(may) and self.owns(request, orphan)

    def may_archive(self, request: HttpRequest, orphan: QuestionOrphan) -> bool:
        questions: Any = self.admin_site.get_model_admin(Question)
        rows = Question.objects.filter(pk=orphan.question_id)
        may = questions.has_archive_permission(request) and questions.may_archive(request, rows).exists()
        return bool(may)

    def get_urls(self) -> list[URLPattern]:
        views = {
            "place": self.place_view,
            "take-along": self.take_along_view,
            "begin-again": self.begin_again_view,
            "keep-old": self.keep_old_view,
            "archive": self.archive_view,
            "settle": self.settle_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"quizzes_questionorphan_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        orphan: QuestionOrphan | None = kwargs.get("obj")
        if orphan is not None and orphan.resolved_at is None and self.may_mend(request, orphan):
            seen = placing.look(orphan)
            context |= {
                "may_mend": True,
                "seen": seen,
                "candidates": _candidates(orphan, seen),
                "may_archive": self.may_archive(request, orphan),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # One click each ------------------------------------------------------------------------------
    def place_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put the wanted words (`of`) on a candidate (`start`, `end`, `text`), or on the words that were typed."""

        def verb(orphan: QuestionOrphan) -> HttpResponse:
            sent = {name: request.POST.get(name, "").replace("\0", "") for name in ("of", "text", "words")}
            start, end = (whole_number(request.POST.get(name, "")) for name in ("start", "end"))
            of, by = sent["of"], staff(request)
            if start is not None and end is not None:
                draft = placing.place(orphan=orphan, of=of, start=start, end=end, words=sent["text"], by=by)
            else:
                draft = placing.place_by_words(orphan=orphan, of=of, words=sent["words"], by=by)
            return self._moved(request, orphan, draft)

        return self._mend(request, object_id, verb)

    def take_along_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Move the question to the newer text, as far as it goes."""

        def verb(orphan: QuestionOrphan) -> HttpResponse:
            return self._moved(request, orphan, placing.take_along(orphan=orphan, by=staff(request)))

        return self._mend(request, object_id, verb)

    def begin_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def verb(orphan: QuestionOrphan) -> HttpResponse:
            placing.begin_again(orphan=orphan)
            return HttpResponseRedirect(address(orphan))

        return self._mend(request, object_id, verb)

    def keep_old_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def verb(orphan: QuestionOrphan) -> HttpResponse:
            placing.keep_old(orphan=orphan, by=staff(request))
            return self._next(request, orphan, _("The question keeps the older text."))

        return self._mend(request, object_id, verb)

    def archive_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def verb(orphan: QuestionOrphan) -> HttpResponse:
            if not self.may_archive(request, orphan):
                raise PermissionDenied
            question = placing.archive(orphan=orphan, by=staff(request))
            self.admin_site.get_model_admin(Question).log_change(request, question, str(_("Archived.")))
            return self._next(request, orphan, _("The question is archived."))

        return self._mend(request, object_id, verb)

    def settle_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def verb(orphan: QuestionOrphan) -> HttpResponse:
            requoting.settle(orphan=orphan, by=staff(request))
            return self._next(request, orphan, _("Done."))

        return self._mend(request, object_id, verb)

    def _mend(
        self, request: HttpRequest, object_id: str, verb: Callable[[QuestionOrphan], HttpResponse]
    ) -> HttpResponse:
        """Do what was asked, or say on the same page why not."""
        orphan: Any = self.get_object(request, object_id)
        if request.method != "POST" or not self.may_mend(request, orphan):
            raise PermissionDenied
        try:
            return verb(orphan)
        except self.refusals as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(address(orphan))

    def _moved(
        self, request: HttpRequest, orphan: QuestionOrphan, draft: QuestionRevision | None
    ) -> HttpResponse:
        """On to the draft, or to the words that are wanted next."""
        if draft is None:
            self.log_change(request, orphan, str(_("Placed some of its words.")))
            self.message_user(
                request, _("Other words of it have no place yet. Here they are."), messages.WARNING
            )
            return HttpResponseRedirect(address(orphan))
        self.log_change(request, orphan, str(_("Moved to the new text.")))
        self.log_change(request, draft, str(_("Moved to the new text.")))
        self.message_user(
            request, _("The question is on the new text now, as a draft. Read it, and publish it.")
        )
        return HttpResponseRedirect(address(draft))

    def _next(self, request: HttpRequest, orphan: QuestionOrphan, done: str) -> HttpResponse:
        self.log_change(request, orphan, done)
        waiting = self.owned(request, self.get_queryset(request).filter(resolved_at=None))
        following = waiting.filter(article_revision=orphan.article_revision_id).first()
        if following is not None:
            self.message_user(request, _("%s Here is the next.") % done)
            return HttpResponseRedirect(address(following))
        self.message_user(request, done)
        return HttpResponseRedirect(reverse("admin:quizzes_questionorphan_changelist"))

    # In the list ---------------------------------------------------------------------------------
    @admin.display(description=gettext_lazy("words"))
    def words(self, orphan: QuestionOrphan) -> str:
        return orphan.detail[:80]

    @admin.display(description=gettext_lazy("question"))
    def open_question(self, orphan: QuestionOrphan) -> str:
        page = reverse("admin:quizzes_question_change", args=[orphan.question_id])
        return format_html('<a href="{}">{}</a>', page, _("Open the question"))

    @admin.action(
        description=gettext_lazy("Done: the selected questions are looked after"), permissions=["done"]
    )
    def done(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        def settle(orphan: QuestionOrphan) -> None:
            requoting.settle(orphan=orphan, by=staff(request))
            self.log_change(request, orphan, str(_("Done.")))

        self.run(request, self.owned(request, queryset.filter(resolved_at=None)), settle)


def _candidates(orphan: QuestionOrphan, seen: Standpoint) -> list[Candidate]:
    """The likeliest places of the wanted words, within the passage where that has its place."""
    wanted, article = seen.wanted, orphan.article_revision
    if wanted is None:
        return []
    first, last = wanted.within
    words = [(start - first, end - first) for start, end in article.words if first <= start and end <= last]
    found = candidates(article.text[first:last], words, wanted.exact, wanted.prefix, wanted.suffix)
    return [one._replace(start=one.start + first, end=one.end + first) for one in found]
