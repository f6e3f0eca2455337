"""Articles of a bundle: a text with its front matter, and the annotations on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import Field

from articles.text.positions import QuoteNotFound, Span, find_quote, occurrences, snap
from articles.text.sentences import sentences
from articles.text.words import words
from courses.bundles.faults import Faults, Path
from courses.bundles.schema import unknown, validated
from courses.bundles.source import Document, parse_yaml, read_text, read_yaml
from quizzes.types.base import Prose, Ref, Schema

MARGIN = "-margin"  # ends the ref of the acceptable span that a margin makes
WORDING = "loaded-language"
SMALL = 32_767  # the most that a small integer column holds
Small = Annotated[int, Field(ge=1, le=SMALL)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Kind = Literal["required", "acceptable", "foil"]
_MARKDOWN = re.compile(r"\*\*|__|`|\]\(|(?<!\w)[*_]\w[^*_]*[*_](?!\w)|<[/!a-zA-Z]")


class FrontMatter(Schema):
    """What stands above the text. `source` is shown with it: where it is from, or that it is invented."""

    title: Annotated[Prose, Field(max_length=250)]
    byline: Annotated[str, Field(max_length=250)] = ""
    source: Annotated[Prose, Field(max_length=500)]
    dateline: Annotated[str, Field(max_length=120)] = ""
    licence: Annotated[Prose, Field(max_length=120)]
    content_note: Annotated[str, Field(max_length=500)] = ""
    language: Language = "en"
    direction: Literal["ltr", "rtl"] = "ltr"


class Entry(Schema):
    """One annotation as written. `margin` is a longer piece whose other words cost nothing."""

    ref: Ref
    skill: str
    kind: Kind
    paragraph: Small
    quote: Prose
    occurrence: Small = 1
    margin: str = ""
    rationale: str = ""
    instead: str = ""
    minority: str = ""
    readings: Small = 1
    party: Ref | Literal[""] = ""
    fact_checked_on: date | None = None


class AnnotationFile(Schema):
    """The annotations of one article."""

    annotations: tuple[object, ...]


@dataclass(frozen=True)
class Placed:
    """An annotation at its place, half-open, in code points of the article; and where it is written."""

    ref: str
    skill: str
    kind: Kind
    start: int
    end: int
    path: Path
    rationale: str = ""
    instead: str = ""
    minority: str = ""
    readings: int = 1
    party: str = ""
    fact_checked_on: date | None = None


@dataclass(frozen=True)
class ArticleContent:
    """All that a revision of the article will hold. `lines` are the places of its paragraphs.

    `annotations` is None when their file has faults, so that nothing is judged by half of them.
    """

    ref: str
    front: FrontMatter
    text: str
    blocks: tuple[str, ...]
    lines: tuple[Span, ...]
    sentences: tuple[Span, ...]
    words: tuple[Span, ...]
    annotations: tuple[Placed, ...] | None
    layer: Document | None


def read_article(root: FilePath, ref: str, skills: frozenset[str], faults: Faults) -> ArticleContent | None:
    """Return an article with its annotations, or None after adding why its text cannot be used."""
    name = f"articles/{ref}.md"
    source = read_text(root, name, faults)
    parts = _parted(source, name, faults) if source is not None else None
    if parts is None:
        return None
    document = parse_yaml(parts[0], name, faults, first_line=2)
    front = validated(FrontMatter, document, faults) if document else None
    before = len(faults.found)
    blocks = list(_blocks(parts[1], parts[2], name, faults))
    if not blocks:
        faults.add(name, "the article has no paragraphs. Write them below the front matter.", line=parts[2])
    if front is None or len(faults.found) > before:
        return None
    return _with_annotations(root, ref, front, blocks, skills, faults)


def _parted(source: str, name: str, faults: Faults) -> tuple[str, str, int] | None:
    """Front matter, text, and the line on which the text begins."""
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        faults.add(name, "the article must begin with front matter between two lines “---”.", line=1)
        return None
    closing = next((index for index, line in enumerate(lines) if index and line.rstrip() == "---"), None)
    if closing is None:
        faults.add(name, "the front matter does not end. Close it with a line “---”.", line=1)
        return None
    return "\n".join(lines[1:closing]), "\n".join(lines[closing + 1 :]), closing + 2


def _blocks(body: str, first_line: int, name: str, faults: Faults) -> Iterator[tuple[str, str]]:
    """The kind and text of each block; its physical lines are joined by one blank."""
    gathered: list[str] = []
    for number, line in enumerate((*body.split("\n"), ""), start=first_line):
        if line.strip():
            gathered.append(line.strip())
        elif gathered:
            yield _block(gathered, number - len(gathered), name, faults)
            gathered = []


def _block(lines: list[str], number: int, name: str, faults: Faults) -> tuple[str, str]:
    for offset, line in enumerate(lines):
        if line.startswith("## ") and len(lines) > 1:
            faults.add(name, "a subhead needs a blank line before and after it.", line=number + offset)
        elif line.startswith("#") and not line.startswith("## "):
            faults.add(name, "only “## ” makes a subhead.", line=number + offset)
        elif found := _MARKDOWN.search(line):
            faults.add(
                name, f"“{found[0]}” is markup, and articles have none. Take it out.", line=number + offset
            )
    kind = "h2" if lines[0].startswith("## ") else "p"
    text = " ".join(lines).removeprefix("## ").strip()
    if not words(text):
        faults.add(name, "the paragraph holds no word.", line=number)
    return kind, text


def _with_annotations(
    root: FilePath,
    ref: str,
    front: FrontMatter,
    blocks: list[tuple[str, str]],
    skills: frozenset[str],
    faults: Faults,
) -> ArticleContent:
    text = "\n".join(block for _, block in blocks)
    lines = _lines(text)
    found = words(text)
    name = f"articles/{ref}.annotations.yaml"
    layer = read_yaml(root, name, faults) if (root / name).exists() else None
    before = len(faults.found)
    placed: tuple[Placed, ...] | None = () if not (root / name).exists() else None
    if layer:
        placed = tuple(_Layer(layer, text, lines, found, skills, faults).read())
        if len(faults.found) > before:
            placed = None
    return ArticleContent(
        ref=ref,
        front=front,
        text=text,
        blocks=tuple(kind for kind, _ in blocks),
        lines=lines,
        sentences=sentences(text),
        words=found,
        annotations=placed,
        layer=layer,
    )


def _lines(text: str) -> tuple[Span, ...]:
    places, start = [], 0
    for line in text.split("\n"):
        places.append((start, start + len(line)))
        start += len(line) + 1
    return tuple(places)


@dataclass(frozen=True)
class _Layer:
    """The annotations of one text, while they are read."""

    document: Document
    text: str
    lines: tuple[Span, ...]
    words: tuple[Span, ...]
    skills: frozenset[str]
    faults: Faults

    def read(self) -> list[Placed]:
        """All annotations and the spans of their margins, in text order, a margin after its own."""
        validated(AnnotationFile, self.document, self.faults)
        groups = [self._annotation(path) for path in self.document.entries("annotations")]
        groups.sort(key=lambda group: (group[0].start, group[0].end) if group else (0, 0))
        placed = [annotation for group in groups for annotation in group]
        self._refuse_twice(placed)
        self._refuse_taken_foils(placed)
        return placed

    def _annotation(self, path: Path) -> list[Placed]:
        entry = validated(Entry, self.document, self.faults, path)
        if entry is None:
            return []
        for name, message in _faults_of_entry(entry, self.skills):
            self._refuse((*path, name), message)
        place = self._place(entry, path)
        if place is None:
            return []
        shared = entry.model_dump(exclude={"paragraph", "quote", "occurrence", "margin"})
        found = Placed(**shared, start=place[0], end=place[1], path=path)
        if not entry.margin:
            return [found]
        margin = self._margin(entry, place, path)
        wider = Placed(
            f"{entry.ref}{MARGIN}",
            entry.skill,
            "acceptable",
            *(margin or place),
            path=path,
            party=entry.party,
        )
        return [found, wider]

    def _place(self, entry: Entry, path: Path) -> Span | None:
        if entry.paragraph > len(self.lines):
            self._refuse((*path, "paragraph"), f"the article has {len(self.lines)} paragraphs.")
            return None
        line = self.lines[entry.paragraph - 1]
        try:
            quoted = find_quote(self.text, entry.quote, within=line, occurrence=entry.occurrence)
        except QuoteNotFound as error:
            self._refuse((*path, "quote"), f"paragraph {entry.paragraph}: {error}")
            return None
        return snap(quoted, self.words)

    def _margin(self, entry: Entry, place: Span, path: Path) -> Span | None:
        """The place of the margin around `place`, in the same paragraph."""
        span = widened(self.text, self.words, place, entry.margin, within=self.lines[entry.paragraph - 1])
        if span is None:
            self._refuse((*path, "margin"), misplaced_margin(entry.margin))
        return span

    def _refuse(self, path: Path, message: str) -> None:
        self.document.fault(self.faults, path, message)

    def _refuse_twice(self, placed: list[Placed]) -> None:
        first: dict[str, Placed] = {}
        for annotation in sorted(placed, key=lambda placed: placed.path):
            if (other := first.setdefault(annotation.ref, annotation)) is not annotation:
                line = self.document.lines[other.path]
                self._refuse(
                    (*annotation.path, "ref"), f"“{annotation.ref}” is in use on line {line}. Rename one."
                )

    def _refuse_taken_foils(self, placed: list[Placed]) -> None:
        for foil in placed:
            for other in placed:
                if foil.kind == "foil" and other.kind != "foil" and _clash(foil, other):
                    self._refuse(
                        (*foil.path, "quote"),
                        f"a foil may share no word with “{other.ref}”, which is {other.kind}.",
                    )


def _clash(one: Placed, other: Placed) -> bool:
    return one.skill == other.skill and one.start < other.end and other.start < one.end


def _faults_of_entry(entry: Entry, skills: frozenset[str]) -> Iterator[tuple[str, str]]:
    if entry.skill not in skills:
        yield "skill", unknown("skill", entry.skill, skills)
    if entry.kind != "acceptable" and not entry.rationale.strip():
        yield "rationale", "say why."
    if entry.kind == "acceptable" and not entry.minority.strip():
        yield "minority", "readers differ here: say what some of them say."
    if entry.kind == "required" and entry.skill == WORDING and entry.readings < 2:
        yield "readings", "wording that must be found needs two readings; else make it acceptable."
    if entry.kind == "foil" and entry.party:
        yield "party", "a foil is no fault, so it hits nobody. Take it out."
    if entry.margin and (entry.kind != "required" or entry.skill != WORDING):
        yield "margin", f"a margin belongs to wording that must be found ({WORDING}, required)."
    if entry.margin and len(entry.ref) + len(MARGIN) > 64:
        yield "ref", f"with a margin, a ref has at most {64 - len(MARGIN)} characters."


def widened(text: str, words: tuple[Span, ...], place: Span, margin: str, *, within: Span) -> Span | None:
    """The place of the occurrence of `margin` inside `within` that holds `place` and more words, or None."""
    for start in occurrences(text[within[0] : within[1]], margin):
        first = within[0] + start
        span = snap((first, first + len(margin)), words)
        whole = span is not None and first <= span[0] and span[1] <= first + len(margin)
        if span and whole and span[0] <= place[0] and place[1] <= span[1] and span != place:
            return span
    return None


def misplaced_margin(margin: str) -> str:
    return f"“{margin}” does not stand around the quote. Write a longer piece of its paragraph."
