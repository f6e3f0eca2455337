"""What each kind of event says, in the API's schema: the shape of its `data`, and an example of it."""

from collections.abc import Mapping
from typing import Any

from accounts.models import CohortMember
from quizzes.models import Attempt
from quizzes.scores import ScoreState

Shape = dict[str, Any]

ORDER = (
    "Events of one learner come in order; those of different learners, and those of courses, in any. An event "
    "says what was so when it happened, and may come again: read the row that it names for what is so now. Once its "
    "learner is erased, it tells no `fraction` and no `points`: both are null."
)


def _uuid(said: str, *, none: bool = False) -> Shape:
    return {"type": ["string", "null"] if none else "string", "format": "uuid", "description": said}


def _moment(said: str, *, none: bool = False) -> Shape:
    return {"type": ["string", "null"] if none else "string", "format": "date-time", "description": said}


def _share(said: str) -> Shape:
    return {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": said}


def _choice(values: list[str], said: str) -> Shape:
    return {"type": "string", "enum": values, "description": said}


_LEARNER = _uuid("Whose it is. What comes of one learner comes in order.")
_ATTEMPT: Shape = {
    "attempt": _uuid("Read it at `/attempts/{uuid}/`."),
    "learner": _LEARNER,
    "quiz": _uuid("The quiz."),
    "cohort": _uuid("The class that it counts for."),
    "assignment": _uuid("What it was done for; null for a quiz that is not assigned.", none=True),
    "fraction": _share("From 0 to 1; null while a person has to grade it, or the learner is not told yet."),
}
_DATA: Mapping[str, Shape] = {
    "attempt.submitted": {
        **_ATTEMPT,
        "submitted_at": _moment("When it was handed in."),
        "cause": _choice(Attempt.SubmitCause.values, "Who handed it in."),
    },
    "score.changed": {
        "score": _uuid("Read it at `/scores/{uuid}/`."),
        "learner": _LEARNER,
        "quiz": _uuid("The assignment's quiz."),
        "cohort": _uuid("The assignment's class."),
        "assignment": _uuid("What the score is for."),
        "state": _choice(
            ScoreState.values, "How it stands; a score that is held is told when it is released."
        ),
        "fraction": _share("From 0 to 1; null unless released."),
        "points": {
            "type": ["number", "null"],
            "minimum": 0,
            "description": "The same share of `maximum`; null unless released.",
        },
        "maximum": {
            "type": "number",
            "minimum": 0,
            "description": "What all questions of the quiz are worth.",
        },
    },
    "grades.released": _ATTEMPT,
    "membership.changed": {
        "cohort": _uuid("The class. Read the place in `/memberships/?cohort=…`."),
        "user": _uuid("Whose place it is. What comes of one person comes in order."),
        "role": _choice(CohortMember.Role.values, "Their role in the class."),
        "joined_at": _moment("When the place began."),
        "left_at": _moment("When it ended; null while they are in the class.", none=True),
    },
    "course.published": {
        "course": _uuid("Read it at `/courses/{uuid}/`."),
        "title": {"type": "string", "description": "What it is called."},
    },
}
_NAMES = {
    "attempt": "0d9f2f63-6d0c-4d41-9f0e-0b6a1f5c7e10",
    "score": "3c1a7d52-1f0e-4c8b-8a55-7be2f1a9d604",
    "learner": "b7f0a0a6-6c55-4a39-8f0f-3f4f0a0d9c22",
    "user": "b7f0a0a6-6c55-4a39-8f0f-3f4f0a0d9c22",
    "quiz": "91f5c2de-2b1b-4a8f-b1f4-5d0c0e6e8a37",
    "cohort": "e2d4b8c1-7a36-4f0d-9c5b-1f2e3d4c5b6a",
    "assignment": "5f0c3c1e-8d0b-4d0e-9a53-0f7a4d1f2b11",
    "course": "c0a8d7e6-5b4f-4a3d-8e2c-1b0a9f8e7d6c",
}
_VALUES: Mapping[str, Shape] = {
    "attempt.submitted": {
        "fraction": None,
        "submitted_at": "2026-09-01T08:00:00.123456+00:00",
        "cause": "learner",
    },
    "score.changed": {"state": "released", "fraction": 0.75, "points": 9.0, "maximum": 12.0},
    "grades.released": {"fraction": 0.75},
    "membership.changed": {
        "role": "learner",
        "joined_at": "2026-09-01T08:00:00.123456+00:00",
        "left_at": None,
    },
    "course.published": {"title": "Read it twice"},
}


def data_of(kind: str) -> Shape:
    """The shape of the `data` of an event; every field is always there."""
    fields = _DATA[kind]
    return {
        "type": "object",
        "required": list(fields),
        "properties": fields,
        "description": "Which rows it is about, by their UUIDs, and what was so.",
    }


def example_of(kind: str) -> Shape:
    """An event as it is sent."""
    values = {**_NAMES, **_VALUES[kind]}
    return {
        "type": kind,
        "timestamp": "2026-09-01T08:00:00.123456+00:00",
        "data": {name: values[name] for name in _DATA[kind]},
    }
