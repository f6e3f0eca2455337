"""The annotations of a bundle's article, as they are written: each read, and put at its place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from articles.text.positions import QuoteNotFound, Span, find_quote, occurrences, snap
from courses.bundles.faults import Faults, Path
from courses.bundles.schema import Small, unknown, validated
from courses.bundles.source import Document
from quizzes.types.base import Position, Prose, Ref, Schema

MARGIN = "-margin"  # ends the ref of the acceptable span that a margin makes
WORDING = "loaded-language"
Kind = Literal["required", "acceptable", "foil"]
_REF = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


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
class Layer:
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
