"""Marks as OneRoster has them: a line item for each assignment, a result for each learner that it was given to."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from courses.gradebook import Book, Column, book_of
from integrations.oneroster.writing import Files, Row, Sources, rosters
from quizzes.grades import Mark, State

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
    """Rosters, categories, lineItems and results as they stand at `now`. Nine queries more for each class."""
    files = rosters(sources)
    sessions = {row["sourcedId"]: row["termSourcedIds"] for row in files["classes"]}
    items: list[Row] = []
    results: list[Row] = []
    for cohort in sources.cohorts:
        book, id = book_of(cohort, now=now), sources.cohort(cohort)
        items += [_item(column, id, sessions[id], sources.organisation.slug) for column in book.columns]
        results += _results(book, id, sources, now)
    category = {
        "sourcedId": CATEGORY,
        "status": "active",
        "dateLastModified": sources.organisation.updated_at,
    }
    return {**files, "categories": [{**category, "title": "Quizzes"}], "lineItems": items, "results": results}


def _item(column: Column, cohort: str, session: str, school: str) -> Row:
    given = column.assignment
    opens = given.opens_at or given.created_at
    return {
        "sourcedId": str(given.uuid),
        "status": "active",
        "dateLastModified": given.updated_at,
        "title": column.name,
        "assignDate": opens.date(),
        "dueDate": (given.due_at or given.closes_at or opens).date(),
        "classSourcedId": cohort,
        "categorySourcedId": CATEGORY,
        "academicSessionSourcedId": session,
        "resultValueMin": 0,
        "resultValueMax": column.points,
        "schoolSourcedId": school,
    }


def _results(book: Book, cohort: str, sources: Sources, now: datetime) -> list[Row]:
    users = {member.user_id: sources.user(member.user) for member in sources.members}
    return [
        _result(mark, column, users[row.pk], cohort, now)
        for row in book.rows
        if row.pk in users
        for mark, column in zip(row.marks, book.columns, strict=True)
        if mark is not None and mark.state in STATUS
    ]


def _result(mark: Mark, column: Column, user: str, cohort: str, now: datetime) -> dict[str, Any]:
    is_told = mark.state in _TOLD and mark.fraction is not None
    return {
        "sourcedId": str(uuid5(NAMESPACE_URL, f"{column.assignment.uuid}/{user}")),
        "status": "active",
        "dateLastModified": now,
        "lineItemSourcedId": str(column.assignment.uuid),
        "studentSourcedId": user,
        "scoreStatus": STATUS[mark.state],
        "score": round((mark.fraction or 0.0) * column.points, 4) if is_told else "",
        "scoreDate": now.date(),
        "classSourcedId": cohort,
        "inProgress": mark.state is State.OPEN,
        "incomplete": mark.state in (State.OPEN, State.WAITING),
        "late": is_told and mark.days_late > 0,
        "missing": mark.state is State.MISSING,
    }
