"""The files of the project, as git has them; without git, everything that is no product of tools."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MADE = {".venv", ".git", "var", "node_modules"}


def every_file() -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True,
        check=False,
    )
    names = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    found = names or [path for path in ROOT.rglob("*") if not _MADE & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def every_text() -> Iterator[tuple[str, str]]:
    """The name, from the root, and the content of each file that is text."""
    for path in every_file():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
