"""Where a question's passage, and every place in it, are in another text of its article. Writes nothing.

By the rules of re-anchoring; a place that a person chose goes before them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

from articles.text.anchoring import Anchoring, Lost, Quoted
from articles.text.positions import Span, snap, touched
from quizzes.models import QuestionOrphan, QuestionRevision
from quizzes.types import registry

Reason = QuestionOrphan.Reason


class Text(Protocol):
    """A text with its words and sentences, as spans in text order: a revision of an article, say."""

    @property
    def text(self) -> str: ...

    @property
    def words(self) -> Any: ...

    @property
    def sentences(self) -> Any: ...


class Own(NamedTuple):
    """A question's passage by itself, as it carries it."""

    text: str
    words: Sequence[Sequence[int]]
    sentences: Sequence[Sequence[int]]


class Place(NamedTuple):
    """A stretch of the newer text, and whether it has other words than the older one had."""

    start: int
    end: int
    changed: bool


class Stays(Exception):
    """The question cannot be moved: why, which words, and where they are in the older text, if it is some."""

    def __init__(self, reason: Reason, detail: str = "", lost: Span | None = None) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.lost = reason, detail, lost


class Moved(NamedTuple):
    """A question on the newer text; `changed`: somebody must read it again."""

    prompt: BaseModel
    key: BaseModel
    place: Span
    changed: bool


class Pair:
    """An older and a newer text, with what all questions on them share worked out once."""

    def __init__(self, older: Text, newer: Text) -> None:
        self.older, self.newer = older, newer
        self.old_words, self.old_sentences = _spans(older.words), _spans(older.sentences)
        self.words, self.sentences = _spans(newer.words), _spans(newer.sentences)

    @cached_property
    def anchoring(self) -> Anchoring:
        return Anchoring(self.older.text, self.newer.text, self.words)

    def place(self, span: Span) -> Place | None:
        """Where words of one line are now; None if nowhere."""
        found = self.anchoring.place(Quoted(*span))
        return None if isinstance(found, Lost) else Place(found.start, found.end, found.changed)


@dataclass(frozen=True)
class Standing:
    """A question's passage as [start, end) of the older text. `chosen`: places that a person found, by the old."""

    pair: Pair
    start: int
    end: int
    chosen: Mapping[Span, Span] = field(default_factory=dict)

    def place(self, start: int, end: int) -> Place | None:
        span = self.words_of(start, end)
        if span in self.chosen:
            return Place(*self.chosen[span], changed=False)
        return self.pair.place(span) if snap(span, self.pair.old_words) else None

    def words_of(self, start: int, end: int) -> Span:
        """The whole words that a stretch of the older text touches."""
        return snap((start, end), self.pair.old_words) or (start, end)

    def passage(self) -> Span:
        """The whole sentences of the newer text that the passage is now; raises Stays.

        Its first and its last sentence must be found, and all that are found between them, in order.
        """
        pair = self.pair
        held = [one for one in pair.old_sentences if self.start <= one[0] and one[1] <= self.end]
        old = [self.words_of(*one) for one in held if snap(one, pair.old_words)]
        if not old:
            raise Stays(Reason.PASSAGE)
        places = [self.place(*one) for one in old]
        first, last = places[0], places[-1]
        if first is None or last is None:
            raise Stays(Reason.PASSAGE, lost=old[-1] if first else old[0])
        by_hand = {old[0], old[-1]} <= self.chosen.keys()
        between = [first, last] if by_hand and len(old) > 1 else [place for place in places if place]
        if not _in_order(between):
            ends = [one for one in (old[0], old[-1]) if one not in self.chosen]
            raise Stays(Reason.PASSAGE, lost=ends[0] if ends else None)
        taken = touched((first.start, last.end), pair.sentences)
        return pair.sentences[taken[0]][0], pair.sentences[taken[-1]][1]

    def lost(self, start: int, end: int) -> Stays:
        """What to say of words that the question judges and that have no place."""
        return Stays(Reason.SPAN, self.pair.older.text[start:end], self.words_of(start, end))


def standing(quoting: QuestionRevision, pair: Pair, chosen: Mapping[Span, Span] | None = None) -> "Standing":
    """Where a question stands in the older text; by itself, where that has other words than it carries."""
    passage = _carried(quoting)
    if passage is None or pair.older.text[quoting.start : quoting.end] == passage.text:
        return Standing(pair, quoting.start or 0, quoting.end or 0, chosen or {})
    return Standing(Pair(passage, pair.newer), 0, len(passage.text), chosen or {})


def move(quoting: QuestionRevision, key: Any, where: Standing) -> Moved:
    """The question's prompt and key (its JSON) on the newer text; raises Stays."""
    if key is None or quoting.start is None or not isinstance(quoting.prompt, dict):
        raise Stays(Reason.UNREADABLE)
    place = where.passage()
    spans = _Spans(where, place)
    asked = {**quoting.prompt, **_passage(quoting.prompt, where.pair, place)}
    version = quoting.schema_version
    try:
        prompt = registry.load(quoting.type, "prompt", spans.walk(asked), version)
        answers = registry.load(quoting.type, "key", spans.walk(key), version)
    except (registry.UnknownType, ValueError) as error:
        raise Stays(Reason.UNREADABLE) from error
    old = where.pair.older.text[where.start : where.end]
    return Moved(prompt, answers, place, spans.changed or old != where.pair.newer.text[slice(*place)])


def _carried(quoting: QuestionRevision) -> Own | None:
    passage = quoting.prompt.get("passage") if isinstance(quoting.prompt, dict) else None
    if not isinstance(passage, dict) or not isinstance(passage.get("text"), str):
        return None
    return Own(passage["text"], passage.get("words", ()), passage.get("sentences", ()))


def _passage(prompt: Any, pair: Pair, place: Span) -> dict[str, Any]:
    """The prompt's passage as it is in the newer text; nothing for a prompt that carries none."""
    if not prompt.get("passage"):
        return {}
    first, last = place
    inside = {
        name: [[start - first, end - first] for start, end in spans if first <= start and end <= last]
        for name, spans in (("sentences", pair.sentences), ("words", pair.words))
    }
    return {"passage": {"text": pair.newer.text[first:last], **inside}}


def _spans(stored: Any) -> list[Span]:
    return [(start, end) for start, end in stored]


def _in_order(places: Sequence[Place]) -> bool:
    return all(one.end <= other.start for one, other in pairwise(places))


class _Spans:
    """Moves every span in a prompt or a key: any mapping with whole numbers `start` and `end`."""

    def __init__(self, where: Standing, place: Span) -> None:
        self.where, self.place = where, place
        self.changed = False

    def walk(self, node: Any) -> Any:
        """The same JSON with its spans moved; raises Stays where one has no place in the new passage."""
        if isinstance(node, list):
            return [self.walk(one) for one in node]
        if not isinstance(node, dict):
            return node
        moved = {name: self.walk(value) for name, value in node.items()}
        if type(node.get("start")) is int and type(node.get("end")) is int:
            moved["start"], moved["end"] = self._moved(node["start"], node["end"])
        return moved

    def _moved(self, start: int, end: int) -> Span:
        start, end = start + self.where.start, end + self.where.start
        found = self.where.place(start, end)
        first, last = self.place
        if found is None or not first <= found.start < found.end <= last:
            raise self.where.lost(start, end)
        self.changed = self.changed or found.changed
        return found.start - first, found.end - first
