"""Who did what to a thing and when: its revisions and what the admin noted, in one list."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.models import Revision

#: Of the admin's notes the newest are listed.
MOST_NOTES = 300


class Event(NamedTuple):
    """One thing that happened; `revision` links to the one that it is about, if it still exists."""

    at: datetime
    who: str
    what: str
    revision: Revision | None


def events(identity: Any, revisions: Iterable[Revision]) -> list[Event]:
    """All that happened to `identity` and these revisions of it, the newest first. Two queries."""
    listed = list(revisions)
    found = [event for revision in listed for event in _of_revision(revision)]
    by_key = {str(revision.pk): revision for revision in listed}
    about = Q(content_type=ContentType.objects.get_for_model(identity), object_id=str(identity.pk))
    if listed:
        kind = ContentType.objects.get_for_model(listed[0])
        about |= Q(content_type=kind, object_id__in=list(by_key))
    notes = LogEntry.objects.filter(about).select_related("user", "content_type")
    for note in notes.order_by("-action_time", "-pk")[:MOST_NOTES]:
        revision = (
            by_key.get(note.object_id or "")
            if (note.content_type and note.content_type.model) != identity._meta.model_name
            else None
        )
        said = note.get_change_message()
        if said != _("Published."):  # the revision itself says so
            found.append(Event(note.action_time, str(note.user), said, revision))
    return sorted(found, key=lambda event: event.at, reverse=True)


def _of_revision(revision: Revision) -> Iterator[Event]:
    number = {"number": revision.number}
    made_by = str(revision.created_by) if revision.created_by else ""
    yield Event(revision.created_at, made_by, _("Revision %(number)d was begun.") % number, revision)
    if revision.published_at:
        by = str(revision.published_by) if revision.published_by else ""
        yield Event(revision.published_at, by, _("Revision %(number)d was published.") % number, revision)
