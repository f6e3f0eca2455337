"""Annotations without a place in the new text: put where a teacher says, or left out for a reason."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Annotation, AnnotationSet, ArticleRevision, Orphan
from articles.publishing import Incomplete, PublishingError, locked_draft
from articles.text.positions import QuoteNotFound, find_quote, occurrences, selector, snap

#: What an annotation says, apart from where: columns that an orphan has as well.
_SAID = (
    "ref",
    "skill_id",
    "kind",
    "rationale",
    "instead",
    "minority",
    "readings",
    "party",
    "fact_checked_on",
)


class Resolved(PublishingError):
    """The orphan was placed or left out already."""


def judgement(row: "Annotation | Orphan") -> dict[str, Any]:
    """What an annotation or an orphan says, as columns of the other."""
    return {name: getattr(row, name) for name in _SAID}


def key_layer(draft: ArticleRevision) -> AnnotationSet:
    """The key layer of a draft, made if it has none."""
    return AnnotationSet.objects.get_or_create(revision=draft, purpose=AnnotationSet.Purpose.KEY)[0]


def place(
    *, orphan: Orphan, start: int, end: int, words: str | None = None, by: User | None = None
) -> Annotation:
    """Make an orphan an annotation on the words that [start, end) of its draft touches, and return that.

    `words` are what the author saw there. Raises Resolved, Frozen, and Incomplete where the text has other
    words there now, or where that is no stretch of one paragraph with a word in it.
    """
    with transaction.atomic():
        draft = locked_draft(orphan.revision)
        orphan = _open(orphan)
        if words is not None and draft.text[start:end] != words:
            raise Incomplete(_("The text was edited meanwhile. These are its places now: choose again."))
        span = snap((start, end), [(first, last) for first, last in draft.words]) if start < end else None
        if span is None or "\n" in draft.text[slice(*span)]:
            raise Incomplete(_("Choose one or more words of one paragraph."))
        return take_back(orphan, draft, *span, by=by, to_confirm=False)


def place_by_words(*, orphan: Orphan, words: str, by: User | None = None) -> Annotation:
    """`place`, named by the words as they stand in the text, once; raises Incomplete where they do not."""
    text = orphan.revision.text
    try:
        start, end = find_quote(text, words.strip(), within=(0, len(text)))
    except QuoteNotFound as error:
        raise Incomplete(_("These words are not in the text. Copy them out of it.")) from error
    if len(occurrences(text, text[start:end])) > 1:
        raise Incomplete(_("These words are there several times. Take some of the words around them."))
    return place(orphan=orphan, start=start, end=end, by=by)


def leave_out(*, orphan: Orphan, note: str, by: User | None = None) -> Orphan:
    """Give an annotation up in this revision, for a reason; raises Resolved, Frozen and Incomplete."""
    if not note.strip():
        raise Incomplete(_("Say why the annotation is left out."))
    with transaction.atomic():
        locked_draft(orphan.revision)
        orphan = _open(orphan)
        orphan.note = note.strip()[:500]
        _resolve(orphan, Orphan.Outcome.LEFT_OUT, by)
    return orphan


def take_back(
    orphan: Orphan, draft: ArticleRevision, start: int, end: int, *, by: User | None, to_confirm: bool
) -> Annotation:
    """The annotation that an orphan becomes at [start, end) of its locked draft."""
    layer = key_layer(draft)
    exact, prefix, suffix = selector(draft.text, start, end)
    said = judgement(orphan) | {"ref": free_ref(layer, orphan.ref)}
    made: Annotation = Annotation.objects.create(
        set=layer,
        **said,
        start=start,
        end=end,
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        to_confirm=to_confirm,
    )
    _resolve(orphan, Orphan.Outcome.PLACED, by)
    return made


def free_ref(layer: AnnotationSet, ref: str) -> str:
    """`ref`, or with a number behind it if the layer has one of that name already."""
    taken = set(Annotation.objects.filter(set=layer).values_list("ref", flat=True))
    number = 1
    free = ref
    while free in taken:
        number += 1
        free = f"{ref[:58]}-{number}"
    return free


def _open(orphan: Orphan) -> Orphan:
    found: Orphan = Orphan.objects.select_for_update().select_related("revision").get(pk=orphan.pk)
    if found.outcome != Orphan.Outcome.OPEN:
        raise Resolved(_("“%s” was placed or left out meanwhile.") % found)
    return found


def _resolve(orphan: Orphan, outcome: Orphan.Outcome, by: User | None) -> None:
    orphan.outcome, orphan.resolved_at, orphan.resolved_by = outcome, timezone.now(), by
    orphan.save()
