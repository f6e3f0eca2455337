"""Publishing: how a draft becomes what learners meet, and is never changed again.

`open_draft` and `put_in_force` serve every room that has revisions; they alone write a revision's
`number`, `published_at` and `published_by`, and an identity's `published`.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from django.db import models, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from articles.models import (
    Annotation,
    AnnotationSet,
    Article,
    ArticleRevision,
    Frozen,
    Orphan,
    Revision,
    RevisionPart,
)
from articles.signals import article_published
from articles.text import RULES_VERSION
from articles.text.sentences import sentences
from articles.text.words import words

_NAMED = 5  # of what stands in the way

RevisionT = TypeVar("RevisionT", bound=Revision)


class PublishingError(Exception):
    """A draft cannot be made or published now; the message says why, and how to mend it."""

    #: The last part of the problem's `type`, stable for programs.
    code = "not-published"

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(str(message))


class AlreadyPublished(PublishingError):
    """The revision is published; it happens once."""

    code = "already-published"


class DraftOpen(PublishingError):
    """The identity has a draft already, and may have one only."""

    code = "draft-open"


class Incomplete(PublishingError):
    """Something that learners need is missing or does not fit."""

    code = "incomplete"


def open_draft(
    *, model: type[RevisionT], identity: models.Model, by: User | None = None, **fields: Any
) -> RevisionT:
    """Return a new draft of `identity`, numbered one above its highest; raises DraftOpen."""
    with transaction.atomic():
        locked = _locked(identity)
        revisions = model._default_manager.filter(**{model.identity_field: locked})
        if revisions.filter(published_at=None).exists():
            raise DraftOpen(_("“%s” has a draft already. Publish or discard it first.") % locked)
        number = (revisions.aggregate(highest=Max("number"))["highest"] or 0) + 1
        own = {model.identity_field: identity, "number": number, "created_by": by}
        return cast(RevisionT, model._default_manager.create(**own, **fields))


def copy_draft(*, of: RevisionT, identity: models.Model | None = None, by: User | None = None) -> RevisionT:
    """Return a new draft that holds what `of` holds, its parts too; of another `identity`, if one is given.

    Layers of annotations that are no key stay where they are. Raises DraftOpen.
    """
    kept = {field.name for field in Revision._meta.fields} | {of.identity_field}
    with transaction.atomic():
        columns = {
            field.attname: getattr(of, field.attname)
            for field in of._meta.concrete_fields
            if not field.primary_key and field.name not in kept
        }
        copy = open_draft(
            model=type(of),
            identity=identity or of.identity,
            by=by,
            schema_version=of.schema_version,
            **columns,
        )
        _copy_parts(of, copy)
    return copy


def _copy_parts(row: models.Model, copy: models.Model) -> None:
    """Give `copy` the parts of `row` that freeze with it, the outermost first."""
    for part, name in _parts(row):
        for own in part._base_manager.filter(**{name: row}).filter(_lasting(part)).order_by("pk"):
            columns = {
                field.attname: getattr(own, field.attname)
                for field in part._meta.concrete_fields
                if not field.primary_key and field.name not in {name, *part.own_story}
            }
            _copy_parts(own, part._base_manager.create(**columns, **{name: copy}))


def _lasting(part: type[models.Model]) -> models.Q:
    if part is AnnotationSet:
        return models.Q(purpose=AnnotationSet.Purpose.KEY)
    return models.Q(pk__in=[]) if part is Orphan else models.Q()


def _parts(row: models.Model) -> Iterator[tuple[type[RevisionPart], str]]:
    """The tables whose rows belong to `row` and freeze with it, each with its foreign key to it."""
    for relation in row._meta.related_objects:
        part = relation.related_model
        if isinstance(part, str) or not issubclass(part, RevisionPart):
            continue
        if part.revision_path.partition("__")[0] == relation.field.name:
            yield part, relation.field.name


def put_in_force(*, revision: Revision, by: User | None, refuse_incomplete: Callable[[Any], None]) -> None:
    """Publish `revision` and point its identity at it, in one step.

    `refuse_incomplete` sees the draft as the database has it. Raises AlreadyPublished and Incomplete.
    """
    with transaction.atomic():
        identity = _locked(revision.identity)
        drafts = type(revision)._default_manager.filter(pk=revision.pk)
        draft = drafts.select_for_update().get()
        if not draft.is_draft:
            raise AlreadyPublished(_("“%s” is published already.") % draft)
        refuse_incomplete(draft)
        now = timezone.now()
        drafts.update(published_at=now, published_by=by, updated_at=now)
        identity.published = revision
        identity.save(update_fields=["published", "updated_at"])
    # What the caller holds tells the truth too.
    revision.refresh_from_db(fields=["published_at", "published_by", "updated_at"])
    revision.identity.published = revision


def discard(*, revision: Revision) -> None:
    """Delete a draft with everything that belongs to it.

    Raises AlreadyPublished for what is no draft, and Incomplete where something else refers to it, or where it is
    all that there is of its identity: that is archived, and can be taken out again.
    """
    with transaction.atomic():
        identity = _locked(revision.identity)
        draft = type(revision)._default_manager.select_for_update().get(pk=revision.pk)
        if not draft.is_draft:
            raise AlreadyPublished(_("“%s” is published, and stays.") % draft)
        if identity.published_id is None:
            raise Incomplete(
                _(
                    "“%s” was never published, and this draft is all there is of it. Archive it in the list instead."
                )
                % draft
            )
        _delete_parts(draft)
        try:
            draft.delete()
        except ProtectedError as error:
            quoting = ", ".join(f"“{one}”" for one in sorted(map(str, error.protected_objects))[:_NAMED])
            raise Incomplete(
                _("“%(draft)s” is quoted by %(quoting)s. Discard that first, or let it quote something else.")
                % {"draft": draft, "quoting": quoting}
            ) from error


def _delete_parts(row: models.Model) -> None:
    """Delete the rows that freeze with `row`, the innermost first."""
    for part, name in _parts(row):
        for own in part._base_manager.filter(**{name: row}):
            _delete_parts(own)
            own.delete()


def cut(text: str) -> dict[str, Any]:
    """What a draft keeps beside `text` (NFC): its digest, sentences and words, by the rules of today."""
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "sentences": [list(span) for span in sentences(text)],
        "words": [list(span) for span in words(text)],
        "rules_version": RULES_VERSION,
    }


def draft(*, article: Article, text: str, by: User | None = None, **fields: Any) -> ArticleRevision:
    """Return a new draft of `article`, its words and sentences found; raises DraftOpen.

    `fields` are the other columns of the revision; without `blocks` every line is a paragraph.
    """
    fields.setdefault("blocks", ["p"] * (text.count("\n") + 1))
    return open_draft(model=ArticleRevision, identity=article, by=by, text=text, **{**cut(text), **fields})


def publish(*, revision: ArticleRevision, by: User | None = None, announce: bool = True) -> ArticleRevision:
    """Publish a draft of an article with its key annotations, and return it; tells `article_published`.

    Without `announce` nobody is told: for an import, which brings its own questions on the new text.

    Raises AlreadyPublished, and Incomplete when text, words and annotations do not fit together, or an
    annotation of the text before has no place yet.
    """
    with transaction.atomic():
        previous = _locked(revision.article).published
        put_in_force(revision=revision, by=by, refuse_incomplete=_refuse_incomplete)
        if announce:
            article_published.send(sender=ArticleRevision, revision=revision, previous=previous, by=by)
    return revision


def locked_draft(revision: RevisionT) -> RevisionT:
    """The draft as the database has it, nobody else's for the rest of the transaction; raises Frozen."""
    _locked(revision.identity)
    draft = type(revision)._default_manager.select_for_update().get(pk=revision.pk)
    if not draft.is_draft:
        raise Frozen(type(revision))
    return cast(RevisionT, draft)


