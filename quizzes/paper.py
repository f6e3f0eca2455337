"""A question as it is asked on paper, whatever its type: what to read, what to tick, where to write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.text.positions import Span
from quizzes.models import QuestionRevision
from quizzes.types.base import Option, Passage

#: Ruled lines to write on: for a word or a number, and for a sentence or two.
ONE_LINE, SOME_LINES = 1, 4


@dataclass(frozen=True)
class PaperQuestion:
    """`text` is quoted above the question. `span` is its passage in the article of `revision`, and
    `passage` the words themselves where it is from none. A choice has `boxes`; `rows` have the same
    `columns` to tick each; `numbers`: the boxes are numbered by hand. `ruled` lines are to write on.
    """

    revision: QuestionRevision
    task: str
    text: str = ""
    span: Span | None = None
    passage: str = ""
    boxes: Sequence[str] = ()
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    numbers: bool = False
    ruled: int = 0
    skills: Sequence[str] = ()


def on_paper(revision: QuestionRevision) -> PaperQuestion:
    """The question by what its prompt holds; one of a type that holds nothing known gets lines to write on."""
    prompt = revision.asked
    passage: Passage | None = getattr(prompt, "passage", None)
    placed = revision.start is not None and revision.end is not None
    asked: dict[str, Any] = {
        "revision": revision,
        "task": prompt.task,
        "text": getattr(prompt, "specimen", "") or getattr(prompt, "statement", ""),
        "span": (revision.start, revision.end) if placed else None,
        "passage": passage.text if passage is not None and not placed else "",
        "skills": getattr(prompt, "skills", ()),
    }
    return PaperQuestion(**{**asked, **_room(prompt, revision.type)})


def _room(prompt: Any, slug: str) -> dict[str, Any]:
    """Where the answer goes."""
    if hasattr(prompt, "gaps"):
        return {"text": "\n".join(_line_of_gaps(line) for line in prompt.lines)}
    if hasattr(prompt, "offered"):
        places = [prompt.passage.text[place.start : place.end] for place in prompt.offered]
        return {"boxes": [*places, _("Nothing to mark here")]}
    if hasattr(prompt, "own_spans"):
        return {"boxes": [_("Nothing to mark here")]}
    if hasattr(prompt, "categories"):
        return {"rows": _texts(prompt.units), "columns": _texts(prompt.categories)}
    if hasattr(prompt, "rows"):
        return {"rows": _texts(prompt.rows), "columns": _texts(prompt.targets)}
    if hasattr(prompt, "statement"):
        return {"boxes": [_("True"), _("False")], "text": _joined(prompt.specimen, prompt.statement)}
    if slug == "multiple_choice":
        return {"boxes": [*_texts(prompt.options), _("None of these")]}
    if hasattr(prompt, "options"):
        # Things to be put in order get their number into the box; a choice gets a cross.
        return {"boxes": _texts(prompt.options), "numbers": slug == "order"}
    short = hasattr(prompt, "decimal_mark") or getattr(prompt, "longest", 1_000) <= 200
    return {"ruled": ONE_LINE if short else SOME_LINES}


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _texts(options: Iterable[Option]) -> list[str]:
    return [option.text for option in options]


def _line_of_gaps(line: Iterable[Any]) -> str:
    """Each gap as its choices, one of which is to be ringed."""
    return "".join(
        piece if isinstance(piece, str) else f"( {' / '.join(_texts(piece.options))} )" for piece in line
    )
