"""Reading the answers to a quiz into arrays: one row a learner, one column a question, in two queries."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.models import Cohort
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionRevision, Quiz, QuizSlot, Regrade

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

_CHUNK = 10_000


class Answer(NamedTuple):
    """One of the different answers: the JSON of the response, of which schema and to which revision.

    Without a response, `text` and `version` are None.
    """

    revision: int
    version: int | None
    text: str | None


@dataclass(frozen=True)
class Rows:
    """First finished attempts, in rising id, by questions, in the order of the quiz.

    `scores` are 0 to 1, NaN where a learner was not given the question or a person has still to grade;
    `seconds` are from the first look at it to the answer that counts, NaN where unknown. `which` names
    the answer by its index in `answers`, -1 where the question was not given. `asked` and `judged` hold
    the newest revision that was asked, and whose key judged, by question.
    """

    learners: int
    questions: tuple[int, ...]
    scores: Floats
    seconds: Floats
    which: Integers
    answers: tuple[Answer, ...]
    asked: dict[int, int]
    judged: dict[int, int]


class _Epoch(Func):
    """A moment as seconds, which both databases can subtract without a call back into Python."""

    function = "EXTRACT"
    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS double precision)"
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "((julianday(%(expressions)s) - 2440587.5) * 86400.0)"
        return super().as_sql(compiler, connection, template=template, **context)


class _Codes(dict[Hashable, int]):
    """A number for each different thing, counted as they come."""

    def __missing__(self, key: Hashable) -> int:
        code = self[key] = len(self)
        return code


def finished(quiz: Quiz, cohort: Cohort | None) -> "QuerySet[Attempt]":
    """Attempts that were handed in and count, under one class or (None) any."""
    found = Attempt.objects.counting().submitted().filter(quiz=quiz).order_by()
    return found if cohort is None else found.filter(cohort=cohort)


def first_finished(quiz: Quiz, cohort: Cohort | None) -> "QuerySet[Attempt]":
    """Each learner's first one of all; a later one under another class is none."""
    earlier = finished(quiz, None).filter(learner=OuterRef("learner"), number__lt=OuterRef("number"))
    return finished(quiz, cohort).filter(~Exists(earlier))


def query(attempts: "QuerySet[Attempt]") -> "QuerySet[AttemptItem, tuple[Any, ...]]":
    """What is read of every item, in no order: attempt, slot, revisions, score, seconds, the response.

    Items that were dropped are not there. Where everybody was given the point, the score is the newest
    from before: the point says nothing of the question.
    """
    given = F("current_score__response__active_ms")
    waited = _Epoch("current_score__response__saved_at") - _Epoch("first_shown_at")
    earned = ItemScore.objects.filter(item=OuterRef("pk")).exclude(regrade__kind=Regrade.Kind.EVERYONE)
    return (
        AttemptItem.objects.filter(
            Q(current_score=None) | Q(current_score__dropped=False), attempt__in=attempts.values("pk")
        )
        .order_by()
        .values_list(
            "attempt_id",
            "slot_id",
            "revision_id",
            "current_score__key_revision_id",
            Case(
                When(
                    current_score__regrade__kind=Regrade.Kind.EVERYONE,
                    then=Subquery(earned.order_by("-number").values("fraction")[:1]),
                ),
                default=F("current_score__fraction"),
                output_field=FloatField(),
            ),
            Case(
                When(current_score__response__active_ms__gt=0, then=given / Value(1000.0)),
                default=waited,
                output_field=FloatField(),
            ),
            "current_score__response__schema_version",
            Cast("current_score__response__data", TextField()),
        )
    )


def dropped(attempts: "QuerySet[Attempt]") -> int:
    """How many questions were dropped, at least from some of these attempts."""
    left = AttemptItem.objects.filter(attempt__in=attempts.values("pk"), current_score__dropped=True)
    return left.order_by().values("question").distinct().count()


