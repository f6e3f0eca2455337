"""Cutting a text into sentences, line by line.

The cut is made once, while a revision is a draft, and stored; nothing segments a published text
again. A boundary needs a mark, a blank after it (or the end of the line) and no small letter next;
a single full stop must also close no abbreviation. Quotation marks are never paired.
"""

import re
import unicodedata
from collections.abc import Iterator

from articles.text.abbreviations import BEFORE_A_DIGIT, LEAD_INS, MAY_END, OPENERS
from articles.text.words import WORD, Span

# A run of marks, then the closing marks that belong to the same sentence; French sets a no-break
# blank before ». A colon counts only where it stands for the Armenian full stop.
_MARK = re.compile(r"(?P<mark>[.!?…։]+|:)(?P<closing>(?:[”’\"'»)\]›]|[\u00a0\u202f]»)*)")
_ARMENIAN_COLON = re.compile(r"(?<=[\u0531-\u0556\u0559\u0560-\u0588\ufb13-\ufb17]):(?=\s+[\u0531-\u0556])")

# What may stand between a boundary and the next letter. A closing quote is here as well: languages
# differ in which one opens, and after a blank it is no closing mark.
_OPENING = "\"'“”„‟‘’‚‛«»‹›()[]{}⟨⟩"
_LEAD = re.compile(rf"(?:[\s.!?…։\-‐‑‒–—―−֊]|[{re.escape(_OPENING)}]){{0,200}}")

_LETTER = r"[^\W\d_]"
_DOTTED = rf"{_LETTER}(?:\.{_LETTER})+"
_DOTTED_LETTERS = re.compile(_DOTTED)
# What stands before a full stop, as far as an abbreviation can reach: letters and inner dots. Only
# letters with dots between may follow a digit, as in 9p.m.
_LAST_LETTERS = re.compile(rf"(?:(?<!{_LETTER}){_DOTTED}|(?<![^\W_]){_LETTER}+(?:\.{_LETTER}+)*)\Z")
_LONGEST = 24
_OPENING_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)*\Z")
_APOSTROPHE = re.compile("['’ʼ]")


def sentences(text: str) -> tuple[Span, ...]:
    """Return every sentence of `text` in order, without the blanks around. Never raises.

    Half-open spans in code points. A line break always ends a sentence; blank lines give none.
    """
    found: list[Span] = []
    start = 0
    for line in text.split("\n"):
        found.extend((start + first, start + last) for first, last in _sentences_of(line))
        start += len(line) + 1
    return tuple(found)


def _sentences_of(line: str) -> Iterator[Span]:
    start = 0
    boundaries = [match.end() for match in _MARK.finditer(line) if _ends_sentence(line, match)]
    for end in (*boundaries, len(line)):
        sentence = line[start:end].strip()
        if sentence:
            first = line.index(sentence, start)
            yield first, first + len(sentence)
        start = end


def _ends_sentence(line: str, match: re.Match[str]) -> bool:
    """Is there a boundary inside the line after this mark and its closing marks?"""
    end = match.end()
    if not line[end : end + 1].isspace():
        return False
    if match["mark"] == ":":
        return _ARMENIAN_COLON.match(line, match.start()) is not None
    lead = _LEAD.match(line, end)
    following = lead.end() if lead else end
    if _is_small(line[following : following + 1]):
        return False
    return match["mark"] != "." or not _goes_on(line, match, following)


def _is_small(character: str) -> bool:
    # Unicode calls the Georgian letters small, but Georgian writes without capitals.
    return character != "" and unicodedata.category(character) == "Ll" and not "ა" <= character <= "ჿ"


def _goes_on(line: str, match: re.Match[str], following: int) -> bool:
    """Does the single full stop close a number or an abbreviation, and not the sentence?

    `following` is the position of the next letter or digit.
    """
    stop = match.start()
    if _OPENING_NUMBER.match(line, 0, stop):
        return True
    letters = _LAST_LETTERS.search(line, max(0, stop - _LONGEST), stop)
    if letters is None or match["closing"]:
        return False
    abbreviation = letters[0]
    before_digit = line[following : following + 1].isdecimal()
    if abbreviation in LEAD_INS and (before_digit or abbreviation not in BEFORE_A_DIGIT):
        return True
    return _may_end(abbreviation) and not _opens_sentence(line, match.end(), following)


def _may_end(letters: str) -> bool:
    single_capital = len(letters) == 1 and letters.isupper()
    return single_capital or letters in MAY_END or _DOTTED_LETTERS.fullmatch(letters) is not None


def _opens_sentence(line: str, end: int, following: int) -> bool:
    if any(character in _OPENING for character in line[end:following]):
        return True
    word = WORD.match(line, following)
    return word is not None and _APOSTROPHE.split(word[0])[0] in OPENERS
