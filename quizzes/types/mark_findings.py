"""Feedback on marks, as codes and places in text order. The words for it live in the templates.

- found, partly, missed: a required span. Spans that became one share the verdict.
- fine: marked words that are neither required nor acceptable; `ref` names the foil among them.
- differ: an acceptable span that is no margin of a required one; the response is "marked" or "".
- left_alone: a foil with no word marked.

The places of all findings of a skill are disjoint; those of two skills may overlap. Of two key spans of a
skill on the same words (in one sentence, say) the first has the place, and the other follows with a reason
and no place of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal, NamedTuple, Self

from quizzes.scoring.layout import Layout
from quizzes.scoring.spans import SpanKey, merge, runs
from quizzes.types.base import Finding

Kind = Literal["required", "acceptable", "foil"]
NOWHERE: frozenset[int] = frozenset()


class Place(NamedTuple):
    """A key span, or the part of it that stands on one line: its name and its words."""

    ref: str
    words: frozenset[int]


class _Remark(NamedTuple):
    """A finding before its words are turned into positions; `at` is the word that orders it."""

    at: int
    code: str
    ref: str
    words: frozenset[int]
    response: str = ""


@dataclass(frozen=True, slots=True)
class SkillKey:
    """The key of one skill in words: by name for feedback, and summed up for scoring."""

    required: tuple[Place, ...]
    acceptable: tuple[Place, ...]
    foils: tuple[Place, ...]
    words: SpanKey

    @classmethod
    def of(cls, places: Iterable[tuple[Kind, Place]]) -> Self:
        """Sort places by kind and by text order; raises ValueError as `SpanKey` does."""
        by_kind: dict[Kind, list[Place]] = {"required": [], "acceptable": [], "foil": []}
        for kind, place in places:
            by_kind[kind].append(place)
        required, acceptable, foils = (
            tuple(sorted(group, key=lambda place: min(place.words))) for group in by_kind.values()
        )
        words = SpanKey(
            required=tuple(place.words for place in required),
            acceptable=NOWHERE.union(*(place.words for place in acceptable)),
            foils=tuple(place.words for place in foils),
        )
        return cls(required=required, acceptable=acceptable, foils=foils, words=words)


def findings(
    marked: Mapping[str, frozenset[int]], keys: Mapping[str, SkillKey], layout: Layout
) -> tuple[Finding, ...]:
    """All feedback on the marked words of each skill, in text order, whatever the skill."""
    found = [
        placed
        for skill, key in keys.items()
        for placed in _placed(skill, _in_text_order(_remarks(marked[skill], key, layout)), layout)
    ]
    return tuple(finding for _at, finding in sorted(found, key=itemgetter(0)))


def _remarks(marked: frozenset[int], key: SkillKey, layout: Layout) -> Iterator[_Remark]:
    yield from _on_required(marked, key)
    yield from _on_sound_words(marked, key, layout)
    yield from _on_acceptable(marked, key)
    for ref, words in key.foils:
        if not words & marked:
            yield _Remark(min(words), "left_alone", ref, words)


def _in_text_order(remarks: Iterable[_Remark]) -> list[_Remark]:
    return sorted(remarks, key=lambda remark: remark.at)


def _placed(skill: str, remarks: Iterable[_Remark], layout: Layout) -> Iterator[tuple[int, Finding]]:
    """Turn words into positions, each word once; with the word that orders the finding."""
    shown = NOWHERE
    for remark in remarks:
        spans = tuple(layout.span(run) for run in runs(remark.words - shown, layout))
        shown |= remark.words
        yield (
            remark.at,
            Finding(code=remark.code, ref=remark.ref, skill=skill, spans=spans, response=remark.response),
        )


def _on_required(marked: frozenset[int], key: SkillKey) -> Iterator[_Remark]:
    for span in key.words.required:
        hits = len(span & marked)
        code = "missed" if not hits else "found" if 2 * hits >= len(span) else "partly"
        for ref in dict.fromkeys(place.ref for place in key.required if place.words <= span):
            yield _Remark(min(span), code, ref, span)


def _on_sound_words(marked: frozenset[int], key: SkillKey, layout: Layout) -> Iterator[_Remark]:
    """One remark a joined mark; where it holds words of several foils, one a foil."""
    for mark in merge([marked], layout):
        sound = frozenset(mark) - key.words.words_to_find - key.words.acceptable
        foils = [Place(ref, words & sound) for ref, words in key.foils if words & sound]
        first, *others = foils or [Place("", sound)]
        around = sound.difference(*(foil.words for foil in foils))
        if sound:
            yield _Remark(min(sound), "fine", first.ref, first.words | around)
        for ref, words in others:
            yield _Remark(min(words), "fine", ref, words)


def _on_acceptable(marked: frozenset[int], key: SkillKey) -> Iterator[_Remark]:
    for ref, words in key.acceptable:
        if not words & key.words.words_to_find:
            yield _Remark(min(words), "differ", ref, words, "marked" if words & marked else "")