def read(attempts: "QuerySet[Attempt]") -> Rows:
    """All items of these attempts; questions and slots are looked up once each."""
    codes = _Codes()
    parts = [_columns(chunk, codes) for chunk in _chunks(query(attempts).iterator(chunk_size=_CHUNK))]
    if not parts:
        return _nobody()
    attempt, slot, revision, key, score, seconds, which = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    question_of = _questions({*np.unique(revision).tolist(), *np.unique(key).tolist()} - {0})
    order = _order(np.unique(np.stack([slot, revision]), axis=1).T.tolist(), question_of)
    attempts_in_order, row = np.unique(attempt, return_inverse=True)
    column = _look_up(revision, {pk: order.index(found.pk) for pk, found in question_of.items()})
    shape = (len(attempts_in_order), len(order))

    def matrix(values: Any, empty: float, kind: Any) -> Any:
        filled = np.full(shape, empty, dtype=kind)
        filled[row, column] = values
        return filled

    return Rows(
        learners=shape[0],
        questions=tuple(order),
        scores=matrix(score, np.nan, np.float64),
        seconds=np.maximum(matrix(seconds, np.nan, np.float64), 0.0),
        which=matrix(which, -1, np.intp),
        answers=tuple(Answer(*answer) for answer in codes),  # type: ignore[misc]
        asked=_newest(np.unique(revision).tolist(), question_of),
        judged=_newest((pk for pk in np.unique(key).tolist() if pk), question_of),
    )


def _nobody() -> Rows:
    empty = np.zeros((0, 0))
    return Rows(0, (), empty, empty, empty.astype(np.intp), (), {}, {})


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _columns(chunk: list[tuple[Any, ...]], codes: _Codes) -> tuple[npt.NDArray[Any], ...]:
    """The columns of some rows; the answer as its number, no key as 0."""
    attempt, slot, revision, key, score, seconds, version, text = zip(*chunk, strict=True)
    which = list(map(codes.__getitem__, zip(revision, version, text, strict=True)))
    return (
        np.array(attempt, dtype=np.int64),
        np.array(slot, dtype=np.int64),
        np.array(revision, dtype=np.int64),
        np.array([pk or 0 for pk in key] if None in key else key, dtype=np.int64),
        np.array(score, dtype=np.float64),  # None becomes NaN
        np.array(seconds, dtype=np.float64),
        np.array(which, dtype=np.intp),
    )


class _Asked(NamedTuple):
    """The question of a revision, and the revision's number in it."""

    pk: int
    number: int


def _questions(revisions: Iterable[int]) -> dict[int, _Asked]:
    rows = QuestionRevision.objects.filter(pk__in=revisions).order_by()
    return {
        pk: _Asked(question, number) for pk, question, number in rows.values_list("pk", "question", "number")
    }


def _order(placed: Iterable[tuple[int, int]], question_of: dict[int, _Asked]) -> list[int]:
    """Questions as they stand in the newest revision of the quiz that asked them; drawn ones by their key."""
    pairs = list(placed)
    slots = QuizSlot.objects.filter(pk__in={slot for slot, _revision in pairs}).order_by()
    place = {
        pk: (-quiz, position) for pk, quiz, position in slots.values_list("pk", "quiz_revision", "position")
    }
    best: dict[int, tuple[int, int]] = {}
    for slot, revision in pairs:
        question = question_of[revision].pk
        best[question] = min(place[slot], best.get(question, place[slot]))
    return sorted(best, key=lambda question: (*best[question], question))


def _look_up(keys: npt.NDArray[np.int64], places: dict[int, int]) -> Integers:
    """The place of each key."""
    found, back = np.unique(keys, return_inverse=True)
    return np.array([places.get(pk, -1) for pk in found.tolist()], dtype=np.intp)[back]


def _newest(revisions: Iterable[int], question_of: dict[int, _Asked]) -> dict[int, int]:
    """The revision with the highest number, by question."""
    found: dict[int, int] = {}
    for pk in sorted(revisions, key=lambda pk: question_of[pk].number):
        found[question_of[pk].pk] = pk
    return found
