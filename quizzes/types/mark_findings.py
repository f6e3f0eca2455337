"""Feedback on marks, as codes and places in text order. The words for it live in the templates.

- found, partly, missed: a required span. Spans that became one share the verdict.
- fine: marked words that are neither required nor acceptable; `ref` names the foil among them.
- differ: an acceptable span that is no margin of a required one; the response is "marked" or "".
- left_alone: a foil with no word marked.

The places of all findings of a skill are disjoint; those of two skills may overlap. Of two key spans of a
skill on the same words (in one sentence, say) the first has the place, and the other follows with a reason
and no place of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple, Self

from quizzes.scoring.layout import Layout
from quizzes.scoring.spans import SpanKey, SpanScore, runs
from quizzes.types.base import Finding

Kind = Literal["required", "acceptable", "foil"]
NOWHERE: frozenset[int] = frozenset()
PLACES_KEPT = 4096  # how many different places of one question are remembered


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


class Told(NamedTuple):
    """A finding, and the word that orders it."""

    at: int
    finding: Finding


class SkillFindings:
    """All feedback on one skill. What the key decides by itself is made once, for any number of responses."""

    def __init__(self, skill: str, key: SkillKey, layout: Layout) -> None:
        self._skill, self._key, self._layout = skill, key, layout
        self._required = [self._of_required(span) for span in key.words.required]
        open_places = [place for place in key.acceptable if not place.words & key.words.words_to_find]
        unmarked, taken = (self._of_acceptable(open_places, said) for said in ("", "marked"))
        words = [place.words for place in open_places]
        self._acceptable = list(zip(words, unmarked, taken, strict=True))
        self._judged_otherwise = key.words.words_to_find | key.words.acceptable
        # Readers mark the same places: what is told about a mark depends on nothing but where it is.
        self._on_mark = lru_cache(PLACES_KEPT)(lambda mark: self._placed(self._sound_words(mark)))
        in_foils = NOWHERE.union(*(place.words for place in key.foils))
        self._foils_apart = len(in_foils) == sum(len(place.words) for place in key.foils)
        self._left_alone = [(place.words, self._of_foils([place])) for place in key.foils]

    def _of_required(self, span: frozenset[int]) -> dict[str, list[Told]]:
        """By verdict, a finding for each place that became a part of the span."""
        refs = dict.fromkeys(place.ref for place in self._key.required if place.words <= span)
        return {
            code: self._placed(_Remark(min(span), code, ref, span) for ref in refs)
            for code in ("found", "partly", "missed")
        }

    def _of_acceptable(self, places: Iterable[Place], said: str) -> list[Told]:
        return self._placed(_Remark(min(words), "differ", ref, words, said) for ref, words in places)

    def _of_foils(self, places: Iterable[Place]) -> list[Told]:
        return self._placed(_Remark(min(words), "left_alone", ref, words) for ref, words in places)

    def told(self, marked: frozenset[int], score: SpanScore) -> list[Told]:
        """The feedback on these words, which are marked and have this score."""
        told: list[Told] = []
        for share, by_code in zip(score.shares, self._required, strict=True):
            told += by_code["missed" if not share else "found" if 2 * share >= 1 else "partly"]
        for words, unmarked, taken in self._acceptable:
            told.append(unmarked if words.isdisjoint(marked) else taken)
        for mark in score.joined:
            told += self._on_mark(mark)
        if self._foils_apart:
            for words, left_alone in self._left_alone:
                if words.isdisjoint(marked):
                    told += left_alone
        else:
            told += self._of_foils(place for place in self._key.foils if place.words.isdisjoint(marked))
        return told

    def _sound_words(self, mark: range) -> Iterator[_Remark]:
        """One remark on a joined mark; where it holds words of several foils, one a foil."""
        sound = frozenset(mark) - self._judged_otherwise
        foils = [Place(ref, words & sound) for ref, words in self._key.foils if words & sound]
        first, *others = foils or [Place("", sound)]
        around = sound.difference(*(foil.words for foil in foils))
        if sound:
            yield _Remark(min(sound), "fine", first.ref, first.words | around)
        for ref, words in others:
            yield _Remark(min(words), "fine", ref, words)

    def _placed(self, remarks: Iterable[_Remark]) -> list[Told]:
        """Turn words into positions, each word once: the first remark on a word has its place."""
        shown: set[int] = set()
        told: list[Told] = []
        for remark in remarks:
            spans = tuple(self._layout.span(run) for run in runs(remark.words - shown, self._layout))
            shown |= remark.words
            finding = Finding(
                code=remark.code, ref=remark.ref, skill=self._skill, spans=spans, response=remark.response
            )
            told.append(Told(remark.at, finding))
        return told


def in_text_order(told: Iterable[Told]) -> tuple[Finding, ...]:
    """The findings of all skills, whatever the skill."""
    return tuple([finding for _at, finding in sorted(told, key=itemgetter(0))])
