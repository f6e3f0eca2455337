"""A database with every migration applied, made once for a state of the migrations and copied from then on.

Migrating takes half a minute of a core; six test processes, the sites that browsers visit, and every run
of a single test would each spend it.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
#: The folder of the programs that came with the PostgreSQL server, for the processes that need them.
PROGRAMS = "CAVEAT_TEST_POSTGRES"
KEPT = Path(tempfile.gettempdir(), f"caveat-migrated-{os.getuid()}")


def fingerprint() -> str:
    """Names the state of the migrations: ours, and those of what is installed.

    What else runs after migrations, such as making the groups of the roles, runs again in every copy.
    """
    digest = hashlib.sha256(sys.version.encode())
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements.txt"]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


def sqlite_file() -> Path:
    """A migrated file to copy, never to open."""
    kept = KEPT / f"{fingerprint()}.sqlite3"
    with _alone(KEPT):
        if not kept.exists():
            unfinished = kept.with_suffix(f".{os.getpid()}")
            unfinished.unlink(missing_ok=True)
            _migrate(f"sqlite:///{unfinished}")
            _without_journal(unfinished)
            _forget_old(but=4)
            unfinished.rename(kept)
    return kept


def postgres_copy(server: str, name: str) -> None:
    """A migrated database `name` in the server at the address `server`."""
    template = "caveat_migrated"
    with _alone(KEPT), psycopg.connect(server, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if not there:
            connection.execute(f"CREATE DATABASE {template}_unfinished")
            _fill(urlunsplit(urlsplit(server)._replace(path=f"/{template}_unfinished")))
            connection.execute(f"ALTER DATABASE {template}_unfinished RENAME TO {template}")
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')


def _fill(address: str) -> None:
    """Migrate the empty PostgreSQL database at `address`, or bring back what was kept of one."""
    kept = KEPT / f"{fingerprint()}.dump"
    if kept.exists():
        _run_postgres("pg_restore", "--exit-on-error", "--no-owner", "--dbname", address, str(kept))
        return
    _migrate(address)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    _run_postgres("pg_dump", "--format=custom", "--file", str(unfinished), address)
    _forget_old(but=4)
    unfinished.rename(kept)


def _run_postgres(program: str, *options: str) -> None:
    subprocess.run([Path(os.environ[PROGRAMS], program), *options], check=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(address: str) -> None:
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )


def _without_journal(file: Path) -> None:
    """Nothing of it may be left in a file beside it: who copies it copies one file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")


def _forget_old(*, but: int) -> None:
    for kind in ("*.sqlite3", "*.dump"):
        files = sorted(KEPT.glob(kind), key=lambda file: file.stat().st_mtime)
        for file in files[: max(0, len(files) - but)]:
            file.unlink(missing_ok=True)


def copy_to(file: Path) -> None:
    """A migrated SQLite database at `file`."""
    shutil.copyfile(sqlite_file(), file)
