"""Regrading: answers to a question judged anew, after its key was mended. The only writer of regrades.

A regrade is shown first (`preview`), ordered with a reason (`order`) and carried out in the background
(`carry_out`), attempt by attempt, so that it can be stopped anywhere and go on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import Cohort, User
from accounts.texts import fault_of_text
from quizzes.marksheet import MarkSheet
from quizzes.models import Assignment, Attempt, ItemScore, Question, Quiz, Regrade
from quizzes.recording import Ground, Judged, amend
from quizzes.rejudging import Plan, RegradeRefused, Weighed, fractions, weigh
from quizzes.scoring.attempts import attempt_fraction
from quizzes.types import registry

#: Attempts judged in one transaction: what a stopped job does again is at most this.
BATCH = 100


def plan(
    *,
    question: Question,
    kind: str,
    cohorts: Sequence[Cohort],
    quiz: Quiz | None = None,
    replace_manual: bool = False,
) -> Plan:
    """What a regrade by the key that is published now, or without a key, would be; raises RegradeRefused."""
    by_key = kind == Regrade.Kind.KEY
    if kind not in Regrade.Kind.values:
        raise RegradeRefused(_("Choose what to do: judge again, give everyone the point, or drop it."))
    if not cohorts:
        raise RegradeRefused(_("Choose at least one class."))
    revision = question.published if by_key else None
    if by_key and revision is None:
        raise RegradeRefused(_("This question is not published, so there is no key to judge by."))
    if revision is not None and not registry.get(revision.type).scores_itself:
        raise RegradeRefused(
            _("A person grades this question: change its marks on the page where answers are graded.")
        )
    return Plan(question, kind, cohorts, quiz, replace_manual, revision)


@dataclass(frozen=True)
class Change:
    """One attempt's item: its score now and then (0 to 1; None: none yet), and whether it counts."""

    attempt: Attempt
    old: float | None
    new: float | None
    old_dropped: bool
    new_dropped: bool

    @property
    def changes(self) -> bool:
        return (self.old, self.old_dropped) != (self.new, self.new_dropped)


@dataclass(frozen=True)
class Kept:
    attempt: Attempt
    score: float | None
    why: str


@dataclass(frozen=True)
class Mean:
    """A class's mean before and after (0 to 1; None: there is none): of its pupils' marks, and of its tries.

    A mark is by the assignment's rule on tries, after lateness, and by what a teacher said; the
    assignments are those that a try of the regrade stands under. Tries under none have no mark.
    """

    cohort: Cohort
    attempts: int
    before: float | None
    after: float | None
    marks: int = 0
    marks_before: float | None = None
    marks_after: float | None = None


@dataclass(frozen=True)
class Preview:
    changes: list[Change]
    same: int
    kept: list[Kept]
    means: list[Mean]

    @property
    def judged(self) -> int:
        return len(self.changes) + self.same

    @property
    def ungraded(self) -> bool:
        """Whether a class has no mean yet, though it has tries."""
        return any(mean.attempts and None in (mean.before, mean.after) for mean in self.means)


def preview(plan: Plan) -> Preview:
    """Who would get what. Writes nothing; the same number of queries for any number of attempts."""
    attempts = list(plan.attempts().submitted().select_related("learner").order_by("cohort", "pk"))
    weighed = weigh(plan, attempts)
    changes = [_change(plan, one, one.judged) for one in weighed if one.judged is not None]
    kept = [Kept(one.item.attempt, one.old.fraction, one.kept) for one in weighed if one.kept]
    return Preview(
        changes=[one for one in changes if one.changes],
        same=sum(not one.changes for one in changes),
        kept=kept,
        means=_means(plan, attempts, weighed),
    )


def _change(plan: Plan, one: Weighed, judged: Judged) -> Change:
    return Change(
        attempt=one.item.attempt,
        old=one.old.fraction,
        new=judged.outcome.fraction,
        old_dropped=one.old.dropped,
        new_dropped=plan.kind == Regrade.Kind.DROP,
    )


def _means(plan: Plan, attempts: Sequence[Attempt], weighed: Iterable[Weighed]) -> list[Mean]:
    drops = plan.kind == Regrade.Kind.DROP
    new = {one.item.pk: one.judged.outcome.fraction for one in weighed if one.judged is not None}
    scored = fractions(attempts)
    means: list[Mean] = []
    now: dict[int, float | None] = {}
    then: dict[int, float | None] = {}
    for cohort in plan.cohorts:
        made = [attempt for attempt in attempts if attempt.cohort_id == cohort.pk]
        for attempt in made:
            rows = scored[attempt.pk]
            now[attempt.pk] = attempt_fraction(
                (points, fraction) for _pk, points, fraction, out in rows if not out
            )
            then[attempt.pk] = attempt_fraction(
                (points, new.get(pk, fraction))
                for pk, points, fraction, out in rows
                if not (drops if pk in new else out)
            )
        pks = [attempt.pk for attempt in made]
        means.append(Mean(cohort, len(made), _mean(map(now.get, pks)), _mean(map(then.get, pks))))
    return _with_marks(means, attempts, now, then)


