"""A roster as a program sends it: who should be in which class, and what became of each row. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from accounts.models import CohortMember, User
from accounts.people import Id


class What(StrEnum):
    """What became of a row. CREATED: an account or a place was made."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: in which field, a name for programs, and how to mend it."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Wanted:
    """Somebody, and the place that they should have (`active`) or have no more. None: leave it as it is.

    `cohort` is a class's UUID, or its external id; "" for no class: then it is the account alone.
    `faults` are what its reader found wrong with it already: then nothing else of it is looked at.
    """

    id: Id
    cohort: UUID | str = ""
    display_name: str | None = None
    real_name: str | None = None
    role: str | None = None
    active: bool = True
    faults: tuple[Fault, ...] = ()


@dataclass
class Outcome:
    """What became of a row. `kept` names what was sent and stays as it is, because it is the person's own.

    `before` is what `told` said before it.
    """

    what: What = What.UNCHANGED
    user: User | None = None
    member: CohortMember | None = None
    faults: list[Fault] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    before: Mapping[str, Any] | None = None


class RowsRefused(Exception):
    """Nothing was written, because some rows cannot be; `outcomes` has the faults of each."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        self.outcomes = outcomes
        super().__init__(f"{sum(bool(one.faults) for one in outcomes)} rows refused")


class RosterBusy(Exception):
    """Somebody else brought in the same people at the same moment, again and again; nothing was written."""


def told(user: User | None, member: CohortMember | None) -> dict[str, Any]:
    """A user and a place as the log keeps them, by public names."""
    return {
        "user": user and {"uuid": str(user.uuid), "display_name": user.display_name},
        "membership": member
        and {
            "uuid": str(member.uuid),
            "cohort": str(member.cohort.uuid),
            "role": member.role,
            "real_name": member.real_name,
            "joined_at": member.joined_at,
            "left_at": member.left_at,
        },
    }
