"""Paragraphs and subheads out of HTML and Markdown, and a note of everything that was left behind.

HTML is read by the parser that browsers' rules describe (html5ever, through nh3), which mends what is
unclosed and misplaced; what comes out is well formed, and is walked by the standard library.
"""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NamedTuple

import nh3
from markdown_it import MarkdownIt

Note = Callable[[str, str], None]

_HEADS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADS | {
    *("p", "div", "section", "article", "main", "header", "footer", "aside", "blockquote", "address"),
    *("details", "summary", "dialog", "fieldset", "legend", "hgroup", "menu", "dir", "search", "center"),
    *("ul", "ol", "li", "dl", "dt", "dd", "pre", "figure", "figcaption", "hr", "br", "td", "th", "tr"),
}
_INLINE = {
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
    ),
    *("small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "font", "label", "tt"),
}
#: What is left out with all that it holds, and the code under which that is told.
_LEFT_OUT = {
    "script": "scripts",
    "noscript": "scripts",
    "style": "styles",
    "title": "furniture",
    "nav": "furniture",
    "form": "furniture",
    "button": "furniture",
    "select": "furniture",
    "textarea": "furniture",
    "option": "furniture",
    "optgroup": "furniture",
    "datalist": "furniture",
    "canvas": "embedded",
    "noframes": "embedded",
    "noembed": "embedded",
    "applet": "embedded",
    "iframe": "embedded",
    "object": "embedded",
    "video": "embedded",
    "audio": "embedded",
    "svg": "images",
    "math": "embedded",
    "template": "embedded",
    "table": "tables",
}
#: Empty ones that are told.
_TOLD = {"img": "images", "input": "furniture", "embed": "embedded"}
#: Of the page itself: they hold no words, and nobody misses them.
_PAGE = {"html", "head", "body", "meta", "link", "base"}
_NAME = re.compile(r"<([A-Za-z][A-Za-z0-9._:-]{0,60})")
#: Where an element that nobody knows begins or ends: a blank, if two words would stand as one there.
_SEAM = "\x1f"
_GLUED = re.compile(r"(?<=[\w.,;:!?…”’»)\]])\x1f+(?=[\w“«(])")
_ATTRIBUTES = {"a": {"href"}, "img": {"alt", "src"}}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


class Line(NamedTuple):
    """A paragraph ("p") or a subhead ("h2")."""

    kind: str
    text: str


def read_html(source: str, note: Note) -> list[Line]:
    """The paragraphs and subheads of a page or a piece of one, blank ones too."""
    for entity in _ENTITY.findall(source):
        note("entities", f"{entity} → {html.unescape(entity)}")
    known = _BLOCKS | _INLINE | set(_LEFT_OUT) | set(_TOLD) | {"tbody", "thead"}
    unknown = {name.lower() for name in _NAME.findall(source)} - known - _PAGE
    well_formed = nh3.clean(
        source,
        tags=known | unknown,
        clean_content_tags=set(),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
        strip_comments=False,
    )
    walk = _Walk(note)
    walk.feed(well_formed)
    walk.close()
    return walk.lines


class _Walk(HTMLParser):
    """Gathers lines from well-formed HTML."""

    def __init__(self, note: Note) -> None:
        super().__init__(convert_charrefs=True)
        self.note = note
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._kind = "p"
        self._left_out: list[str] = []  # the open elements, from the outermost that is left out
        self._gone: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out:
            if tag == self._left_out[0]:
                self._left_out.append(tag)
        elif tag in _LEFT_OUT:
            self._left_out, self._gone = [tag], []
        elif tag in _TOLD:
            given = dict(attrs)
            self.note(_TOLD[tag], given.get("alt") or given.get("src") or "")
        elif tag in _BLOCKS:
            self._end_line()
            self._kind = "h2" if tag in _HEADS else "p"
        else:
            self._part(tag)
            self.note("links" if tag == "a" else "tags", dict(attrs).get("href") or f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            if tag == self._left_out[0]:
                self._left_out.pop()
            if not self._left_out:
                self.note(_LEFT_OUT[tag], "".join(self._gone))
                if tag == "table":
                    self._end_line()
        elif tag in _BLOCKS:
            self._end_line()
            self._kind = "p"
        else:
            self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in _INLINE:
            self._text.append(_SEAM)

    def handle_data(self, data: str) -> None:
        (self._gone if self._left_out else self._text).append(data)

    def handle_comment(self, data: str) -> None:
        self.note("comments", data)

    def close(self) -> None:
        super().close()
        self._end_line()

    def _end_line(self) -> None:
        text = _GLUED.sub(" ", "".join(self._text)).replace(_SEAM, "")
        text = re.sub(r"[ \t\n\r\f]+", " ", text).strip()
        if text:
            self.lines.append(Line(self._kind, text))
        self._text = []


_MARKDOWN = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})


def read_markdown(source: str, note: Note) -> list[Line]:
    """The same of CommonMark; HTML in it is read as HTML."""
    rendered = _MARKDOWN.enable("table").render(source)
    return read_html(rendered, note)
