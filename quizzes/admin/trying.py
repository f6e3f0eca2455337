"""Trying an answer beside the key that is being written: for types whose answers are typed."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.admin.desk import Desk
from quizzes.admin.fields import Values
from quizzes.types import registry, responses
from quizzes.types.registry import ResponseRefused


@dataclass(frozen=True)
class Tried:
    """The answer that was typed, and what the key makes of it."""

    text: str
    said: str


def tried(desk: Desk, post: QueryDict, values: Values) -> Tried | None:
    """What the key in the form makes of the answer in its try-it box; None if nothing was to be tried."""
    if post.get("do") != "try" or not desk.form.tries:
        return None
    text = post.get("try_text", "")
    _values, written = desk.judge(values)
    if written.prompt is None or written.key is None:
        return Tried(text, _("The key is not whole yet: write the answers that are right first."))
    kind = registry.get(desk.form.type)
    try:
        response = responses.read_response(kind, written.prompt, {"text": text})
    except ResponseRefused as refused:
        return Tried(text, refused.message)
    outcome = kind.grade(written.prompt, written.key, response)
    percent = round((outcome.fraction or 0) * 100)
    said = wording.headline(outcome, sorts_sentences=kind.sorts_sentences, practice=True)
    return Tried(text, _("Scores %(percent)d %%. %(said)s") % {"percent": percent, "said": said})
