"""What the types share in which each part, a unit or a row or a gap, is answered and judged by itself."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from quizzes.scoring.choices import score_parts
from quizzes.scoring.mastery import Kind
from quizzes.types.base import Finding, Outcome, Unit
from quizzes.types.registry import ANSWERS_KEPT, Form


class Part(NamedTuple):
    """One part and the answers that it accepts; None for a contested one, which is never scored.

    `category` and `kind` are those of its evidence.
    """

    ref: str
    accepted: Collection[str] | None
    category: str = ""
    kind: Kind = "none"


class _Verdict(NamedTuple):
    correct: bool | None
    finding: Finding
    units: tuple[Unit, ...]


class _Verdicts(dict[str | None, _Verdict]):
    """What is made of one part by what was given there, each answer judged once."""

    def __init__(self, ordinal: int, part: Part) -> None:
        self.ordinal = ordinal
        self.part = part

    def __missing__(self, given: str | None) -> _Verdict:
        verdict = self[given] = self._judged(given)
        return verdict

    def _judged(self, given: str | None) -> _Verdict:
        """right, wrong, missed (left blank), or differ for a contested part; evidence if it was answered."""
        ref, accepted, category, kind = self.part
        if accepted is None:
            return _Verdict(None, Finding(code="differ", ref=ref, response=given or ""), ())
        if given is None:
            return _Verdict(False, Finding(code="missed", ref=ref), ())
        correct = given in accepted
        unit = Unit(
            skill=None,
            unit=ref,
            ordinal=self.ordinal,
            kind=kind,
            category=category,
            correct=correct,
            fraction=float(correct),
        )
        return _Verdict(
            correct, Finding(code="right" if correct else "wrong", ref=ref, response=given), (unit,)
        )


def parts_grader(parts: Sequence[Part]) -> Callable[[Mapping[str, str]], Outcome]:
    """Return what judges the answers to the parts, by their refs: right parts / scored parts."""
    refs = [part.ref for part in parts]
    tables = [_Verdicts(ordinal, part) for ordinal, part in enumerate(parts)]

    @lru_cache(ANSWERS_KEPT)
    def outcome(answers: tuple[str | None, ...], answered: bool) -> Outcome:
        verdicts = [table[answer] for table, answer in zip(tables, answers, strict=True)]
        return Outcome(
            fraction=score_parts([verdict.correct for verdict in verdicts]) if answered else 0.0,
            answered=answered,
            units=tuple([unit for verdict in verdicts for unit in verdict.units]),
            findings=tuple([verdict.finding for verdict in verdicts]),
        )

    return lambda given: outcome(tuple([given.get(ref) for ref in refs]), bool(given))


def answers_from_form(form: Form, prefix: str, refs: Iterable[str]) -> dict[str, str]:
    """Read one field `<prefix>-<ref>` a part; no value, or an empty one, leaves the part blank."""
    given = {ref: form.get(f"{prefix}-{ref}", ()) for ref in refs}
    return {ref: values[-1] for ref, values in given.items() if values and values[-1]}
