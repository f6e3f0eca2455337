"""The key of a question as it is printed for a teacher: what is right, and why. Reads no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.text.positions import Span
from quizzes.models import QuestionKey, QuestionRevision
from quizzes.types import registry


@dataclass(frozen=True)
class KeyLine:
    """One thing that the key says. `of` is what it is about, `verdict` what is right of it.

    `span` is its place in the passage.
    """

    of: str
    verdict: str
    rationale: str = ""
    instead: str = ""
    minority: str = ""
    span: Span | None = None


def key_lines(revision: QuestionRevision, stored: QuestionKey) -> list[KeyLine]:
    """What the key says, in the order of the question; what is said of the whole stands last."""
    key = registry.load(revision.type, "key", stored.key, revision.schema_version)
    return [*_lines(revision.asked, key), *_of_the_whole(key)]


def _lines(prompt: Any, key: Any) -> Iterator[KeyLine]:
    if hasattr(key, "spans"):
        yield from _spans(prompt, key)
    elif hasattr(key, "gaps"):
        yield from _gaps(prompt, key)
    elif hasattr(key, "units") or hasattr(key, "rows"):
        yield from _rows(prompt, key)
    elif hasattr(key, "ranks"):
        texts = {option.ref: option.text for option in prompt.options}
        for ref in sorted(key.ranks, key=key.ranks.__getitem__):
            yield KeyLine(texts[ref], str(key.ranks[ref]), key.feedback.get(ref, ""))
    elif hasattr(key, "right") and hasattr(key, "feedback"):
        yield from _options(prompt, key)
    else:
        yield from _typed(key)


def _spans(prompt: Any, key: Any) -> Iterator[KeyLine]:
    labels = {
        "required": _("To find"),
        "acceptable": _("Readers differ"),
        "foil": _("Fine as written"),
    }
    offered = {place.ref: place for place in getattr(prompt, "offered", ())}
    placed = [(offered.get(span.ref, span).span, span) for span in key.spans]
    for (start, end), span in sorted(placed, key=lambda one: one[0]):
        quote = f"“{prompt.passage.text[start:end]}”"
        yield KeyLine(
            quote, labels[span.kind], span.rationale, span.instead, span.minority, span=(start, end)
        )


def _gaps(prompt: Any, key: Any) -> Iterator[KeyLine]:
    said = {gap.ref: gap for gap in key.gaps}
    for number, gap in enumerate(prompt.gaps, start=1):
        entry = said[gap.ref]
        right = [option for option in gap.options if option.ref in entry.right]
        why = " ".join(entry.feedback.get(option.ref, "") for option in right)
        yield KeyLine(
            _("Gap %(number)s:") % {"number": number},
            " / ".join(option.text for option in right),
            why,
            minority=entry.minority,
        )


def _rows(prompt: Any, key: Any) -> Iterator[KeyLine]:
    targets = {option.ref: option.text for option in getattr(prompt, "categories", None) or prompt.targets}
    said = {row.ref: row for row in (key.units if hasattr(key, "units") else key.rows)}
    for row in prompt.units if hasattr(prompt, "categories") else prompt.rows:
        entry = said[row.ref]
        right = " / ".join(targets[ref] for ref in entry.accepted or ()) or _("Readers differ")
        yield KeyLine(row.text, right, entry.rationale, minority=entry.minority)


def _options(prompt: Any, key: Any) -> Iterator[KeyLine]:
    texts = {option.ref: option.text for option in getattr(prompt, "options", ())} or {
        "true": _("True"),
        "false": _("False"),
    }
    rights = {key.right} if isinstance(key.right, str) else key.right
    for ref, words in texts.items():
        yield KeyLine(words, _("Right") if ref in rights else _("Not right"), key.feedback.get(ref, ""))
    if not rights:
        yield KeyLine(_("None of these"), _("Right"))


def _typed(key: Any) -> Iterator[KeyLine]:
    """What is written by hand: a number, some words, or a text of one's own."""
    if hasattr(key, "value"):
        unit = next(iter(getattr(key, "factors", {})), "")
        yield KeyLine(f"{key.value} {unit}".strip(), _("Right"))
    for accepted in getattr(key, "accepted", ()):
        yield KeyLine(accepted.text, _("Right") if accepted.fraction == 1 else _("Right in part"))
    if hasattr(key, "sample"):
        yield KeyLine(key.sample, _("For example"))
    for fact in getattr(key, "keep", ()):
        yield KeyLine(fact.text, _("To keep"))


def _of_the_whole(key: Any) -> Iterator[KeyLine]:
    rationale, minority = getattr(key, "rationale", ""), getattr(key, "minority", "")
    praise = getattr(key, "praise", "")
    if rationale or minority or praise:
        yield KeyLine("", "", rationale or praise, minority=minority)
