"""SQLite folds the case of ASCII letters only. Here its LIKE learns those of every script."""

import re
import unicodedata
from functools import lru_cache
from typing import Any


def fold(text: str) -> str:
    """What two texts have in common that differ in case or in width only; blanks at the ends stay."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(256)
def _pattern(pattern: str, escape: str) -> re.Pattern[str]:
    """The regular expression of a LIKE pattern; raises ValueError for a last character that escapes nothing."""
    parts: list[str | None] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if escape and letter == escape:
            at += 1
            if at == len(pattern):
                raise ValueError(f"nothing follows the last “{escape}” of a LIKE pattern")
            parts.append(pattern[at])
        elif letter in "%_":
            parts.append(None if letter == "%" else "")
        else:
            parts.append(letter)
        at += 1
    return re.compile(_joined(parts), re.DOTALL)


def _joined(parts: "list[str | None]") -> str:
    """Letters are folded together, because some fold only beside others; None is “%”, "" is “_”."""
    found, letters = "", ""
    for part in [*parts, None]:
        if part:
            letters += part
            continue
        found += re.escape(fold(letters)) + (".*" if part is None else ".")
        letters = ""
    return found.removesuffix(".*")


def like(pattern: Any, value: Any, escape: str = "") -> bool | None:
    """SQL's `value LIKE pattern ESCAPE escape`, whatever the case of the letters; None for NULL."""
    if pattern is None or value is None:
        return None
    return _pattern(str(pattern), escape).fullmatch(fold(str(value))) is not None


def teach(connection: Any, **_signal: Any) -> None:
    """Give a new connection to SQLite this LIKE; any other database has its own."""
    if connection.vendor == "sqlite":
        for arguments in (2, 3):
            connection.connection.create_function("like", arguments, like, deterministic=True)
