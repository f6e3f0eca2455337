"""Uploaded bundles that wait between their preview and their import, each for its uploader only."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User

KEPT_FOR = 24 * 60 * 60  # seconds


def keep(*, file: UploadedFile, by: User) -> UUID:
    """Keep an upload for a day, and return the name that its uploader finds it by."""
    for old in list(_everybodys()):
        if _age(old) > KEPT_FOR:
            old.unlink(missing_ok=True)
    token = uuid4()
    path = _path(by, token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    unfinished.replace(path)
    return token


def find(*, token: UUID, by: User) -> Path | None:
    """What `by` uploaded under this name; None for what is another's, used up or too old."""
    path = _path(by, token)
    return path if path.exists() and _age(path) <= KEPT_FOR else None


def forget(*, token: UUID, by: User) -> None:
    _path(by, token).unlink(missing_ok=True)


def tokens(by: User) -> list[UUID]:
    """What waits for `by`, the newest first."""
    folder = _path(by, uuid4()).parent
    found = sorted(folder.glob("*.zip"), key=_age) if folder.exists() else []
    return [UUID(path.stem) for path in found if _age(path) <= KEPT_FOR]


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"


def _path(by: User, token: UUID) -> Path:
    return _folder() / str(by.pk) / f"{token}.zip"


def _everybodys() -> Iterator[Path]:
    return _folder().glob("*/*") if _folder().exists() else iter(())


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # somebody else has tidied up
        return float("inf")
