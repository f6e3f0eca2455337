"""When what the API tells of an attempt may have changed last, and which try it is among those that a program sees.

An attempt waits for its class too: a release, a date, another learner's work or what they were granted. All of that
touches the scores of its assignment, so that an attempt has changed when it was written, or its score was touched;
and with it its judgements, and what evidence is shown of them.
"""

from typing import Any

from django.db.models import Count, DateTimeField, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from quizzes.models import Assignment, AssignmentScore, Attempt


def dated(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Attempts with `told_changed_at`."""
    found: QuerySet[Any] = rows.annotate(told_changed_at=changed_at(F("updated_at")))
    return found


def changed_at(own: Any, attempt: str = "") -> Any:
    """The later of a row's own moment and of what its attempt waits for; `attempt` is the way to it, as `item__`.

    What was handed in without an assignment waits as its class waits that has the quiz: with everybody's scores.
    """
    ref = {name: OuterRef(f"{attempt}{name}") for name in ("assignment", "learner", "cohort", "quiz")}
    score = AssignmentScore.objects.filter(assignment=ref["assignment"], learner=ref["learner"])
    given = Assignment.objects.filter(cohort=ref["cohort"], quiz=ref["quiz"])
    scores = AssignmentScore.objects.filter(assignment__cohort=ref["cohort"], assignment__quiz=ref["quiz"])
    return Greatest(
        own,
        Coalesce(
            _moment(score.values("updated_at")),
            Greatest(_newest(scores, "assignment__quiz", own), _newest(given, "quiz", own)),
            own,
        ),
        output_field=DateTimeField(),
    )


def with_number_here(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Attempts with `number_here`: 1, 2, 3… among the learner's tries at the quiz in their class's organisation."""
    before = Attempt.objects.filter(
        learner=OuterRef("learner"),
        quiz=OuterRef("quiz"),
        cohort__organisation=OuterRef("cohort__organisation"),
        is_preview=False,
        number__lte=OuterRef("number"),
    )
    counted = before.order_by().values("learner").annotate(tries=Count("pk"))
    found: QuerySet[Any] = rows.annotate(number_here=Subquery(counted.values("tries")))
    return found


def _newest(rows: "QuerySet[Any]", group: str, own: Any) -> Any:
    found = rows.order_by().values(group).annotate(moment=Max("updated_at"))
    return Coalesce(_moment(found.values("moment")), own, output_field=DateTimeField())


def _moment(values: "QuerySet[Any]") -> Any:
    return Subquery(values.order_by(), output_field=DateTimeField())
