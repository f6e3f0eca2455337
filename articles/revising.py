"""New revisions of an article, and what becomes of its annotations when a draft's text is edited."""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Orphan
from articles.orphans import judgement, take_back
from articles.publishing import Incomplete, PublishingError, copy_draft, locked_draft, publish
from articles.recutting import Before, recut
from articles.signals import article_edited
from articles.text.anchoring import Anchored, Anchoring, Lost, Quoted
from articles.text.positions import selector, snap


class PlacesLost(Incomplete):
    """A changed text leaves annotations without a place, or on other words: somebody has to look at them."""

    code = "annotations-lose-their-place"


class Edited(NamedTuple):
    """What an edit of the text did to annotations, and the lines whose mended sentences were found again."""

    moved: int = 0
    to_confirm: int = 0
    lost: int = 0
    found_again: int = 0
    lines_cut_again: tuple[str, ...] = ()


def revise(*, article: Article, by: User | None = None) -> ArticleRevision:
    """Return a new draft of `article`, which is its published revision with the key annotations.

    Raises DraftOpen, and PublishingError where nothing is published.
    """
    if article.published is None:
        raise PublishingError(_("“%s” has no published revision yet. Go on with its draft.") % article)
    draft: ArticleRevision = copy_draft(of=article.published, by=by)
    return draft


def republish(*, article: Article, by: User | None = None, **fields: Any) -> ArticleRevision:
    """Publish a revision with other `fields` than the published one, and return it; that one, if none differs.

    Raises DraftOpen, Incomplete, PublishingError where nothing is published, and PlacesLost.
    """
    with transaction.atomic():
        now = article.published
        if now is not None and all(getattr(now, name) == value for name, value in fields.items()):
            return now
        draft = revise(article=article, by=by)
        edited = edit(revision=draft, by=by, **fields)
        if edited.to_confirm or edited.lost:
            raise PlacesLost(
                _(
                    "Annotations without a place in this text: %(lost)d; on words that changed: %(changed)d. Nothing"
                    " was changed. Make this change in the administration, where each is placed or confirmed."
                )
                % {"lost": edited.lost, "changed": edited.to_confirm}
            )
        return publish(revision=draft, by=by)


def edit(*, revision: ArticleRevision, by: User | None = None, **fields: Any) -> Edited:
    """Give a draft other `fields`; where its text changes, move its annotations and keep mended sentences.

    An annotation that finds no place becomes an Orphan; an orphan that finds one again is an annotation
    to confirm. Tells `article_edited` of another text. Raises Frozen, and Incomplete where a second keyer has
    read the text already.
    """
    with transaction.atomic():
        draft = locked_draft(revision)
        before = Before.of(draft)
        text = fields.get("text", before.text)
        lines: list[str] = []
        if text != before.text:
            _refuse_blind_layers(draft)
            made, lines = recut(draft, text)
            fields = {**fields, **made}
        for name, value in fields.items():
            setattr(draft, name, value)
            setattr(revision, name, value)
        draft.save()
        revision.updated_at = draft.updated_at
        if text == before.text:
            return Edited()
        edited = _move(draft, before.text, by)._replace(lines_cut_again=tuple(lines))
        article_edited.send(sender=ArticleRevision, revision=draft, before=before, by=by)
        return edited


def _refuse_blind_layers(draft: ArticleRevision) -> None:
    if AnnotationSet.objects.filter(revision=draft, purpose=AnnotationSet.Purpose.BLIND).exists():
        raise Incomplete(
            _("A second keyer has keyed this text. Publish it, and change the words in a new revision.")
        )


def _move(draft: ArticleRevision, before: str, by: User | None) -> Edited:
    """Re-anchor the key annotations of a draft that had another text `before`, and its open orphans."""
    pair = Anchoring(before, draft.text, [(start, end) for start, end in draft.words])
    waiting = list(Orphan.objects.filter(revision=draft, outcome=Orphan.Outcome.OPEN))
    rows = list(Annotation.objects.filter(set__revision=draft).select_related("set"))
    moved, lost = [], []
    to_confirm = 0
    for row in rows:
        place = pair.place(_quoted(row, pair))
        if isinstance(place, Lost):
            lost.append(_orphan(row, draft, before, place))
            continue
        put(row, draft.text, place.start, place.end)
        row.to_confirm = row.to_confirm or place.changed
        to_confirm += place.changed
        moved.append(row)
    Annotation.objects.bulk_update(
        moved, ["start", "end", "exact", "prefix", "suffix", "to_confirm"], batch_size=200
    )
    _keep(draft, lost)
    again = [one for one in waiting if _found_again(one, draft, pair, by)]
    return Edited(len(moved), to_confirm, len(lost), len(again))


def put(row: Annotation, text: str, start: int, end: int) -> None:
    """Set an annotation's place and quote, unsaved."""
    row.start, row.end = start, end
    row.exact, row.prefix, row.suffix = selector(text, start, end)


def _quoted(row: Annotation, pair: Anchoring) -> Quoted:
    """Its place in the text before, trimmed to words, should it not be; the context is that text's."""
    return Quoted(*(snap((row.start, row.end), pair.old_words) or (row.start, row.end)))


def _orphan(row: Annotation, draft: ArticleRevision, before: str, lost: Lost) -> tuple[Annotation, Orphan]:
    return row, Orphan(
        revision=draft,
        **judgement(row),
        exact=row.exact,
        prefix=row.prefix,
        suffix=row.suffix,
        paragraph=before.count("\n", 0, row.start) + 1,
        reason=lost.reason,
    )


def _keep(draft: ArticleRevision, lost: "list[tuple[Annotation, Orphan]]") -> None:
    """Store what found no place, each with the published annotation it goes back to; then take it out."""
    if not lost:
        return
    published = draft.article.published_id
    origins = {
        row.ref: row
        for row in Annotation.objects.filter(
            set__revision=published,
            set__purpose=AnnotationSet.Purpose.KEY,
            ref__in=[row.ref for row, _one in lost],
        )
    }
    for row, orphan in lost:
        orphan.origin = origins.get(row.ref)
    Orphan.objects.bulk_create(orphan for _row, orphan in lost)
    Annotation.objects.filter(pk__in=[row.pk for row, _one in lost]).delete()


def _found_again(orphan: Orphan, draft: ArticleRevision, pair: Anchoring, by: User | None) -> bool:
    place = pair.target.find(orphan.exact, orphan.prefix, orphan.suffix)
    if isinstance(place, Anchored):
        take_back(orphan, draft, place.start, place.end, by=by, to_confirm=True)
        return True
    return False


def confirm(*, annotation: Annotation, seen: str | None = None) -> None:
    """Say that a moved annotation still holds, which was read when its `state` was `seen` (None: never mind).

    Raises Frozen, and Incomplete where it stands on other words by now, or says something else.
    """
    with transaction.atomic():
        locked_draft(annotation.set.revision)
        now = Annotation.objects.filter(pk=annotation.pk).first()
        if now is None or seen not in {None, now.state}:
            raise Incomplete(
                _("The annotation was changed or moved after you opened the page. Read it as it is now.")
            )
        Annotation.objects.filter(pk=now.pk).update(to_confirm=False)
    annotation.to_confirm = False