def _with_marks(
    means: Sequence[Mean],
    attempts: Sequence[Attempt],
    now: Mapping[int, float | None],
    then: Mapping[int, float | None],
) -> list[Mean]:
    """With the means of marks; the same number of queries for any number of classes."""
    given = list(
        Assignment.objects.filter(pk__in={attempt.assignment_id for attempt in attempts}, archived_at=None)
        .exclude(quiz__published=None)
        .select_related("cohort", "quiz__published")
        .order_by("pk")
    )
    if not given:
        return list(means)
    moment = timezone.now()
    sheets = [MarkSheet(given, fractions=fractions, now=moment) for fractions in (now, then)]

    def marks(sheet: MarkSheet, cohort: Cohort) -> list[float]:
        own = (assignment for assignment in given if assignment.cohort_id == cohort.pk)
        return [mark for assignment in own for mark in sheet.marks(assignment)]

    found = []
    for mean in means:
        before, after = (marks(sheet, mean.cohort) for sheet in sheets)
        found.append(replace(mean, marks=len(before), marks_before=_mean(before), marks_after=_mean(after)))
    return found


def _mean(values: Iterable[float | None]) -> float | None:
    graded = [value for value in values if value is not None]
    return fmean(graded) if graded else None


def order(*, plan: Plan, reason: str, by: User) -> Regrade:
    """Put the regrade on record, to be carried out once that is committed; raises RegradeRefused.

    `by` leads every class of the plan; `reason` is what learners and colleagues may be told.
    """
    if not (reason := reason.strip()):
        raise RegradeRefused(_("Say why: whoever asks about a changed mark will be told."))
    if fault := fault_of_text(reason):
        raise RegradeRefused(fault)
    wanted = {cohort.pk for cohort in plan.cohorts}
    with transaction.atomic():
        if Cohort.objects.led_by(by).filter(pk__in=wanted).count() != len(wanted):
            raise RegradeRefused(_("Only a teacher of a class can change its marks."))
        regrade = Regrade.objects.create(
            question=plan.question,
            kind=plan.kind,
            to_revision=plan.to_revision,
            quiz=plan.quiz,
            replace_manual=plan.replace_manual,
            reason=reason,
            by=by,
            total=plan.attempts().submitted().count(),
        )
        regrade.cohorts.set(plan.cohorts)
        transaction.on_commit(lambda: run.enqueue(str(regrade.uuid)))
    return regrade


@task()
def run(uuid: str) -> None:
    """The background job. Run twice, or after it was killed, it does what is left."""
    carry_out(Regrade.objects.select_related("question", "quiz", "to_revision", "by").get(uuid=uuid))


def go_on(*, regrade: Regrade) -> None:
    """Have a regrade that failed carried out from where it stopped; nothing happens to any other."""
    failed = Regrade.objects.filter(pk=regrade.pk, status=Regrade.Status.FAILED)
    with transaction.atomic():
        if failed.update(status=Regrade.Status.WAITING):
            transaction.on_commit(lambda: run.enqueue(str(regrade.uuid)))


def carry_out(regrade: Regrade) -> None:
    """Judge all attempts, BATCH in a transaction."""
    if regrade.status == Regrade.Status.DONE:
        return
    Regrade.objects.filter(pk=regrade.pk).update(status=Regrade.Status.RUNNING)
    plan = Plan.of(regrade)
    # Open attempts too: who hands in meanwhile waits for the lock, or finds the regrade (`on_submitted`).
    pks = list(plan.attempts().order_by("pk").values_list("pk", flat=True))
    submitted = 0
    try:
        for start in range(0, len(pks), BATCH):
            submitted += _carry_out(regrade, plan, pks[start : start + BATCH])
            Regrade.objects.filter(pk=regrade.pk, total__gte=submitted).update(done=submitted)
    except Exception:
        Regrade.objects.filter(pk=regrade.pk).update(status=Regrade.Status.FAILED)
        raise
    Regrade.objects.filter(pk=regrade.pk).update(
        status=Regrade.Status.DONE, done=submitted, total=submitted, finished_at=timezone.now()
    )


def _carry_out(regrade: Regrade, plan: Plan, pks: Sequence[int]) -> int:
    """How many of these attempts are handed in; all of those are judged when this returns, committed."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
        attempts = [attempt for attempt in locked if not attempt.is_open]
        _apply(regrade, plan, attempts)
    return len(attempts)


def _apply(regrade: Regrade, plan: Plan, attempts: Sequence[Attempt]) -> None:
    weighed = weigh(plan, attempts, regrade=regrade)
    ground = Ground(
        source=ItemScore.Source.REGRADE,
        by=regrade.by,
        reason=regrade.reason,
        regrade=regrade,
        dropped=regrade.kind == Regrade.Kind.DROP,
    )
    amend(judged=[one.judged for one in weighed if one.judged is not None], ground=ground)


def on_submitted(sender: Any, *, attempt: Attempt, **_kwargs: Any) -> None:
    """An attempt that was open when a question of its was regraded is regraded as it is handed in."""
    if attempt.cohort_id is None or attempt.is_preview:
        return
    found = (
        Regrade.objects.filter(
            Q(quiz=None) | Q(quiz=attempt.quiz_id),
            cohorts=attempt.cohort_id,
            question__attempt_items__attempt=attempt,
            created_at__gte=attempt.started_at,
        )
        .select_related("question", "quiz", "to_revision", "by")
        .order_by("created_at", "pk")
    )
    for regrade in found:
        _apply(regrade, Plan.of(regrade), [attempt])
