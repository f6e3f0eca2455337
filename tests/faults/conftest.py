import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from quizzes.errors import AttemptError
from tests import migrated

#: `make faults` sets it to 1000.
ROUNDS = int(os.environ.get("CAVEAT_ROUNDS", "100"))
THREADS = 4


class Crew:
    """Threads that each run one call at the same moment, over and over, on a connection of their own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS)
        self._start = Barrier(THREADS, timeout=60)

    def meet(self, *calls: Callable[[], Any]) -> list[Any]:
        """What each call returned, or the refusal that it raised; any other error is the test's."""
        assert len(calls) == THREADS
        # A thread waits at the barrier, so that four calls always are in four threads.
        running = [self._pool.submit(self._run, call) for call in calls]
        return [one.result() for one in running]

    def _run(self, call: Callable[[], Any]) -> Any:
        self._start.wait()
        try:
            return call()
        except AttemptError as error:
            return error

    def close(self) -> None:
        self.meet(*[lambda: connection.close()] * THREADS)  # looked up in each thread: it is a thread's own
        self._pool.shutdown()


@pytest.fixture
def crew(transactional_db: None) -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.close()


@pytest.fixture
def rounds() -> range:
    return range(ROUNDS)


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database without rows: a file, or one more in the server of the tests."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        file = tmp_path_factory.mktemp("kills") / "site.sqlite3"
        migrated.copy_to(file)
        yield f"sqlite:///{file}"
        return
    name = f"caveat_kills_{os.getpid()}"
    migrated.postgres_copy(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
