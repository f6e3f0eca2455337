"""Annotating: how a layer is opened, changed row by row, signed and closed.

The only writer of annotations, besides imports. Each verb looks at the layer as the database has it,
under a lock that publishing waits for, so that nothing is added to a key that is published meanwhile.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from articles.errors import AnnotatingError, ChangedMeanwhile, KeyChanged, LayerClosed
from articles.models import Annotation, AnnotationSet, ArticleRevision, Skill
from articles.states import state_of_layer
from articles.text.positions import Span, selector

Purpose = AnnotationSet.Purpose
Kind = Annotation.Kind

#: What an author writes about a place; every verb that takes words takes these.
WORDS = ("rationale", "instead", "minority", "readings", "party", "fact_checked_on")
_REF_LENGTH = 56
_REF_WORDS = 3
MOST = 500  # annotations of a layer
_MARGIN = "-margin"  # bundles end the ref of what is left round a key with it
WORDING = "loaded-language"

#: A span, or what finds one in the text as it is under the lock.
Place = Span | Callable[[ArticleRevision], Span]


def open_layer(*, revision: ArticleRevision, purpose: str, by: User) -> AnnotationSet:
    """Return the key layer of a draft, or the blind layer of `by`; makes it where there is none.

    Raises LayerClosed for the key of what is published, and for a second key by the author of the first.
    """
    with transaction.atomic():
        locked = ArticleRevision.objects.select_for_update(no_key=True).get(pk=revision.pk)
        layers = AnnotationSet.objects.filter(revision=locked)
        if purpose == Purpose.KEY:
            found = layers.filter(purpose=Purpose.KEY).first()
            if found is None and not locked.is_draft:
                raise LayerClosed(_("This text is published. Open a new draft to annotate it."))
            return found or AnnotationSet.objects.create(revision=locked, purpose=purpose, keyer=by)
        found = layers.filter(purpose=Purpose.BLIND, keyer=by).first()
        if found is None and wrote_key(revision=locked, user=by):
            raise LayerClosed(_("You wrote the key of this text. A second key must come from somebody else."))
        return found or AnnotationSet.objects.create(revision=locked, purpose=purpose, keyer=by)


def wrote_key(*, revision: ArticleRevision, user: User) -> bool:
    """Whether `user` opened the key of the revision, or changed an annotation of it."""
    key = AnnotationSet.objects.filter(revision=revision, purpose=Purpose.KEY)
    return bool(key.filter(keyer=user).exists() or key.filter(annotations__changed_by=user).exists())


def add(
    *, layer: AnnotationSet, skill: Skill, kind: str, span: Place, by: User, ref: str = "", **words: Any
) -> Annotation:
    """Add an annotation and return it; an equal one that is there already is returned.

    `ref` is taken where it is free, else one is made of the words. Raises LayerClosed and AnnotatingError,
    what `span` raises, and ChangedMeanwhile where somebody else said something else of these words for this
    skill.
    """
    place = span

    def write(locked: AnnotationSet) -> Annotation:
        span = _found(place, locked)
        same = locked.annotations.filter(skill=skill, start=span[0], end=span[1]).first()
        if (
            same
            and same.kind == kind
            and all(getattr(same, name) == told for name, told in _checked(words).items())
        ):
            return same  # a browser that lost our reply asks again
        if same:
            raise ChangedMeanwhile(same)
        if locked.annotations.count() >= MOST:
            raise AnnotatingError(_("A layer holds at most %d annotations. Remove some first.") % MOST)
        row = Annotation(set=locked, skill=skill, kind=kind, **_checked(words))
        _stand(row, span)
        row.ref = _free_ref(locked, ref or _ref_of(row))
        _stamp(row, by)
        row.version = 1
        row.save()
        return row

    return _in_open_layer(layer, write)


def change(
    *,
    annotation: Annotation,
    seen: int,
    by: User,
    skill: Skill | None = None,
    kind: str | None = None,
    span: Place | None = None,
    **words: Any,
) -> Annotation:
    """Change what is given, and return the row. `seen` is the `version` that the change was made on.

    Raises what `span` raises, ChangedMeanwhile if the row is another by now, LayerClosed, and
    AnnotatingError for a place that the skill has already.
    """

    def write(locked: AnnotationSet) -> Annotation:
        place = _found(span, locked) if span else None
        row = _seen(locked, annotation, seen)
        row.skill = skill or row.skill
        row.kind = kind or row.kind
        if place:
            _stand(row, place)
        for name, value in _checked(words).items():
            setattr(row, name, value)
        others = locked.annotations.filter(skill=row.skill, start=row.start, end=row.end).exclude(pk=row.pk)
        if others.exists():
            raise AnnotatingError(_("This skill has an annotation on these very words already."), "words")
        _stamp(row, by)
        row.save()
        return row

    return _in_open_layer(annotation.set, write)


def remove(*, annotation: Annotation, seen: int) -> None:
    """Delete an annotation; one that is gone already stays gone. Raises ChangedMeanwhile and LayerClosed."""

    def write(locked: AnnotationSet) -> None:
        if locked.annotations.filter(pk=annotation.pk).exists():
            _seen(locked, annotation, seen).delete()

    _in_open_layer(annotation.set, write)


def count_reading(*, annotation: Annotation, seen: int, by: User) -> Annotation:
    """One independent reading more stands behind an annotation. Raises as `change` does."""
    return change(annotation=annotation, seen=seen, by=by, readings=annotation.readings + 1)


def close_layer(*, layer: AnnotationSet) -> AnnotationSet:
    """Close a blind layer for good, so that it can be compared. Raises LayerClosed, and for a key."""

    def write(locked: AnnotationSet) -> AnnotationSet:
        if locked.purpose == Purpose.KEY:
            raise AnnotatingError(_("A key is not closed: it freezes when its text is published."))
        locked.closed_at = timezone.now()
        locked.key_then = _marked_in_key(locked.revision)
        locked.save(update_fields=["closed_at", "key_then"])
        return locked

    return _in_open_layer(layer, write)


def _marked_in_key(revision: ArticleRevision) -> dict[str, list[Span]]:
    """The key's spans that count as marked, by the slug of their skill: agreement is of keys made apart."""
    spans: dict[str, list[Span]] = {}
    rows = Annotation.objects.filter(set__revision=revision, set__purpose=Purpose.KEY).exclude(kind=Kind.FOIL)
    for slug, start, end in rows.order_by("start", "end", "pk").values_list("skill__slug", "start", "end"):
        spans.setdefault(slug, []).append((start, end))
    return spans


