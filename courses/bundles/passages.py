"""From what an author writes to what a question stores: passages cut out, quotes turned into positions.

This knows no question type. Wherever a prompt has a mapping `passage` with an `article`, and wherever
a key, or a prompt with a passage, has a mapping with a `quote`, it is resolved; each value remembers
where it was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import Field, model_validator

from articles.text.passages import NoSuchPlace, Stretch, cut, cut_at, stretch_of
from articles.text.positions import QuoteNotFound, Span, find_quote, snap
from courses.bundles.articles import ArticleContent
from courses.bundles.faults import Faults, Path
from courses.bundles.layers import MARGIN, Placed, misplaced_margin, widened
from courses.bundles.schema import Small, read_python, unknown
from courses.bundles.source import Document
from quizzes.types.base import Position, Prose, Ref, Schema

ANNOTATIONS = "annotations"
COPIED = ("ref", "skill", "kind", "rationale", "instead", "minority", "readings")


class PassagePart(Schema):
    """Whole paragraphs of an article, `from` to `to`; of their sentences only those numbered so.

    A stretch that is neither is given by `characters`, [start, end), counted in those paragraphs.
    """

    article: Ref
    first: Small = Field(alias="from")
    last: Small = Field(alias="to")
    sentences: Annotated[tuple[Small, ...], Field(min_length=2, max_length=2)] | None = None
    characters: tuple[Position, Position] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "PassagePart":
        if self.last < self.first:
            raise ValueError(f"“to” ({self.last}) must not come before “from” ({self.first})")
        if self.sentences and self.sentences[1] < self.sentences[0]:
            raise ValueError(f"sentences: {self.sentences[1]} must not come before {self.sentences[0]}")
        return self


class PlacePart(Schema):
    """The part of a mapping that names a place: which occurrence of a quote."""

    quote: Prose
    occurrence: Small = 1


class QuotePart(PlacePart):
    """The same in a key, with what margin around it."""

    margin: Prose | None = None


class CopyPart(Schema):
    """A key that copies the article's annotations."""

    annotations: bool
    praise: str = ""


@dataclass(frozen=True)
class Extract:
    """A passage: which article, and [start, end) in its code points; its spans count from its start."""

    article: ArticleContent
    paragraphs: range
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    words: tuple[Span, ...]

    def data(self) -> dict[str, Any]:
        return {"text": self.text, "sentences": self.sentences, "words": self.words}


def cut_passage(article: ArticleContent, part: PassagePart) -> Extract | str:
    """Cut a passage; a sentence that says why not, if the article is shorter than that."""
    whole = article.text, article.sentences, article.words
    taken = (part.sentences[0], part.sentences[1]) if part.sentences else None
    try:
        passage = cut(*whole, Stretch(part.first, part.last, taken))
    except NoSuchPlace as error:
        return f"“{article.ref}” {error}" if error.part == "last" else str(error)
    if part.characters:
        start, end = passage.start + part.characters[0], passage.start + part.characters[1]
        if not start < end <= passage.end:
            return f"characters {part.characters[0]} to {part.characters[1]} are no stretch “from” and “to” hold."
        passage = cut_at(*whole, (start, end))
    touched = stretch_of(article.text, article.sentences, (passage.start, passage.end))
    return Extract(article, range(touched.first, touched.last + 1), *passage)


