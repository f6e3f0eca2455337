"""Giving quizzes to classes: the only writer of assignments and of whom they are for.

A verb locks the class first, then its learners (as starting an attempt does), then the assignment:
nobody starts on terms that are just being changed.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import note
from accounts.models import Cohort, CohortMember, User
from quizzes import grades, releasing, score_rows
from quizzes.chosen_terms import AssignmentRefused as AssignmentRefused
from quizzes.chosen_terms import put
from quizzes.deadlines import recompute_deadlines
from quizzes.models import Assignment, AssignmentLearner, Attempt, Quiz
from quizzes.signals import assignment_given


class AssignedAlready(AssignmentRefused):
    """The class has this quiz: `assignment` is the live one."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__("quiz", _("This class has this quiz already. Change that assignment instead."))
        self.assignment = assignment


@transaction.atomic
def assign(
    *,
    quiz: Quiz,
    cohort: Cohort,
    by: User | None,
    learners: Iterable[User] | None = None,
    tell: bool = True,
    **chosen: Any,
) -> Assignment:
    """Give a quiz to a class, or to some `learners` of it, on the terms that are `chosen` (see `chosen_terms.TERMS`).

    What they did of it before in this class counts for it, also under an assignment that was taken back.
    `tell`: send `assignment_given`.
    Raises AssignmentRefused, AssignedAlready.
    """
    hold(cohort)
    if cohort.archived_at is not None:
        raise AssignmentRefused("", _("This class is over: nothing is given to it any more."))
    if quiz.published_id is None or quiz.archived_at is not None:
        raise AssignmentRefused("quiz", _("This quiz is not published. Choose another one."))
    live = Assignment.objects.live().filter(cohort=cohort, quiz=quiz).first()
    if live is not None:
        raise AssignedAlready(live)
    assignment = Assignment(cohort=cohort, quiz=quiz)
    put(assignment, chosen)
    assignment.save()
    _set_learners(assignment, learners)
    _adopt(assignment)
    given = _given_to(assignment)
    score_rows.touch((assignment.pk, learner) for learner in given)
    note(by, _("Assigned."), assignment)
    if tell:
        assignment_given.send(sender=Assignment, assignment=assignment, learners=given)
    return assignment


@transaction.atomic
def change(*, assignment: Assignment, by: User | None, **chosen: Any) -> Assignment:
    """Change the terms that are `chosen`, also for tries that are running. Raises AssignmentRefused.

    Marks that learners had to wait for until now, and on these terms have not, are told as by `release`.
    At most a dozen statements more, however many there are.
    """
    hold(assignment.cohort)
    locked = _live(assignment)
    put(locked, chosen)
    locked.save()
    recompute_deadlines(attempts=Attempt.objects.filter(assignment=locked))
    releasing.tell_anew(releasing.of_class(locked))
    score_rows.touch_all(Q(assignment=locked))
    note(by, _("Changed."), locked)
    return locked


@transaction.atomic
def address(*, assignment: Assignment, by: User | None, learners: Iterable[User] | None) -> Assignment:
    """Say whom it is for from now on: these learners and nobody else, or (None) the whole class.

    Raises AssignmentRefused.
    """
    hold(assignment.cohort)
    locked = _live(assignment)
    everyone, before = locked.everyone, _given_to(locked)
    _set_learners(locked, learners)
    after = _given_to(locked)
    if (everyone, before) != (locked.everyone, after):
        _adopt(locked)
        _touch(locked, before | after)
        note(by, _("Given to others."), locked)
        _tell_who_is_new(locked, after - before)
    return locked


@transaction.atomic
def widen(*, assignment: Assignment, learners: Iterable[User] | None) -> Assignment:
    """Give it to these learners too (None: to the whole class); its terms stay. Raises AssignmentRefused."""
    hold(assignment.cohort)
    locked = _live(assignment)
    if locked.everyone:
        return locked
    before = _given_to(locked)
    if learners is None:
        _set_learners(locked, None)
    else:
        _name(locked, learners)
    _adopt(locked)
    after = _given_to(locked)
    if after != before:
        _touch(locked, after)
    _tell_who_is_new(locked, after - before)
    return locked


@transaction.atomic
def archive(*, assignment: Assignment, by: User | None) -> Assignment:
    """Take an assignment back: nobody starts it any more; what was handed in stays, with its marks. Twice is once.

    A running try can still be handed in.
    """
    hold(assignment.cohort)
    locked = _locked(assignment)
    if locked.archived_at is None:
        locked.archived_at = timezone.now()
        locked.save(update_fields=["archived_at", "updated_at"])
        releasing.tell(releasing.of_class(locked))
        score_rows.touch_all(Q(assignment=locked))
        note(by, _("Taken back."), locked)
    return locked


