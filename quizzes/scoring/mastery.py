"""The state of one learner in one skill, from first attempts only."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["problem", "sound", "none"]
State = Literal["new", "developing", "secure"]

ITEM_IS_RIGHT_FROM = 0.75
_ROUNDING = 1e-9


def is_right(fraction: float) -> bool:
    """Does a whole item with this score, in [0, 1], count as right evidence? From 0.75 it does."""
    return fraction >= ITEM_IS_RIGHT_FROM - _ROUNDING


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One judged unit or, with unit "", one whole item, of a first attempt.

    `article` is None where the words come from no article. `at` is an aware datetime; the day of a row
    is its UTC date.
    """

    unit: str
    kind: Kind
    category: str
    correct: bool
    fraction: float
    article: Hashable | None
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of evidence must carry its time zone")

    @property
    def is_right(self) -> bool:
        """A unit is right or wrong; an item is right from a score of 0.75."""
        return self.correct if self.unit else is_right(self.fraction)


def mastery(evidence: Iterable[EvidenceRow], *, polarity: bool) -> State:
    """Return "new" without evidence, "secure" if the newest evidence shows the skill, else "developing".

    `evidence` is that of one learner and skill, oldest first (rows of one moment in text order).
    `polarity` says that the skill's units are problems and sound reporting. Without it the units are
    categories or, where there are none, whole items.
    """
    rows = sorted(evidence, key=lambda row: row.at)
    if not rows:
        return "new"
    if polarity:
        secure = _secure_in_both_kinds(rows)
    elif categorised := [row for row in rows if row.category]:
        secure = _secure_in_categories(categorised)
    else:
        secure = _secure_overall(rows) is not None
    return "secure" if secure else "developing"


def _secure_in_both_kinds(rows: list[EvidenceRow]) -> bool:
    """Of each kind the latest 6, at most 4 of one article, at least 5 right; from 2 days together."""
    taken = [
        latest([row for row in rows if row.kind == kind], 6, per_article=4) for kind in ("problem", "sound")
    ]
    enough = all(len(units) == 6 and _right(units) >= 5 for units in taken)
    return enough and _days([row for units in taken for row in units]) >= 2


def _secure_in_categories(rows: list[EvidenceRow]) -> bool:
    """As `_secure_overall`, and at least two categories have 3 right or more."""
    taken = _secure_overall(rows)
    if taken is None:
        return False
    right = Counter(row.category for row in taken if row.is_right)
    return sum(count >= 3 for count in right.values()) >= 2


def _secure_overall(rows: list[EvidenceRow]) -> list[EvidenceRow] | None:
    """The latest 12, at most 6 of one article, if at least 10 are right and they come from 2 days."""
    taken = latest(rows, 12, per_article=6)
    return taken if len(taken) == 12 and _right(taken) >= 10 and _days(taken) >= 2 else None


def latest(rows: list[EvidenceRow], count: int, *, per_article: int) -> list[EvidenceRow]:
    """Up to `count` rows, the newest first, passing over more than `per_article` of one article."""
    taken: list[EvidenceRow] = []
    of_article: Counter[Hashable] = Counter()
    for row in reversed(rows):
        of_article[row.article] += row.article is not None
        if len(taken) < count and of_article[row.article] <= per_article:
            taken.append(row)
    return taken


def _right(rows: list[EvidenceRow]) -> int:
    return sum(row.is_right for row in rows)


def _days(rows: list[EvidenceRow]) -> int:
    return len({row.at.astimezone(UTC).date() for row in rows})
