"""Annotations without a place: each with its old words, the likeliest new places, and a way to leave it out."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts.admin.base import staff
from accounts.admin.numbers import whole_number
from articles import orphans
from articles.admin.base import Owned
from articles.models import Frozen, Orphan
from articles.publishing import PublishingError
from articles.text.candidates import candidates


@admin.register(Orphan)
class OrphanAdmin(Owned):
    """Nothing of it is edited: it is placed, or left out."""

    organisation_path = "revision__article__organisation"
    refusals = (Frozen, PublishingError)
    change_form_template = "admin/articles/orphan/change_form.html"
    list_display = ["exact", "skill", "kind", "revision", "reason", "outcome"]
    list_filter = ["outcome", "reason", ("skill", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["skill", "revision__article"]
    search_fields = ["exact", "rationale", "revision__title", "revision__article__ref"]
    fields = [
        "revision",
        ("skill", "kind"),
        "rationale",
        "instead",
        "minority",
        "reason",
        "outcome",
        "note",
        ("resolved_at", "resolved_by"),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_mend(self, request: HttpRequest, orphan: Orphan) -> bool:
        """Whoever may change the draft itself."""
        return self.admin_site.get_model_admin(type(orphan.revision)).has_change_permission(
            request, orphan.revision
        )

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"articles_orphan_{name}"
            )
            for name, view in (("place", self.place_view), ("leave-out", self.leave_out_view))
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        orphan: Orphan | None = kwargs.get("obj")
        if orphan is not None and orphan.outcome == Orphan.Outcome.OPEN and self.may_mend(request, orphan):
            revision = orphan.revision
            words = [(start, end) for start, end in revision.words]
            context["candidates"] = candidates(
                revision.text, words, orphan.exact, orphan.prefix, orphan.suffix
            )
            context["may_mend"] = True
        return super().render_change_form(request, context, *args, **kwargs)

    def place_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put it on a candidate (`start`, `end`), or on the words that were typed."""

        def verb(orphan: Orphan) -> None:
            typed = request.POST.get("words", "").replace("\0", "")
            start, end = (whole_number(request.POST.get(name)) for name in ("start", "end"))
            if start is not None and end is not None:
                seen = request.POST.get("text", "")
                orphans.place(orphan=orphan, start=start, end=end, words=seen, by=staff(request))
            else:
                orphans.place_by_words(orphan=orphan, words=typed, by=staff(request))

        return self._mend(request, object_id, verb, _("Placed."))

    def leave_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def verb(orphan: Orphan) -> None:
            note = request.POST.get("note", "").replace("\0", "")
            orphans.leave_out(orphan=orphan, note=note, by=staff(request))

        return self._mend(request, object_id, verb, _("Left out."))

    def _mend(
        self, request: HttpRequest, object_id: str, verb: Callable[[Orphan], None], done: str
    ) -> HttpResponse:
        """Call the verb and go on to the next that waits; back to the same where it was refused."""
        orphan: Any = self.get_object(request, object_id)
        if request.method != "POST" or not self.may_mend(request, orphan):
            raise PermissionDenied
        try:
            verb(orphan)
        except self.refusals as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_orphan_change", args=[orphan.pk]))
        self.log_change(request, orphan, done)
        return self._next(request, orphan, done)

    def _next(self, request: HttpRequest, orphan: Orphan, done: str) -> HttpResponse:
        following = Orphan.objects.filter(revision=orphan.revision, outcome=Orphan.Outcome.OPEN).first()
        if following:
            self.message_user(request, _("%s Here is the next.") % done)
            return HttpResponseRedirect(reverse("admin:articles_orphan_change", args=[following.pk]))
        self.message_user(request, _("%s Every annotation has its place again.") % done)
        return HttpResponseRedirect(
            reverse("admin:articles_articlerevision_change", args=[orphan.revision_id])
        )
