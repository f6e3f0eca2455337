"""An answer as a teacher reads it in a list: one line, whatever the type."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.hottext import NOTHING_TO_MARK
from quizzes.types.multiple_choice import NONE_OF_THESE

#: What can be chosen without words of its author's.
CHOICES = {
    "true": gettext_lazy("True"),
    "false": gettext_lazy("False"),
    NONE_OF_THESE: gettext_lazy("None of these"),
    NOTHING_TO_MARK: gettext_lazy("Nothing to mark"),
}
LONGEST = 180


def in_words(prompt: Any, response: Any) -> str:
    """What was answered; "" for nothing."""
    return Truncator(_whole(prompt, response)).chars(LONGEST) if response is not None else ""


def _whole(prompt: Any, response: Any) -> str:
    if getattr(response, "none_of_these", False):
        return str(CHOICES[NONE_OF_THESE])
    if getattr(response, "nothing_to_mark", False):
        return str(CHOICES[NOTHING_TO_MARK])
    if hasattr(prompt, "own_spans"):
        text = prompt.passage.text
        spans = sorted({own.span for own in prompt.own_spans(response)})
        return " … ".join(f"“{' '.join(text[start:end].split())}”" for start, end in spans)
    if order := getattr(response, "order", ()):
        texts = _texts(getattr(prompt, "options", ()))
        return " → ".join(texts.get(ref, ref) for ref in order)
    chosen = getattr(response, "placed", None) or getattr(response, "chosen", None)
    if isinstance(chosen, Mapping):
        return "; ".join(_parts(prompt, chosen))
    if isinstance(chosen, frozenset):
        texts = _texts(getattr(prompt, "options", ()))
        return "; ".join(words for ref, words in texts.items() if ref in chosen)
    if isinstance(chosen, str):
        return _texts(getattr(prompt, "options", ())).get(chosen) or str(CHOICES.get(chosen, chosen))
    texts_typed = (value for value in response.model_dump().values() if isinstance(value, str))
    return " ".join(" ".join(texts_typed).split())


def _texts(options: Iterable[Any]) -> dict[str, str]:
    return {option.ref: option.text for option in options}


def _parts(prompt: Any, given: Mapping[str, str]) -> Iterable[str]:
    """Part by part, in the order of the question: “the part: what was put there”."""
    for gap in getattr(prompt, "gaps", ()):
        if gap.ref in given:
            yield f"{gap.ref}: {_texts(gap.options).get(given[gap.ref], given[gap.ref])}"
    put: dict[str, str] = {}
    for name in ("categories", "speakers", "targets", "options"):
        put |= _texts(getattr(prompt, name, ()))
    for row in (*getattr(prompt, "units", ()), *getattr(prompt, "rows", ())):
        if row.ref in given:
            part = Truncator(row.text).words(6)
            yield _("%(part)s: %(put)s") % {"part": part, "put": put.get(given[row.ref], given[row.ref])}
