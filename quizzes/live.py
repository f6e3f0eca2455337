"""What a class is at, at this moment: who has begun, at which question they are, what is saved, who is through."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from accounts.models import Cohort, CohortMember
from accounts.naming import names_in
from quizzes.models import Assignment, AssignmentLearner, Attempt, AttemptItem, ItemResponse


@dataclass(frozen=True)
class Row:
    """One learner and their newest attempt: none, where they have not begun.

    `position` is the question that they saved or saw last, of `total`; `answered` have something saved.
    """

    name: str
    attempt: Attempt | None = None
    title: str = ""
    position: int = 0
    answered: int = 0
    total: int = 0
    saved_at: datetime | None = None

    @property
    def state(self) -> str:
        """'not-begun', 'working' or 'handed-in'."""
        if self.attempt is None:
            return "not-begun"
        return "working" if self.attempt.is_open else "handed-in"

    @property
    def may_have_more_time(self) -> bool:
        return self.attempt is not None and self.attempt.is_open and self.attempt.deadline_at is not None


def attempts_of(*, cohort: Cohort, assignment: Assignment | None) -> "QuerySet[Attempt]":
    """The attempts to look at: those of `assignment`; with none, whatever was begun, saved in or handed in today.

    Today is the class's own. Previews are left out.
    """
    made = Attempt.objects.counting().filter(cohort=cohort)
    if assignment is not None:
        return made.filter(quiz=assignment.quiz_id)
    midnight = datetime.combine(timezone.localdate(timezone=ZoneInfo(cohort.timezone)), time.min)
    since = midnight.replace(tzinfo=ZoneInfo(cohort.timezone))
    saved = Exists(ItemResponse.objects.filter(item__attempt=OuterRef("pk"), saved_at__gte=since))
    return made.filter(Q(started_at__gte=since) | Q(submitted_at__gte=since) | Q(saved))


def extra_s(*, cohort: Cohort, assignment: Assignment | None) -> int:
    """The seconds that the open attempts with an end were given so far, together."""
    timed = attempts_of(cohort=cohort, assignment=assignment).filter(submitted_at=None)
    given = timed.exclude(deadline_at=None).aggregate(given=Sum("extra_s"))["given"]
    return given or 0


def rows(*, cohort: Cohort, assignment: Assignment | None) -> list[Row]:
    """Each learner of the class with the newest of their attempts, by name. Four queries at most."""
    names = names_in(cohort)
    learners = _learners(cohort, assignment)
    attempts = attempts_of(cohort=cohort, assignment=assignment)
    newer = attempts.filter(learner=OuterRef("learner"), pk__gt=OuterRef("pk"))
    newest = attempts.filter(~Exists(newer), learner__in=learners).select_related("quiz_revision")
    found = {attempt.learner_id: attempt for attempt in newest.annotate(**_progress())}
    told = [_row(names.get(learner, ""), found.get(learner)) for learner in learners]
    return sorted(told, key=lambda row: row.name.casefold())


def _learners(cohort: Cohort, assignment: Assignment | None) -> list[int]:
    """Who is asked: the whole class, or those whom the assignment names."""
    live = CohortMember.objects.learning().filter(cohort=cohort)
    if assignment is not None and not assignment.everyone:
        live = live.filter(user__in=AssignmentLearner.objects.filter(assignment=assignment).values("learner"))
    return list(live.order_by("pk").values_list("user", flat=True))


def _progress() -> dict[str, Subquery]:
    """What is asked of each attempt's items, in the same statement."""
    items = AttemptItem.objects.filter(attempt=OuterRef("pk")).order_by()
    saved = ItemResponse.objects.filter(item__attempt=OuterRef("pk")).order_by("-saved_at", "-pk")
    shown = items.filter(first_shown_at__isnull=False).order_by("-first_shown_at", "-position")
    answered = items.filter(Exists(ItemResponse.objects.filter(item=OuterRef("pk"))))
    return {
        "total": Subquery(_count(items)),
        "answered": Subquery(_count(answered)),
        "saved_at": Subquery(saved.values("saved_at")[:1]),
        "saved_position": Subquery(saved.values("item__position")[:1]),
        "shown_at": Subquery(shown.values("first_shown_at")[:1]),
        "shown_position": Subquery(shown.values("position")[:1]),
    }


def _count(items: "QuerySet[AttemptItem]") -> Any:
    return items.values("attempt").annotate(count=Count("pk")).values("count")


def _row(name: str, attempt: Attempt | None) -> Row:
    if attempt is None:
        return Row(name)
    made = vars(attempt)
    saved_at, shown_at = made["saved_at"], made["shown_at"]
    seen_last = shown_at is not None and (saved_at is None or shown_at > saved_at)
    return Row(
        name=name,
        attempt=attempt,
        title=attempt.quiz_revision.title,
        position=made["shown_position" if seen_last else "saved_position"] or 0,
        answered=made["answered"] or 0,
        total=made["total"] or 0,
        saved_at=saved_at,
    )
