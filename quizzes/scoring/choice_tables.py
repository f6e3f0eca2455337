"""Who chose what: the options of an item against the top, the middle and the bottom of those who answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.intp]

BLANK = "(blank)"


class Offered(NamedTuple):
    """An option: its name, and whether the key counts it as right; None for neither right nor wrong."""

    ref: str
    right: bool | None


class TableRow(NamedTuple):
    """How many chose an option: of all who were given the item, and of the thirds by rest score.

    Whoever has no rest score is in `all` only.
    """

    ref: str
    right: bool | None
    all: int
    top: int
    middle: int
    bottom: int


@dataclass(frozen=True)
class Chosen:
    """What each learner chose of one item, in the order of the rows.

    `kinds` are the different answers; `which` names the learner's by its index, -1 for an item that was
    not given. An answer without an option is blank.
    """

    offered: tuple[Offered, ...]
    kinds: tuple[frozenset[str], ...]
    which: Integers

    @classmethod
    def of(cls, offered: Sequence[Offered], answers: Sequence[Collection[str] | None]) -> Self:
        """From each learner's own options; None where the item was not given."""
        places: dict[frozenset[str], int] = {}
        which = [
            -1 if answer is None else places.setdefault(frozenset(answer), len(places)) for answer in answers
        ]
        return cls(tuple(offered), tuple(places), np.array(which, dtype=np.intp))

    def counted(self, rows: Integers) -> list[int]:
        """Of these learners: how many chose each option, in the given order, and how many nothing."""
        which = self.which[rows]
        times = np.bincount(which[which >= 0], minlength=len(self.kinds)).tolist()
        pairs = list(zip(self.kinds, times, strict=True))
        taken = [sum(count for kind, count in pairs if option.ref in kind) for option in self.offered]
        return [*taken, sum(count for kind, count in pairs if not kind)]


def table_of(chosen: Chosen, thirds: Sequence[Integers]) -> tuple[TableRow, ...]:
    """A row for each option, and one for blank answers; `thirds` are the rows of top, middle and bottom."""
    everyone = np.arange(len(chosen.which))
    counts = [chosen.counted(rows) for rows in (everyone, *thirds)]
    options = [*chosen.offered, Offered(BLANK, None)]
    return tuple(TableRow(*option, *row) for option, *row in zip(options, *counts, strict=True))
