"""The one list of question types. A type is one module that registers itself on its last line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic_core import to_json

from quizzes.types.base import Outcome, Schema

Part = Literal["prompt", "key", "response"]
Form = Mapping[str, Sequence[str]]  # each field's values, as a browser sends them
Judge = Callable[[Any], Outcome]  # judges any number of responses to one question
Upgrade = Callable[[Part, Any], Any]  # stored JSON of one part, from one schema version to the next

#: How many different answers to one question a grader remembers, with what it made of them.
ANSWERS_KEPT = 4096


class UnknownType(LookupError):
    """No question type is registered under this slug."""


class Fault(NamedTuple):
    """One thing that is wrong with a prompt and its key: where, and how to mend it."""

    field: str
    message: str


class ResponseRefused(ValueError):
    """What was sent is no response to this question; `field` is "" when it is no one field.

    Fields inside others are joined by dots. `faults` has each fault alone, where there are several.
    """

    def __init__(self, field: str, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.faults = tuple(faults) or (Fault(field, message),)


class Example(NamedTuple):
    """A small question of a type, a response that scores 1, and some that score less.

    Where a person gives the score, `right` is a good response and `wrong` are others.
    """

    prompt: Schema
    key: Schema
    right: Schema
    wrong: tuple[Schema, ...]


class Choice(NamedTuple):
    """One thing that can be chosen: a name, its words ("" where they are the page's), whether it is right.

    `right` is None for what is neither: open to both readings, or no author's idea, as "none of these".
    """

    ref: str
    text: str
    right: bool | None


def _no_choices(_prompt: Any, _key: Any) -> tuple[Choice, ...]:
    """The type offers nothing to choose from."""
    return ()


def _nothing_chosen(_response: Any) -> frozenset[str]:
    return frozenset()


def _nothing_to_check(_prompt: Any, _response: Any) -> None:
    """The schema alone sees all that can be wrong with a response."""


def _nothing_to_tell(_prompt: Any, _response: Any) -> str:
    """Every response of the type can be judged as it stands."""
    return ""


@dataclass(frozen=True, kw_only=True)
class QuestionType:
    """How one kind of question is written, asked and judged.

    `Prompt` is what a learner may see, `Key` what nobody sees before feedback. `check` finds what does
    not fit between the two; `grader` prepares a prompt and its key once and returns what judges
    responses; `check_response` raises ResponseRefused for what the schema cannot see;
    `from_form` turns the fields of a plain form into data for `Response`. `notice` is what a page may
    tell about a response before feedback, as a code ("" for nothing); it knows no key. `upgrades[n]`
    turns stored JSON of schema version n into n + 1. `scores_itself` is False where judging leaves
    the fraction of what was answered to a person. `sorts_sentences` is told where counts are read out.
    `hints` are the parts of a key that feedback tells in practice only: what a person grades, words do not.
    `choices` lists what can be chosen, and `chosen` which of it, by name, a response chose: for counting.
    """

    slug: str
    schema_version: int
    Prompt: type[Schema]
    Key: type[Schema]
    Response: type[Schema]
    example: Example
    check: Callable[[Any, Any], list[Fault]]
    grader: Callable[[Any, Any], Judge]
    from_form: Callable[[Any, Form], dict[str, Any]]
    check_response: Callable[[Any, Any], None] = _nothing_to_check
    notice: Callable[[Any, Any], str] = _nothing_to_tell
    scores_itself: bool = True
    sorts_sentences: bool = False
    hints: frozenset[str] = frozenset()
    choices: Callable[[Any, Any], Sequence[Choice]] = _no_choices
    chosen: Callable[[Any], frozenset[str]] = _nothing_chosen
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)

    @property
    def tells(self) -> bool:
        """Whether the type has notices at all."""
        return self.notice is not _nothing_to_tell

    def __post_init__(self) -> None:
        if set(self.upgrades) != set(range(1, self.schema_version)):
            raise ValueError(f"{self.slug} needs one upgrade from each version below {self.schema_version}")

    def grade(self, prompt: Any, key: Any, response: Any) -> Outcome:
        """Judge one response. For many responses to one question, ask for its `grader` once."""
        return self.grader(prompt, key)(response)


_TYPES: dict[str, QuestionType] = {}


def register(question_type: QuestionType) -> QuestionType:
    """Add a type and return it; raises ValueError for a second one under the same slug."""
    if question_type.slug in _TYPES:
        raise ValueError(f"a question type “{question_type.slug}” is registered already")
    _TYPES[question_type.slug] = question_type
    return question_type


def get(slug: str) -> QuestionType:
    """Return the type; raises UnknownType."""
    try:
        return _TYPES[slug]
    except KeyError:
        known = ", ".join(sorted(_TYPES))
        raise UnknownType(f"there is no question type “{slug}”; there are {known}") from None


def all_types() -> tuple[QuestionType, ...]:
    """Every type, by slug."""
    return tuple(_TYPES[slug] for slug in sorted(_TYPES))


def load(slug: str, part: Part, data: Any, schema_version: int) -> Any:
    """Read stored JSON `data` of a part of a question, upgraded from `schema_version`.

    Raises UnknownType, ValueError for a version that this code does not know, and pydantic's
    ValidationError (a ValueError) for data that does not fit.
    """
    question_type = get(slug)
    newest = question_type.schema_version
    if not 1 <= schema_version <= newest:
        raise ValueError(f"{slug} has no schema version {schema_version}; the newest is {newest}")
    for version in range(schema_version, newest):
        data = question_type.upgrades[version](part, data)
    schemas = {"prompt": question_type.Prompt, "key": question_type.Key, "response": question_type.Response}
    return schemas[part].model_validate_json(to_json(data))
