"""The pages about revisions that every kind of content has: what changed, history, discarding."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.admin.history import events
from articles.differences import between
from articles.models import Revision


def address(row: Model, page: str = "change") -> str:
    """Where a row has its page in the admin, or another page of its own."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def _shown(page: ModelAdmin, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    common = {**page.admin_site.each_context(request), "opts": page.opts}
    return TemplateResponse(request, f"articles/admin/{name}.html", common | context)


def differences(
    page: ModelAdmin,
    request: HttpRequest,
    identity: Model,
    revisions: Sequence[Revision],
    *,
    with_key: bool,
) -> HttpResponse:
    """What changed between two of `revisions` (the newest first), in their keys too if `with_key`.

    `old` and `new` in the address are their numbers; the newest and the one before it, unless given.
    """
    by_number = {str(revision.number): revision for revision in revisions}
    new = by_number.get(request.GET.get("new", "")) or next(iter(revisions), None)
    before = [revision for revision in revisions if new and revision.number < new.number]
    old = by_number.get(request.GET.get("old", "")) or next(iter(before), None)
    return _shown(
        page,
        request,
        "differences",
        title=_("What changed"),
        identity=identity,
        revisions=revisions,
        old=old,
        new=new,
        changes=between(old, new, with_key=with_key) if old and new else [],
    )


def history(
    page: ModelAdmin, request: HttpRequest, identity: Model, revisions: Iterable[Revision]
) -> HttpResponse:
    """Who did what and when, to a thing and to these revisions of it."""
    told = [(one, address(one.revision) if one.revision else "") for one in events(identity, revisions)]
    return _shown(page, request, "history", title=_("History"), identity=identity, events=told)


def discard(page: ModelAdmin, request: HttpRequest, draft: Revision) -> HttpResponse:
    """Asks before a draft is deleted."""
    return _shown(
        page, request, "discard", title=_("Discard this draft?"), draft=draft, draft_url=address(draft)
    )
