"""Questions follow their article, by the rules of re-anchoring; what cannot be moved whole is listed for a teacher.

When a new revision is published, each question that quotes an older one gets a draft on the new text, also where
it could not follow before, or its draft was discarded: the published question stays as it is until that draft is
published, and attempts never notice. When the text of a draft is edited, question drafts on it move along.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import ArticleRevision, Frozen
from articles.publishing import Incomplete
from quizzes.models import QuestionKey, QuestionOrphan, QuestionRevision
from quizzes.moving import Moved, Pair, Reason, Stays, Text, move, standing
from quizzes.publishing import From, draft_question
from quizzes.types import registry


class Requoted(NamedTuple):
    """The drafts that were made or moved, and the questions that somebody must look at."""

    drafts: tuple[QuestionRevision, ...]
    orphans: tuple[QuestionOrphan, ...]


def on_article_published(
    *, revision: ArticleRevision, previous: ArticleRevision | None, by: User | None = None, **_signal: Any
) -> None:
    """The receiver of `article_published`."""
    if previous is not None:
        requote(revision=revision, by=by)


def on_article_edited(
    *, revision: ArticleRevision, before: Text, by: User | None = None, **_signal: Any
) -> None:
    """The receiver of `article_edited`."""
    follow(revision=revision, before=before, by=by)


def requote(*, revision: ArticleRevision, by: User | None = None) -> Requoted:
    """Give each question that quotes an older revision a draft that quotes this one, or list it as an orphan.

    Left alone: one whose draft is on this text already, and one of which somebody said that it keeps the old
    text. What was listed for an older revision is settled.
    """
    drafts, orphans = [], []
    with transaction.atomic():
        older = _Older(revision)
        for quoting in _quoting(revision):
            waiting = older.waiting.get(quoting.question_id, ())
            if quoting.article_revision_id != revision.pk:
                try:
                    drafts.append(_redraft(quoting, older, by))
                except Stays as stays:
                    orphans.append(_list(quoting, revision, stays, waiting))
            for orphan in waiting:
                settle(orphan=orphan, by=by)
    return Requoted(tuple(drafts), tuple(orphans))


class _Older:
    """The older revisions of an article beside its newest one, and what is still listed for them."""

    def __init__(self, revision: ArticleRevision) -> None:
        self.revision = revision
        self.waiting: defaultdict[int, list[QuestionOrphan]] = defaultdict(list)
        listed = QuestionOrphan.objects.filter(
            resolved_at=None, article_revision__article=revision.article_id
        ).exclude(article_revision=revision)
        for orphan in listed.order_by("pk"):
            self.waiting[orphan.question_id].append(orphan)
        self._pairs: dict[int, Pair] = {}

    def pair(self, quoted: int) -> Pair:
        """Of the revision with this number in the database, which the questions on it share, and the newest."""
        if quoted not in self._pairs:
            self._pairs[quoted] = Pair(ArticleRevision.objects.get(pk=quoted), self.revision)
        return self._pairs[quoted]


def follow(*, revision: ArticleRevision, before: Text, by: User | None = None) -> Requoted:
    """Move the question drafts that quote a draft of an article along with its text, which was `before`.

    One that cannot be moved stays as it is, is listed, and is not published until it fits. The caller holds the
    article's draft locked.
    """
    drafts, orphans = [], []
    with transaction.atomic():
        pair = Pair(before, revision)
        for draft in _drafts_on(revision):
            try:
                key = key_of(draft)
                moved = move(draft, key and key.key, standing(draft, pair))
            except Stays as stays:
                orphans.append(_list(draft, revision, stays))
                continue
            if _differs(draft, moved):
                rewrite(draft, moved, revision)
                drafts.append(draft)
            for orphan in QuestionOrphan.objects.filter(question=draft.question, article_revision=revision):
                settle(orphan=orphan, by=by)
    return Requoted(tuple(drafts), tuple(orphans))


def settle(*, orphan: QuestionOrphan, by: User | None = None) -> None:
    """Say that somebody has looked after the question; nothing if that was said before."""
    now = timezone.now()
    QuestionOrphan.objects.filter(pk=orphan.pk, resolved_at=None).update(
        resolved_at=now, resolved_by=by, updated_at=now
    )


def confirm(*, revision: QuestionRevision, seen: datetime | None = None) -> None:
    """Say that a draft that followed its article still holds; raises Frozen for what is published.

    `seen` is the `updated_at` that was read (None: never mind); raises Incomplete if it is another by now.
    """
    with transaction.atomic():
        draft = QuestionRevision.objects.select_for_update().get(pk=revision.pk)
        if not draft.is_draft:
            raise Frozen(QuestionRevision)
        if seen is not None and seen != draft.updated_at:
            raise Incomplete(
                _("The question moved or was saved after you opened the page. Read it as it is now.")
            )
        QuestionRevision.objects.filter(pk=draft.pk).update(to_confirm=False)
    revision.to_confirm = False


def key_of(quoting: QuestionRevision) -> QuestionKey | None:
    """The question's key, if it has one."""
    return QuestionKey.objects.filter(revision=quoting).first()


