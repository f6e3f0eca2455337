"""An uploaded file's bytes as text, and honestly which encoding they were read as."""

import codecs
import unicodedata
from itertools import pairwise
from typing import NamedTuple

MOST_BYTES = 2_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_NOT_TEXT = (b"%PDF-", b"{\\rtf", b"%!PS")  # other formats that may hold letters only
_SHARE_OF_NULS = 0.2  # in Latin text as UTF-16, about every second byte is 0
_CONTROLS_ALLOWED = 0.02


class Unreadable(ValueError):
    """The bytes are no text. `code`: *bytes*, too many; *mark*, not what their first bytes say; *binary*."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Decoded(NamedTuple):
    """A text, the encoding that it was read as, and whether that is a guess."""

    text: str
    encoding: str
    guessed: bool


def decode(data: bytes) -> Decoded:
    """Read bytes as UTF-8, UTF-16, Windows-1251 or Windows-1252; raises Unreadable.

    A byte order mark settles it, and so does valid UTF-8. What is left is a guess: one byte a letter,
    Cyrillic where most of the letters would be Cyrillic, else Western.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("bytes")
    if data.lstrip().startswith(_NOT_TEXT):
        raise Unreadable("binary")
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _whole(data, codec, name)
    if data.count(0) > _SHARE_OF_NULS * len(data):
        return _wide(data)
    try:
        return Decoded(_refuse_binary(data.decode("utf-8")), "UTF-8", False)
    except UnicodeDecodeError:
        return _one_byte_a_letter(data)


def _whole(data: bytes, codec: str, name: str) -> Decoded:
    try:
        return Decoded(_refuse_binary(data.decode(codec)), name, False)
    except UnicodeDecodeError as error:
        raise Unreadable("mark") from error


def _wide(data: bytes) -> Decoded:
    """UTF-16 without a mark: the zeros of Latin letters stand at odd places where the low byte comes first."""
    little = data[1::2].count(0) >= data[0::2].count(0)
    try:
        text = data.decode("utf-16-le" if little else "utf-16-be")
    except UnicodeDecodeError:
        text = "\0"
    return Decoded(_refuse_binary(text), "UTF-16", True)


def _one_byte_a_letter(data: bytes) -> Decoded:
    cyrillic = data.decode("cp1251", errors="replace")
    letters = [character for character in cyrillic if character > "\x7f" and character.isalpha()]
    russian = sum("а" <= character <= "я" or character in "ёії" for character in letters)
    if russian * 2 > len(letters) and _in_words(cyrillic):
        return Decoded(_refuse_binary(cyrillic), "Windows-1251", True)
    return Decoded(_refuse_binary(data.decode("cp1252", errors="replace")), "Windows-1252", True)


def _in_words(text: str) -> bool:
    """Whether letters beyond ASCII mostly stand beside each other, as in Cyrillic words, not one by one."""
    beside = sum(one > "\x7f" and other > "\x7f" for one, other in pairwise(text))
    return beside * 2 > sum(character > "\x7f" for character in text)


def _refuse_binary(text: str) -> str:
    """The text itself; raises Unreadable where too much of it is no character that anybody writes."""
    strange = sum(
        character == "\ufffd"
        or (unicodedata.category(character) == "Cc" and character not in "\t\n\r\f\v\x85\x1a")
        for character in text
    )
    if strange > _CONTROLS_ALLOWED * len(text):
        raise Unreadable("binary")
    return text