@transaction.atomic
def release(*, assignment: Assignment, by: User) -> Assignment:
    """Show learners their marks, if they were held; told once, by `grades_released`. Twice is once."""
    locked = _locked(assignment)
    if locked.release == Assignment.Release.HELD and locked.released_at is None:
        locked.released_at = timezone.now()
        locked.save(update_fields=["released_at", "updated_at"])
        releasing.tell(releasing.of_class(locked))
        score_rows.touch_all(Q(assignment=locked))
        note(by, _("Marks released."), locked)
    return locked


def held_before(cohort: Cohort) -> "QuerySet[Assignment]":
    """What was taken back while its marks were held: whoever gives its quiz again, and holds nothing, shows them."""
    handed_in = Attempt.objects.submitted().counting().filter(assignment=OuterRef("pk"))
    held = Assignment.objects.filter(release=Assignment.Release.HELD, released_at=None)
    return held.filter(Exists(handed_in), cohort=cohort, archived_at__isnull=False)


def hold(cohort: Cohort) -> None:
    """Lock the class, and all who may start in it, in one order for everybody; in the caller's transaction."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    members = CohortMember.objects.learning().filter(cohort=cohort)
    learners = User.objects.select_for_update(no_key=True).filter(pk__in=members.values("user"))
    list(learners.order_by("pk").values_list("pk", flat=True))


def _given_to(assignment: Assignment) -> set[int]:
    """The learners of the class, by primary key, for whom it is now."""
    members = CohortMember.objects.learning().filter(cohort=assignment.cohort_id)
    if not assignment.everyone:
        members = members.filter(user__in=assignment.named.values("learner"))
    return set(members.values_list("user", flat=True))


def _touch(assignment: Assignment, learners: Iterable[int]) -> None:
    """It is for others now: so it has changed, and so have these learners' marks."""
    assignment.save(update_fields=["updated_at"])
    score_rows.touch((assignment.pk, learner) for learner in learners)


def _tell_who_is_new(assignment: Assignment, learners: set[int]) -> None:
    if learners:
        assignment_given.send(sender=Assignment, assignment=assignment, learners=learners)


def _locked(assignment: Assignment) -> Assignment:
    locked = Assignment.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("quiz__published", "cohort").get(pk=assignment.pk)


def _live(assignment: Assignment) -> Assignment:
    locked = _locked(assignment)
    if locked.archived_at is not None:
        raise AssignmentRefused("", _("This assignment was taken back. Assign the quiz anew."))
    return locked


def _set_learners(assignment: Assignment, learners: Iterable[User] | None) -> None:
    """For the whole class, or for `learners` of it and nobody else; raises AssignmentRefused for none."""
    everyone = learners is None
    if assignment.everyone != everyone:
        assignment.everyone = everyone
        assignment.save(update_fields=["everyone", "updated_at"])
    wanted = [] if learners is None else list(learners)
    assignment.named.exclude(learner__in=wanted).delete()
    if not everyone:
        _name(assignment, wanted)


def _name(assignment: Assignment, learners: Iterable[User]) -> None:
    members = CohortMember.objects.learning().filter(cohort=assignment.cohort_id)
    known = set(members.values_list("user", flat=True))
    wanted = {learner.pk for learner in learners} & known
    if not wanted:
        raise AssignmentRefused("learners", _("Choose somebody of this class, or the whole class."))
    AssignmentLearner.objects.bulk_create(
        [AssignmentLearner(assignment=assignment, learner_id=pk) for pk in sorted(wanted)],
        ignore_conflicts=True,
    )


def _adopt(assignment: Assignment) -> None:
    """Its learners' tries at the quiz in this class belong to it from now on, with a teacher's word on the marks.

    That is, those that belonged to no assignment, and those of one that was taken back.
    """
    made = Attempt.objects.counting().filter(
        Q(assignment=None) | Q(assignment__archived_at__isnull=False),
        cohort=assignment.cohort_id,
        quiz=assignment.quiz_id,
    )
    touched = {(assignment.pk, learner) for learner in grades.carry_over(into=assignment)}
    if not assignment.everyone:
        made = made.filter(learner__in=assignment.named.values("learner"))
    moved = set(made.values_list("assignment", "learner"))
    if made.update(assignment=assignment, updated_at=timezone.now()):
        recompute_deadlines(attempts=Attempt.objects.filter(assignment=assignment))
        releasing.tell(Q(assignment=assignment))
        touched |= {(before, learner) for before, learner in moved if before is not None}
        touched |= {(assignment.pk, learner) for _before, learner in moved}
    score_rows.touch(touched)
