"""Write a text anew. A person judges it, by criteria; what is found here beforehand helps its writer."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from quizzes.scoring.rewriting import find_phrases, share_of_points, word_sequence
from quizzes.types.base import Finding, Option, Outcome, Prose, Ref, Refs, Schema, twice_named
from quizzes.types.options import refuse_unknown
from quizzes.types.registry import Example, Fault, Form, Judge, QuestionType, register
from quizzes.types.typed import refuse_longer, typed_text

Phrases = Annotated[tuple[Prose, ...], Field(min_length=1)]


class Level(Schema):
    """What a criterion's level is worth, and what a text on it is like."""

    points: Annotated[int, Field(ge=0, le=10)]
    text: Prose


class Criterion(Schema):
    """What is looked at, and its levels in rising order; the first is worth nothing."""

    ref: Ref
    text: Prose
    levels: Annotated[tuple[Level, ...], Field(min_length=2, max_length=6)]

    @model_validator(mode="after")
    def _rises_from_0(self) -> Self:
        points = [level.points for level in self.levels]
        if points[0]:
            raise ValueError(
                f"“{self.ref}”: the first level is worth {points[0]} points, and must be worth 0"
            )
        if any(later <= earlier for earlier, later in pairwise(points)):
            raise ValueError(f"“{self.ref}”: each level must be worth more than the one before")
        return self


class Prompt(Schema):
    """The task, the text to rewrite, the criteria, what to check oneself, and the most characters."""

    task: Prose
    specimen: Prose
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=5)]
    self_check: Annotated[tuple[Option, ...], Field(max_length=8)] = ()
    longest: Annotated[int, Field(ge=20, le=5000)] = 600

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for noun, entries in (("criteria", self.criteria), ("points of self_check", self.self_check)):
            if ref := twice_named(entry.ref for entry in entries):
                raise ValueError(f"two {noun} are named “{ref}”")
        return self


class Wordings(Schema):
    """What a text is searched for: a name, and phrases any of which will do."""

    ref: Ref
    any_of: Phrases


class Fact(Wordings):
    """Something that the new text should still say, and the wordings by which it is recognised."""

    text: Prose


class Judging(Wordings):
    """A wording that should go, in all its forms, and what could stand instead."""

    instead: str = ""


class Key(Schema):
    """What should be kept and what should go, a sample of a good text, and why it is one."""

    keep: tuple[Fact, ...] = ()
    drop: tuple[Judging, ...] = ()
    sample: Prose
    rationale: Prose
    minority: str = ""


class Response(Schema):
    """The new text, and what the writer says to have checked."""

    text: Annotated[str, Field(max_length=5000)] = ""
    checked: Refs = frozenset()


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    searched: tuple[tuple[str, tuple[Wordings, ...]], ...] = (("keep", key.keep), ("drop", key.drop))
    faults = [
        Fault(f"{field}[{index}].any_of", f"“{phrase}” holds no word.")
        for field, entries in searched
        for index, entry in enumerate(entries)
        for phrase in entry.any_of
        if not word_sequence(phrase)
    ]
    if ref := twice_named(entry.ref for entry in (*key.keep, *key.drop)):
        faults.append(Fault("keep", f"Two entries are named “{ref}”."))
    for index, judging in enumerate(key.drop):
        if not find_phrases(prompt.specimen, judging.any_of):
            faults.append(
                Fault(f"drop[{index}].any_of", f"“{judging.ref}” does not stand in the text to rewrite.")
            )
    return [*faults, *_faults_of_sample(prompt, key)]


