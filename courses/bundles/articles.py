"""Articles of a bundle: a text with its front matter, and the annotations on it."""

import json
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
from courses.bundles.source import Document, parse_yaml, read_text, read_yaml, unstorable
from quizzes.types.base import Position, Prose, Ref, Schema

MARGIN = "-margin"  # ends the ref of the acceptable span that a margin makes
WORDING = "loaded-language"
SMALL = 32_767  # the most that a small integer column holds
Small = Annotated[int, Field(ge=1, le=SMALL)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Kind = Literal["required", "acceptable", "foil"]
_REF = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MARKDOWN = re.compile(r"\*\*|__|`|\]\(|(?<!\w)[*_]\w[^*_]*[*_](?!\w)|<[/!a-zA-Z]")


class SentencesPart(Schema):
    """The sentences of a paragraph, where they are not those that the rules find."""

    paragraph: Small
    are: tuple[str, ...]


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
    sentences: tuple[SentencesPart, ...] = ()


class Entry(Schema):
    """One annotation as written. `margin` is a longer piece whose other words cost nothing.

    What no quote of one paragraph names is given by `characters`: [start, end) in the whole text.
    """

    ref: Ref
    skill: str
    kind: Kind
    paragraph: Small | None = None
    quote: Prose | None = None
    occurrence: Small = 1
    characters: tuple[Position, Position] | None = None
    margin: str = ""
    rationale: str = ""
    instead: str = ""
    minority: str = ""
    readings: Small = 1
    party: Annotated[str, Field(max_length=64)] = ""
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
    found = cut_sentences(blocks, front, document, faults) if document else None
    return _with_annotations(root, ref, front, blocks, found, skills, faults) if found is not None else None


def cut_sentences(
    blocks: list[tuple[str, str]], front: FrontMatter, document: Document, faults: Faults
) -> tuple[Span, ...] | None:
    """The sentences by the rules, but for the paragraphs whose sentences are written out; None if they do not
    stand there."""
    text = "\n".join(block for _, block in blocks)
    lines, found = line_places(text), sentences(text)
    for index, part in enumerate(front.sentences):
        path = ("sentences", index)
        if part.paragraph > len(lines):
            document.fault(faults, (*path, "paragraph"), f"the article has {len(lines)} paragraphs.")
            return None
        line = lines[part.paragraph - 1]
        own, at = [], line[0]
        for sentence in part.are:
            start = text.find(sentence, at, line[1])
            if start < 0 or not sentence:
                document.fault(faults, (*path, "are"), f"“{sentence}” does not come next in the paragraph.")
                return None
            own.append((start, at := start + len(sentence)))
        found = tuple(sorted([*(span for span in found if not line[0] <= span[0] < line[1]), *own]))
    return found


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
        elif (found := _MARKDOWN.search(line)) and not _is_spelt_out(lines):
            faults.add(
                name, f"“{found[0]}” is markup, and articles have none. Take it out.", line=number + offset
            )
    kind = "h2" if lines[0].startswith("## ") else "p"
    text = " ".join(lines).removeprefix("## ").strip()
    if _is_spelt_out(lines):
        return kind, _spelt_out(text, number, name, faults)
    if not words(text):
        faults.add(name, "the paragraph holds no word.", line=number)
    return kind, text


def is_markup(line: str) -> bool:
    """Whether the line would be refused for markup that articles do not have."""
    return bool(_MARKDOWN.search(line))


def _is_spelt_out(lines: list[str]) -> bool:
    return len(lines) == 1 and lines[0].removeprefix("## ").startswith('\\"')


def _spelt_out(text: str, number: int, name: str, faults: Faults) -> str:
    """A paragraph to be taken letter by letter: a JSON string after a backslash."""
    try:
        letters = json.loads(text[1:])
    except ValueError:
        letters = None
    if not isinstance(letters, str) or "\n" in letters or unstorable(letters):
        faults.add(name, 'after “\\” a paragraph is one JSON string in double quotes: \\"*so*".', line=number)
        return ""
    return letters


def _with_annotations(
    root: FilePath,
    ref: str,
    front: FrontMatter,
    blocks: list[tuple[str, str]],
    found_sentences: tuple[Span, ...],
    skills: frozenset[str],
    faults: Faults,
) -> ArticleContent:
    text = "\n".join(block for _, block in blocks)
    lines = line_places(text)
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
        sentences=found_sentences,
        words=found,
        annotations=placed,
        layer=layer,
    )


def line_places(text: str) -> tuple[Span, ...]:
    """Where each paragraph of a text stands."""
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
        for name, message in _advice_on_entry(entry):
            self.document.advise(self.faults, (*path, name), message)
        place = self._place(entry, path)
        if place is None:
            return []
        shared = entry.model_dump(exclude={"paragraph", "quote", "occurrence", "characters", "margin"})
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
        if entry.characters:
            return self._stretch(entry.characters, path)
        for name in ("paragraph", "quote"):
            if getattr(entry, name) is None:
                self._refuse((*path, name), "this field is missing.")
        if entry.paragraph is None or entry.quote is None:
            return None
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

    def _stretch(self, characters: Span, path: Path) -> Span | None:
        if characters[0] < characters[1] <= len(self.text):
            return characters
        message = f"the article has {len(self.text)} characters. Write where it begins and where it ends."
        self._refuse((*path, "characters"), message)
        return None

    def _margin(self, entry: Entry, place: Span, path: Path) -> Span | None:
        """The place of the margin around `place`, in the same paragraph."""
        line = self.lines[entry.paragraph - 1] if entry.paragraph else (0, len(self.text))
        span = widened(self.text, self.words, place, entry.margin, within=line)
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
                    self.document.advise(
                        self.faults,
                        (*foil.path, "quote"),
                        f"a foil may share no word with “{other.ref}”, which is {other.kind}.",
                    )


def _clash(one: Placed, other: Placed) -> bool:
    return one.skill == other.skill and one.start < other.end and other.start < one.end


def _faults_of_entry(entry: Entry, skills: frozenset[str]) -> Iterator[tuple[str, str]]:
    if entry.skill not in skills:
        yield "skill", unknown("skill", entry.skill, skills)
    if entry.margin and (entry.kind != "required" or entry.skill != WORDING):
        yield "margin", f"a margin belongs to wording that must be found ({WORDING}, required)."
    if entry.margin and len(entry.ref) + len(MARGIN) > 64:
        yield "ref", f"with a margin, a ref has at most {64 - len(MARGIN)} characters."


def _advice_on_entry(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.kind != "acceptable" and not entry.rationale.strip():
        yield "rationale", "say why."
    if entry.kind == "acceptable" and not entry.minority.strip():
        yield "minority", "readers differ here: say what some of them say."
    if entry.kind == "required" and entry.skill == WORDING and entry.readings < 2:
        yield "readings", "wording that must be found needs two readings; else make it acceptable."
    if entry.kind == "foil" and entry.party:
        yield "party", "a foil is no fault, so it hits nobody. Take it out."
    if entry.party and not _REF.fullmatch(entry.party):
        yield "party", f"“{entry.party}” is no ref: lower case letters, digits and hyphens, at most 64."


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
