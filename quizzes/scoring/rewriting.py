"""What a rewritten text keeps and what remains in it: a check that helps its writer, never a score.

It looks for sequences of whole words, each compared as a short answer is: case, accents and kinds of
quotation marks do not matter. A word is never found inside another, so “war” is not in “warning”; but
what a hyphen joins is two, a possessive s is none, and “6,200” is “6200”. It knows no synonyms: a
person judges the text.
"""

import re
from collections.abc import Iterable

from articles.text.positions import Span
from articles.text.words import words
from quizzes.scoring.text_answers import normalised

_JOINED = "-\u2010\u2011\u058a'\u2019\u02bc"  # what joins the parts of one word
_PART = re.compile(rf"(?:[^{_JOINED}]|(?<=\d)['\u2019](?=\d))+")
_GROUPED = re.compile(r"(?<=\d)[,'](?=\d)")


def _parts(text: str) -> list[tuple[Span, str]]:
    """The parts of the words of `text`, each with its place, as they are compared; a possessive s is none."""
    parts: list[tuple[Span, str]] = []
    for start, end in words(text):
        for part in _PART.finditer(text[start:end]):
            if part.group() == "s" and part.start() and start + part.end() == end:
                (first, _end), spelt = parts.pop()
                parts.append(((first, end), spelt))
            else:
                place = (start + part.start(), start + part.end())
                parts.append((place, _GROUPED.sub("", normalised(part.group()))))
    return parts


def word_sequence(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared; none if it holds no word."""
    return tuple(part for _place, part in _parts(phrase))


def find_phrases(text: str, phrases: Iterable[str]) -> tuple[Span, ...]:
    """Where any of the phrases stands, in code points of `text`, in text order and apart.

    Places that share a word become one. A phrase without a word stands nowhere.
    """
    parts = _parts(text)
    spans = [place for place, _part in parts]
    spelt = tuple(part for _place, part in parts)
    taken = sorted(
        {
            (first, first + len(wanted))
            for wanted in map(word_sequence, phrases)
            if wanted
            for first in range(len(spelt) - len(wanted) + 1)
            if spelt[first : first + len(wanted)] == wanted
        }
    )
    return tuple((spans[first][0], spans[last - 1][1]) for first, last in _joined(taken))


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ordered stretches of words, those that share a word as one."""
    joined: list[tuple[int, int]] = []
    for first, last in stretches:
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def share_of_points(given: Iterable[int], possible: Iterable[int]) -> float:
    """Points given / points possible, in [0, 1]. Raises ValueError if none are possible, or fewer than given."""
    points, limit = sum(given), sum(possible)
    if not 0 <= points <= limit or not limit:
        raise ValueError(f"{points} of {limit} points cannot be given")
    return points / limit
