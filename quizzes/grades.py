"""What one learner's mark for one assignment is, and a teacher's word on it.

`mark_of` and `total_of` are arithmetic over rows that the caller has read; `quizzes.marksheet` reads
them, `quizzes.grade_steps` says in sentences how a mark came to be. `enter` is the only writer of
`GradeEntry`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from math import fsum
from typing import NamedTuple, Self
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Cohort, CohortMember, User
from accounts.texts import fault_of_text
from quizzes import score_rows
from quizzes.models import Assignment, Attempt, GradeEntry, QuizRevision
from quizzes.terms import Terms

Rule = Assignment.AttemptRule


class EntryRefused(Exception):
    """Nothing was entered. `field` is what has to be mended: kind, fraction, reason or learner.

    `for_programs` says it to who sends fields and types nothing; by default the same.
    """

    def __init__(self, field: str, message: str, for_programs: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.for_programs = for_programs or message


class State(StrEnum):
    """How a mark stands. Only GRADED, HELD and OVERRIDE have a fraction; HELD is not shown to the learner."""

    MISSING = "missing"  # due, and nothing was handed in: not the same as a mark of 0
    ELSEWHERE = "elsewhere"  # due when they had no place in the class: it does not count
    NOT_DUE = "not_due"
    OPEN = "open"  # a try is begun, and none was handed in
    WAITING = "waiting"  # handed in; a person has still to grade it
    HELD = "held"
    GRADED = "graded"
    EXCUSED = "excused"
    OVERRIDE = "override"
    DROPPED = "dropped"  # handed in, and every question of it was dropped since: it counts for nobody


class Try(NamedTuple):
    """An attempt as it counts. `submitted_at` None: still open; `fraction` (0 to 1) None: not graded yet.

    `feedback` is what the quiz said when it was begun, "" for what the assignment says. `dropped`: so is
    every question of it; it is as if it had not been made.
    """

    number: int
    submitted_at: datetime | None
    fraction: float | None = None
    deadline_at: datetime | None = None
    feedback: str = ""
    dropped: bool = False
    extra_s: int = 0  # the time that a teacher added to it
    graded_at: datetime | None = None
    uuid: UUID | None = None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        return cls(
            attempt.number,
            attempt.submitted_at,
            attempt.fraction,
            attempt.deadline_at,
            dropped=attempt.is_dropped,
            extra_s=attempt.extra_s,
            graded_at=attempt.graded_at,
            uuid=attempt.uuid,
        )

    @property
    def finished_at(self) -> datetime | None:
        """When the work ended: what the site handed in after the deadline was finished by then."""
        if self.submitted_at is None or self.deadline_at is None:
            return self.submitted_at
        return min(self.submitted_at, self.deadline_at)


class Said(NamedTuple):
    """A teacher's word, the newest: one of GradeEntry.Kind, and for an override its fraction, 0 to 1."""

    kind: str
    fraction: float | None = None
    at: datetime | None = None


class Counted(NamedTuple):
    """A graded try with its score, and what is left of it after lateness; fractions from 0 to 1."""

    number: int
    scored: float
    days_late: int
    fraction: float


class Mark(NamedTuple):
    """A mark: `fraction` is 0 to 1, or None where there is none. `counted` are the tries that made it.

    `scored` is what the tries came to, whatever a teacher said; `waiting` are the numbers of the tries
    that a person has still to grade; `days_late` is that of the latest try that counts.
    """

    state: State
    fraction: float | None = None
    scored: float | None = None
    days_late: int = 0
    counted: tuple[Counted, ...] = ()
    waiting: tuple[int, ...] = ()
    tries: int = 0
    by_hand: bool = False


class Total(NamedTuple):
    """The mean of the marks that count, 0 to 1, or None where none does; how many counted or were dropped."""

    fraction: float | None
    counted: int = 0
    dropped: int = 0