def draft_anew(
    quoting: QuestionRevision, moved: Moved, revision: ArticleRevision, by: User | None
) -> QuestionRevision:
    """A draft of what is published, on the text of `revision`; raises DraftOpen."""
    key = key_of(quoting)
    draft = draft_question(
        question=quoting.question,
        type=quoting.type,
        prompt=moved.prompt,
        key=moved.key,
        skills=list(quoting.skills.all()),
        title=quoting.title,
        difficulty=quoting.difficulty,
        passage=From(revision, *moved.place),
        origin=key.origin_set if key else None,
        by=by,
    )
    if moved.changed:
        draft.to_confirm = True
        draft.save(update_fields=["to_confirm", "updated_at"])
    return draft


def rewrite(draft: QuestionRevision, moved: Moved, revision: ArticleRevision) -> None:
    """Put an open draft, locked, on the text of `revision`."""
    draft.schema_version = registry.get(draft.type).schema_version
    draft.prompt = moved.prompt.model_dump(mode="json")
    draft.article_revision = revision
    draft.start, draft.end = moved.place
    draft.to_confirm = draft.to_confirm or moved.changed
    draft.save()
    key = key_of(draft)
    if key is not None:
        key.key = moved.key.model_dump(mode="json")
        key.save()


def _quoting(revision: ArticleRevision) -> list[QuestionRevision]:
    """One a question that quotes an older revision: its open draft if it has one, else what is published."""
    in_use = Q(published_at=None) | Q(question__published=F("pk"))
    kept = QuestionOrphan.objects.filter(
        question=OuterRef("question"),
        keeps_old=True,
        article_revision__article=revision.article_id,
        article_revision__number__gt=OuterRef("article_revision__number"),
    )
    found = (
        QuestionRevision.objects.filter(
            in_use, ~Exists(kept), article_revision__article=revision.article_id, question__archived_at=None
        )
        .exclude(article_revision=revision)
        .select_related("question", "answer_key")
    )
    by_question = {one.question_id: one for one in found.order_by("question", "number")}
    open_drafts = (
        QuestionRevision.objects.drafts().filter(question__in=by_question).select_related("question")
    )
    return [*{**by_question, **{one.question_id: one for one in open_drafts}}.values()]


def _drafts_on(revision: ArticleRevision) -> list[QuestionRevision]:
    """The open drafts on a draft, locked in the order of their questions."""
    drafts = QuestionRevision.objects.drafts().filter(article_revision=revision, question__archived_at=None)
    locked = drafts.select_related("question").select_for_update(of=("self",))
    return list(locked.order_by("question"))


def _differs(draft: QuestionRevision, moved: Moved) -> bool:
    """Whether moving it changes anything: who has it open is told only of that."""
    here = (draft.start, draft.end)
    return here != moved.place or draft.prompt != moved.prompt.model_dump(mode="json") or moved.changed


def _redraft(quoting: QuestionRevision, older: _Older, by: User | None) -> QuestionRevision:
    if quoting.is_draft or quoting.article_revision_id is None:
        raise Stays(Reason.DRAFT_OPEN)
    key = key_of(quoting)
    where = standing(quoting, older.pair(quoting.article_revision_id))
    return draft_anew(quoting, move(quoting, key and key.key, where), older.revision, by)


def _list(
    quoting: QuestionRevision,
    revision: ArticleRevision,
    stays: Stays,
    before: Sequence[QuestionOrphan] = (),
) -> QuestionOrphan:
    """List a question; one that is listed already says what is the matter now.

    Places that were chosen when it was listed `before` are kept: of those only what still holds is used.
    """
    said = {"reason": stays.reason, "detail": stays.detail}
    listed: QuestionOrphan = QuestionOrphan.objects.update_or_create(
        question=quoting.question,
        article_revision=revision,
        resolved_at=None,
        defaults=said,
        create_defaults={**said, "chosen": [one for orphan in before for one in orphan.chosen]},
    )[0]
    return listed