def sign_swap_test(*, layer: AnnotationSet, by: User, seen: str | None = None) -> AnnotationSet:
    """Sign that the key stays the same with the parties exchanged, until it changes.

    `seen` is the `state_of_layer` that was judged (None: never mind). Raises KeyChanged if that is another by
    now, and LayerClosed.
    """
    with transaction.atomic():
        locked = _locked_open(layer)
        if seen is not None and seen != state_of_layer(locked.revision, locked.annotations.all()):
            raise KeyChanged
        locked.swap_test_at, locked.swap_test_by = timezone.now(), by
        locked.save(update_fields=["swap_test_at", "swap_test_by"])
        return locked


_Result = TypeVar("_Result")


def _in_open_layer(layer: AnnotationSet, write: Callable[[AnnotationSet], _Result]) -> _Result:
    """What `write` makes of the layer, locked; the swap test must be signed anew."""
    with transaction.atomic():
        locked = _locked_open(layer)
        done = write(locked)
        if locked.swap_test_at:
            locked.swap_test_at = locked.swap_test_by = None
            locked.save(update_fields=["swap_test_at", "swap_test_by"])
        return done


def _locked_open(layer: AnnotationSet) -> AnnotationSet:
    # The revision first: publishing holds that row while it freezes the key.
    revision = ArticleRevision.objects.select_for_update(no_key=True).get(pk=layer.revision_id)
    locked: AnnotationSet = AnnotationSet.objects.select_for_update(no_key=True).get(pk=layer.pk)
    locked.revision = revision
    if locked.is_open:
        return locked
    if locked.purpose == Purpose.KEY:
        raise LayerClosed(_("This text is published, and its key with it. Open a new draft to change it."))
    raise LayerClosed(_("This layer is closed. It is compared with the key now."))


def _seen(layer: AnnotationSet, annotation: Annotation, seen: int) -> Annotation:
    row = layer.annotations.select_related("skill", "changed_by").filter(pk=annotation.pk).first()
    if row is None or row.version != seen:
        raise ChangedMeanwhile(row)
    row.set = layer
    return row


def _found(place: Place, layer: AnnotationSet) -> Span:
    return place(layer.revision) if callable(place) else place


def _stand(row: Annotation, span: Span) -> None:
    row.start, row.end = span
    row.exact, row.prefix, row.suffix = selector(row.set.revision.text, *span)


def _stamp(row: Annotation, by: User) -> None:
    row.version += 1
    row.changed_at, row.changed_by = timezone.now(), by


def _checked(words: dict[str, Any]) -> dict[str, Any]:
    unknown = set(words) - set(WORDS)
    if unknown:
        raise TypeError(f"an annotation has no {', '.join(sorted(unknown))}")
    if words.get("readings", 1) < 1:
        raise AnnotatingError(_("At least one reading stands behind an annotation."), "readings")
    checked: date | None = words.get("fact_checked_on")
    if checked and checked > timezone.localdate():
        raise AnnotatingError(_("This day is still to come."), "fact_checked_on")
    return words


def _ref_of(row: Annotation) -> str:
    """A name that a person can read: the first words, or (in other scripts) the skill."""
    words = plain_ref(" ".join(row.exact.split()[:_REF_WORDS]))[:_REF_LENGTH].strip("-")
    ref = words or row.skill.code.lower()
    return f"{ref}-1" if ref.endswith(_MARGIN) else ref


def plain_ref(text: str) -> str:
    """`text` in the letters and digits that a ref may have, joined by single hyphens."""
    return slugify(text).replace("_", "-").strip("-")


def _free_ref(layer: AnnotationSet, wish: str) -> str:
    taken = set(layer.annotations.filter(ref__startswith=wish).values_list("ref", flat=True))
    number, ref = 1, wish
    while ref in taken:
        number += 1
        ref = f"{wish}-{number}"
    return ref
