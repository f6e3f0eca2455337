"""Taking a quiz: start, save, check, submit. The only writer of attempts, items and responses.

Every verb locks first and decides after, so that what it found is still true when it commits.
On SQLite the lock is the transaction itself (BEGIN IMMEDIATE); `select_for_update` is PostgreSQL's.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.local_times import told
from accounts.models import Cohort, User
from quizzes import dealing, given_terms, grading, score_rows, telling
from quizzes.errors import (
    AssignmentClosed,
    AttemptClosed,
    AttemptOverdue,
    NoAttemptsLeft,
    NotOpenYet,
    QuizUnavailable,
    SequenceRefused,
    StaleResponse,
)
from quizzes.models import Attempt, AttemptItem, ItemResponse, Quiz
from quizzes.models.response import LAST_SEQUENCE
from quizzes.signals import attempt_submitted
from quizzes.terms import Terms
from quizzes.types import registry, responses
from quizzes.types.base import INTEGER_LIMIT

#: What must be true together with a row that is written: called in its transaction, before it commits.
Witness = Callable[[Any], None]


def _unseen(_row: Any) -> None:
    """Nobody wants to be told."""


def start(
    *,
    learner: User,
    quiz: Quiz,
    cohort: Cohort | None = None,
    preview: bool = False,
    witness: Witness = _unseen,
    closed: Witness = _unseen,
) -> Attempt:
    """The learner's open attempt at `quiz`, made now if there is none. Starting twice is starting once.

    Tries are numbered over all classes, and allowed in each. `preview` marks an attempt that never
    counts. `witness` is called with an attempt that is made, not with one that goes on; `closed` with one that
    is handed in instead.
    Raises QuizUnavailable, NotAssigned, NotOpenYet, AssignmentClosed, NoAttemptsLeft, and
    AttemptOverdue after handing in an open attempt whose time was over.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=learner.pk)  # the lock for "one open attempt"
        newest = _newest(learner, quiz, cohort)
        goes_on = newest is not None and newest.is_open
        if newest is not None and goes_on and newest.is_preview and not preview:
            _close(Attempt.SubmitCause.LEARNER, pk=newest.pk)  # looked at before enrolling: it never counts
            goes_on = False
        if newest is None or not goes_on:
            begun = _begin(learner=learner, quiz=quiz, cohort=cohort, preview=preview, newest=newest)
            witness(begun)
            return begun
    if newest.is_overdue:
        refuse_overdue(newest, closed)
    return newest


def _newest(learner: User, quiz: Quiz, cohort: Cohort | None) -> Attempt | None:
    """The learner's last attempt at the quiz, the only one that may be open; `made` counts those in the class."""
    made = Count("pk", filter=Q(is_preview=False, cohort=cohort))
    counted = learner.attempts.filter(quiz=quiz).order_by().values("quiz").annotate(made=made)
    found = learner.attempts.filter(quiz=quiz).annotate(made=Subquery(counted.values("made")))
    return found.order_by("-number").first()


def _begin(
    *, learner: User, quiz: Quiz, cohort: Cohort | None, preview: bool, newest: Attempt | None
) -> Attempt:
    revision = quiz.published
    if revision is None or quiz.archived_at is not None:
        raise QuizUnavailable(_("This quiz is not open. Ask your teacher whether it has moved."))
    assignment = None if preview else given_terms.assignment_of(learner=learner, quiz=quiz, cohort=cohort)
    held = given_terms.terms_under(learner, revision, cohort, assignment)
    now = timezone.now()
    _refuse_outside(held, now)
    made = vars(newest)["made"] if newest else 0
    if not preview and held.attempts_allowed is not None and made >= held.attempts_allowed:
        raise NoAttemptsLeft(_("You have used all your tries at this quiz."))
    attempt = Attempt.objects.create(
        learner=learner,
        quiz=quiz,
        quiz_revision=revision,
        cohort=cohort,
        assignment=assignment,
        number=newest.number + 1 if newest else 1,
        seed=secrets.randbelow(LAST_SEQUENCE),
        is_preview=preview,
        started_at=now,
        deadline_at=held.deadline(now),
    )
    AttemptItem.objects.bulk_create(dealing.items_of(attempt))
    score_rows.on_started(attempt)
    return attempt


