"""Giving quizzes to classes: the only writer of assignments and of whom they are for.

A verb locks the class first, then its learners (as starting an attempt does), then the assignment:
nobody starts on terms that are just being changed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import note
from accounts.models import Cohort, CohortMember, User
from quizzes import grades, releasing, score_rows
from quizzes.deadlines import recompute_deadlines
from quizzes.models import Assignment, AssignmentLearner, Attempt, Quiz, QuizRevision
from quizzes.signals import assignment_given, scores_changed

#: The most that a teacher can choose: a day, and what nobody needs.
MOST = {"attempts_allowed": 1_000, "time_limit_s": 86_400}
#: The columns that a teacher chooses; what is left out of a call stays as it is.
TERMS = (
    "opens_at",
    "due_at",
    "closes_at",
    "late_policy",
    "late_percent",
    "attempts_allowed",
    "time_limit_s",
    "attempt_rule",
    "feedback",
    "release",
)
#: Those of them that marks are made of.
_MARKED_BY = ("due_at", "closes_at", "late_policy", "late_percent", "attempt_rule")


class AssignmentRefused(Exception):
    """Nothing was changed: the message says why, and how to mend it. `field` is what has to be mended, or ""."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


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
    """Give a quiz to a class, or to some `learners` of it, on the terms that are `chosen` (see TERMS).

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
    _set(assignment, chosen)
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

    Marks that learners had to wait for until now, and on these terms have not, are told as by `release`;
    what marks are made of tells `scores_changed`. At most a dozen statements more, however many there are.
    """
    hold(assignment.cohort)
    locked = _live(assignment)
    before = [getattr(locked, name) for name in _MARKED_BY]
    _set(locked, chosen)
    locked.save()
    recompute_deadlines(attempts=Attempt.objects.filter(assignment=locked))
    releasing.tell_anew(locked)
    score_rows.touch_all(Q(assignment=locked))
    note(by, _("Changed."), locked)
    if before != [getattr(locked, name) for name in _MARKED_BY]:
        _tell_changed(locked)
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


def _tell_changed(assignment: Assignment) -> None:
    """Whoever handed in may have another mark now."""
    handed_in = assignment.attempts.submitted().counting().order_by().values_list("learner", flat=True)
    if places := {(assignment.pk, learner) for learner in handed_in}:
        scores_changed.send(sender=Assignment, places=places)


def hold(cohort: Cohort) -> None:
    """Lock the class, and all who may start in it, in one order for everybody; in the caller's transaction."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    members = CohortMember.objects.filter(cohort=cohort, role=CohortMember.Role.LEARNER, left_at=None)
    learners = User.objects.select_for_update(no_key=True).filter(pk__in=members.values("user"))
    list(learners.order_by("pk").values_list("pk", flat=True))


def _given_to(assignment: Assignment) -> set[int]:
    """The learners of the class, by primary key, for whom it is now."""
    members = CohortMember.objects.filter(
        cohort=assignment.cohort_id, role=CohortMember.Role.LEARNER, left_at=None
    )
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


def _set(assignment: Assignment, chosen: Mapping[str, Any]) -> None:
    """Put what is chosen on the row, unsaved; raises AssignmentRefused for what does not fit together."""
    for name, value in chosen.items():
        if name not in TERMS:
            raise TypeError(f"An assignment has no {name}.")
        setattr(assignment, name, value)
    if assignment.late_policy != Assignment.LatePolicy.PERCENT:
        assignment.late_percent = 0
    _refuse_dates(assignment)
    _refuse_feedback(assignment)
    try:
        assignment.clean_fields(exclude=["cohort", "quiz"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise AssignmentRefused(field, messages[0]) from error


def _refuse_dates(assignment: Assignment) -> None:
    opens, due, closes = assignment.opens_at, assignment.due_at, assignment.closes_at
    if opens and due and due < opens:
        raise AssignmentRefused("due_at", _("It is due before it opens. Choose a later day."))
    if due and closes and closes < due:
        raise AssignmentRefused("closes_at", _("It closes before it is due. Choose a later day."))
    if opens and closes and closes <= opens:
        raise AssignmentRefused("closes_at", _("It closes before it opens. Choose a later day."))
    if assignment.late_policy == Assignment.LatePolicy.PERCENT and not assignment.late_percent:
        raise AssignmentRefused("late_percent", _("Say how many per cent a day takes off, from 1 to 100."))
    for name, most in MOST.items():
        chosen = getattr(assignment, name)
        if chosen is not None and not 1 <= chosen <= most:
            raise AssignmentRefused(
                name, _("Leave it empty for no limit, or choose from 1 to %(most)s.") % {"most": most}
            )


def _refuse_feedback(assignment: Assignment) -> None:
    feedback = QuizRevision.Feedback
    practice = assignment.quiz.mode == Quiz.Mode.PRACTICE
    if practice and assignment.release == Assignment.Release.HELD:
        raise AssignmentRefused("release", _("Practice tells at once: there are no marks to hold back."))
    if practice and assignment.feedback not in ("", feedback.AT_ONCE):
        raise AssignmentRefused("feedback", _("Practice tells at once. Leave this as the quiz says."))
    if not practice and assignment.feedback == feedback.AT_ONCE:
        raise AssignmentRefused("feedback", _("Only practice tells at once. Choose another moment."))
    ends = assignment.closes_at or (
        assignment.due_at if assignment.late_policy == Assignment.LatePolicy.NONE else None
    )
    if assignment.feedback == feedback.AFTER_CLOSE and ends is None:
        raise AssignmentRefused("closes_at", _("Feedback is to wait for the closing: say when it closes."))


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
    members = CohortMember.objects.filter(
        cohort=assignment.cohort_id, role=CohortMember.Role.LEARNER, left_at=None
    )
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
    grades.carry_over(into=assignment)
    if not assignment.everyone:
        made = made.filter(learner__in=assignment.named.values("learner"))
    moved = set(made.values_list("assignment", "learner"))
    if made.update(assignment=assignment, updated_at=timezone.now()):
        recompute_deadlines(attempts=Attempt.objects.filter(assignment=assignment))
        releasing.tell(Q(assignment=assignment))
        left = {(before, learner) for before, learner in moved if before is not None}
        score_rows.touch(left | {(assignment.pk, learner) for _before, learner in moved})
