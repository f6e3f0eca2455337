"""An article as it was pasted or uploaded, cleaned to plain lines: what was taken out is told.

Text: a line is a paragraph (or what stands between blank lines, where lines were wrapped), and one that
begins with ## is a subhead. Markdown and
HTML are read by parsers and keep paragraphs and subheads; everything else is counted and left behind.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from articles.text.markup import Line, read_html, read_markdown
from articles.text.positions import normalise
from articles.text.sentences import sentences
from articles.text.words import words

Kind = Literal["text", "markdown", "html"]
KINDS: tuple[Kind, ...] = ("text", "markdown", "html")
MOST_CHARACTERS = 600_000
MOST_LINES = 5_000
MOST_TAGS = 20_000  # a parser that mends takes its time where thousands stand inside each other
MOST_SENTENCES = 6_000
SAMPLE = 60  # code points of a sample

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[ \t]{2,}|\t")
#: Without width, or turning the direction of what follows. The joiners (U+200C, U+200D) are no such thing
#: between letters that need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LONE_JOINER = re.compile("(?<![^\\x00-\\x7f\\s])[\u200c\u200d]|[\u200c\u200d](?![^\\x00-\\x7f\\s])")


class Removed(NamedTuple):
    """What was taken out or changed: a code (the words for it are on the page), how many times, and a sample."""

    code: str
    times: int
    sample: str


class Cleaned(NamedTuple):
    """The lines that are left (NFC, not blank, without blanks around), the kind of each, and what is gone."""

    lines: tuple[str, ...]
    blocks: tuple[str, ...]
    removed: tuple[Removed, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def marked(self) -> str:
        """The text with its subheads marked, so that reading it again as text gives the same."""
        return marked(self.lines, self.blocks)


def marked(lines: Iterable[str], blocks: Iterable[str]) -> str:
    """Lines as a person edits them: a subhead ("h2") begins with ##."""
    return "\n".join(
        f"## {line}" if kind == "h2" else line for line, kind in zip(lines, blocks, strict=False)
    )


class Unfit(ValueError):
    """Nothing is left, or there is too much: `code` says of what, `count` how much, where `most` is allowed."""

    def __init__(self, code: str, count: int = 0, most: int = 0) -> None:
        super().__init__(f"{code}: {count} of {most}")
        self.code, self.count, self.most = code, count, most


@dataclass
class Log:
    """What is taken out, in the order in which it is met first."""

    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)

    def note(self, code: str, sample: str = "", count: int = 1) -> None:
        self.counts[code] += count
        if count and not self.samples.get(code):
            self.samples[code] = _sample(sample)

    @property
    def removed(self) -> tuple[Removed, ...]:
        return tuple(Removed(code, count, self.samples[code]) for code, count in self.counts.items() if count)


def clean(source: str, kind: Kind, *, joined: bool = False) -> Cleaned:
    """Return the article as lines; raises Unfit.

    `joined`: the lines of a plain text were wrapped, and a blank line ends a paragraph.
    """
    _refuse_above("characters", len(source), MOST_CHARACTERS)
    if kind != "text":
        _refuse_above("tags", source.count("<") + source.count("["), MOST_TAGS)
    _refuse_above("lines", source.count("\n"), 8 * MOST_LINES)
    log = Log()
    source = _characters(source, log)
    lines = _READERS[kind](source, log, joined)
    lines = [_unmarked(Line(kind, _tidy(text, log)), log) for kind, text in lines]
    kept = [line for line in lines if words(line.text)]
    log.note("blank", count=sum(not line.text for line in lines))
    wordless = [line.text for line in lines if line.text and not words(line.text)]
    log.note("wordless", wordless[0] if wordless else "", len(wordless))
    if not kept:
        raise Unfit("nothing")
    _refuse_above("lines", len(kept), MOST_LINES)
    cleaned = Cleaned(tuple(line.text for line in kept), tuple(line.kind for line in kept), log.removed)
    _refuse_above("sentences", len(sentences(cleaned.text)), MOST_SENTENCES)
    return cleaned


def _refuse_above(code: str, count: int, most: int) -> None:
    if count > most:
        raise Unfit(code, count, most)


def _characters(source: str, log: Log) -> str:
    """Without control characters and halves of characters; one kind of line end."""
    source = _BREAKS.sub("\n", source)
    return _without(source, log, "control", _is_no_character)


def _is_no_character(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}


def _without(source: str, log: Log, code: str, unwanted: Callable[[str], bool]) -> str:
    found = {character for character in set(source) if unwanted(character)}
    if not found:
        return source
    count = sum(map(source.count, found))
    log.note(code, " ".join(f"U+{ord(character):04X}" for character in sorted(found)), count)
    return source.translate(dict.fromkeys(map(ord, found)))


def _tidy(text: str, log: Log) -> str:
    """A line in NFC, without characters that nobody sees and without blanks in a row."""
    for pattern in (_INVISIBLE, _LONE_JOINER):
        found = pattern.findall(text)
        if found:
            log.note("invisible", " ".join(f"U+{ord(one):04X}" for one in sorted(set(found))), len(found))
            text = pattern.sub("", text)
    composed = normalise(text)
    if composed != text:
        log.note("composed", composed, abs(len(text) - len(composed)) or 1)
    found = _BLANKS.findall(composed)
    log.note("blanks", composed, len(found))
    return _BLANKS.sub(" ", composed).strip()


def _unmarked(line: Line, log: Log) -> Line:
    """A paragraph without the mark of a subhead: read again, it would be one."""
    text = line.text
    if line.kind == "h2" or not text.startswith("## "):
        return line
    log.note("marks", text)
    while text.startswith("## "):
        text = text[3:].lstrip()
    return Line("p", text)


def _read_text(source: str, log: Log, joined: bool) -> list[Line]:
    lines = source.split("\n")
    if not joined:
        return [_marked(line) for line in lines]
    paragraphs = [
        " ".join(part.split("\n")) for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", source.strip("\n"))
    ]
    log.note("joined", count=sum(bool(line.strip()) for line in lines) - sum(map(bool, paragraphs)))
    return [_marked(paragraph) for paragraph in paragraphs]


def _marked(line: str) -> Line:
    """A plain line; one that begins with ## and a blank is a subhead."""
    text = line.lstrip()
    return Line("h2", text[3:]) if text.startswith("## ") else Line("p", line)


_READERS: dict[Kind, Callable[[str, Log, bool], list[Line]]] = {
    "text": _read_text,
    "markdown": lambda source, log, _joined: read_markdown(source, log.note),
    "html": lambda source, log, _joined: read_html(source, log.note),
}


def _sample(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SAMPLE else f"{text[:SAMPLE].rstrip()}…"
