"""Grading by a person: who has which answer open, what they make of it, and its release.

The only writer of `GradingDraft` and `SavedComment`. A learner sees nothing of a draft before `release`.
What waits for whom is in `quizzes.grading_queue`.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.texts import fault_of_text
from quizzes import rubrics
from quizzes.grading_queue import items_to_grade
from quizzes.models import (
    Assignment,
    Attempt,
    AttemptItem,
    GradingDraft,
    ItemScore,
    Question,
    QuestionRevision,
    SavedComment,
)
from quizzes.recording import Ground, Judged, amend
from quizzes.rejudging import Firsts
from quizzes.releasing import tell

#: How long an answer is kept for whoever opened or saved it last.
HOLD = timedelta(minutes=5)
LONGEST_COMMENT = 2000


class MarkingError(Exception):
    """Something that grading does not allow, in a sentence for whoever asked."""


class HeldByOther(MarkingError):
    """Somebody else has this answer open; `draft.holder` until `draft.held_until`."""

    def __init__(self, draft: GradingDraft) -> None:
        super().__init__(_("%(who)s has this answer open.") % {"who": draft.holder})
        self.draft = draft


class StaleDraft(MarkingError):
    """It was saved by somebody else, or in another window, since it was read; `draft` is what is stored."""

    def __init__(self, draft: GradingDraft) -> None:
        super().__init__(_("This answer was graded elsewhere meanwhile. Yours is not saved yet."))
        self.draft = draft


class NotComplete(MarkingError):
    """Not every criterion has a level."""

    def __init__(self, missing: list[str]) -> None:
        names = ", ".join(f"“{name}”" for name in missing)
        super().__init__(_("Not done yet: choose a level for %(names)s.") % {"names": names})


def open_next(*, question: Question, by: User, after: AttemptItem | None = None) -> AttemptItem | None:
    """Claim the next answer that is not done and nobody else has open, from `after` on and round; None if none is.

    Two graders never get the same one.
    """
    waiting = list(items_to_grade(by).filter(question=question).order_by("attempt__seed", "pk"))
    if after is not None:
        places = [index for index, item in enumerate(waiting) if item.pk == after.pk]
        at = places[0] + 1 if places else 0
        waiting = waiting[at:] + waiting[:at]
    for item in waiting:
        draft = getattr(item, "grading_draft", None)
        if draft is not None and (draft.done or is_held(draft, by)):
            continue
        try:
            draft = claim(item=item, by=by)
        except HeldByOther:
            continue  # somebody was quicker
        if not draft.done:
            return item
    return None


def claim(*, item: AttemptItem, by: User) -> GradingDraft:
    """Keep the answer for `by` for the next five minutes; raises HeldByOther."""
    with transaction.atomic():
        draft = _locked(item)
        _refuse_held(draft, by)
        _hold(draft, by)
        draft.save(update_fields=["holder", "held_until", "updated_at"])
    return draft


def save(
    *, item: AttemptItem, by: User, edition: int, levels: Mapping[str, int], comment: str
) -> GradingDraft:
    """Keep levels (criterion's ref to level, from 0; any number of them) and comment, and go on holding.

    `edition` is the one that they were made on. Raises HeldByOther, StaleDraft and MarkingError. What was
    released is open again by this, and its score stays until the next release.
    """
    comment = comment.replace("\r\n", "\n").strip()
    if wrong := rubrics.faults(rubrics.criteria_of(item.revision), levels):
        raise MarkingError(" ".join(wrong))
    if len(comment) > LONGEST_COMMENT:
        raise MarkingError(
            _("The comment is longer than %(longest)s characters.") % {"longest": LONGEST_COMMENT}
        )
    if fault := fault_of_text(comment):
        raise MarkingError(fault)
    with transaction.atomic():
        draft = _locked(item)
        _refuse_held(draft, by)
        same = draft.levels == dict(levels) and draft.comment == comment
        if draft.edition != edition and not same:
            raise StaleDraft(draft)
        _hold(draft, by)
        if not same:
            draft.levels, draft.comment, draft.by = dict(levels), comment, by
            draft.edition += 1
            draft.done, draft.released_at = False, None
        draft.save()
    return draft


def finish(*, item: AttemptItem, by: User, edition: int) -> GradingDraft:
    """Say that the draft of this edition is done, and let go of it; raises NotComplete and what `save` raises."""
    with transaction.atomic():
        draft = _locked(item)
        _refuse_held(draft, by)
        if draft.edition != edition:
            raise StaleDraft(draft)
        if missing := rubrics.missing(rubrics.criteria_of(item.revision), draft.levels):
            raise NotComplete(missing)
        draft.done = True
        draft.by = draft.by or by
        draft.holder = draft.held_until = None
        draft.save()
    return draft


def let_go(*, item: AttemptItem, by: User) -> None:
    """Leave the answer to others; nothing happens where `by` does not hold it."""
    GradingDraft.objects.filter(item=item, holder=by).update(holder=None, held_until=None)


def release(*, by: User, question: Question | None = None, assignment: Assignment | None = None) -> int:
    """Make scores of all drafts that are done, in the classes that `by` leads; how many there were.

    Of one question, one assignment, or one question of it. Learners whose attempts are graded by this,
    and were not before, are told once (`grades_released`), except of marks that are held back still.
    """
    if question is None and assignment is None:
        raise MarkingError(_("Say which question or assignment to release."))
    with transaction.atomic():
        drafts = GradingDraft.objects.filter(
            done=True, released_at=None, item__in=items_to_grade(by, led=True)
        )
        if question is not None:
            drafts = drafts.filter(item__question=question)
        if assignment is not None:
            drafts = drafts.filter(item__attempt__assignment=assignment)
        attempts = _lock_attempts(list(drafts.values_list("item__attempt", flat=True)))
        # Read after the lock: who released the same a moment ago has set `released_at`.
        found = list(
            drafts.filter(item__attempt__in=attempts)
            .select_for_update(of=("self",))
            .select_related("item__current_score__response")
            .order_by("item__attempt_id", "item_id")
        )
        return _release(found, attempts, by)


def _lock_attempts(pks: list[int]) -> dict[int, Attempt]:
    locked = Attempt.objects.select_for_update(of=("self",)).filter(pk__in=pks)
    # Whoever hears of it tells the learners, unless the assignment holds the marks back.
    locked = locked.select_related("learner", "quiz_revision", "assignment__cohort")
    return {attempt.pk: attempt for attempt in locked.order_by("pk")}


def _release(drafts: list[GradingDraft], attempts: dict[int, Attempt], by: User) -> int:
    if not drafts:
        return 0
    items = [draft.item for draft in drafts]
    revisions = QuestionRevision.objects.select_related("article_revision").in_bulk(
        {item.revision_id for item in items}
    )
    for item in items:
        item.attempt = attempts[item.attempt_id]
        item.revision = revisions[item.revision_id]
    firsts = Firsts.of(items)
    judged = [_judged(draft, firsts) for draft in drafts]
    reasons = {draft.item_id: draft.comment for draft in drafts if draft.comment}
    ground = Ground(source=ItemScore.Source.MANUAL, by=by, reason=_("Graded by rubric"), reasons=reasons)
    amend(judged=judged, ground=ground)
    GradingDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        released_at=timezone.now(), holder=None, held_until=None, updated_at=timezone.now()
    )
    tell(Q(pk__in=attempts))
    return len(drafts)


def _judged(draft: GradingDraft, firsts: Firsts) -> Judged:
    item, old = draft.item, draft.item.current_score
    return Judged(
        item,
        old.response if old else None,
        rubrics.outcome(
            rubrics.criteria_of(item.revision),
            draft.levels,
            draft.comment,
            old.judged.findings if old else (),
        ),
        first=item in firsts,
        key=old.key_revision_id if old else None,
    )


def keep_comment(*, by: User, text: str, question: Question | None = None) -> SavedComment:
    """Put a sentence into the bank of `by`, once; raises MarkingError for none, and for one over 500 characters."""
    text = " ".join(text.split())
    if not text:
        raise MarkingError(_("Write the comment first, then keep it."))
    if len(text) > 500:
        raise MarkingError(_("A comment that is kept has at most 500 characters."))
    if fault := fault_of_text(text):
        raise MarkingError(fault)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        kept, _made = SavedComment.objects.get_or_create(
            owner=by, question=question, text=text, archived_at=None
        )
    return kept


def archive_comment(*, comment: SavedComment) -> None:
    """Take it out of the bank; what was said with it stays."""
    SavedComment.objects.filter(pk=comment.pk, archived_at=None).update(archived_at=timezone.now())


def _locked(item: AttemptItem) -> GradingDraft:
    """The item's draft, locked; made now if there is none."""
    GradingDraft.objects.get_or_create(item=item)
    locked = GradingDraft.objects.select_for_update(of=("self",)).select_related("holder", "by")
    return locked.get(item=item)


def _hold(draft: GradingDraft, by: User) -> None:
    draft.holder, draft.held_until = by, timezone.now() + HOLD


def is_held(draft: GradingDraft, by: User) -> bool:
    """Whether somebody else than `by` has it open now."""
    if draft.holder_id is None or draft.holder_id == by.pk or draft.held_until is None:
        return False
    return draft.held_until > timezone.now()


def _refuse_held(draft: GradingDraft, by: User) -> None:
    if is_held(draft, by):
        raise HeldByOther(draft)
