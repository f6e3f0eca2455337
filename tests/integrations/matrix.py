"""Every route for programs: which scope opens it, and how it is asked for. A route that is not here fails a test.

A row maps "METHOD name" (as `reverse("api:name")` has it) to a scope, "" where every live client may, and
a function from a `World` to the keywords of the address and what is sent (None: nothing).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Cohort, Organisation
from tests.factories.accounts import CohortFactory


@dataclass
class World:
    """What one organisation has, for addresses; each thing is made when it is asked for."""

    organisation: Organisation

    @property
    def cohort(self) -> Cohort:
        made: Cohort = CohortFactory(organisation=self.organisation)
        return made


@dataclass(frozen=True)
class Row:
    scope: str
    kwargs: Callable[[World], dict[str, Any]] = lambda world: {}
    sent: Callable[[World], Any] = lambda world: None
    #: What is answered to the right scope, for a row of the client's own organisation.
    status: int = 200
    #: And for one of another organisation; None for lists, which show nothing of it.
    elsewhere: int | None = 404


LIST = {"elsewhere": None}
ROWS: dict[str, Row] = {
    "GET cohort-list": Row("roster:read", **LIST),
    "GET cohort-detail": Row("roster:read", lambda world: {"uuid": world.cohort.uuid}),
}


def names() -> set[str]:
    """The routes that are for programs, as `reverse` knows them."""
    return {f"api:{row.split()[1]}" for row in ROWS}
