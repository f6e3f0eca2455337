"""A response to a question, as good as whoever gives it: one function a type, by its prompt and key.

`skill` is how likely each single judgement is right, from 0 to 1; `over` how likely what is sound is
marked all the same. A type that is not known here gets an empty response.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from quizzes.types import registry

Data = dict[str, Any]


@dataclass(frozen=True)
class Hand:
    """Who answers: chance, and how good they are at what is asked."""

    chance: Random
    skill: float
    over: float = 0.1

    def is_right(self) -> bool:
        return self.chance.random() < self.skill

    def overdoes(self) -> bool:
        return self.chance.random() < self.over

    def pick(self, right: Sequence[str], all_of_them: Iterable[str]) -> str:
        """One of those that are right, or else of the others; if there are none, of the right ones."""
        others = [one for one in all_of_them if one not in right]
        return self.chance.choice(right if self.is_right() or not others else others)


def answer(kind: str, prompt: Any, key: Any, hand: Hand) -> Data:
    """Data for a response to the question; it always passes the type's own checks."""
    give = _BY_TYPE.get(kind)
    return give(prompt, key, hand) if give else registry.get(kind).Response().model_dump(mode="json")


def _true_false(_prompt: Any, key: Any, hand: Hand) -> Data:
    return {"chosen": hand.pick([key.right], ["true", "false"])}


def _single_choice(prompt: Any, key: Any, hand: Hand) -> Data:
    return {"chosen": hand.pick(sorted(key.right), prompt.refs)}


def _multiple_choice(prompt: Any, key: Any, hand: Hand) -> Data:
    chosen = [ref for ref in prompt.refs if (ref in key.right) == hand.is_right()]
    return {"chosen": chosen, "none_of_these": not chosen}


def _hottext(_prompt: Any, key: Any, hand: Hand) -> Data:
    chosen = [span.ref for span in key.spans if _marks(span.kind, hand)]
    return {"chosen": sorted(chosen), "nothing_to_mark": not chosen}


def _mark_spans(prompt: Any, key: Any, hand: Hand) -> Data:
    """Places of the key, sometimes cut short; and now and then a sentence that is fine as written."""
    marks = [
        {"skill": span.skill, "start": span.start, "end": _cut(prompt, span, hand)}
        for span in key.spans
        if _marks(span.kind, hand)
    ]
    for start, end in prompt.passage.sentences:
        if hand.overdoes() and hand.overdoes():
            marks.append({"skill": hand.chance.choice(prompt.skills), "start": start, "end": end})
    return {"marks": marks, "nothing_to_mark": not marks}


def _marks(kind: str, hand: Hand) -> bool:
    if kind == "required":
        return hand.is_right()
    return hand.overdoes() if kind == "foil" else hand.chance.random() < min(0.3, 1 - hand.skill)


def _cut(prompt: Any, span: Any, hand: Hand) -> int:
    """The end of the span, or of its first word: who is unsure marks too little."""
    if hand.is_right():
        return int(span.end)
    return next((end for start, end in prompt.passage.words if start >= span.start), int(span.end))


def _classify(prompt: Any, key: Any, hand: Hand) -> Data:
    categories = [category.ref for category in prompt.categories]
    return {
        "placed": {
            unit.ref: hand.pick(list(unit.accepted[:1]), categories)
            if unit.accepted
            else hand.chance.choice(categories)
            for unit in key.units
        }
    }


def _rows(prompt: Any, key: Any, hand: Hand) -> Data:
    targets = [target.ref for target in prompt.targets]
    return {"placed": {row.ref: hand.pick(list(row.accepted[:1]), targets) for row in key.rows}}


def _inline_choice(prompt: Any, key: Any, hand: Hand) -> Data:
    options = {gap.ref: [option.ref for option in gap.options] for gap in prompt.gaps}
    return {"chosen": {gap.ref: hand.pick(sorted(gap.right), options[gap.ref]) for gap in key.gaps}}


def _order(prompt: Any, key: Any, hand: Hand) -> Data:
    """In order, with neighbours changed over where a judgement is wrong."""
    order = sorted(prompt.refs, key=lambda ref: key.ranks[ref])
    for place in range(len(order) - 1):
        if not hand.is_right():
            order[place], order[place + 1] = order[place + 1], order[place]
    return {"order": order}


def _short_answer(_prompt: Any, key: Any, hand: Hand) -> Data:
    best = max(key.accepted, key=lambda one: one.fraction)
    if hand.is_right():
        return {"text": best.text}
    return {"text": hand.chance.choice([one.text for one in key.expected_wrong] or ["?"])}


def _number(prompt: Any, key: Any, hand: Hand) -> Data:
    wrong = [one.value for one in key.expected_wrong] or ["0"]
    value = key.value if hand.is_right() else hand.chance.choice(wrong)
    units = [unit for unit in prompt.units if float(key.factors[unit]) == 1]
    written = value.replace(".", prompt.decimal_mark)
    return {"text": f"{written} {units[0]}" if units else written}


def _rewrite(prompt: Any, key: Any, hand: Hand) -> Data:
    """The sample, or the text as it stood with as many judging words taken out as were noticed."""
    text = key.sample if hand.is_right() else _tidied(prompt.specimen, key.drop, hand)
    checked = [point.ref for point in prompt.self_check if hand.is_right()]
    return {"text": text[: prompt.longest], "checked": sorted(checked)}


def _tidied(text: str, drop: Iterable[Any], hand: Hand) -> str:
    for judging in drop:
        if hand.is_right():
            for phrase in judging.any_of:
                text = text.replace(f"{phrase} ", "")
    return text


_BY_TYPE: Mapping[str, Callable[[Any, Any, Hand], Data]] = {
    "true_false": _true_false,
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "hottext": _hottext,
    "mark_spans": _mark_spans,
    "classify": _classify,
    "match": _rows,
    "source_table": _rows,
    "inline_choice": _inline_choice,
    "order": _order,
    "short_answer": _short_answer,
    "number": _number,
    "rewrite": _rewrite,
}
