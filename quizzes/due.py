"""What a learner is asked to do, and how far they are with it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quizzes import telling
from quizzes.models import Accommodation, Assignment, Attempt, GradeEntry
from quizzes.terms import Terms, terms

STATES: dict[str, Promise] = {
    "later": _("Not open yet"),
    "new": _("Not begun"),
    "open": _("Begun"),
    "late": _("Late"),
    "in": _("Handed in"),
    "back": _("Marked"),
    "closed": _("Closed"),
    "excused": _("Excused"),
}
#: The states in which there is something left to do.
TO_DO = frozenset({"later", "new", "open", "late"})


@dataclass(frozen=True)
class Task:
    """One assignment as it stands for one learner; `state` is a key of STATES."""

    assignment: Assignment
    terms: Terms
    state: str
    attempt: Attempt | None = None

    @property
    def title(self) -> str:
        revision = self.assignment.quiz.published
        return revision.title if revision else ""

    @property
    def url(self) -> str:
        return self.assignment.quiz.get_absolute_url()

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def is_to_do(self) -> bool:
        return self.state in TO_DO

    @property
    def is_dated(self) -> bool:
        return self.ends_at is not None or self.terms.opens_at is not None

    @property
    def ends_at(self) -> datetime | None:
        """When it is wanted by: due, or closed where nothing is due."""
        return self.terms.due_at or self.terms.closes_at


def assigned_quizzes(user: User) -> Q:
    """The quizzes that a class has given to them: they may look at one before it opens, and not start it."""
    return Q(pk__in=Assignment.objects.given_to(user).values("quiz"))


def tasks_of(learner: User) -> list[Task]:
    """All that is assigned to them, what is wanted first; what has no date comes last. Nine queries at most."""
    found = list(
        Assignment.objects.given_to(learner)
        .filter(quiz__published__isnull=False, quiz__archived_at=None)
        .select_related("quiz__published", "cohort")
        .order_by("pk")
    )
    if not found:
        return []
    granted = granted_to(learner, found)
    made: dict[int | None, list[Attempt]] = defaultdict(list)
    for attempt in learner.attempts.filter(assignment__in=found).order_by("number"):
        made[attempt.assignment_id].append(attempt)
    withheld = telling.withheld(learner)
    tasks = [_task(one, granted[one.pk], made[one.pk], withheld) for one in found]
    excused = _excused(learner, found)
    tasks = [replace(task, state="excused") if task.assignment.pk in excused else task for task in tasks]
    return sorted(tasks, key=lambda task: (task.ends_at is None, task.ends_at or 0, task.assignment.pk))


def _excused(learner: User, found: Sequence[Assignment]) -> set[int]:
    """Those from which a teacher excused them, by their newest word."""
    said = GradeEntry.objects.filter(learner=learner, assignment__in=found).order_by("at", "pk")
    newest = dict(said.values_list("assignment", "kind"))
    return {pk for pk, kind in newest.items() if kind == GradeEntry.Kind.EXCUSED}


def granted_to(learner: User, found: Sequence[Assignment]) -> dict[int, list[Accommodation]]:
    """What they were granted, by the primary key of each assignment. One query."""
    rows = list(Accommodation.objects.filter(learner=learner, cohort__in={one.cohort_id for one in found}))
    return {
        one.pk: [
            row for row in rows if row.cohort_id == one.cohort_id and row.assignment_id in (None, one.pk)
        ]
        for one in found
    }


def _task(
    assignment: Assignment, granted: Sequence[Accommodation], made: Sequence[Attempt], withheld: set[int]
) -> Task:
    revision = assignment.quiz.published
    assert revision is not None  # noqa: S101 - only published ones are asked for
    zone = assignment.cohort.timezone
    held = terms(revision=revision, assignment=assignment, accommodations=granted, zone=zone)
    newest = made[-1] if made else None
    return Task(assignment, held, _state(held, made, withheld), newest)


def _state(held: Terms, made: Sequence[Attempt], withheld: set[int]) -> str:
    now = timezone.now()
    handed_in = [attempt for attempt in made if not attempt.is_open]
    if len(handed_in) < len(made):
        return "open"
    if handed_in:
        last = handed_in[-1]
        return "in" if last.pk in withheld or last.graded_at is None else "back"
    if held.closed_at(now):
        return "closed"
    if not held.opened_at(now):
        return "later"
    return "late" if held.due_at is not None and now > held.due_at else "new"
