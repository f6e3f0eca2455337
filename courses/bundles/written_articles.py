"""Articles as a bundle writes them: the text with its front matter, and the annotations on it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from articles.models import Annotation, ArticleRevision
from articles.text.positions import Span
from articles.text.sentences import sentences
from articles.text.words import words
from courses.bundles.articles import ArticleContent, FrontMatter, line_places
from courses.bundles.articles import is_markup as looks_like_markup
from courses.bundles.layers import MARGIN, WORDING, Placed, widened
from courses.bundles.names import Named, refs
from courses.bundles.quotes import quote_of
from courses.bundles.source import odd_character
from courses.bundles.yaml_text import quoted, yaml_text

#: Front matter that is left out where it is what a reader takes for granted.
_GRANTED = {"byline": "", "dateline": "", "content_note": "", "language": "en", "direction": "ltr"}
_HEAD = ("title", "byline", "source", "dateline", "licence", "content_note", "language", "direction")
_TEXTS = ("rationale", "instead", "minority")


def article_text(revision: ArticleRevision) -> str:
    """The file of an article."""
    head = {name: value for name, value in _head(revision).items() if _GRANTED.get(name) != value}
    if own := list(_sentences(revision)):
        head["sentences"] = own
    lines = revision.text.split("\n")
    body = "\n\n".join(_paragraph(kind, line) for kind, line in zip(revision.blocks, lines, strict=True))
    return f"---\n{yaml_text(head)}---\n{body}\n"


def _head(revision: ArticleRevision) -> dict[str, Any]:
    return {name: getattr(revision, name) for name in _HEAD}


def _paragraph(kind: str, line: str) -> str:
    plain = line == line.strip() and words(line) and not looks_like_markup(line) and not odd_character(line)
    plain = plain and not re.match(r"[#\\]|---$", line) and "\t" not in line
    return f"{'## ' if kind == 'h2' else ''}{line if plain else chr(92) + quoted(line)}"


def _sentences(revision: ArticleRevision) -> Iterator[dict[str, Any]]:
    """The paragraphs whose sentences somebody has mended, with the sentences as they are."""
    by_rules, stored = sentences(revision.text), _spans(revision.sentences)
    for number, line in enumerate(line_places(revision.text), start=1):
        own = [span for span in stored if line[0] <= span[0] < line[1]]
        if own != [span for span in by_rules if line[0] <= span[0] < line[1]]:
            yield {"paragraph": number, "are": [revision.text[start:end] for start, end in own]}


def article_content(ref: str, revision: ArticleRevision, layer: Iterable[Annotation]) -> ArticleContent:
    """The article as reading its two files will give it."""
    return ArticleContent(
        ref=ref,
        front=FrontMatter.model_construct(**_head(revision)),
        text=revision.text,
        blocks=tuple(revision.blocks),
        lines=line_places(revision.text),
        sentences=_spans(revision.sentences),
        words=_spans(revision.words),
        annotations=tuple(_placed(revision, list(layer))),
        layer=None,
    )


def _spans(stored: list[list[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in stored)


def annotations_text(content: ArticleContent) -> str:
    """The file of an article's annotations."""
    placed = content.annotations or ()
    margins = _margins(content.text, content.words, content.lines, placed)
    hidden = {wider.ref for wider in margins.values()}
    entries = [_entry(content, one, margins.get(one.ref)) for one in placed if one.ref not in hidden]
    return yaml_text({"annotations": entries})


def _entry(content: ArticleContent, placed: Placed, margin: Placed | None) -> dict[str, Any]:
    entry = {"ref": placed.ref, "skill": placed.skill, "kind": placed.kind, **_place(content, placed)}
    if margin:
        entry["margin"] = content.text[margin.start : margin.end]
    entry |= {name: getattr(placed, name) for name in _TEXTS if getattr(placed, name)}
    if placed.readings != 1:
        entry["readings"] = placed.readings
    if placed.party:
        entry["party"] = placed.party
    if placed.fact_checked_on:
        entry["fact_checked_on"] = placed.fact_checked_on
    return entry


def _place(content: ArticleContent, placed: Placed) -> dict[str, Any]:
    place = placed.start, placed.end
    for number, line in enumerate(content.lines, start=1):
        if line[0] <= place[0] < line[1]:
            quote = quote_of(content.text, content.words, place, within=line)
            if quote:
                return {"paragraph": number, **quote}
    return {"characters": list(place)}


def _placed(revision: ArticleRevision, rows: list[Annotation]) -> list[Placed]:
    """In the order in which a reader finds them: by place, a margin right after what it surrounds."""
    named = refs((Named(row.pk, "", row.ref, row.ref) for row in rows), bundle="", noun="annotation")
    ordered = [
        Placed(
            ref=named[row.pk],
            skill=row.skill.slug,
            kind=row.kind,  # type: ignore[arg-type]  # the database checks it
            start=row.start,
            end=row.end,
            path=(),
            **{name: getattr(row, name) for name in (*_TEXTS, "readings", "party", "fact_checked_on")},
        )
        for row in sorted(rows, key=lambda row: (row.start, row.end, row.ref))
    ]
    text, found = revision.text, _spans(revision.words)
    margins = _margins(text, found, line_places(text), ordered)
    hidden = {wider.ref for wider in margins.values()}
    result: list[Placed] = []
    for placed in ordered:
        if placed.ref not in hidden:
            result += [placed, *([margins[placed.ref]] if placed.ref in margins else [])]
    return result


def _margins(
    text: str, found: tuple[Span, ...], lines: tuple[Span, ...], placed: Iterable[Placed]
) -> Mapping[str, Placed]:
    """By the ref of the wording that it surrounds: each span that is no more than its margin."""
    by_ref = {one.ref: one for one in placed}
    margins = {}
    for one in by_ref.values():
        wider = by_ref.get(f"{one.ref}{MARGIN}")
        if wider and one.kind == "required" and one.skill == WORDING:
            expected = Placed(wider.ref, one.skill, "acceptable", wider.start, wider.end, (), party=one.party)
            line = next(line for line in lines if line[0] <= one.start < line[1])
            around = text[wider.start : wider.end]
            place = one.start, one.end
            if wider == expected and widened(text, found, place, around, within=line) == (
                wider.start,
                wider.end,
            ):
                margins[one.ref] = wider
    return margins
