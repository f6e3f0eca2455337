"""Marks that were waited for and can be seen now: each attempt is told of once, whatever it waited for.

A release, other terms, an accommodation that was taken back, the last who was still at it, a date that
passed: none of them has to know. `Attempt.told_at` says what was told, and here is looked what can be.
Verbs after which somebody looks at once call `tell` themselves; a job of the clock finds all else within a minute.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from quizzes import telling
from quizzes.models import Assignment, Attempt, QuizRevision
from quizzes.models.attempt import AttemptQuerySet
from quizzes.signals import grades_released

#: How many attempts the clock's job looks at in one transaction.
BATCH = 200


def tell_all() -> None:
    """Tell of all that can be seen and was not told of. Twice is once."""
    last = 0
    while batch := list(_ripe().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            tell(Q(pk__in=batch))
        last = batch[-1]


def tell(among: Q) -> None:
    """Tell of those of `among` that can be seen now and were not told of: `grades_released`, once for all of them.

    Six statements at most, one where there are none. In the caller's transaction: it locks attempts, so that
    scores are touched after it.
    """
    rows = _ripe().select_for_update(of=("self",)).filter(among).order_by("pk")
    found = list(rows.select_related("learner", "quiz_revision", "assignment__cohort"))
    waiting = telling.waits_among(found)
    told = [attempt for attempt in found if attempt.pk not in waiting]
    if told:
        now = timezone.now()
        Attempt.objects.filter(pk__in=[one.pk for one in told]).update(told_at=now, updated_at=now)
        known = [attempt for attempt in told if attempt.learner.erased_at is None]
        grades_released.send(sender=Attempt, attempts=known)


def tell_anew(among: Q) -> None:
    """As `tell`; and what of `among` was told of and has to wait again will be told of again."""
    graded = Attempt.objects.submitted().counting().exclude(told_at=None).filter(among, cohort__isnull=False)
    found = graded.select_for_update(of=("self",)).select_related("quiz_revision", "assignment__cohort")
    if waiting := telling.waits_among(found.order_by("pk")):
        Attempt.objects.filter(pk__in=waiting).update(told_at=None, updated_at=timezone.now())
    tell(among)


def of_class(assignment: Assignment) -> Q:
    """Attempts whose marks wait as the assignment says: its own, and those that its class made without one."""
    bare = Q(assignment=None, cohort=assignment.cohort_id, quiz=assignment.quiz_id)
    return Q(assignment=assignment) | bare


def _ripe() -> AttemptQuerySet:
    """Graded attempts that were not told of, but for most of those that have to wait still: the rest costs more."""
    now = timezone.now()
    own, held = Q(assignment__isnull=False), Assignment.Release.HELD
    refused = Q(assignment__release=held, assignment__released_at=None)
    after, none = QuizRevision.Feedback.AFTER_CLOSE, Assignment.LatePolicy.NONE
    late = Q(assignment__feedback=after) | Q(assignment__feedback="", quiz_revision__feedback=after)
    ends_when_due = Q(assignment__late_policy=none, assignment__due_at__isnull=False)
    still_open = (ends_when_due & Q(assignment__due_at__gt=now)) | (
        ~ends_when_due & Q(assignment__closes_at__gt=now)
    )
    theirs = Assignment.objects.filter(archived_at=None, cohort=OuterRef("cohort"), quiz=OuterRef("quiz"))
    class_holds = Exists(theirs.filter(release=held, released_at=None))
    return Attempt.objects.untold().filter(
        (own & ~refused & ~(late & still_open)) | Q(~class_holds, assignment=None)
    )
