"""What a quiz's answers say about its items: how hard each is, whether it tells readers apart, and why not.

Rows are learners in rising id of their first finished attempt, columns are items; a value is the score of
an item, from 0 to 1, where a blank answer is 0 and NaN is an item that the learner was not given.

Corrected item-rest correlation and facility as in Lord and Novick (1968), Cronbach's alpha (1951), for
right and wrong answers the same as Kuder and Richardson's formula 20 (1937); the interval is Fisher's.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atanh, sqrt, tanh
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from quizzes.scoring.choice_tables import Chosen, TableRow, table_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

#: Below so many learners a figure says more about who happened to be there than about the item.
ENOUGH = 20
TOO_EASY = 0.95
TOO_HARD = 0.20
TELLS_TOO_LITTLE = 0.20
TAKEN_BY_ONE_IN = 20
Z_90 = 1.6448536269514722  # 95 % of a normal distribution lie below it

FEW = "too few attempts"
EASY = "too easy"
HARD = "too hard"
CHECK_KEY = "better learners get it wrong: check the key"
NOBODY = "a distractor nobody takes: "

DIFFERENT_ITEMS = "learners saw different items"
ONE_ITEM = "fewer than two items"
ONE_LEARNER = "fewer than two learners"
ALL_ALIKE = "the totals do not vary"

_SLACK = 1e-12  # sums of thirds and the like come out a little beside the number that is meant


@dataclass(frozen=True)
class ItemFigures:
    """One item. `n` learners were given it; `pairs` of them have another score to compare it with.

    `facility` is the mean score, 0 to 1. `item_rest_r` is from -1 to 1; `item_rest_ci90` its interval.
    `quarters` are mean scores of the four quarters of the class by rest score, best first. None is a
    figure that there is not; below `ENOUGH` learners only n, facility and counts are to be shown.
    """

    n: int
    pairs: int
    facility: float | None
    item_rest_r: float | None
    item_rest_ci90: tuple[float, float] | None
    median_seconds: float | None
    quarters: tuple[float | None, ...]
    table: tuple[TableRow, ...]
    flags: tuple[str, ...]

    @property
    def figures_shown(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True)
class QuizFigures:
    """All items of one quiz, and whether they hold together.

    `alpha` is at most 1 and may be negative; where it is None, `alpha_reason` says why. `sem` is in
    points of the total, each item counting 0 to 1.
    """

    learners: int
    items: tuple[ItemFigures, ...]
    alpha: float | None
    alpha_reason: str
    sem: float | None

    @property
    def reliability_shown(self) -> bool:
        return self.learners >= ENOUGH


@dataclass(frozen=True)
class Order:
    """Who has a rest score, by it: highest first, those who are equal by row."""

    rows: Integers

    @classmethod
    def of(cls, rest: Floats) -> Self:
        rows = np.flatnonzero(~np.isnan(rest))
        # Equal means make equal places, however they were added up.
        return cls(rows[np.argsort(-np.round(rest[rows], 12), kind="stable")])

    @property
    def thirds(self) -> tuple[Integers, Integers, Integers]:
        """Top, middle and bottom; top and bottom hold floor(n/3), the middle all others."""
        group = len(self.rows) // 3
        last = len(self.rows) - group
        return self.rows[:group], self.rows[group:last], self.rows[last:]

    @property
    def quarters(self) -> list[Integers]:
        """Four groups that differ by one learner at most, the best first."""
        edges = [len(self.rows) * part // 4 for part in range(5)]
        return [self.rows[start:end] for start, end in pairwise(edges)]


def analyse(
    scores: Any, *, chosen: Sequence[Chosen | None] | None = None, seconds: Any | None = None
) -> QuizFigures:
    """The figures of a quiz from its scores, a matrix of learners by items; None is read as NaN.

    `chosen` says for each item who took which option (None where it has none); `seconds` is a matrix
    like `scores`. Raises ValueError for a score that is not from 0 to 1, and for other shapes.
    """
    matrix = as_matrix(scores)
    if not np.all(np.isnan(matrix) | ((matrix >= 0) & (matrix <= 1))):
        raise ValueError("a score is from 0 to 1")
    learners, count = matrix.shape
    times = np.full(matrix.shape, np.nan) if seconds is None else as_matrix(seconds)
    tables: Sequence[Chosen | None] = [None] * count if chosen is None else chosen
    if times.shape != matrix.shape or len(tables) != count:
        raise ValueError("scores, seconds and options must be of the same learners and items")
    rest = rest_scores(matrix)
    items = tuple(_item(matrix[:, j], rest[:, j], times[:, j], tables[j]) for j in range(count))
    alpha, reason, sem = reliability(matrix)
    return QuizFigures(learners, items, alpha, reason, sem)


def as_matrix(values: Any) -> Floats:
    """A matrix of floats; no rows at all are a matrix without items. Raises ValueError for anything else."""
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.size == 0 and matrix.ndim < 2:
        matrix = matrix.reshape(len(matrix), 0)
    if matrix.ndim != 2:
        raise ValueError("scores are a matrix of learners by items")
    return matrix


def rest_scores(matrix: Floats) -> Floats:
    """For each learner and item the mean of the learner's other items; NaN where there is none, or no item."""
    given = ~np.isnan(matrix)
    others = given.sum(axis=1, keepdims=True) - 1
    total = np.where(given, matrix, 0.0).sum(axis=1, keepdims=True)
    rest = np.full(matrix.shape, np.nan)
    np.divide(total - matrix, others, out=rest, where=given & (others > 0))
    return rest