def mark_of(
    *,
    assignment: Assignment,
    terms: Terms,
    tries: Sequence[Try],
    said: Said | None = None,
    now: datetime,
    told_at: datetime | None = None,
) -> Mark:
    """What the mark is, by the assignment's rule on tries, after lateness, and by what a teacher said.

    `tries` are the learner's under this assignment, by number, previews left out; `terms` are theirs.
    `told_at`: when what waits for the closing is told (`quizzes.telling`), by default when it closes for them.
    A teacher's override stands as it is: nothing is taken off it for lateness.
    """
    made = _by_rule(assignment.attempt_rule, terms, tries)
    if said is not None and said.kind == GradeEntry.Kind.EXCUSED:
        return _standing(made, State.EXCUSED, None)
    shown = assignment.is_released and not _waits_for_closing(terms, tries, told_at, now)
    if said is not None and said.kind == GradeEntry.Kind.OVERRIDE:
        state = State.OVERRIDE if shown else State.HELD
        return _standing(made, state, said.fraction, by_hand=True)
    if made.scored is not None:
        state = State.GRADED if shown else State.HELD
        return _standing(made, state, made.scored)
    return _standing(made, _without_a_score(terms, tries, now), None)


def waits_to_close(terms: Terms, tries: Sequence[Try]) -> bool:
    """Whether what is said of any of the tries waits for the closing; without tries, whether it would."""
    said = {one.feedback or terms.feedback for one in tries if one.submitted_at is not None}
    return QuizRevision.Feedback.AFTER_CLOSE in (said or {terms.feedback})


def _waits_for_closing(terms: Terms, tries: Sequence[Try], told_at: datetime | None, now: datetime) -> bool:
    ends = told_at or terms.closes_at
    return ends is not None and now < ends and waits_to_close(terms, tries)


def for_learner(mark: Mark) -> Mark:
    """The mark as the learner may see it: of one that is held, or excused, only that it is."""
    return Mark(mark.state, tries=mark.tries) if mark.state in {State.HELD, State.EXCUSED} else mark


def total_of(marks: Iterable[Mark], *, drop_lowest: int = 0, missing_counts: bool = True) -> Total:
    """The mean of a learner's marks, each of the same weight.

    A missing one counts 0 where `missing_counts`, else it is left out, as are those that are excused,
    wait, or are not due. The `drop_lowest` lowest are dropped, but one mark always stays.
    """
    fractions = sorted(
        0.0 if mark.fraction is None else mark.fraction
        for mark in marks
        if mark.fraction is not None or (missing_counts and mark.state is State.MISSING)
    )
    dropped = min(max(0, drop_lowest), max(0, len(fractions) - 1))
    kept = fractions[dropped:]
    return Total(_mean(kept), len(kept), dropped)


def enter(
    *,
    assignment: Assignment,
    learner: User,
    kind: str,
    reason: str,
    by: User,
    fraction: float | None = None,
) -> GradeEntry:
    """Append a teacher's word on the learner's mark; `kind` is one of GradeEntry.Kind. Twice is once.

    `fraction` (0 to 1) belongs to an override only. Raises EntryRefused, and PermissionDenied for who is
    neither a teacher of the class nor a program of its school: assistants grade, and change no mark by hand.
    """
    reason = reason.strip()
    with transaction.atomic():
        # The lock: two entries at once come one after the other, and "twice is once" holds.
        locked = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
        if not Cohort.objects.graded_by(by).filter(pk=locked.cohort_id).exists():
            raise PermissionDenied
        newest = GradeEntry.objects.filter(assignment=locked, learner=learner).order_by("-at", "-pk").first()
        if newest and (newest.kind, newest.fraction, newest.reason) == (kind, fraction, reason):
            return newest
        _refuse_entry(locked, learner, kind, fraction, reason, newest)
        entry = GradeEntry.objects.create(
            assignment=locked, learner=learner, kind=kind, fraction=fraction, reason=reason, by=by
        )
        score_rows.touch([(locked.pk, learner.pk)])
        return entry


def carry_over(*, into: Assignment) -> list[int]:
    """What teachers said last of marks for the same quiz in the same class, taken back since, holds for `into` too.

    For its learners of whose mark under it nothing was said: their primary keys. Runs in the caller's
    transaction, which holds the assignment's lock, and touches their marks last of all.
    """
    same = GradeEntry.objects.filter(assignment__cohort=into.cohort_id, assignment__quiz=into.quiz_id)
    if not into.everyone:
        same = same.filter(learner__in=into.named.values("learner"))
    said_since = same.filter(assignment=into).values("learner")
    newest = {entry.learner_id: entry for entry in same.exclude(learner__in=said_since).order_by("at", "pk")}
    carried = GradeEntry.objects.bulk_create(
        GradeEntry(
            assignment=into,
            learner_id=learner,
            kind=entry.kind,
            fraction=entry.fraction,
            reason=entry.reason,
            by_id=entry.by_id,
        )
        for learner, entry in newest.items()
        if entry.kind != GradeEntry.Kind.NONE
    )
    return [entry.learner_id for entry in carried]


