r"""The one word tokeniser, shared by the server, the key and (through stored spans) the browser.

A word begins with a letter or a number (Unicode L* or N*) and goes on over letters, numbers and
marks (M*). One joiner between two such stretches keeps them one word; a comma joins digits only.
As a JavaScript regular expression with the flags g and u:

    [\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:(?:['’ʼ՚՛՜՞\-‐‑֊.·\u00ad\u200c\u200d](?=[\p{L}\p{N}])
    |(?<=\p{N}),(?=\p{N}))[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*

Python's `re` has no \p{…}, so the classes are written out once, at import.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, groupby
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]

# Joiners: apostrophes, the Armenian signs that stand inside a word, hyphens, dots, and the
# characters without width that may stand inside one.
JOINERS = (
    "\u0027\u2019\u02bc\u055a\u055b\u055c\u055e"  # ' ’ ʼ ՚ ՛ ՜ ՞
    "\u002d\u2010\u2011\u058a"  # - ‐ ‑ ֊
    "\u002e\u00b7\u00ad\u200c\u200d"  # . · soft hyphen, zero-width non-joiner and joiner
)

# `\w` is exactly L*, N* and the underscore; a test holds this against the whole of Unicode.
_LETTER_OR_NUMBER = r"[^\W_]"

# Planes 4 to 13 are unassigned, 15 and 16 are for private use: no letter, number or mark there.
_PLANES_IN_USE = (range(0x40000), range(0xE0000, 0xF0000))


def _kind(code_point: int) -> str:
    character = chr(code_point)
    return "L" if character.isalpha() else unicodedata.category(character)[0]


def _ranges() -> Iterator[tuple[str, int, int]]:
    """Runs of neighbouring code points of one kind: (L, N or M; first; last)."""
    for kind, run in groupby(chain(*_PLANES_IN_USE), _kind):
        if kind in "LNM":
            points = list(run)
            yield kind, points[0], points[-1]


def _pattern() -> str:
    ranges = list(_ranges())
    number, inside = (
        "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for kind, first, last in ranges if kind in kinds) + "]"
        for kinds in ("N", "LNM")
    )
    stretch = f"{_LETTER_OR_NUMBER}{inside}*"
    joiner = f"[{re.escape(JOINERS)}](?={_LETTER_OR_NUMBER})|(?<={number}),(?={number})"
    return f"{stretch}(?:(?:{joiner}){stretch})*"


WORD = re.compile(_pattern())


def words(text: str) -> tuple[Span, ...]:
    """Return every word of `text` in order, as half-open spans in code points. Never raises."""
    return tuple(match.span() for match in WORD.finditer(text))
