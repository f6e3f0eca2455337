"""Marks as OneRoster has them: a line item for each assignment, a result for each learner that it was given to."""

from datetime import datetime
from typing import Any

from accounts.models import Cohort
from courses.gradebook import Book, Column, book_of
from integrations.oneroster.writing import Files, Row, Sources, day_of, rosters
from quizzes.grades import Mark, State
from quizzes.models import AssignmentScore

CATEGORY = "quizzes"
#: How a mark stands, in the words of the specification. What is held is handed in, and its score not told.
STATUS: dict[State, str] = {
    State.MISSING: "not submitted",
    State.NOT_DUE: "not submitted",
    State.OPEN: "not submitted",
    State.WAITING: "submitted",
    State.HELD: "submitted",
    State.GRADED: "fully graded",
    State.OVERRIDE: "fully graded",
    State.EXCUSED: "exempt",
    State.DROPPED: "exempt",
}
_TOLD = (State.GRADED, State.OVERRIDE)


def with_results(sources: Sources, *, now: datetime) -> Files:
    """Rosters, categories, lineItems and results as they stand at `now`. Ten queries more for each class."""
    files = rosters(sources)
    sessions = {row["sourcedId"]: row["termSourcedIds"] for row in files["classes"]}
    items: list[Row] = []
    results: list[Row] = []
    for cohort in sources.cohorts:
        book, session = book_of(cohort, now=now), sessions[sources.cohort(cohort)]
        items += [_item(column, cohort, session, sources) for column in book.columns]
        results += _results(book, cohort, sources)
    category = {
        "sourcedId": CATEGORY,
        "status": "active",
        "dateLastModified": sources.organisation.updated_at,
    }
    return {**files, "categories": [{**category, "title": "Quizzes"}], "lineItems": items, "results": results}


def _item(column: Column, cohort: Cohort, session: str, sources: Sources) -> Row:
    given = column.assignment
    opens = given.opens_at or given.created_at
    return {
        "sourcedId": str(given.uuid),
        "status": "active",
        "dateLastModified": given.updated_at,
        "title": column.name,
        "assignDate": day_of(opens, cohort),
        "dueDate": day_of(given.due_at or given.closes_at or opens, cohort),
        "classSourcedId": sources.cohort(cohort),
        "categorySourcedId": CATEGORY,
        "academicSessionSourcedId": session,
        "resultValueMin": 0,
        "resultValueMax": column.points,
        "schoolSourcedId": sources.organisation.slug,
    }


def _results(book: Book, cohort: Cohort, sources: Sources) -> list[Row]:
    """Each is named as the API names the score, and changed when that did."""
    users = {member.user_id: sources.user(member.user) for member in sources.members}
    given = [column.assignment.pk for column in book.columns]
    scores = {
        (score.assignment_id, score.learner_id): score
        for score in AssignmentScore.objects.filter(assignment__in=given, learner__in=users)
    }
    return [
        _result(mark, column, users[row.pk], score, cohort, sources)
        for row in book.rows
        for mark, column in zip(row.marks, book.columns, strict=True)
        if mark is not None
        and mark.state in STATUS
        and (score := scores.get((column.assignment.pk, row.pk))) is not None
    ]


def _result(
    mark: Mark, column: Column, user: str, score: AssignmentScore, cohort: Cohort, sources: Sources
) -> dict[str, Any]:
    is_told = mark.state in _TOLD and mark.fraction is not None
    return {
        "sourcedId": str(score.uuid),
        "status": "active",
        "dateLastModified": score.updated_at,
        "lineItemSourcedId": str(column.assignment.uuid),
        "studentSourcedId": user,
        "scoreStatus": STATUS[mark.state],
        "score": round((mark.fraction or 0.0) * column.points, 4) if is_told else "",
        "scoreDate": day_of(score.updated_at, cohort),
        "classSourcedId": sources.cohort(cohort),
        "inProgress": mark.state is State.OPEN,
        "incomplete": mark.state in (State.OPEN, State.WAITING),
        "late": is_told and mark.days_late > 0,
        "missing": mark.state is State.MISSING,
    }
