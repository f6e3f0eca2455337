"""When two short answers are the same: spelling that says nothing is taken out of both, then they are equal.

No fuzzy matching, no matching of parts, no leaving out of articles: an author lists what is accepted.
Unicode normalisation forms and case folding as in Unicode Standard Annex 15 and section 3.13.
"""

import re
import unicodedata
from functools import cache
from typing import Literal

Accents = Literal["fold", "strict"]

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘‚ʼ՚`´′＇", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−֊", "-"),
    }
)
_WITHOUT_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "ng"}
)


def normalised(text: str, accents: Accents = "fold") -> str:
    """The answer as it is compared; "" if nothing is left of it, which is no answer. Never raises.

    "fold" compares Latin and Greek letters without their accents, "strict" with them.
    """
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = unicodedata.normalize("NFKC", text.casefold())
    text = " ".join(_WITHOUT_WIDTH.sub("", text).split())
    text = _without_outer_signs(text)
    return _folded(text) if accents == "fold" and not text.isascii() else text


def _without_outer_signs(text: str) -> str:
    """Without the punctuation (P*) and blanks at both ends."""
    start, end = 0, len(text)
    while start < end and _is_outer(text[start]):
        start += 1
    while end > start and _is_outer(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_outer(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] == "P"


def _folded(text: str) -> str:
    """Letters without their accents, where those are Latin or Greek: “й” is no “и” with an accent."""
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", text.replace("ё", "е")).translate(_LETTERS):
        if unicodedata.category(character) != "Mn":
            base = character
        elif _loses_accents(base):
            continue
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


@cache
def _loses_accents(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith(("LATIN ", "GREEK "))
