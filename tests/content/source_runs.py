"""Knowing borrowed sentences without keeping the text that they could be borrowed from.

The article whose events one of our texts retells is not ours to ship. What is kept of it is a
salted hash of every run of eight words. Made anew by

    python tests/content/source_runs.py PATH/OF/THE/TEXT

Words are compared without case and punctuation. Names and figures may be shared; sentences may not.
"""

import gzip
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

KEPT = Path(__file__).with_name("source_runs.gz")
RUN = 8  # words
SIZE = 8  # bytes of a hash
_SALT = bytes.fromhex("6f1c0a9be2d74c35")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words(text: str) -> list[tuple[str, int]]:
    """Each word as it is compared, and where it begins."""
    return [(found.group().casefold().replace("’", "'"), found.start()) for found in _WORD.finditer(text)]


def runs(text: str) -> Iterator[tuple[bytes, int]]:
    """The hash of each run of words, and the number (from 0) of its first word."""
    found = [word for word, _start in words(text)]
    for first in range(len(found) - RUN + 1):
        run = " ".join(found[first : first + RUN]).encode()
        yield hashlib.blake2b(run, digest_size=SIZE, salt=_SALT).digest(), first


def digests(text: str) -> frozenset[bytes]:
    return frozenset(digest for digest, _first in runs(text))


def borrowed(text: str, known: frozenset[bytes]) -> list[tuple[int, str]]:
    """Each run that is known: its line, from 1, and its words."""
    found = words(text)
    return [
        (text.count("\n", 0, found[first][1]) + 1, " ".join(word for word, _ in found[first : first + RUN]))
        for digest, first in runs(text)
        if digest in known
    ]


def keep(known: Iterable[bytes]) -> None:
    KEPT.write_bytes(gzip.compress(b"".join(sorted(known)), mtime=0))


def kept() -> frozenset[bytes]:
    data = gzip.decompress(KEPT.read_bytes())
    return frozenset(data[at : at + SIZE] for at in range(0, len(data), SIZE))


if __name__ == "__main__":
    keep(digests(Path(sys.argv[1]).read_text(encoding="utf-8")))
