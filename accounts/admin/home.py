"""The admin's first page: go on, drafts, what needs somebody, and where to begin. Each room adds its lines.

home.register_start(_("Write a question"), Question)     a button, for who may add questions
home.register_drafts(QuestionRevision, "question__organisation")
home.register_need(orphans)                              orphans(user) yields `Need`s
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from accounts.admin.base import staff
from accounts.models import User
from accounts.models.organisation import owned_by

Words = str | Promise
MOST_CONTINUED = 6
MOST_DRAFTS = 5  # of each kind; the list has the others
_LOOKED_THROUGH = 40  # notes in which to find what to go on with


class Need(NamedTuple):
    """Something that waits for somebody: what it is, and the page on which it is settled."""

    words: Words
    url: str


class Start(NamedTuple):
    words: Words
    model: type[models.Model]
    order: int


class Drafts(NamedTuple):
    """Where the drafts of one kind are, and whose they are."""

    model: Any
    path: str


class Draft(NamedTuple):
    title: str
    url: str
    since: datetime
    who: str
    is_mine: bool


class DraftGroup(NamedTuple):
    """The drafts of one kind, the oldest first; `url` is the list of all, "" where this is all."""

    name: Words
    drafts: list[Draft]
    url: str


class Recent(NamedTuple):
    kind: str
    title: str
    url: str
    at: datetime


_STARTS: list[Start] = []
_DRAFTS: list[Drafts] = []
_NEEDS: list[Callable[[User], Iterable[Need]]] = []


def register_start(words: Words, model: type[models.Model], *, order: int) -> None:
    """Offer a button that leads to making a new `model`, to whoever may; the lowest `order` comes first."""
    _STARTS.append(Start(words, model, order))


def register_drafts(model: type[models.Model], path: str) -> None:
    """Show the drafts among these revisions to those who work for the organisation at `path`."""
    _DRAFTS.append(Drafts(model, path))


def register_need(needs_of: Callable[[User], Iterable[Need]]) -> None:
    """Show what `needs_of(user)` yields; it takes at most two queries, however many rows there are."""
    _NEEDS.append(needs_of)


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows, for whoever asks."""
    user = staff(request)
    groups = [group for drafts in _DRAFTS if (group := _group(user, drafts)).drafts]
    return {
        "starts": list(_starts(request)),
        "recent": list(_recent(user)),
        "needs": [need for needs_of in _NEEDS for need in needs_of(user)],
        "draft_groups": groups,
        "writes": any(user.has_perm(_permission("add", start.model)) for start in _STARTS),
    }


def _permission(action: str, model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def _starts(request: HttpRequest) -> Iterator[tuple[Words, str]]:
    from django.contrib.admin import site  # late: the site is made of what is being loaded

    for words, model, _order in sorted(_STARTS, key=lambda start: start.order):
        if model in site._registry and site.get_model_admin(model).has_add_permission(request):
            yield words, admin_url(model, "add")


def admin_url(model: type[models.Model], page: str, *args: Any) -> str:
    """The address of one of the pages that a model has in the admin; "" if it has none."""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
    except NoReverseMatch:
        return ""


# Go on ---------------------------------------------------------------------------------------------
def _recent(user: User) -> Iterator[Recent]:
    """What they changed last and what still exists, each once."""
    notes = LogEntry.objects.filter(user=user, content_type__isnull=False)
    seen: dict[tuple[int, str], LogEntry] = {}
    for note in notes.select_related("content_type").order_by("-action_time", "-pk")[:_LOOKED_THROUGH]:
        seen.setdefault((note.content_type_id or 0, note.object_id or ""), note)
    newest = [note for note in seen.values() if not note.is_deletion() and note.get_admin_url()]
    newest = newest[: 2 * MOST_CONTINUED]
    titles = _titles(newest)
    shown = [note for note in newest if _thing(note) in titles][:MOST_CONTINUED]
    for note in shown:
        kind: Any = note.content_type.model_class() if note.content_type else LogEntry
        title = titles[_thing(note)] or note.object_repr
        yield Recent(str(kind._meta.verbose_name), title, note.get_admin_url() or "", note.action_time)


def _thing(note: LogEntry) -> tuple[int | None, str]:
    return note.content_type_id, note.object_id or ""


def _titles(notes: Iterable[LogEntry]) -> dict[tuple[int | None, str], str]:
    """Of the things that still exist, each one's title if it has any. One query for each kind."""
    keys: dict[ContentType, list[str]] = defaultdict(list)
    for note in notes:
        if note.content_type and note.content_type.model_class() and (note.object_id or "").isdecimal():
            keys[note.content_type].append(note.object_id or "")
    titles: dict[tuple[int | None, str], str] = {}
    for kind, ids in list(keys.items())[:MOST_CONTINUED]:
        model: Any = kind.model_class()
        columns = ["title"] if any(field.name == "title" for field in model._meta.concrete_fields) else []
        for pk, *title in model._base_manager.filter(pk__in=ids).order_by().values_list("pk", *columns):
            titles[kind.pk, str(pk)] = "".join(title)
    return titles


# Drafts --------------------------------------------------------------------------------------------
def _group(user: User, drafts: Drafts) -> DraftGroup:
    model, path = drafts
    if not user.has_perm(_permission("view", model)):
        return DraftGroup("", [], "")
    ours = model._default_manager.filter(owned_by(user, path), published_at=None)
    rows = list(
        ours.select_related(model.identity_field, "created_by").order_by("created_at", "pk")[
            : MOST_DRAFTS + 1
        ]
    )
    shown = [
        Draft(
            getattr(row, "title", "") or str(row),
            admin_url(model, "change", row.pk),
            row.created_at,
            str(row.created_by or ""),
            row.created_by_id == user.pk,
        )
        for row in rows[:MOST_DRAFTS]
    ]
    name = model._meta.get_field(model.identity_field).related_model._meta.verbose_name_plural
    more = f"{admin_url(model, 'changelist')}?published_at__isempty=1" if len(rows) > MOST_DRAFTS else ""
    return DraftGroup(name, shown, more)


def drafts_for_reviewers(model: Any, path: str) -> Callable[[User], Iterator[Need]]:
    """A need of whoever may publish: the drafts that others in their organisation wrote."""

    def needs_of(user: User) -> Iterator[Need]:
        if not user.has_perm(_permission("publish", model)):
            return
        others = model._default_manager.filter(owned_by(user, path), published_at=None).exclude(
            created_by=user
        )
        if count := others.count():
            noun = model._meta.get_field(model.identity_field).related_model._meta.verbose_name_plural
            words = ngettext(
                "%(count)d draft of others waits to be looked at and published (%(noun)s)",
                "%(count)d drafts of others wait to be looked at and published (%(noun)s)",
                count,
            ) % {"count": count, "noun": noun}
            yield Need(words, f"{admin_url(model, 'changelist')}?published_at__isempty=1")

    return needs_of
