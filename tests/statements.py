"""Counting what is asked of the database."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

#: Marks of transactions. A test runs inside one of its own, so that the BEGIN and COMMIT of the code
#: become savepoints there: neither is a question to the database, and both would only blur the count.
MARKS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class Statements(CaptureQueriesContext):
    """The statements of a block, in order, without the marks of transactions."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def asked(self) -> list[str]:
        texts = [query["sql"] for query in self.captured_queries]
        return [text for text in texts if not text.startswith(MARKS)]


def asked_by(call: Any, **kwargs: Any) -> list[str]:
    """The statements of one call."""
    with Statements() as statements:
        call(**kwargs)
    return statements.asked