def _faults_of_sample(prompt: Prompt, key: Key) -> Iterator[Fault]:
    """The sample must pass what a learner's text is checked for."""
    if len(key.sample) > prompt.longest:
        yield Fault("sample", f"It is longer than what may be written: {prompt.longest} characters.")
    for fact in key.keep:
        if not find_phrases(key.sample, fact.any_of):
            yield Fault("sample", f"It does not keep “{fact.ref}”, by the wordings given.")
    for judging in key.drop:
        if find_phrases(key.sample, judging.any_of):
            yield Fault("sample", f"“{judging.ref}” remains in it.")


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for a text that is too long, and a point of the self-check that is not there."""
    refuse_longer(response.text, prompt.longest)
    refuse_unknown("checked", response.checked, {option.ref for option in prompt.self_check})


def grader(_prompt: Prompt, key: Key) -> Judge:
    """No score: a person gives it (`graded`). The findings are hints, and may be wrong."""

    def judge(response: Response) -> Outcome:
        if not response.text.strip():
            return Outcome(fraction=0.0, answered=False)
        return Outcome(fraction=None, answered=True, findings=tuple(_hints(key, response.text)))

    return judge


def _hints(key: Key, text: str) -> Iterator[Finding]:
    """fact_kept or fact_missing, word_gone or word_remains; places are in the learner's own text."""
    for fact in key.keep:
        found = find_phrases(text, fact.any_of)
        yield Finding(code="fact_kept" if found else "fact_missing", ref=fact.ref, spans=found)
    for judging in key.drop:
        found = find_phrases(text, judging.any_of)
        yield Finding(code="word_remains" if found else "word_gone", ref=judging.ref, spans=found)


def graded(prompt: Prompt, levels: Mapping[str, int]) -> float:
    """The score of a text that a person put on a level (from 0) of each criterion: points / points possible.

    Raises ValueError unless `levels` names a level of every criterion, and of nothing else.
    """
    criteria = {criterion.ref: criterion for criterion in prompt.criteria}
    if levels.keys() != criteria.keys():
        raise ValueError("choose one level for each of the criteria")
    for ref, level in levels.items():
        if not 0 <= level < len(criteria[ref].levels):
            raise ValueError(f"“{ref}” has no level {level}")
    return share_of_points(
        (criteria[ref].levels[level].points for ref, level in levels.items()),
        (criterion.levels[-1].points for criterion in prompt.criteria),
    )


def from_form(_prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read the field `text` and the checkboxes `checked`."""
    return {"text": typed_text(form), "checked": [value for value in form.get("checked", ()) if value]}


EXAMPLE = Example(
    prompt=Prompt(
        task="Write the sentence anew, so that it reports and does not judge. Keep every fact.",
        specimen="On 3 May the reckless council squandered 2,000 crowns on a bench.",
        criteria=(
            Criterion(
                ref="facts",
                text="Facts",
                levels=(
                    Level(points=0, text="Facts are missing, or new ones were put in."),
                    Level(points=1, text="One fact is missing."),
                    Level(points=2, text="Every fact is there, and no other."),
                ),
            ),
            Criterion(
                ref="wording",
                text="Wording",
                levels=(
                    Level(points=0, text="Words still judge."),
                    Level(points=2, text="The words report."),
                ),
            ),
        ),
        self_check=(
            Option(ref="facts", text="I kept every fact."),
            Option(ref="aloud", text="I read it aloud."),
        ),
        longest=200,
    ),
    key=Key(
        keep=(
            Fact(ref="day", text="the day", any_of=("3 May", "third of May")),
            Fact(ref="sum", text="the sum", any_of=("2,000 crowns", "2000 crowns")),
        ),
        drop=(
            Judging(ref="reckless", any_of=("reckless", "recklessly"), instead="leave it out"),
            Judging(ref="squandered", any_of=("squandered", "wasted"), instead="“spent”"),
        ),
        sample="The council spent 2,000 crowns on a bench on 3 May.",
        rationale="What it cost and when is a matter of record; whether that is much, readers can judge.",
    ),
    right=Response(
        text="On 3 May the council paid 2,000 crowns for a bench.", checked=frozenset({"facts", "aloud"})
    ),
    wrong=(
        Response(text="The reckless council wasted money on a bench."),
        Response(text=" \n "),
        Response(),
    ),
)

REWRITE = register(
    QuestionType(
        slug="rewrite",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=from_form,
        scores_itself=False,
        hints=frozenset({"keep", "drop"}),
    )
)
