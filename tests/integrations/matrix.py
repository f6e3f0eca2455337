"""Every route for programs: which scope opens it, and how it is asked for. A route that is not here fails a test.

A row maps "METHOD name" (as `reverse("api:name")` has it) to a scope, "" where every live client may, and
a function from a `World` to the keywords of the address and what is sent (None: nothing).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Cohort, Organisation
from quizzes.models import Attempt
from tests.factories.accounts import CohortFactory, CohortMemberFactory
from tests.factories.quizzes import AssignmentFactory, AttemptFactory, ItemResponseFactory, QuizFactory


@dataclass
class World:
    """What one organisation has, for addresses; each thing is made when it is asked for."""

    organisation: Organisation

    @property
    def cohort(self) -> Cohort:
        made: Cohort = CohortFactory(organisation=self.organisation)
        return made

    @property
    def attempt(self) -> Attempt:
        """Open, with an end and one response, of a learner of a class of the organisation."""
        member = CohortMemberFactory(cohort=self.cohort)
        made: Attempt = AttemptFactory(
            learner=member.user, cohort=member.cohort, quiz=QuizFactory(revision__time_limit_s=600)
        )
        ItemResponseFactory(item=made.items.get())
        return made

    @property
    def assigned(self) -> dict[str, str]:
        """A learner, and what their class was given."""
        member = CohortMemberFactory(cohort=self.cohort)
        assignment = AssignmentFactory(cohort=member.cohort)
        return {"learner": str(member.user.uuid), "assignment": str(assignment.uuid)}


@dataclass(frozen=True)
class Row:
    scope: str
    kwargs: Callable[[World], dict[str, Any]] = lambda world: {}
    sent: Callable[[World], Any] = lambda world: None
    #: What is answered to the right scope, for a row of the client's own organisation.
    status: int = 200
    #: And for one of another organisation; None for lists, which show nothing of it.
    elsewhere: int | None = 404
    #: Whether it is open to signed-in people too, for what is theirs.
    for_people: bool = False


def _attempt(world: World) -> dict[str, Any]:
    return {"uuid": world.attempt.uuid}


def _item(world: World) -> dict[str, Any]:
    return {**_attempt(world), "position": 1}


LIST = {"elsewhere": None}
ROWS: dict[str, Row] = {
    "GET cohort-list": Row("roster:read", **LIST),
    "GET cohort-detail": Row("roster:read", lambda world: {"uuid": world.cohort.uuid}),
    "GET attempt-list": Row("attempts:read", for_people=True, **LIST),
    "GET attempt-detail": Row("attempts:read", _attempt, for_people=True),
    "GET attempt-items": Row("attempts:read", _attempt, for_people=True),
    "GET attempt-item": Row("attempts:read", _item, for_people=True),
    "GET attempt-article": Row("attempts:read", _attempt, status=404, for_people=True),
    "GET response-list": Row("attempts:read", **LIST),
    "POST attempt-list": Row(
        "attempts:write", sent=lambda world: world.assigned, status=201, elsewhere=400, for_people=True
    ),
    "POST attempt-responses": Row(
        "attempts:write",
        _item,
        lambda world: {"sequence": 2, "data": {"chosen": "reporter"}},
        status=201,
        for_people=True,
    ),
    "POST attempt-submit": Row("attempts:write", _attempt, for_people=True),
    "POST attempt-time-more-time": Row("assignments:write", _attempt, lambda world: {"seconds": 60}),
}


def names() -> set[str]:
    """The routes that are for programs only, as `reverse` knows them."""
    return {f"api:{asked.split()[1]}" for asked, row in ROWS.items() if not row.for_people}
