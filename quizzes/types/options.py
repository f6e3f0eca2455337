"""What the types that offer options share: the prompt, faults in a key, feedback on each option."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from quizzes.types.base import Finding, Option, Prose, Schema, twice_named
from quizzes.types.registry import Choice, Fault, Form, ResponseRefused


class ChoicePrompt(Schema):
    """The task, a text quoted above the options ("" for none), and the options in the order shown."""

    task: Prose
    specimen: str = ""
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=12)]

    @property
    def refs(self) -> tuple[str, ...]:
        """The names of the options, in the order shown."""
        return tuple(option.ref for option in self.options)

    @model_validator(mode="after")
    def _names_each_option_once(self) -> Self:
        if ref := twice_named(option.ref for option in self.options):
            raise ValueError(f"two options are named “{ref}”")
        if text := twice_named(option.text.strip() for option in self.options):
            raise ValueError(f"two options say “{text}”")
        return self


def faults_of_key(options: Sequence[Option], right: Set[str], feedback: Mapping[str, str]) -> list[Fault]:
    """Right options that are not offered, and options without a sentence of feedback."""
    offered = [option.ref for option in options]
    unknown = [
        *(("right", ref) for ref in sorted(right - set(offered))),
        *(("feedback", ref) for ref in feedback if ref not in offered),
    ]
    silent = [ref for ref in offered if not feedback.get(ref, "").strip()]
    return [
        *(Fault(field, f"“{ref}” is none of the options.") for field, ref in unknown),
        *(Fault("feedback", f"Say about option “{ref}” why it is right or wrong.") for ref in silent),
    ]


def refuse_unknown(field: str, chosen: Set[str], known: Set[str]) -> None:
    """Raise ResponseRefused if something chosen was not offered."""
    unknown = sorted(chosen - known)
    if unknown:
        raise ResponseRefused(field, f"“{unknown[0]}” is not offered here.")


def choices_of(options: Iterable[Option], right: Set[str]) -> Iterator[Choice]:
    """The options, for counting who chose what."""
    for option in options:
        yield Choice(option.ref, option.text, option.ref in right)


def findings_of_choice(
    offered: Iterable[str], chosen: Set[str], right: Set[str], *, one_is_enough: bool
) -> Iterator[Finding]:
    """In the order offered: right or wrong for what was chosen, right_missed for the others that are right.

    With `one_is_enough` nothing is missed once one right option is chosen.
    """
    satisfied = one_is_enough and bool(chosen & right)
    for ref in offered:
        if ref in chosen:
            yield Finding(code="right" if ref in right else "wrong", ref=ref, response="chosen")
        elif ref in right and not satisfied:
            yield Finding(code="right_missed", ref=ref)


def one_from_form(_prompt: Any, form: Form) -> dict[str, Any]:
    """Read the radio field `chosen`; no value, or an empty one, is no choice."""
    values = form.get("chosen", ())
    return {"chosen": values[-1] if values and values[-1] else None}


def the_one_chosen(response: Any) -> frozenset[str]:
    """What is chosen where that is one thing, or None."""
    return frozenset() if response.chosen is None else frozenset({response.chosen})
