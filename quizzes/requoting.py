"""Questions follow their article: when a new revision is published, each that quotes the one before gets a
draft on the new text, by the rules of re-anchoring; what cannot be moved whole is listed for a teacher.

The published question stays as it is until that draft is published, and attempts never notice.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from articles.models import ArticleRevision
from articles.text.anchoring import Anchoring, Lost, Quoted
from articles.text.positions import Span, snap, touched
from quizzes.models import QuestionKey, QuestionOrphan, QuestionRevision
from quizzes.publishing import From, draft_question
from quizzes.types import registry

Reason = QuestionOrphan.Reason


class _Stays(Exception):
    """The question cannot be moved: why, and which words."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class Requoted(NamedTuple):
    """The drafts that were made, and the questions that somebody must look at."""

    drafts: tuple[QuestionRevision, ...]
    orphans: tuple[QuestionOrphan, ...]


def on_article_published(
    *, revision: ArticleRevision, previous: ArticleRevision | None, by: User | None = None, **_signal: Any
) -> None:
    """The receiver of `article_published`."""
    if previous is not None:
        requote(revision=revision, previous=previous, by=by)


def requote(*, revision: ArticleRevision, previous: ArticleRevision, by: User | None = None) -> Requoted:
    """Give each question that quotes `previous` a draft that quotes `revision`, or list it as an orphan."""
    drafts, orphans = [], []
    with transaction.atomic():
        moving = _Moving(previous, revision)
        for quoting in _quoting(previous):
            try:
                drafts.append(_redraft(quoting, moving, by))
            except _Stays as stays:
                orphans.append(_list(quoting, revision, stays))
    return Requoted(tuple(drafts), tuple(orphans))


def settle(*, orphan: QuestionOrphan, by: User | None = None) -> None:
    """Say that somebody has looked after the question; nothing if that was said before."""
    now = timezone.now()
    QuestionOrphan.objects.filter(pk=orphan.pk, resolved_at=None).update(
        resolved_at=now, resolved_by=by, updated_at=now
    )


def _quoting(previous: ArticleRevision) -> list[QuestionRevision]:
    """One revision a question: its open draft if it has one and either quotes, else what is published."""
    in_use = Q(published_at=None) | Q(question__published=F("pk"))
    found = QuestionRevision.objects.filter(
        in_use, article_revision=previous, question__archived_at=None
    ).select_related("question", "answer_key")
    by_question = {one.question_id: one for one in found.order_by("question", "number")}
    open_drafts = (
        QuestionRevision.objects.drafts().filter(question__in=by_question).select_related("question")
    )
    return [*{**by_question, **{one.question_id: one for one in open_drafts}}.values()]


def _redraft(quoting: QuestionRevision, moving: "_Moving", by: User | None) -> QuestionRevision:
    if quoting.is_draft:
        raise _Stays(Reason.DRAFT_OPEN)
    key = QuestionKey.objects.filter(revision=quoting).first()
    if key is None or quoting.start is None or quoting.end is None:
        raise _Stays(Reason.UNREADABLE)
    place = moving.passage(quoting.start, quoting.end)
    spans = _Spans(moving, quoting.start, place)
    version = quoting.schema_version
    asked = spans.walk({**quoting.prompt, **_passage(quoting.prompt, moving.revision, place)})
    try:
        prompt = registry.load(quoting.type, "prompt", asked, version)
        answers = registry.load(quoting.type, "key", spans.walk(key.key), version)
    except (registry.UnknownType, ValueError) as error:
        raise _Stays(Reason.UNREADABLE) from error
    draft = draft_question(
        question=quoting.question,
        type=quoting.type,
        prompt=prompt,
        key=answers,
        skills=list(quoting.skills.all()),
        title=quoting.title,
        difficulty=quoting.difficulty,
        passage=From(moving.revision, *place),
        origin=key.origin_set,
        by=by,
    )
    old = moving.previous.text[quoting.start : quoting.end]
    if spans.changed or old != moving.revision.text[slice(*place)]:
        draft.to_confirm = True
        draft.save(update_fields=["to_confirm", "updated_at"])
    return draft


def _passage(prompt: Any, revision: ArticleRevision, place: Span) -> dict[str, Any]:
    """The prompt's passage as it is in the new revision; nothing for a prompt that carries none."""
    if not prompt.get("passage"):
        return {}
    first, last = place
    inside = {
        name: [[start - first, end - first] for start, end in spans if first <= start and end <= last]
        for name, spans in (("sentences", revision.sentences), ("words", revision.words))
    }
    return {"passage": {"text": revision.text[first:last], **inside}}


def _list(quoting: QuestionRevision, revision: ArticleRevision, stays: _Stays) -> QuestionOrphan:
    listed: QuestionOrphan = QuestionOrphan.objects.get_or_create(
        question=quoting.question,
        article_revision=revision,
        resolved_at=None,
        defaults={"reason": stays.reason, "detail": stays.detail},
    )[0]
    return listed


class _Moving:
    """Two revisions of an article, and where places of the older one are in the newer one."""

    def __init__(self, previous: ArticleRevision, revision: ArticleRevision) -> None:
        self.previous, self.revision = previous, revision
        self.words = [(start, end) for start, end in previous.words]
        self.sentences = [(start, end) for start, end in revision.sentences]
        new_words = [(start, end) for start, end in revision.words]
        self.pair = Anchoring(previous.text, revision.text, new_words)

    def place(self, start: int, end: int) -> tuple[int, int, bool] | None:
        """Where the words of a stretch of one line are now, and whether they changed; None if nowhere."""
        span = snap((start, end), self.words)
        found = self.pair.place(Quoted(*span)) if span else Lost("gone")
        return None if isinstance(found, Lost) else (found.start, found.end, found.changed)

    def passage(self, start: int, end: int) -> Span:
        """The whole sentences of the new text that a passage is now; raises _Stays.

        Its first and its last sentence must be found, and all that are found between them, in order.
        """
        old = [(first, last) for first, last in self.previous.sentences if start <= first and last <= end]
        places = [self.place(*one) for one in old if snap(one, self.words)]
        found = [place for place in places if place]
        if not found or places[0] is None or places[-1] is None or not _in_order(found):
            raise _Stays(Reason.PASSAGE)
        taken = touched((found[0][0], found[-1][1]), self.sentences)
        return self.sentences[taken[0]][0], self.sentences[taken[-1]][1]


def _in_order(places: "Sequence[tuple[int, int, bool]]") -> bool:
    return all(one[1] <= other[0] for one, other in pairwise(places))


class _Spans:
    """Moves every span in a prompt or a key: any mapping with whole numbers `start` and `end`."""

    def __init__(self, moving: _Moving, old_start: int, place: Span) -> None:
        self.moving, self.old_start, self.place = moving, old_start, place
        self.changed = False

    def walk(self, node: Any) -> Any:
        """The same JSON with its spans moved; raises _Stays where one has no place in the new passage."""
        if isinstance(node, list):
            return [self.walk(one) for one in node]
        if not isinstance(node, dict):
            return node
        moved = {name: self.walk(value) for name, value in node.items()}
        if type(node.get("start")) is int and type(node.get("end")) is int:
            moved["start"], moved["end"] = self._moved(node["start"], node["end"])
        return moved

    def _moved(self, start: int, end: int) -> Span:
        start, end = start + self.old_start, end + self.old_start
        found = self.moving.place(start, end)
        first, last = self.place
        if found is None or not first <= found[0] < found[1] <= last:
            raise _Stays(Reason.SPAN, self.moving.previous.text[start:end])
        self.changed = self.changed or found[2]
        return found[0] - first, found[1] - first
