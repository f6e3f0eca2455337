"""The words of a passage that readers most often missed or took, drawn on the passage itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from articles.text.segments import line_spans
from quizzes.item_words import percent
from quizzes.models import QuestionRevision
from quizzes.scoring.word_counts import Stretch, worst

HOTTEST = 5
#: So many words of a place are told in the table.
LONGEST = 9


@dataclass(frozen=True)
class Drawn:
    """A run of text; where something went wrong, which kind, how warm (1 to 5), and its number in the table."""

    text: str
    kind: str = ""
    level: int = 0
    number: int = 0


@dataclass(frozen=True)
class WordLine:
    """A row of the table beside it."""

    number: int
    kind: str
    words: str
    readers: int
    share: str


@dataclass(frozen=True)
class WordPage:
    """One skill of one passage: the text line by line, and the worst places as a table."""

    skill: str
    readers: int
    lines: list[list[Drawn]]
    missed: list[WordLine]
    taken: list[WordLine]


def word_pages(item: Mapping[str, Any], revision: QuestionRevision) -> list[WordPage]:
    """A page for each skill that the question asks for; none for a question without marks."""
    return [_page(words, revision.asked.passage.text) for words in item["words"]]


def _page(words: Mapping[str, Any], text: str) -> WordPage:
    found = [Stretch(*one) for one in words["stretches"]]
    told = {kind: worst(found, kind) for kind in ("missed", "taken")}
    numbers = {one: n for n, one in enumerate([*told["missed"], *told["taken"]], start=1)}
    rows = {
        kind: [
            WordLine(
                numbers[one],
                kind,
                Truncator(text[one.start : one.end]).words(LONGEST),
                one.readers,
                percent(one.share),
            )
            for one in stretches
        ]
        for kind, stretches in told.items()
    }
    lines = [_line(text, line, found, numbers) for line in line_spans(text)]
    return WordPage(words["skill"], words["readers"], lines, rows["missed"], rows["taken"])


def level(share: float) -> int:
    """How warm a share above 0 is: 1 for under a fifth, and so on to 5."""
    return min(HOTTEST, 1 + int(HOTTEST * share))


def _line(
    text: str, line: tuple[int, int], found: Sequence[Stretch], numbers: Mapping[Stretch, int]
) -> list[Drawn]:
    pieces: list[Drawn] = []
    place = line[0]
    for one in found:
        if one.start < line[0] or one.end > line[1]:
            continue
        if place < one.start:
            pieces.append(Drawn(text[place : one.start]))
        pieces.append(Drawn(text[one.start : one.end], one.kind, level(one.share), numbers.get(one, 0)))
        place = one.end
    if place < line[1]:
        pieces.append(Drawn(text[place : line[1]]))
    return pieces
