"""Reading a number that somebody typed, and judging it. Decimal arithmetic throughout, never floats.

What is read: a sign or none; digits, plain or in groups of three with one kind of separator; the
decimal mark and digits, or neither; a unit or none. Digits may be of any script.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache
from typing import Literal

Mark = Literal[".", ","]
Fault = Literal["", "blank", "unreadable", "unknown_unit"]

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_SEPARATORS = " \u00a0\u2007\u2009\u202f'\u2019"  # and the one of . and , that is not the decimal mark
_UNIT_SIGNS = "%‰°′″"
#: Products of what may be typed (100 digits) and what a key may hold are exact in it.
_EXACT = Context(prec=1000)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: a value with its unit ("" for none), or the reason why there is no value."""

    value: Decimal | None = None
    unit: str = ""
    fault: Fault = ""


def read_number(text: str, *, decimal_mark: Mark = ".", units: Collection[str] = ()) -> Reading:
    """Read a number as people write it. `units` are those that may be written, in just this spelling.

    "blank": nothing was typed. "unreadable": no such number. "unknown_unit": a number with a unit that
    is none of `units`. Never raises.
    """
    text = _plain(text)
    if not text:
        return Reading(fault="blank")
    found = _number(decimal_mark).match(text)
    if found is None:
        return Reading(fault="unreadable")
    unit = text[found.end() :].strip()
    if unit and unit not in units:
        return Reading(fault="unknown_unit" if is_unit(unit) else "unreadable")
    digits = re.sub(r"[^0-9]", "", found["whole"])
    return Reading(Decimal(f"{found['sign']}{digits}.{found['part'] or '0'}"), unit)


def _plain(text: str) -> str:
    """The text trimmed, with one minus and ASCII digits; a final mark of the sentence is dropped."""
    text = unicodedata.normalize("NFC", text).strip().translate(_MINUS)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return text[:-1] if re.search(r"[0-9][.!]\Z", text) else text


@cache
def _number(decimal_mark: Mark) -> re.Pattern[str]:
    """Sign, digits and decimals. The longest number is taken, so what is left is a unit or nothing."""
    separators = _SEPARATORS + (",." if decimal_mark == "." else ".,")[0]
    grouped = rf"[0-9]{{1,3}}(?P<separator>[{re.escape(separators)}])[0-9]{{3}}(?:(?P=separator)[0-9]{{3}})*"
    whole = rf"(?P<whole>{grouped}(?![0-9])|[0-9]+)"
    return re.compile(rf"(?P<sign>[+-]?){whole}(?:{re.escape(decimal_mark)}(?P<part>[0-9]+))?")


def is_unit(text: str) -> bool:
    """Can this be meant as a unit? It begins with a letter or a sign such as % or €, and has no digit."""
    return is_name_of_unit(text) and not any(character.isdecimal() for character in text)


def is_name_of_unit(text: str) -> bool:
    """Can a question name a unit so? It begins with a letter or a sign; m2 and CO2 are names too."""
    first = text[:1]
    category = unicodedata.category(first) if first else ""
    return category[:1] == "L" or category in {"Sc", "So"} or first in tuple(_UNIT_SIGNS)


def is_near(value: Decimal, target: Decimal, *, abs_tol: Decimal, rel_tol: Decimal) -> bool:
    """Is |value - target| <= max(abs_tol, rel_tol x |target|)? The limits themselves are near."""
    limit = max(abs_tol, _EXACT.multiply(rel_tol, target.copy_abs()))
    return _EXACT.subtract(value, target).copy_abs() <= limit


def in_key_unit(value: Decimal, factor: Decimal) -> Decimal:
    """The value x the factor of the unit that it was given in, exactly."""
    return _EXACT.multiply(value, factor)


def score_number(*, right: bool, unit_missing: bool) -> float:
    """1 for a right value, 0.5 if it lacks a unit that is required; else 0."""
    if not right:
        return 0.0
    return 0.5 if unit_missing else 1.0