def _item(scores: Floats, rest: Floats, seconds: Floats, chosen: Chosen | None) -> ItemFigures:
    given = ~np.isnan(scores)
    n = int(given.sum())
    facility = float(scores[given].mean()) if n else None
    order = Order.of(rest)
    r = correlation(scores[order.rows], rest[order.rows])
    interval = interval_90(r, len(order.rows))
    table = table_of(chosen, order.thirds) if chosen else ()
    timed = seconds[given & ~np.isnan(seconds)]
    return ItemFigures(
        n=n,
        pairs=len(order.rows),
        facility=facility,
        item_rest_r=r,
        item_rest_ci90=interval,
        median_seconds=float(np.median(timed)) if timed.size else None,
        quarters=tuple(float(scores[rows].mean()) if len(rows) else None for rows in order.quarters),
        table=table,
        flags=_flags(n, facility, interval, table),
    )


def correlation(one: Floats, other: Floats) -> float | None:
    """Pearson's r, -1 to 1; None for fewer than three pairs, or where either side does not vary."""
    if len(one) < 3 or np.ptp(one) <= _SLACK or np.ptp(other) <= _SLACK:
        return None
    one, other = one - one.mean(), other - other.mean()
    r = float((one * other).sum() / sqrt(float((one * one).sum()) * float((other * other).sum())))
    return float(np.sign(r)) if abs(r) > 1 - _SLACK else r


def interval_90(r: float | None, pairs: int) -> tuple[float, float] | None:
    """Fisher's 90 % interval of a correlation; None for at most three pairs, and where |r| is 1."""
    if r is None or pairs <= 3 or abs(r) == 1:
        return None
    off = Z_90 / sqrt(pairs - 3)
    return tanh(atanh(r) - off), tanh(atanh(r) + off)


def reliability(matrix: Floats) -> tuple[float | None, str, float | None]:
    """Cronbach's alpha, the reason why there is none ("" where there is), and the standard error.

    Variances are those of samples. The standard error of measurement is on the scale of the total.
    """
    learners, count = matrix.shape
    tests: list[tuple[str, Callable[[], bool]]] = [
        (DIFFERENT_ITEMS, lambda: bool(np.isnan(matrix).any())),
        (ONE_ITEM, lambda: count < 2),
        (ONE_LEARNER, lambda: learners < 2),
        (ALL_ALIKE, lambda: bool(np.ptp(matrix.sum(axis=1)) <= _SLACK)),
    ]
    for reason, holds in tests:
        if holds():
            return None, reason, None
    total = float(matrix.sum(axis=1).var(ddof=1))
    alpha = count / (count - 1) * (1 - float(matrix.var(axis=0, ddof=1).sum()) / total)
    return alpha, "", sqrt(total * max(0.0, 1 - alpha))


def _flags(
    n: int, facility: float | None, interval: tuple[float, float] | None, table: Collection[TableRow]
) -> tuple[str, ...]:
    """What should be looked at, in the order of the rules; with too few learners nothing else."""
    if n < ENOUGH or facility is None:
        return (FEW,)
    found = []
    if facility >= TOO_EASY - _SLACK:
        found.append(EASY)
    if facility <= TOO_HARD + _SLACK:
        found.append(HARD)
    if interval is not None and interval[1] < TELLS_TOO_LITTLE:
        found.append(CHECK_KEY)
    wrong = (row for row in table if row.right is False)
    found += [NOBODY + row.ref for row in wrong if row.all * TAKEN_BY_ONE_IN < n]
    return tuple(found)
