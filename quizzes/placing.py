"""Questions that could not follow their article: their words are placed by hand, or they stay as they are.

Each verb looks at the question under its lock; the article's draft, where it is one, is locked before it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import ArticleRevision
from articles.publishing import Incomplete, PublishingError, locked_draft
from articles.text.positions import QuoteNotFound, Span, find_quote, occurrences, selector, snap
from quizzes.models import Question, QuestionOrphan, QuestionRevision
from quizzes.moving import Moved, Pair, Reason, Standing, Stays, move, standing
from quizzes.requoting import draft_anew, key_of, rewrite, settle


class Resolved(PublishingError):
    """Somebody has looked after the question already."""


class Wanted(NamedTuple):
    """Words of the older text that need a place in the newer one, with what stood around them.

    The place is to be within `within`, half-open, of the newer text.
    """

    span: Span
    exact: str
    prefix: str
    suffix: str
    within: Span


class Standpoint(NamedTuple):
    """What is the matter with a listed question as things are now.

    `quoting`: the revision that is to follow, None where none quotes this article any more. `reason`: why it
    cannot follow by itself, None where it can. `wanted`: the words that are to be placed next, if it is some.
    """

    quoting: QuestionRevision | None
    reason: Reason | None
    wanted: Wanted | None

    @property
    def is_draft(self) -> bool:
        return self.quoting is not None and self.quoting.is_draft

    @property
    def has_old_text(self) -> bool:
        """Whether the older text can stay: a published one, and not what a draft said once."""
        article = self.quoting.article_revision if self.quoting else None
        return article is not None and not article.is_draft


def look(orphan: QuestionOrphan) -> Standpoint:
    """What is the matter with it now; a constant number of queries, and nothing is written."""
    quoting = _quoting(orphan)
    if quoting is None:
        return Standpoint(None, None, None)
    where = _where(orphan, quoting)
    try:
        _moved(quoting, where)
    except Stays as stays:
        return Standpoint(quoting, stays.reason, _wanted(where, stays) if stays.lost else None)
    return Standpoint(quoting, None, None)


def place(
    *, orphan: QuestionOrphan, of: str, start: int, end: int, words: str, by: User | None = None
) -> QuestionRevision | None:
    """Put the wanted words, `of`, on those that [start, end) of the newer text touches, which are `words`.

    Returns the draft on the new text when everything has its place, None while other words are wanted.
    Raises Resolved, and Incomplete where other words are wanted or stand there now, where that is no stretch of
    one paragraph with a word in it or outside the passage, and where the question would not fit together.
    """

    def choose(held: QuestionOrphan, where: Standing, wanted: Wanted) -> None:
        newer = where.pair.newer.text
        if wanted.exact != of:
            raise Incomplete(
                _("“%s” has its place by now. Other words are wanted: here they are.") % _brief(of)
            )
        if newer[start:end] != words:
            raise Incomplete(_("The text was edited meanwhile. These are its places now: choose again."))
        span = snap((start, end), where.pair.words) if start < end else None
        if span is None or "\n" in newer[slice(*span)]:
            raise Incomplete(_("Choose one or more words of one paragraph."))
        first, last = wanted.within
        if not first <= span[0] < span[1] <= last:
            raise Incomplete(_("Choose words of the passage: “%s”.") % _brief(newer[first:last]))
        held.chosen = [
            *held.chosen,
            {"old": list(wanted.span), "was": wanted.exact, "new": list(span), "is": newer[slice(*span)]},
        ]

    return _mend(orphan, by, choose)


def place_by_words(
    *, orphan: QuestionOrphan, of: str, words: str, by: User | None = None
) -> QuestionRevision | None:
    """`place`, named by the words as they stand in the text, once; raises Incomplete where they do not."""
    wanted = look(orphan).wanted
    text = orphan.article_revision.text
    within = wanted.within if wanted else (0, len(text))
    try:
        start, end = find_quote(text, words.strip(), within=within)
    except QuoteNotFound as error:
        raise Incomplete(_("These words are not in the text. Copy them out of it.")) from error
    if len(occurrences(text[slice(*within)], text[start:end])) > 1:
        raise Incomplete(_("These words are there several times. Take some of the words around them."))
    return place(orphan=orphan, of=of, start=start, end=end, words=text[start:end], by=by)


def take_along(*, orphan: QuestionOrphan, by: User | None = None) -> QuestionRevision | None:
    """Move the question, with its open draft if it has one; None where words of it are wanted first.

    Raises Resolved, and Incomplete where it does not quote the article any more.
    """
    return _mend(orphan, by, None)


def begin_again(*, orphan: QuestionOrphan) -> None:
    """Forget the places that were chosen so far; raises Resolved."""
    with transaction.atomic():
        held = _held(orphan)
        held.chosen = []
        held.save()


def keep_old(*, orphan: QuestionOrphan, by: User | None = None) -> None:
    """Let the question stay with the older text that it quotes, also when newer ones come.

    Raises Resolved, and Incomplete without an older text.
    """
    with transaction.atomic():
        held = _held(orphan)
        if not look(held).has_old_text:
            raise Incomplete(_("There is no older text to keep: what it quoted was a draft, and was edited."))
        held.keeps_old = True
        held.save(update_fields=["keeps_old", "updated_at"])
        settle(orphan=held, by=by)


def archive(*, orphan: QuestionOrphan, by: User | None = None) -> Question:
    """Archive the question, and settle all that is listed of it; raises Resolved."""
    with transaction.atomic():
        question: Question = _held(orphan).question
        question.archived_at = timezone.now()
        question.save(update_fields=["archived_at", "updated_at"])
        for listed in QuestionOrphan.objects.filter(question=question, resolved_at=None):
            settle(orphan=listed, by=by)
    return question


def _mend(
    orphan: QuestionOrphan,
    by: User | None,
    choose: Callable[[QuestionOrphan, Standing, Wanted], None] | None,
) -> QuestionRevision | None:
    """Take a choice in, if there is one, and move the question as far as it goes."""
    with transaction.atomic():
        held = _held(orphan)
        quoting = _quoting(held, lock=True)
        if quoting is None:
            raise Incomplete(_("The question does not quote this article any more. Say that it is done."))
        try:
            moved = _chosen(held, quoting, choose)
        except Stays as stays:
            held.reason, held.detail = stays.reason, stays.detail
            held.save()
            return None
        if quoting.is_draft:
            rewrite(quoting, moved, held.article_revision)
        else:
            quoting = draft_anew(quoting, moved, held.article_revision, by)
        held.save()
        settle(orphan=held, by=by)
        return quoting


def _chosen(
    held: QuestionOrphan,
    quoting: QuestionRevision,
    choose: Callable[[QuestionOrphan, Standing, Wanted], None] | None,
) -> Moved:
    """Where the question is with what was chosen, now and before; raises Stays, and what `choose` raises."""
    where = _where(held, quoting)
    if choose is None:
        return _moved(quoting, where)
    try:
        return _moved(quoting, where)
    except Stays as stays:
        if stays.lost is None:
            raise
        choose(held, where, _wanted(where, stays))
    try:
        return _moved(quoting, _where(held, quoting))
    except Stays as stays:
        if stays.lost is None:
            raise _misfit() from stays
        raise


def _held(orphan: QuestionOrphan) -> QuestionOrphan:
    """The row with its article, question and itself locked, in this order; raises Resolved."""
    article: ArticleRevision = ArticleRevision.objects.select_related("article").get(
        pk=orphan.article_revision_id
    )
    if article.is_draft:
        article = locked_draft(article)
    question = Question.objects.select_for_update(no_key=True).get(pk=orphan.question_id)
    held: QuestionOrphan = QuestionOrphan.objects.select_for_update().get(pk=orphan.pk)
    if held.resolved_at is not None:
        raise Resolved(_("Somebody has looked after “%s” meanwhile.") % question)
    held.article_revision, held.question = article, question
    return held


def _quoting(orphan: QuestionOrphan, *, lock: bool = False) -> QuestionRevision | None:
    """The question's open draft, else what is published; None if that is of another article or fits already."""
    article = orphan.article_revision
    rows = QuestionRevision.objects.filter(question=orphan.question_id)
    in_use = rows.filter(published_at=None) | rows.filter(pk=orphan.question.published_id)
    found = in_use.select_related("article_revision", "question")
    if lock:
        found = found.select_for_update(of=("self",))
    revisions = sorted(found, key=lambda one: not one.is_draft)
    if not revisions or revisions[0].article_revision_id is None:
        return None
    quoting: QuestionRevision = revisions[0]
    stands: Any = quoting.article_revision
    if stands.article_id != article.article_id or (stands.pk == article.pk and fits(quoting)):
        return None
    return quoting