def _locked(identity: models.Model) -> Any:
    # Not its key: whoever starts an attempt at a quiz refers to that, and does not wait for us.
    return type(identity)._default_manager.select_for_update(no_key=True).get(pk=identity.pk)


def _refuse_incomplete(revision: ArticleRevision) -> None:
    if not revision.words or not revision.sentences:
        raise Incomplete(_("The article has no words."))
    if revision.sha256 != cut(revision.text)["sha256"]:
        raise Incomplete(_("The words and sentences are those of an older text. Find them again."))
    if len(revision.blocks) != revision.text.count("\n") + 1:
        raise Incomplete(_("The article needs one kind of block for each line."))
    _refuse_orphans(revision)
    key = Annotation.objects.filter(set__revision=revision, set__purpose=AnnotationSet.Purpose.KEY)
    for annotation in key:
        if revision.text[annotation.start : annotation.end] != annotation.exact:
            raise Incomplete(_("The annotation on “%s” does not stand where it says.") % annotation.exact)


def _refuse_orphans(revision: ArticleRevision) -> None:
    waiting = Orphan.objects.filter(revision=revision, outcome=Orphan.Outcome.OPEN).count()
    if waiting:
        message = ngettext(
            "%(count)d annotation has no place in the new text. Place it, or leave it out.",
            "%(count)d annotations have no place in the new text. Place each, or leave it out.",
            waiting,
        )
        raise Incomplete(message % {"count": waiting})
    moved = Annotation.objects.filter(set__revision=revision, to_confirm=True).count()
    if moved:
        message = ngettext(
            "%(count)d annotation stands on words that changed. Confirm on the draft's page that it still holds.",
            "%(count)d annotations stand on words that changed. Confirm on the draft's page that they still hold.",
            moved,
        )
        raise Incomplete(message % {"count": moved})
