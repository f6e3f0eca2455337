"""The sentences of a draft, one a line, to split and to join before they are published."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts.admin.numbers import whole_number
from articles import recutting
from articles.admin.revisions import RevisionAdmin
from articles.models import ArticleRevision, Frozen
from articles.publishing import Incomplete, PublishingError
from articles.text.positions import Span, touched

PER_PAGE = 100


class Cut(NamedTuple):
    """Where a sentence may be split: the code point, and the word before which that is."""

    at: int
    word: str


class Row(NamedTuple):
    """A sentence, its place in the text from 0, whether it opens a paragraph and may be joined, its cuts."""

    place: int
    text: str
    opens: bool
    joins: bool
    cuts: list[Cut]


class SentencesPage(RevisionAdmin):
    """Adds the page of sentences to the revisions of articles."""

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/sentences/",
            self.admin_site.admin_view(self.sentences_view),
            name="articles_articlerevision_sentences",
        )
        return [own, *super().get_urls()]

    def open_to_change(self, request: HttpRequest, object_id: str) -> ArticleRevision:
        """The draft; raises Http404 where they do not see it, and PermissionDenied where they may not change it."""
        revision: ArticleRevision = self.get_object(request, object_id)
        if not self.has_change_permission(request, revision):
            raise PermissionDenied
        return revision

    def sentences_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        revision = self.open_to_change(request, object_id)
        if request.method == "POST":
            return self._mended(request, revision)
        pages = Paginator(revision.sentences, PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": revision,
            "title": _("Sentences of “%s”") % revision.title,
            "page": page,
            "rows": _rows(revision, page, whole_number(request.GET.get("split"))),
        }
        return TemplateResponse(request, "articles/admin/sentences.html", context)

    def _mended(self, request: HttpRequest, revision: ArticleRevision) -> HttpResponse:
        """Join or split one sentence, if the page still shows the text and sentences that are there."""
        index, at = whole_number(request.POST.get("sentence")), whole_number(request.POST.get("at"))
        joins = "join" in request.POST

        def wanted(draft: ArticleRevision) -> list[Span]:
            """Of the draft under its lock: what somebody else mended until then is not undone."""
            if index is None or index >= len(draft.sentences) or request.POST.get("seen") != _state(draft):
                raise Incomplete(_stale())
            return _wanted(draft, index, None if joins else at or 0)

        self._mend(request, revision, wanted, _("Joined.") if joins else _("Split."))
        address = reverse("admin:articles_articlerevision_sentences", args=[revision.pk])
        page = (index or 0) // PER_PAGE + 1
        return HttpResponseRedirect(f"{address}?page={page}#sentence-{(index or 0) + 1}")

    def _mend(
        self,
        request: HttpRequest,
        revision: ArticleRevision,
        wanted: Callable[[ArticleRevision], list[Span]],
        done: str,
    ) -> None:
        try:
            recutting.mend_sentences(revision=revision, sentences=wanted)
        except (Frozen, PublishingError) as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.log_change(request, revision, str(_("Sentences mended.")))
            self.message_user(request, done)


def _wanted(revision: ArticleRevision, index: int, at: int | None) -> list[Span]:
    if at is None:
        return recutting.join([(start, end) for start, end in revision.sentences], index)
    return recutting.split(revision, index, at)


def _stale() -> str:
    return _("Somebody changed this draft meanwhile. Here it is as it stands now: look again.")


def _state(revision: ArticleRevision) -> str:
    return revision.updated_at.isoformat()


def _rows(revision: ArticleRevision, page: "Page[list[int]]", split: int | None) -> list[Row]:
    text, sentences = revision.text, revision.sentences
    words = [(start, end) for start, end in revision.words]
    rows = []
    for index, (start, end) in enumerate(page.object_list, start=page.start_index() - 1):
        following = sentences[index + 1] if index + 1 < len(sentences) else None
        opens = index == 0 or "\n" in text[sentences[index - 1][1] : start]
        joins = following is not None and "\n" not in text[end : following[0]]
        cuts = []
        if index == split:
            inside = [words[at] for at in touched((start, end), words)][1:]
            cuts = [Cut(_before(text, first, start), text[first:last]) for first, last in inside]
        rows.append(Row(index, text[start:end], opens, joins, cuts))
    return rows


def _before(text: str, at: int, least: int) -> int:
    """Where a sentence that begins with the word at `at` begins: opening marks belong to it."""
    while at - 1 > least and not text[at - 1].isspace():
        at -= 1
    return at