def fits(quoting: QuestionRevision) -> bool:
    """Whether a question's passage is what its article says there."""
    article = quoting.article_revision
    passage = quoting.prompt.get("passage") if isinstance(quoting.prompt, dict) else None
    if article is None or not isinstance(passage, dict):
        return True
    return bool(article.text[quoting.start : quoting.end] == passage.get("text"))


def _where(orphan: QuestionOrphan, quoting: QuestionRevision) -> Standing:
    """Where it stands, with what was chosen before and still holds in both texts."""
    article: Any = quoting.article_revision
    where = standing(quoting, Pair(article, orphan.article_revision))
    older, newer = where.pair.older.text, where.pair.newer.text
    chosen = {
        (one["old"][0], one["old"][1]): (one["new"][0], one["new"][1])
        for one in orphan.chosen
        if older[slice(*one["old"])] == one["was"] and newer[slice(*one["new"])] == one["is"]
    }
    return standing(quoting, Pair(article, orphan.article_revision), chosen)


def _moved(quoting: QuestionRevision, where: Standing) -> Moved:
    key = key_of(quoting)
    return move(quoting, key and key.key, where)


def _wanted(where: Standing, stays: Stays) -> Wanted:
    span: Span = stays.lost or (0, 0)
    text = where.pair.older.text
    within = where.passage() if stays.reason == Reason.SPAN else (0, len(where.pair.newer.text))
    return Wanted(span, *selector(text, *span), within)


def _misfit() -> Incomplete:
    return Incomplete(
        _(
            "With these words the question would not fit together: a passage begins before it ends, and places do"
            " not overlap. Choose others."
        )
    )


def _brief(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:80]}…"