@dataclass
class Resolver:
    """Resolves one question. `at` is where the question is written; `articles` are those without faults.

    `broken` names the articles that have faults of their own: what needs them is left out in silence.
    """

    document: Document
    at: Path
    articles: Mapping[str, ArticleContent]
    broken: frozenset[str]
    faults: Faults
    extract: Extract | None = None
    #: What was written elsewhere than its path in the data says, by that path.
    origins: dict[Path, tuple[Document, Path]] = field(default_factory=dict)
    copied: bool = False
    #: Places of the prompt whose quote could not be found; why not has been said.
    unplaced: set[Path] = field(default_factory=set)
    #: The prompt has a passage, or would have one if its article had no faults.
    asks_passage: bool = False
    #: False once something is wrong: then there is nothing whole to judge.
    sound: bool = True
    key_sound: bool = True
    prompt_sound: bool = True

    def prompt(self, raw: Mapping[str, Any], *, one_skill: bool) -> dict[str, Any]:
        """The prompt as it will be stored; with `one_skill`, `skill: x` means `skills: [x]`."""
        resolved: dict[str, Any] = self._walk_prompt(raw, ("prompt",))
        if self.asks_passage:
            resolved = self._walk_places(resolved, ("prompt",))
        if one_skill and "skill" in resolved and "skills" not in resolved:
            resolved["skills"] = (resolved.pop("skill"),)
            self.origins["prompt", "skills"] = self.document, (*self.at, "prompt", "skill")
        return resolved

    def key(self, raw: Any, skills: tuple[str, ...]) -> Any:
        """The key as it will be stored; `skills` are those that the prompt asks for.

        `key_sound` says afterwards whether all of it could be resolved.
        """
        prompt_sound, self.sound = self.sound, True
        self.prompt_sound = prompt_sound
        resolved = self._key(raw, skills)
        self.key_sound = self.sound
        self.sound = self.sound and prompt_sound
        return resolved

    def _key(self, raw: Any, skills: tuple[str, ...]) -> Any:
        if raw == ANNOTATIONS:
            return self._copy(skills, "")
        if isinstance(raw, Mapping) and ANNOTATIONS in raw:
            part = read_python(CopyPart, raw, lambda loc, message: self.refuse(("key", *loc), message))
            if part and not part.annotations:
                self.refuse(("key", ANNOTATIONS), "say true, or leave it out and write the key.")
            return self._copy(skills, part.praise) if part else {}
        return self._walk_key(raw, ("key",), skills)

    def place(self, part: PassagePart) -> None:
        """Take this for the passage of a question whose prompt shows none."""
        if self.extract:
            self.refuse(("about",), "the prompt has a passage already. Take this out.")
        elif part.article in self.broken:
            self.sound = False
        elif part.article not in self.articles:
            self.refuse(("about", "article"), unknown("article", part.article, self.articles))
        else:
            extract = cut_passage(self.articles[part.article], part)
            if isinstance(extract, Extract):
                self.extract = extract
            else:
                self.refuse(("about",), extract)

    def refuse(self, path: Path, message: str) -> None:
        """Add a fault at a path of the resolved data, where the author wrote it."""
        self.sound = False
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                document, start = self.origins[path[:length]]
                document.fault(self.faults, (*start, *path[length:]), message)
                return
        self.document.fault(self.faults, (*self.at, *path), message)

    def _walk_prompt(self, value: Any, path: Path) -> Any:
        if isinstance(value, Mapping):
            return {
                name: self._passage(part, (*path, name))
                if name == "passage" and isinstance(part, Mapping) and "text" not in part
                else self._walk_prompt(part, (*path, name))
                for name, part in value.items()
            }
        if isinstance(value, tuple):
            return tuple(self._walk_prompt(part, (*path, index)) for index, part in enumerate(value))
        return self._storable(value, path)

    def _walk_places(self, value: Any, path: Path) -> Any:
        """The prompt with each quote turned into start and end; the passage itself is left as it is."""
        if isinstance(value, Mapping):
            if "quote" in value:
                return self._offered(value, path)
            return {
                name: part if name == "passage" else self._walk_places(part, (*path, name))
                for name, part in value.items()
            }
        if isinstance(value, tuple):
            return tuple(self._walk_places(part, (*path, index)) for index, part in enumerate(value))
        return value

    def _offered(self, item: Mapping[str, Any], path: Path) -> dict[str, Any]:
        own = {name: value for name, value in item.items() if name not in PlacePart.model_fields}
        place = {name: value for name, value in item.items() if name in PlacePart.model_fields}
        part = read_python(
            PlacePart, place, lambda loc, message: self._refuse_written((*path, *loc), message)
        )
        found = self._place(part, path) if part and self.extract else None
        if found is None:
            self.unplaced.add(path)
            return own
        return {**own, "start": found[0], "end": found[1]}

    def _storable(self, value: Any, path: Path) -> Any:
        if isinstance(value, date):  # a datetime too
            self.refuse(path, f"“{value}” is a day here. Put the text in quotes.")
        return value

    def _passage(self, raw: Mapping[str, Any], path: Path) -> Any:
        self.asks_passage = True
        part = read_python(PassagePart, raw, lambda loc, message: self.refuse((*path, *loc), message))
        if part is None:
            return raw
        if self.extract:
            self.refuse(path, "there is a passage already. Ask two questions.")
        elif part.article in self.broken:
            self.sound = False
        elif part.article not in self.articles:
            self.refuse((*path, "article"), unknown("article", part.article, self.articles))
        else:
            extract = cut_passage(self.articles[part.article], part)
            if isinstance(extract, Extract):
                self.extract = extract
                return extract.data()
            self.refuse((*path, "sentences") if "sentence" in extract else (*path, "to"), extract)
        return raw

    def _copy(self, skills: tuple[str, ...], praise: str) -> dict[str, Any]:
        """The article's annotations of these skills that lie in the passage, counted from its start."""
        if self.extract is None:
            self._miss_passage(("key",), "there is no passage to copy the annotations of.")
            return {}
        annotations, layer = self.extract.article.annotations, self.extract.article.layer
        if annotations is None:
            self.sound = False
        self.copied = True
        spans: list[dict[str, Any]] = []
        for annotation in annotations or ():
            if annotation.skill in skills and self._holds(annotation):
                if layer:
                    self.origins["key", "spans", len(spans)] = layer, annotation.path
                spans.append(self._span(annotation))
        return {"spans": tuple(spans), "praise": praise} if praise else {"spans": tuple(spans)}

    def _holds(self, annotation: Placed) -> bool:
        extract = self.extract
        return extract is not None and extract.start <= annotation.start and annotation.end <= extract.end

    def _span(self, annotation: Placed) -> dict[str, Any]:
        shift = self.extract.start if self.extract else 0
        values = {name: getattr(annotation, name) for name in COPIED}
        return {**values, "start": annotation.start - shift, "end": annotation.end - shift}

    def _walk_key(self, value: Any, path: Path, skills: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            if "quote" in value:
                return self._quoted(value, path, skills)[0]
            return {name: self._walk_key(part, (*path, name), skills) for name, part in value.items()}
        if isinstance(value, tuple):
            return self._walk_list(value, path, skills)
        return self._storable(value, path)

    def _walk_list(self, items: tuple[Any, ...], path: Path, skills: tuple[str, ...]) -> tuple[Any, ...]:
        """A list of a key; the span of a margin is put in right after its own."""
        walked: list[Any] = []
        for index, item in enumerate(items):
            quoted = isinstance(item, Mapping) and "quote" in item
            written = (*path, index)
            results = (
                self._quoted(item, written, skills) if quoted else [self._walk_key(item, written, skills)]
            )
            for result in results:
                self.origins[(*path, len(walked))] = self.document, (*self.at, *written)
                walked.append(result)
        return tuple(walked)

    def _quoted(self, item: Mapping[str, Any], path: Path, skills: tuple[str, ...]) -> list[dict[str, Any]]:
        """A mapping with its quote turned into start and end, and one more for its margin."""
        own = {name: value for name, value in item.items() if name not in QuotePart.model_fields}
        place = {name: value for name, value in item.items() if name in QuotePart.model_fields}
        if len(skills) == 1:
            own.setdefault("skill", skills[0])
        part = read_python(
            QuotePart, place, lambda loc, message: self._refuse_written((*path, *loc), message)
        )
        spans = self._places(part, path) if part else None
        if spans is None:
            return [own]
        found = {**own, "start": spans[0][0], "end": spans[0][1]}
        if len(spans) == 1:
            return [found]
        names = {"ref": f"{own.get('ref', '')}{MARGIN}", "kind": "acceptable"}
        skill = {"skill": own["skill"]} if "skill" in own else {}
        return [found, {**names, **skill, "start": spans[1][0], "end": spans[1][1]}]

    def _places(self, part: QuotePart, path: Path) -> list[Span] | None:
        """The place of the quote, and of its margin if it has one; None after adding why there is none."""
        if self.extract is None:
            self._miss_passage((*path, "quote"), "there is no passage to find the quote in.")
            return None
        place = self._place(part, path)
        if place is None:
            return None
        if part.margin is None:
            return [place]
        text, words = self.extract.text, self.extract.words
        margin = widened(text, words, place, part.margin, within=(0, len(text)))
        if margin is None:
            self._refuse_written((*path, "margin"), misplaced_margin(part.margin))
            return None
        return [place, margin]

    def _place(self, part: PlacePart, path: Path) -> Span | None:
        """The place of the quote in the passage, trimmed to words; None after adding why there is none."""
        text, words = (self.extract.text, self.extract.words) if self.extract else ("", ())
        whole = (0, len(text))
        try:
            return snap(find_quote(text, part.quote, within=whole, occurrence=part.occurrence), words)
        except QuoteNotFound as error:
            self._refuse_written((*path, "quote"), f"in the passage, {error}")
            return None

    def _miss_passage(self, path: Path, message: str) -> None:
        self.sound = False
        if self.prompt_sound:
            self._refuse_written(path, message)

    def _refuse_written(self, path: Path, message: str) -> None:
        """Add a fault at a path of the data as written, before margins moved anything."""
        self.sound = False
        self.document.fault(self.faults, (*self.at, *path), message)
