"""Which answers a class gave to one question, and how often each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quizzes.first_answers import FirstAnswer
from quizzes.models import QuestionRevision
from quizzes.types import registry


@dataclass(frozen=True)
class Given:
    """An answer that `count` learners gave."""

    words: str
    count: int


@dataclass(frozen=True)
class Asked:
    """What was asked ("" for the question as a whole) and its answers, the most frequent first."""

    words: str
    given: list[Given]


def distribution(revision: QuestionRevision, answers: Iterable[FirstAnswer]) -> list[Asked]:
    """The answers to `revision`, part by part where it has parts; empty for marks in a text."""
    kind = registry.get(revision.type)
    responses = [
        registry.load(kind.slug, "response", answer.data, answer.schema_version)
        for answer in answers
        if answer.data is not None and answer.schema_version is not None
    ]
    parts = dict(_parts(revision.asked))
    if parts:
        return [
            Asked(words, _counted(_said(chosen, _of_part(response).get(ref)) for response in responses))
            for ref, (words, chosen) in parts.items()
        ]
    if hasattr(revision.asked, "own_spans"):
        return []
    whole = _counted(_whole(revision.asked, response) for response in responses)
    return [Asked("", whole)] if whole else []


def _counted(words: Iterable[str]) -> list[Given]:
    return [Given(said, count) for said, count in Counter(words).most_common()]


def _parts(prompt: Any) -> Iterator[tuple[str, tuple[str, Mapping[str, str]]]]:
    """Each part by its ref: its words, and what can be chosen there."""
    for number, gap in enumerate(getattr(prompt, "gaps", ()), start=1):
        yield gap.ref, (_("Gap %(number)s") % {"number": number}, _texts(gap.options))
    targets = next(
        (getattr(prompt, name) for name in ("categories", "speakers") if hasattr(prompt, name)),
        getattr(prompt, "options", ()),
    )
    for row in (*getattr(prompt, "units", ()), *getattr(prompt, "rows", ())):
        if hasattr(row, "ref"):  # a number's units are words
            yield row.ref, (row.text, _texts(targets))


def _texts(options: Iterable[Any]) -> dict[str, str]:
    return {option.ref: option.text for option in options}


def _of_part(response: Any) -> Mapping[str, str]:
    given = getattr(response, "placed", None) or getattr(response, "chosen", {})
    return given if isinstance(given, Mapping) else {}


def _said(texts: Mapping[str, str], ref: str | None) -> str:
    return texts.get(ref, ref) if ref else _("left open")


def _whole(prompt: Any, response: Any) -> str:
    if getattr(response, "none_of_these", False):
        return _("None of these")
    texts = _texts(getattr(prompt, "options", ()))
    if order := getattr(response, "order", ()):
        return " → ".join(texts.get(ref, ref) for ref in order)
    chosen = getattr(response, "chosen", None)
    if isinstance(chosen, frozenset):
        return " + ".join(words for ref, words in texts.items() if ref in chosen) or _("left open")
    if isinstance(chosen, str):
        return texts.get(chosen, {"true": _("True"), "false": _("False")}.get(chosen, chosen))
    return " ".join(getattr(response, "text", "").split()) or _("left open")
