"""Keys whose every word is a canary: a string that stands nowhere else, so that a leak can be seen."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from quizzes.types import QuestionType, all_types, registry
from quizzes.types.base import Schema

#: Names and places that a key shares with its prompt. Everything else in a key is words, or a secret name.
STRUCTURE = frozenset({"skill", "kind", "right"})
#: What an answer is compared with: numbers, and words that a response in a test must be able to hold.
COMPARED = frozenset({"value", "abs_tol", "rel_tol", "factors", "accents", "any_of"})
_CANARY = re.compile(r"canary-[a-z0-9-]+-end")


@dataclass(frozen=True)
class Planted:
    """A prompt and a key that fit; `told`: the canaries that due feedback says, `secret`: the rest.

    Of what is told, `hints` are said in practice only.
    """

    type: str
    prompt: Schema
    key: Schema
    told: frozenset[str]
    secret: frozenset[str]
    hints: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.told | self.secret


def in_text(text: str) -> frozenset[str]:
    """The canaries that occur in what was sent."""
    return frozenset(_CANARY.findall(text))


def plant(question_type: QuestionType, tag: str) -> Planted:
    """The type's example, its key full of canaries that are told apart by `tag`."""
    return _planted(question_type, question_type.example.key.model_dump(mode="json"), tag)


def some(tag: str, *slugs: str) -> list[Planted]:
    """One question of each of these types, for tests that look at the pages about it and not at its key."""
    return [plant(registry.get(slug), f"{tag}-{slug}") for slug in slugs]


def plant_praise(question_type: QuestionType, tag: str) -> Planted:
    """The same passage with nothing to find: an acceptable place, a foil, and praise."""
    key = question_type.example.key.model_dump(mode="json")
    differ, _hope, foil = key["spans"]
    differ["kind"] = "acceptable"
    return _planted(question_type, {**key, "spans": [differ, foil], "praise": "some"}, tag)


def every_type(tag: str) -> list[Planted]:
    """One question of each registered type, and one in which nothing is to be marked."""
    planted = [plant(question_type, f"{tag}-{question_type.slug}") for question_type in all_types()]
    marking = next(question_type for question_type in all_types() if question_type.slug == "mark_spans")
    return [*planted, plant_praise(marking, f"{tag}-praise")]


def _planted(question_type: QuestionType, key: dict[str, Any], tag: str) -> Planted:
    prompt = question_type.example.prompt
    shared = set(_strings(prompt.model_dump(mode="json")))
    name = tag.replace("_", "-")
    told: set[str] = set()
    secret: set[str] = set()

    def replaced(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            return {part: replaced(inner, (*path, part)) for part, inner in value.items()}
        if isinstance(value, list):
            return [replaced(inner, (*path, str(index))) for index, inner in enumerate(value)]
        if not isinstance(value, str) or _stays(path) or (path[-1] == "ref" and value in shared):
            return value
        canary = f"canary-{name}-{'-'.join(path)}-end".replace("_", "-")
        (secret if path[-1] == "ref" else told).add(canary)
        # A sample must pass what its own question looks for.
        return f"{canary} {value}" if path == ("sample",) else canary

    planted = replaced(key, ())
    if any(span["kind"] == "required" for span in planted.get("spans", ())):
        # Praise is for a passage with nothing to find; `plant_praise` has one.
        told.discard(planted["praise"])
        planted["praise"] = ""
    loaded = question_type.Key.model_validate_json(json.dumps(planted))
    assert question_type.check(prompt, loaded) == []
    hints = frozenset(canary for canary in told if re.search(r"-(keep|drop)-\d+-", canary))
    return Planted(question_type.slug, prompt, loaded, frozenset(told), frozenset(secret), hints)


def _stays(path: tuple[str, ...]) -> bool:
    """Whether a string of a key stays as it is: a name that its prompt has too, or what is compared."""
    if STRUCTURE & set(path) or COMPARED & set(path) or ("accepted" in path and path[-1].isdecimal()):
        return True
    return path[0] == "expected_wrong" and path[-1] == "text"


def _strings(value: Any) -> Iterator[str]:
    parts: Iterable[Any] = ()
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list):
        parts = value
    for part in parts:
        yield from _strings(part)
