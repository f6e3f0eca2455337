"""The pages on which classes are run: one table a subject, each in a module of its own beside this.

A module has `ROWS`, which maps "METHOD route-name words" to a cell for each of ROLES (cells as in
test_routes.py), and `kwargs(stage, name, words)`, which says what `reverse` needs for a row, and may
make it. `form(stage, name, words)`, where there is one, says what a POST sends.
"""

import importlib
import pkgutil
from types import ModuleType

ROLES = (
    "anonymous",
    "learner",
    "stranger",
    "assistant",
    "teacher",
    "teacher elsewhere",
    "author",
    "superuser",
)


def modules() -> list[ModuleType]:
    return [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]


def closed_to_learners() -> set[str]:
    """The routes of which a learner gets nothing but a refusal, so that none can tell them a key."""
    column = ROLES.index("learner")
    given: dict[str, set[str]] = {}
    for module in modules():
        for row, cells in module.ROWS.items():
            given.setdefault(row.split()[1], set()).add(cells.split()[column])
    return {name for name, seen in given.items() if seen <= {"404", "405", "403"}}


def names() -> set[str]:
    """The routes that a table here asks for."""
    return {row.split()[1] for module in modules() for row in module.ROWS}