def _refuse_entry(
    assignment: Assignment,
    learner: User,
    kind: str,
    fraction: float | None,
    reason: str,
    newest: GradeEntry | None,
) -> None:
    if kind not in GradeEntry.Kind.values:
        raise EntryRefused("kind", _("Choose what the mark should be."))
    if not reason:
        raise EntryRefused("reason", _("Say why. Whoever looks at this mark later will ask."))
    if fault := fault_of_text(reason):
        raise EntryRefused("reason", fault)
    if kind == GradeEntry.Kind.OVERRIDE and (fraction is None or not 0 <= fraction <= 1):
        raise EntryRefused(
            "fraction",
            _("Type the mark as a number from 0 to 100."),
            _("An override needs a fraction: a number from 0 to 1."),
        )
    if kind != GradeEntry.Kind.OVERRIDE and fraction is not None:
        raise EntryRefused(
            "fraction",
            _("Leave the number empty, or choose to set the mark by hand."),
            _("Only an override has a fraction. Leave it out, or send null."),
        )
    if kind == GradeEntry.Kind.NONE and (newest is None or newest.kind == GradeEntry.Kind.NONE):
        raise EntryRefused("kind", _("This mark is as it was scored already. There is nothing to take back."))
    learners = CohortMember.objects.filter(cohort=assignment.cohort_id, role=CohortMember.Role.LEARNER)
    if not learners.filter(user=learner).exists():
        raise EntryRefused("learner", _("This person is no pupil of the class."))


class _Made(NamedTuple):
    """What the tries come to, before anybody says a word."""

    scored: float | None
    counted: tuple[Counted, ...]
    waiting: tuple[int, ...]
    tries: int


def _standing(made: _Made, state: State, fraction: float | None, *, by_hand: bool = False) -> Mark:
    return Mark(
        state=state,
        fraction=fraction,
        scored=made.scored,
        days_late=max((one.days_late for one in made.counted), default=0),
        counted=made.counted,
        waiting=made.waiting,
        tries=made.tries,
        by_hand=by_hand,
    )


def _by_rule(rule: str, terms: Terms, tries: Sequence[Try]) -> _Made:
    """*first* and *last* wait for that try; *best* and *mean* go by those that are graded so far."""
    handed_in = [one for one in tries if one.submitted_at is not None and not one.dropped]
    if rule == Rule.FIRST:
        looked_at = handed_in[:1]
    elif rule == Rule.LAST:
        looked_at = handed_in[-1:]
    else:
        looked_at = handed_in
    graded = [_weighed(terms, one) for one in looked_at if one.fraction is not None]
    if rule == Rule.BEST and graded:
        graded = [max(graded, key=lambda one: one.fraction)]
    return _Made(
        scored=_mean([one.fraction for one in graded]),
        counted=tuple(graded),
        waiting=tuple(one.number for one in looked_at if one.fraction is None),
        tries=len(handed_in),
    )


def _weighed(terms: Terms, one: Try) -> Counted:
    scored, finished = one.fraction or 0.0, one.finished_at
    assert finished is not None  # noqa: S101 - only tries that were handed in are weighed
    days = terms.days_late(finished, one.extra_s)
    return Counted(one.number, scored, days, terms.with_lateness(scored, finished, one.extra_s))


def _without_a_score(terms: Terms, tries: Sequence[Try], now: datetime) -> State:
    handed_in = [one for one in tries if one.submitted_at is not None]
    if handed_in:
        return State.DROPPED if all(one.dropped for one in handed_in) else State.WAITING
    if tries:
        return State.OPEN
    is_due = (terms.due_at is not None and now > terms.due_at) or terms.closed_at(now)
    return State.MISSING if is_due else State.NOT_DUE


def _mean(fractions: Sequence[float]) -> float | None:
    if not fractions:
        return None
    return min(1.0, max(0.0, fsum(fractions) / len(fractions)))
