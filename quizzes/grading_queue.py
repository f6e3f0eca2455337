"""What waits for a person: which answers, of which question, and in which order. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import Cohort, User
from accounts.todos import Todo
from quizzes.models import Assignment, AttemptItem, ItemScore, Question, QuizRevision

#: About how long a person takes over one answer.
SECONDS_EACH = 80

OPEN = Q(current_score__fraction=None) | Q(grading_draft__released_at=None, grading_draft__isnull=False)
DONE = Q(grading_draft__done=True)
#: Under an assignment whose marks a teacher holds back.
KEPT = Q(attempt__assignment__release=Assignment.Release.HELD, attempt__assignment__released_at=None)


def gradeable(by: User, *, led: bool = False) -> "QuerySet[AttemptItem]":
    """Answers handed in that a person grades or has graded, in the classes that `by` teaches, archived ones too.

    With `led`, only where `by` is a teacher, not an assistant. In practice nobody comes to them.
    """
    cohorts = Cohort.objects.led_by(by) if led else Cohort.objects.taught_by(by)
    return AttemptItem.objects.filter(
        Q(current_score__fraction=None, current_score__dropped=False)
        | Q(current_score__source=ItemScore.Source.MANUAL),
        current_score__answered=True,
        attempt__cohort__in=cohorts,
        attempt__submitted_at__isnull=False,
        attempt__is_preview=False,
    ).exclude(attempt__quiz_revision__feedback=QuizRevision.Feedback.AT_ONCE)


def items_to_grade(by: User, *, led: bool = False) -> "QuerySet[AttemptItem]":
    """Those that are not released: never graded, or opened again since. With revision and draft."""
    found = gradeable(by, led=led).filter(OPEN)
    return found.select_related("revision", "grading_draft", "attempt").defer("revision__prompt")


def minutes(answers: int) -> int:
    """About how long so many answers take."""
    return ceil(answers * SECONDS_EACH / 60)


@dataclass(frozen=True)
class Row:
    """One question of the queue: how many answers are to be read, are done and not released, are released."""

    question: UUID
    title: str
    waiting: int
    done: int
    released: int

    @property
    def minutes(self) -> int:
        return minutes(self.waiting)


def queue(by: User) -> list[Row]:
    """What `by` can grade, question by question; what waits first. One query."""
    rows = (
        gradeable(by)
        .order_by()
        .values("question", "question__uuid")
        .annotate(
            title=Max("revision__title"),
            waiting=Count("pk", filter=OPEN & ~_sure(DONE)),
            ready=Count("pk", filter=OPEN & _sure(DONE)),
            total=Count("pk"),
        )
    )
    found = [
        Row(
            row["question__uuid"],
            row["title"],
            row["waiting"],
            row["ready"],
            row["total"] - row["waiting"] - row["ready"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (not row.waiting, not row.done, row.title))


def _sure(done: Q) -> Q:
    """A draft that is not there is not done: in SQL it would be unknown."""
    return done & Q(grading_draft__isnull=False)


def gradeable_question(by: User, uuid: UUID) -> "QuerySet[Question]":
    """The question, if `by` has answers to it to grade or graded."""
    return Question.objects.filter(uuid=uuid, pk__in=gradeable(by).order_by().values("question"))


def kept_back(by: User, question: Question) -> "QuerySet[Assignment]":
    """Assignments whose marks for the question are done, and are shown only when `by` releases the assignment."""
    done = gradeable(by, led=True).filter(_sure(DONE), KEPT, question=question)
    return Assignment.objects.filter(pk__in=done.order_by().values("attempt__assignment")).select_related(
        "cohort"
    )


def answers(by: User, question: Question) -> "QuerySet[AttemptItem]":
    """All of a question, in an order that says nothing of who wrote them."""
    return (
        gradeable(by)
        .filter(question=question)
        .select_related("grading_draft__holder", "grading_draft__by", "current_score", "attempt__cohort")
        .defer("current_score__outcome", "revision__prompt")
        .order_by("attempt__seed", "pk")
    )


def todo(user: User) -> Iterator[Todo]:
    """For a teacher's first page: what is to be read, and what is done and only they can release. One query.

    What is left in an archived class nags nobody; the queue still has it.
    """
    counts = (
        items_to_grade(user)
        .filter(attempt__cohort__archived_at=None)
        .select_related(None)
        .defer(None)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=~_sure(DONE)),
            ready=Count("pk", filter=_sure(DONE) & Q(attempt__cohort__in=Cohort.objects.led_by(user))),
        )
    )
    if waiting := counts["waiting"]:
        words = ngettext(
            "%(count)s answer to read, about %(minutes)s min.",
            "%(count)s answers to read, about %(minutes)s min.",
            waiting,
        )
        yield Todo(words % {"count": waiting, "minutes": minutes(waiting)}, reverse("quizzes:grading"))
    if ready := counts["ready"]:
        words = ngettext(
            "%(count)s mark is done and not released.", "%(count)s marks are done and not released.", ready
        )
        yield Todo(words % {"count": ready}, reverse("quizzes:grading"))


def left_in(cohort: Cohort, user: User) -> Iterator[Todo]:
    """What is not finished in a class that `user` is about to archive. One query."""
    counts = (
        items_to_grade(user)
        .filter(attempt__cohort=cohort)
        .select_related(None)
        .defer(None)
        .order_by()
        .aggregate(waiting=Count("pk", filter=~_sure(DONE)), ready=Count("pk", filter=_sure(DONE)))
    )
    if waiting := counts["waiting"]:
        words = ngettext("%(count)s answer is not graded.", "%(count)s answers are not graded.", waiting)
        yield Todo(words % {"count": waiting}, reverse("quizzes:grading"))
    if ready := counts["ready"]:
        words = ngettext(
            "%(count)s mark is done and not released.", "%(count)s marks are done and not released.", ready
        )
        yield Todo(words % {"count": ready}, reverse("quizzes:grading"))