def _refuse_outside(held: Terms, now: datetime) -> None:
    if held.opens_at is not None and not held.opened_at(now):
        raise NotOpenYet(_("This opens on %(when)s. Come back then.") % {"when": told(held.opens_at)})
    if held.closed_at(now):
        raise AssignmentClosed(_("This has closed. Ask your teacher if you still want to hand it in."))


def save_response(
    *,
    item: AttemptItem,
    sequence: int,
    data: object,
    confidence: int | None = None,
    active_ms: int = 0,
    witness: Witness = _unseen,
    closed: Witness = _unseen,
) -> ItemResponse:
    """Append a response and return it, committed.

    `sequence` (1 to 2³¹ − 1) is the client's own count; the same number with the same data
    returns what is stored. `witness` is called with a response that is appended, `closed` with
    an attempt that is handed in instead.
    Raises ResponseRefused, SequenceRefused, StaleResponse, AttemptClosed and, after handing in what was
    saved, AttemptOverdue.
    """
    with transaction.atomic(durable=True):
        attempt, response = _append(
            item=item,
            sequence=sequence,
            data=data,
            confidence=confidence,
            active_ms=active_ms,
            is_check=False,
            witness=witness,
        )
    if response is not None:
        return response
    refuse_overdue(attempt, closed)
    return save_response(
        item=item,
        sequence=sequence,
        data=data,
        confidence=confidence,
        active_ms=active_ms,
        witness=witness,
        closed=closed,
    )  # there is more time since then


def check_response(*, item: AttemptItem, sequence: int, data: object, active_ms: int = 0) -> ItemResponse:
    """Practice: append a response and judge it at once, committed; the first one is the evidence.

    Raises what `save_response` raises, FeedbackNotDue where feedback is not given at once, and
    NotAnswered (nothing is stored) where the response holds no answer.
    """
    with transaction.atomic(durable=True):
        attempt, response = _append(
            item=item, sequence=sequence, data=data, confidence=None, active_ms=active_ms, is_check=True
        )
        if response is not None:
            grading.grade_check(attempt=attempt, item=item, response=response)
    if response is not None:
        return response
    refuse_overdue(attempt)
    return check_response(item=item, sequence=sequence, data=data, active_ms=active_ms)


def submit(
    *,
    attempt: Attempt,
    cause: str = Attempt.SubmitCause.LEARNER,
    witness: Witness = _unseen,
    guard: Witness = _unseen,
) -> Attempt:
    """Hand in the attempt and score it, committed. Handing in twice is handing in once.

    With the deadline for a cause, an attempt that was given more time in the meantime stays open.
    `witness` is called with an attempt that was open until now; `guard` with the attempt as it is locked,
    before anything is done, and what it raises leaves it as it was.
    """
    with transaction.atomic(durable=True):
        return _close(cause, witness, guard, pk=attempt.pk)


def hand_in(*, learner: User, uuid: UUID) -> Attempt:
    """The learner's own attempt of that name, handed in as by `submit`; raises Attempt.DoesNotExist."""
    if learner.launched_by is not None:
        Attempt.objects.made_by(learner).get(uuid=uuid)
    with transaction.atomic(durable=True):
        return _close(Attempt.SubmitCause.LEARNER, learner=learner, uuid=uuid)


def submit_overdue(now_only: int | None = None) -> int:
    """Hand in every attempt whose time is over, each in its own transaction; how many there were."""
    closed = 0
    late = Attempt.objects.open().filter(deadline_at__lt=timezone.now()).order_by("deadline_at")[:now_only]
    for attempt in late:
        if attempt.is_overdue:
            closed += not submit(attempt=attempt, cause=Attempt.SubmitCause.DEADLINE).is_open
    return closed


