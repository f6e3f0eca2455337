"""Marks as other systems know them: in few states, in points, and nothing of what is held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quizzes.grades import Mark, Said, State, Try
from quizzes.marksheet import MarkSheet
from quizzes.models import AssignmentScore, QuizSlot


class ScoreState(TextChoices):
    """How a score stands. Only RELEASED has a fraction; HELD has one that nobody is told yet."""

    NOT_GIVEN = "not_given", _("not asked of this learner any more, and nothing was done")
    NOT_DUE = "not_due", _("nothing handed in, and not due yet")
    IN_PROGRESS = "in_progress", _("begun, and nothing handed in")
    MISSING = "missing", _("due, and nothing handed in")
    WAITING = "waiting", _("handed in; a person has still to grade it")
    HELD = "held", _("graded, and not told to the learner yet")
    RELEASED = "released", _("graded, and told")
    EXCUSED = "excused", _("excused by a teacher")
    NOT_COUNTED = "not_counted", _("due when they were not in the class, or every question was dropped")


STATES: dict[State, ScoreState] = {
    State.MISSING: ScoreState.MISSING,
    State.ELSEWHERE: ScoreState.NOT_COUNTED,
    State.NOT_DUE: ScoreState.NOT_DUE,
    State.OPEN: ScoreState.IN_PROGRESS,
    State.WAITING: ScoreState.WAITING,
    State.HELD: ScoreState.HELD,
    State.GRADED: ScoreState.RELEASED,
    State.EXCUSED: ScoreState.EXCUSED,
    State.OVERRIDE: ScoreState.RELEASED,
    State.DROPPED: ScoreState.NOT_COUNTED,
}

#: Nothing was done in these, and it was not due yet when whoever left the class did so, or never theirs.
_UNASKED = (State.NOT_DUE, State.ELSEWHERE)


@dataclass(frozen=True)
class Score:
    """A mark. `fraction` is 0 to 1, `points` the same share of `maximum`; None for all but a released one.

    `maximum` is what the questions of the published quiz weigh. `attempts` were handed in, `counted` are
    the UUIDs of those that made the mark; `days_late` is that of the latest of them.
    """

    state: ScoreState
    maximum: float
    fraction: float | None = None
    attempts: int = 0
    counted: tuple[UUID, ...] = ()
    days_late: int = 0
    overridden: bool = False
    submitted_at: datetime | None = None
    graded_at: datetime | None = None

    @property
    def points(self) -> float | None:
        return None if self.fraction is None else round(self.fraction * self.maximum, 6)


def scores_of(rows: Sequence[AssignmentScore], now: datetime | None = None) -> dict[int, Score]:
    """What the marks of these rows come to, by primary key; eight queries at most, however many.

    The rows come with their assignment, its class and its quiz's published revision.
    """
    assignments = {row.assignment_id: row.assignment for row in rows}
    if not assignments:
        return {}
    sheet = MarkSheet(list(assignments.values()), learners={row.learner_id for row in rows}, now=now)
    maximum = points_of({one.quiz.published_id for one in assignments.values()})
    found = {}
    for row in rows:
        assignment = assignments[row.assignment_id]
        mark = sheet.mark(assignment, row.learner_id)
        if mark and mark.state in _UNASKED and sheet.has_left(assignment, row.learner_id):
            mark = None
        found[row.pk] = _score(
            mark,
            maximum.get(assignment.quiz.published_id, 0.0),
            sheet.tries(assignment, row.learner_id),
            sheet.said(assignment, row.learner_id),
        )
    return found


def points_of(revisions: Iterable[int | None]) -> dict[int | None, float]:
    """What all questions of quiz revisions (by primary key) weigh together. One query."""
    weighed = (
        QuizSlot.objects.filter(quiz_revision__in=set(revisions))
        .values_list("quiz_revision_id")
        .annotate(points=Sum(F("points") * Coalesce("draw_count", 1)))
        .order_by()
    )
    return {revision: float(points) for revision, points in weighed}


def _score(mark: Mark | None, maximum: float, tries: Sequence[Try], said: Said | None) -> Score:
    if mark is None:
        return Score(ScoreState.NOT_GIVEN, maximum)
    state = STATES[mark.state]
    handed_in = [one.submitted_at for one in tries if one.submitted_at is not None]
    score = Score(state, maximum, attempts=mark.tries, submitted_at=max(handed_in) if handed_in else None)
    if state is not ScoreState.RELEASED:
        return score
    numbers = {one.number for one in mark.counted}
    counted = [one for one in tries if one.number in numbers]
    graded = [one.graded_at for one in counted if one.graded_at is not None]
    return Score(
        state,
        maximum,
        fraction=mark.fraction,
        attempts=mark.tries,
        counted=tuple(one.uuid for one in counted if one.uuid is not None),
        days_late=0 if mark.by_hand else mark.days_late,
        overridden=mark.by_hand,
        submitted_at=score.submitted_at,
        graded_at=said.at if mark.by_hand and said else max(graded, default=None),
    )
