"""Choose among places that are offered in a passage; it may be that there is nothing to mark."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from articles.text.positions import Span, touched
from quizzes.overlay import Own
from quizzes.scoring.choices import score_multiple
from quizzes.types.base import (
    Finding,
    Outcome,
    Passage,
    Position,
    Prose,
    Ref,
    Refs,
    Schema,
    Tally,
    Unit,
    twice_named,
)
from quizzes.types.options import refuse_unknown
from quizzes.types.registry import ANSWERS_KEPT, Choice, Example, Fault, Form, Judge, QuestionType, register

NOTHING_TO_MARK = "nothing-to-mark"


class Offered(Schema):
    """A place that can be chosen: a name and a half-open [start, end), in code points of the passage."""

    ref: Ref
    start: Position
    end: Position

    @property
    def span(self) -> Span:
        """Where it is."""
        return self.start, self.end


class Prompt(Schema):
    """The task, the passage, and the places offered: whole words of one line, in text order and apart."""

    task: Prose
    passage: Passage
    offered: Annotated[tuple[Offered, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _offers_whole_words_in_order(self) -> Self:
        if ref := twice_named(place.ref for place in self.offered):
            raise ValueError(f"two places are named “{ref}”")
        for place in self.offered:
            self._refuse_misplaced(place)
        for earlier, later in pairwise(self.offered):
            if later.start < earlier.end:
                raise ValueError(f"“{later.ref}” must come after “{earlier.ref}” and share no word with it")
        return self

    def own_spans(self, response: "Response") -> list[Own]:
        """The places that the response chose, in text order."""
        return [Own(place.span) for place in self.offered if place.ref in response.chosen]

    def _refuse_misplaced(self, place: Offered) -> None:
        layout = self.passage.layout
        words = touched(place.span, layout.words) if place.start < place.end else range(0)
        if not words or layout.span(words) != place.span:
            raise ValueError(f"“{place.ref}” must begin and end where words of the passage do")
        if layout.line_of[words[0]] != layout.line_of[words[-1]]:
            raise ValueError(f"“{place.ref}” must stand on one line")


class OfferedKey(Schema):
    """What an offered place is: to find, open to either reading, or fine as written (a foil)."""

    ref: Ref
    kind: Literal["required", "acceptable", "foil"]
    rationale: str = ""
    instead: str = ""
    minority: str = ""


class Key(Schema):
    """One entry for every place offered, and the praise where nothing is to be marked."""

    spans: tuple[OfferedKey, ...]
    praise: str = ""

    def refs(self, kind: str) -> frozenset[str]:
        """The places of one kind."""
        return frozenset(span.ref for span in self.spans if span.kind == kind)


class Response(Schema):
    """The places chosen, or "nothing to mark"."""

    chosen: Refs = frozenset()
    nothing_to_mark: bool = False

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.nothing_to_mark and self.chosen:
            raise ValueError("mark something or say “Nothing to mark”, not both")
        return self


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    offered = [place.ref for place in prompt.offered]
    keyed = [span.ref for span in key.spans]
    faults = [
        Fault("spans", f"Say of “{ref}” whether it is to be found.") for ref in offered if ref not in keyed
    ]
    if ref := twice_named(keyed):
        faults.append(Fault("spans", f"“{ref}” is in the key twice."))
    for index, span in enumerate(key.spans):
        if span.ref not in offered:
            faults.append(Fault(f"spans[{index}].ref", f"“{span.ref}” is not offered."))
        if span.kind != "acceptable" and not span.rationale.strip():
            faults.append(Fault(f"spans[{index}].rationale", f"“{span.ref}”: say why."))
    if not key.refs("required") and not key.praise.strip():
        faults.append(Fault("praise", "Nothing is to be marked: say why that is right."))
    return faults


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for a place that is not offered."""
    refuse_unknown("chosen", response.chosen, {place.ref for place in prompt.offered})