def note_shown(item: AttemptItem) -> None:
    """Keep when the learner first saw the item; a page view may write this, and nothing else."""
    AttemptItem.objects.filter(pk=item.pk, first_shown_at=None).update(first_shown_at=timezone.now())


def deadline_words() -> str:
    return _("The time was over. What you had saved has been handed in.")


def refuse_overdue(attempt: Attempt, closed: Witness = _unseen) -> None:
    """Hand in what was saved before the deadline, commit that, then refuse whatever was asked.

    Returns only if the attempt was given more time in the meantime, and is open still.
    """
    if not submit(attempt=attempt, cause=Attempt.SubmitCause.DEADLINE, witness=closed).is_open:
        raise AttemptOverdue(deadline_words())


def _close(cause: str, witness: Witness = _unseen, guard: Witness = _unseen, /, **which: Any) -> Attempt:
    locked = Attempt.objects.select_for_update(of=("self",))  # not the quiz: a whole class hands it in
    attempt = locked.select_related("quiz_revision", "quiz", "assignment__cohort").get(**which)
    guard(attempt)
    if not attempt.is_open:
        return attempt
    now = timezone.now()
    if cause == Attempt.SubmitCause.DEADLINE and not attempt.was_overdue_at(now):
        return attempt
    attempt.submitted_at = max(now, attempt.started_at)  # a clock that was set back loses nobody's work
    attempt.submit_cause = Attempt.SubmitCause.DEADLINE if attempt.was_overdue_at(now) else cause
    grading.grade_attempt(attempt=attempt)
    if attempt.fraction is not None and telling.waits(attempt) is None:
        attempt.told_at = attempt.submitted_at
    attempt.save(
        update_fields=["submitted_at", "submit_cause", "fraction", "graded_at", "told_at", "updated_at"]
    )
    attempt_submitted.send(sender=Attempt, attempt=attempt)
    witness(attempt)
    return attempt


def _refuse_out_of_range(confidence: int | None, active_ms: int) -> None:
    if confidence is not None and not 0 <= confidence <= 100:
        raise registry.ResponseRefused("confidence", _("Confidence is a whole number from 0 to 100."))
    if not 0 <= active_ms <= INTEGER_LIMIT:
        raise registry.ResponseRefused("active_ms", _("The time spent is milliseconds, 0 or more."))


def _append(
    *,
    item: AttemptItem,
    sequence: int,
    data: object,
    confidence: int | None,
    active_ms: int,
    is_check: bool,
    witness: Witness = _unseen,
) -> tuple[Attempt, ItemResponse | None]:
    """The attempt, locked, and the stored response; none where the attempt turned out to be overdue."""
    kind = registry.get(item.revision.type)
    _refuse_out_of_range(confidence, active_ms)
    if not 1 <= sequence <= LAST_SEQUENCE:
        raise SequenceRefused(_("`sequence` must be a whole number from 1 to 2147483647."))
    response = responses.read_response(kind, item.revision.asked, data)
    locked = Attempt.objects.select_for_update(of=("self",))
    locked = (
        locked.select_related("quiz_revision") if is_check else locked.only("submitted_at", "deadline_at")
    )
    attempt = locked.get(pk=item.attempt_id)
    if not attempt.is_open:
        raise AttemptClosed(_("This was handed in already. Nothing can be changed in it."))
    if attempt.is_overdue:
        return attempt, None
    stored = response.model_dump(mode="json")
    newest = ItemResponse.objects.filter(item=item).order_by("-sequence").first()
    if newest is not None and sequence <= newest.sequence:
        if sequence == newest.sequence and newest.data == stored:
            return attempt, newest  # a client that lost our reply asks again
        raise StaleResponse(newest)
    appended = ItemResponse.objects.create(
        item=item,
        sequence=sequence,
        data=stored,
        schema_version=kind.schema_version,
        confidence=confidence,
        active_ms=active_ms,
        is_check=is_check,
    )
    witness(appended)
    return attempt, appended
