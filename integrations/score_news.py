"""Telling programs that a score became another one, whatever changed it.

Every cause touches the row of the score (`quizzes.score_rows`): by that it is one of which programs have to
be told. A moment later the worker comes here, works out what each touched score comes to, and compares it
with what they know. So nobody who changes what scores are made of can forget to say so, and a touch that
changed nothing is no news.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from integrations import outbox
from integrations.models import OutboxEvent, ToldScore
from quizzes import score_rows
from quizzes.models import Assignment, AssignmentScore
from quizzes.scores import Score, ScoreState, scores_of

KIND = "score.changed"
#: So many scores are told of in one transaction: on SQLite whoever saves an answer meanwhile waits for it.
BATCH = 100
#: After so long in one turn no more are begun, so that the worker comes to its other work.
TURN_S = 2.0
#: Where nothing was known of a score yet, these are no news: there is nothing to show, or nobody may.
_NOTHING_YET = frozenset(
    {
        ScoreState.NOT_GIVEN,
        ScoreState.NOT_DUE,
        ScoreState.IN_PROGRESS,
        ScoreState.HELD,
        ScoreState.NOT_COUNTED,
    }
)


def tell_changed() -> None:
    """Tell of all touched scores that became others; what does not fit into this turn waits for the next."""
    ends = time.monotonic() + TURN_S
    while score_rows.has_untold() and _tell_some() and time.monotonic() < ends:
        pass


@transaction.atomic
def _tell_some() -> int:
    """Tell of one batch; how many scores were looked at. At most eighteen statements, and one for each 90 deliveries.

    All in one transaction: who is killed in it has told of nothing, and the next one tells of all. Of two
    workers at once each has other scores.
    """
    rows = score_rows.take_untold(BATCH)
    scores = scores_of(rows)
    known = ToldScore.objects.in_bulk(row.pk for row in rows)
    changed = [row for row in rows if _is_other(known.get(row.pk), scores[row.pk])]
    _write_events((row for row in changed if _is_news(known.get(row.pk), scores[row.pk], row)), scores)
    _keep(changed, scores)
    return len(rows)


def _is_other(known: ToldScore | None, score: Score) -> bool:
    """By that also the points are: they are the fraction of the maximum."""
    now = score.state, score.fraction, score.maximum
    return known is None or (known.state, known.fraction, known.maximum) != now


def _is_news(known: ToldScore | None, score: Score, row: AssignmentScore) -> bool:
    """Of who was erased nobody is told anything any more."""
    return row.learner.erased_at is None and (known is not None or score.state not in _NOTHING_YET)


def _write_events(rows: Iterable[AssignmentScore], scores: Mapping[int, Score]) -> None:
    told = list(rows)
    schools = {row.assignment.cohort.organisation_id for row in told}
    endpoints = outbox.endpoints_for(KIND, client__organisation__in=schools) if schools else []
    listening = {endpoint.client.organisation_id for endpoint in endpoints}
    events = (
        OutboxEvent(
            organisation_id=row.assignment.cohort.organisation_id,
            kind=KIND,
            learner=row.learner,
            data=_data(row, scores[row.pk]),
        )
        for row in told
        if row.assignment.cohort.organisation_id in listening
    )
    outbox.write(events, endpoints)


def _data(row: AssignmentScore, score: Score) -> dict[str, Any]:
    """What an event says of a score: the same as the resource `scores`, under the same names."""
    assignment: Assignment = row.assignment
    return {
        "score": str(row.uuid),
        "learner": str(row.learner.uuid),
        "quiz": str(assignment.quiz.uuid),
        "cohort": str(assignment.cohort.uuid),
        "assignment": str(assignment.uuid),
        "state": score.state.value,
        "fraction": score.fraction,
        "points": score.points,
        "maximum": score.maximum,
    }


def _keep(rows: Iterable[AssignmentScore], scores: Mapping[int, Score]) -> None:
    """What programs know from now on."""
    ToldScore.objects.bulk_create(
        (
            ToldScore(
                score=row,
                state=scores[row.pk].state,
                fraction=scores[row.pk].fraction,
                maximum=scores[row.pk].maximum,
            )
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["score"],
        update_fields=["state", "fraction", "maximum"],
    )