def grader(prompt: Prompt, key: Key) -> Judge:
    """Share of the required places chosen, less the share of the sound ones chosen, never below 0.

    Acceptable places are taken out first; what is left open then is not answered.
    """
    required, foils = key.refs("required"), key.refs("foil")
    kinds = {span.ref: span.kind for span in key.spans}

    @lru_cache(ANSWERS_KEPT)
    def outcome(chosen: frozenset[str], nothing_to_mark: bool) -> Outcome:
        judged = chosen & (required | foils)
        fraction = score_multiple(judged, right=required, wrong=foils, none_of_these=nothing_to_mark)
        answered = bool(judged) or nothing_to_mark
        tally = Tally(
            skill=None,
            fraction=fraction,
            required=len(required),
            found=len(judged & required),
            partly=0,
            marks=len(judged),
            sound_marks=len(judged & foils),
        )
        return Outcome(
            fraction=fraction,
            answered=answered,
            units=tuple(_evidence(prompt, kinds, judged)) if answered else (),
            tallies=(tally,),
            findings=tuple(
                _finding(place, kinds[place.ref], chosen=place.ref in chosen) for place in prompt.offered
            ),
        )

    return lambda response: outcome(response.chosen, response.nothing_to_mark)


def _evidence(prompt: Prompt, kinds: Mapping[str, str], judged: frozenset[str]) -> Iterator[Unit]:
    """Each place that is not acceptable, the unmarked ones too: the passage is answered as a whole."""
    for ordinal, place in enumerate(prompt.offered):
        if kinds[place.ref] == "acceptable":
            continue
        is_problem = kinds[place.ref] == "required"
        correct = (place.ref in judged) == is_problem
        yield Unit(
            skill=None,
            unit=place.ref,
            ordinal=ordinal,
            kind="problem" if is_problem else "sound",
            correct=correct,
            fraction=float(correct),
        )


def _finding(place: Offered, kind: str, *, chosen: bool) -> Finding:
    """The codes of `mark_findings`, of which none is partly."""
    if kind == "acceptable":
        return Finding(code="differ", ref=place.ref, spans=(place.span,), response="marked" if chosen else "")
    codes = ("found", "missed") if kind == "required" else ("fine", "left_alone")
    return Finding(code=codes[not chosen], ref=place.ref, spans=(place.span,))


def from_form(_prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read the checkboxes `chosen` and `nothing_to_mark`."""
    return {
        "chosen": [value for value in form.get("chosen", ()) if value],
        "nothing_to_mark": any(form.get("nothing_to_mark", ())),
    }


def choices(prompt: Prompt, key: Key) -> tuple[Choice, ...]:
    """The places in text order, and "nothing to mark" after them."""
    is_right = {"required": True, "acceptable": None, "foil": False}
    kinds = {span.ref: span.kind for span in key.spans}
    text = prompt.passage.text
    places = [
        Choice(place.ref, text[place.start : place.end], is_right[kinds[place.ref]])
        for place in prompt.offered
    ]
    return (*places, Choice(NOTHING_TO_MARK, "", None if key.refs("required") else True))


def chosen(response: Response) -> frozenset[str]:
    """The places chosen, or "nothing to mark"."""
    return frozenset({NOTHING_TO_MARK}) if response.nothing_to_mark else response.chosen


_TEXT = (
    "The swimming club moved into the old boathouse on Friday. Its stubborn neighbours had asked for "
    "quiet after nine.\nThe town clerk called the house “a gem”. It needs a new roof, long overdue."
)


def _offered(ref: str, quote: str) -> Offered:
    start = _TEXT.index(quote)
    return Offered(ref=ref, start=start, end=start + len(quote))


EXAMPLE = Example(
    prompt=Prompt(
        task="Choose each place where the report itself judges. It may be that there is nothing to mark.",
        passage=Passage.of(_TEXT),
        offered=(
            _offered("old", "old"),
            _offered("stubborn", "stubborn"),
            _offered("gem", "a gem"),
            _offered("overdue", "long overdue"),
        ),
    ),
    key=Key(
        spans=(
            OfferedKey(ref="old", kind="foil", rationale="Its age can be looked up."),
            OfferedKey(
                ref="stubborn",
                kind="required",
                rationale="Nobody is named who finds the neighbours stubborn.",
                instead="“Its neighbours”",
            ),
            OfferedKey(ref="gem", kind="foil", rationale="The clerk judges, and is quoted doing so."),
            OfferedKey(ref="overdue", kind="acceptable", minority="“Long overdue” can be a matter of dates."),
        )
    ),
    right=Response(chosen=frozenset({"stubborn", "overdue"})),
    wrong=(
        Response(chosen=frozenset({"stubborn", "gem"})),
        Response(chosen=frozenset({"old", "stubborn", "gem", "overdue"})),
        Response(chosen=frozenset({"overdue"})),
        Response(nothing_to_mark=True),
        Response(),
    ),
)

HOTTEXT = register(
    QuestionType(
        slug="hottext",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=from_form,
        choices=choices,
        chosen=chosen,
    )
)
