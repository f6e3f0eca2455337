"""Articles of a bundle: a text with its front matter; `courses.bundles.layers` reads the annotations on it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import Field

from articles.text.positions import Span
from articles.text.sentences import sentences
from articles.text.words import words
from courses.bundles.faults import Faults
from courses.bundles.layers import Layer, Placed
from courses.bundles.schema import Small, validated
from courses.bundles.source import Document, parse_yaml, read_text, read_yaml, unstorable
from quizzes.types.base import Prose, Schema

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
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
        placed = tuple(Layer(layer, text, lines, found, skills, faults).read())
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
