"""Put items in order, first to last; items of one rank may stand either way."""

from collections import Counter
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field

from quizzes.scoring.order import places, score_order
from quizzes.types.base import Finding, Option, Outcome, Prose, Ref, Schema, whole_item
from quizzes.types.options import ChoicePrompt
from quizzes.types.registry import (
    ANSWERS_KEPT,
    Example,
    Fault,
    Form,
    Judge,
    QuestionType,
    ResponseRefused,
    register,
)

Rank = Annotated[int, Field(ge=1, le=12)]


class Prompt(ChoicePrompt):
    """A task and the items, shown in the order written unless the quiz shuffles them."""


class Key(Schema):
    """The rank of each item, 1 first, and why; a sentence about each item or about none."""

    ranks: dict[Ref, Rank]
    rationale: Prose
    feedback: dict[Ref, str] = {}
    minority: str = ""


class Response(Schema):
    """All items, first to last; none for no answer."""

    order: Annotated[tuple[Ref, ...], Field(max_length=12)] = ()


def check(prompt: Prompt, key: Key) -> list[Fault]:
    """Find what does not fit between the two; nothing, if all is well."""
    unknown = [
        *(("ranks", ref) for ref in key.ranks if ref not in prompt.refs),
        *(("feedback", ref) for ref in key.feedback if ref not in prompt.refs),
    ]
    faults = [
        *(Fault(field, f"“{ref}” is none of the items.") for field, ref in unknown),
        *(Fault("ranks", f"Give “{ref}” a rank.") for ref in prompt.refs if ref not in key.ranks),
    ]
    if key.feedback:
        silent = [ref for ref in prompt.refs if not key.feedback.get(ref, "").strip()]
        faults.extend(Fault("feedback", f"Say about “{ref}” why it stands there.") for ref in silent)
    if not faults and len(set(key.ranks.values())) > 1 and score_order(prompt.refs, key.ranks) == 1:
        message = "As written the items stand in the right order already. Write them in another."
        faults.append(Fault("ranks", message))
    return faults


def check_response(prompt: Prompt, response: Response) -> None:
    """Raise ResponseRefused for anything but a full order of the items, or none."""
    if response.order and sorted(response.order) != sorted(prompt.refs):
        raise ResponseRefused("order", "Put all the items in order, each of them once.")


def grader(prompt: Prompt, key: Key) -> Judge:
    """How well the order agrees with the key's, pair by pair (Kendall's tau, never below 0)."""

    @lru_cache(ANSWERS_KEPT)
    def outcome(order: tuple[str, ...]) -> Outcome:
        if not order:
            return Outcome(fraction=0.0, answered=False)
        fraction = score_order(order, key.ranks)
        return Outcome(
            fraction=fraction,
            answered=True,
            units=whole_item(fraction),
            findings=tuple(_finding(ref, order.index(ref), key) for ref in prompt.refs),
        )

    return lambda response: outcome(response.order)


def _finding(ref: str, place: int, key: Key) -> Finding:
    """right if some right order puts the item there, else wrong; the response is its place from 1."""
    code = "right" if place in places(ref, key.ranks) else "wrong"
    return Finding(code=code, ref=ref, response=str(place + 1))


def from_form(prompt: Prompt, form: Form) -> dict[str, Any]:
    """Read one field `place-<item>` an item, its place from 1; all blank is no answer.

    Raises ResponseRefused for a place that is missing, taken twice, or no number.
    """
    fields = {ref: f"place-{ref}" for ref in prompt.refs}
    given = {ref: (list(form.get(field, ())) or [""])[-1].strip() for ref, field in fields.items()}
    if not any(given.values()):
        return {"order": []}
    last = len(given)
    places = {ref: _place(fields[ref], value, last) for ref, value in given.items()}
    taken = Counter(places.values())
    for ref, place in places.items():
        if taken[place] > 1:
            raise ResponseRefused(
                fields[ref], f"Place {place} is taken twice. Give each item a place of its own."
            )
    return {"order": sorted(places, key=places.__getitem__)}


def _place(field: str, value: str, last: int) -> int:
    if value in {str(place) for place in range(1, last + 1)}:
        return int(value)
    if not value:
        raise ResponseRefused(field, "An item has no place yet. Give each item a place, or none at all.")
    raise ResponseRefused(field, f"A place is a number from 1 to {last}.")


EXAMPLE = Example(
    prompt=Prompt(
        task="Put the wordings in order, from the surest to the least sure.",
        options=(
            Option(ref="may", text="The ferry may be late."),
            Option(ref="is", text="The ferry is late."),
            Option(ref="could", text="The ferry could be late."),
            Option(ref="likely", text="The ferry is likely to be late."),
        ),
    ),
    key=Key(
        ranks={"is": 1, "likely": 2, "may": 3, "could": 3},
        rationale="“Is” leaves no doubt, “likely” a little; “may” and “could” both leave it open.",
        minority="Some readers hear less in “could” than in “may”.",
    ),
    right=Response(order=("is", "likely", "could", "may")),
    wrong=(
        Response(order=("likely", "is", "may", "could")),
        Response(order=("could", "may", "likely", "is")),
        Response(),
    ),
)

ORDER = register(
    QuestionType(
        slug="order",
        schema_version=1,
        Prompt=Prompt,
        Key=Key,
        Response=Response,
        example=EXAMPLE,
        check=check,
        check_response=check_response,
        grader=grader,
        from_form=from_form,
    )
)
