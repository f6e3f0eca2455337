"""What every question type is written in: schemas, passages, and the outcome of judging.

A schema is frozen, forbids fields that it does not know, and holds only values that any of our
databases can store. Feedback is codes and positions; its words live in the templates.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    model_validator,
)
from pydantic_core import CoreSchema

from articles.text.positions import normalise
from articles.text.sentences import sentences
from articles.text.words import words
from quizzes.scoring.layout import Layout
from quizzes.scoring.mastery import Kind, is_right

INTEGER_LIMIT = 2**31 - 1
_STORABLE_TEXT = r"^[^\x00]*$"  # a pattern also refuses what is no Unicode text: lone surrogates


def _bound(schema: Any) -> None:
    """Give each text and each integer of a schema the bounds of what a database can store.

    Done in the schema, not in a validator of each value: an outcome holds thousands of them.
    """
    if isinstance(schema, list | tuple):
        for item in schema:
            _bound(item)
    elif isinstance(schema, dict):
        if schema.get("type") == "str":
            schema.setdefault("pattern", _STORABLE_TEXT)
        elif schema.get("type") == "int":
            schema.setdefault("le", INTEGER_LIMIT)
            schema.setdefault("ge", -INTEGER_LIMIT)
        for name, part in schema.items():
            if name not in {"default", "metadata", "serialization"}:
                _bound(part)


class Schema(BaseModel):
    """A strict, frozen record. Read it from JSON by `model_validate_json`, so that lists may be sets.

    Refuses NUL and lone surrogates in text, integers beyond 2**31 - 1 and numbers that are not finite.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _bound(schema)
        return schema


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("the text must not be blank")
    return text


Ref = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]  # a stable name inside one question
Refs = Annotated[frozenset[Ref], PlainSerializer(sorted, return_type=list[str], when_used="json")]
Prose = Annotated[str, AfterValidator(_not_blank)]
Position = Annotated[int, Field(ge=0, le=INTEGER_LIMIT)]
Count = Annotated[int, Field(ge=0, le=INTEGER_LIMIT)]
Fraction = Annotated[float, Field(ge=0, le=1)]

Span = tuple[Position, Position]
"""Half-open [start, end), in code points of the passage."""


def twice_named(refs: Iterable[str]) -> str | None:
    """The first name that comes a second time; None if each comes once."""
    seen: set[str] = set()
    for ref in refs:
        if ref in seen:
            return ref
        seen.add(ref)
    return None


class Option(Schema):
    """One thing to choose, or to sort: a name for the key and the words that the learner reads."""

    ref: Ref
    text: Prose


class Passage(Schema):
    """Whole sentences to read and mark, with their stored sentences and words, counted from its start.

    The spans are those of the revision that the passage was taken from; nothing segments it again.
    """

    text: str
    sentences: tuple[Span, ...]
    words: tuple[Span, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Cut a text of one's own into sentences and words by the rules."""
        text = normalise(text)
        return cls(text=text, sentences=sentences(text), words=words(text))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.text != normalise(self.text):
            raise ValueError("a passage must be in Unicode NFC with \\n line ends")
        _refuse_disorder("sentence", self.sentences, len(self.text))
        _refuse_disorder("word", self.words, len(self.text))
        for word, sentence in zip(self.words, self.layout.sentence_of, strict=True):
            if not self.sentences or not self.sentences[sentence][0] <= word[0] < self.sentences[sentence][1]:
                raise ValueError(f"the word at {word[0]} is in no sentence")
        return self

    @cached_property
    def layout(self) -> Layout:
        """Where each word lies, for scoring."""
        return Layout.of(self.text, self.sentences, self.words)


def _refuse_disorder(noun: str, spans: tuple[Span, ...], length: int) -> None:
    """Raise ValueError unless the spans are in order, apart, not empty, and end inside the text."""
    for start, end in spans:
        if not start < end <= length:
            raise ValueError(f"the {noun} [{start}, {end}) must end after it starts, inside the text")
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValueError(f"the {noun} at {start} begins before the one before it ends, at {end}")


class Unit(Schema):
    """One judgement that is evidence for a skill.

    `skill` None means every skill of the question; `unit` "" means the item as a whole. `kind` says
    whether a problem or sound reporting was judged. `ordinal` counts in text order from 0.
    """

    skill: Ref | None
    unit: Annotated[str, Field(max_length=64)]
    ordinal: Count
    kind: Kind = "none"
    category: str = ""
    correct: bool
    fraction: Fraction


class Tally(Schema):
    """One skill's line: found (and partly) of required, sound of the marks; fraction in [0, 1]."""

    skill: Ref | None
    fraction: Fraction
    required: Count
    found: Count
    partly: Count
    marks: Count
    sound_marks: Count


class Finding(Schema):
    """One piece of feedback: what happened (`code`) to what (`ref`, "" if nameless) and where.

    `spans` are in code points of the passage; where the learner wrote a text (rewrite), of that text.
    `response` is what the learner gave there. The rationale is looked up in the key by `ref`. `skill`
    is told where a question asks for several, so that a reader can look at one of them.
    """

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    ref: str = ""
    skill: Ref | None = None
    spans: tuple[Span, ...] = ()
    response: str = ""


class Outcome(Schema):
    """What judging one response gives. `fraction` is in [0, 1], or None until a person grades it.

    What was not answered scores 0 and is no evidence.
    """

    fraction: Fraction | None
    answered: bool
    units: tuple[Unit, ...] = ()
    tallies: tuple[Tally, ...] = ()
    findings: tuple[Finding, ...] = ()

    @model_validator(mode="after")
    def _is_no_evidence_unless_answered(self) -> Self:
        if not self.answered and (self.fraction != 0 or self.units):
            raise ValueError("what was not answered scores 0 and has no units")
        return self


def whole_item(fraction: float, kind: Kind = "none") -> tuple[Unit, ...]:
    """Evidence of an item that is judged as a whole, for every skill of the question."""
    return (Unit(skill=None, unit="", ordinal=0, kind=kind, correct=is_right(fraction), fraction=fraction),)


def kind_of(answer: str, problem: str) -> Kind:
    """What a unit is whose right answer is `answer`: a problem, sound, or none where no answer means one."""
    if not problem:
        return "none"
    return "problem" if answer == problem else "sound"
