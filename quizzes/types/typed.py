"""What the types share in which a learner types."""

from typing import Any

from articles.text.positions import normalise
from quizzes.types.registry import Form, ResponseRefused


def typed_text(form: Form) -> str:
    """The field `text`, its line ends a single \\n each, in Unicode NFC; "" if it is not there."""
    values = form.get("text", ())
    return normalise(values[-1]) if values else ""


def from_form(_prompt: Any, form: Form) -> dict[str, Any]:
    """Read the field `text`."""
    return {"text": typed_text(form)}


def refuse_longer(text: str, longest: int) -> None:
    """Raise ResponseRefused for a text of more than `longest` code points."""
    if len(text) > longest:
        raise ResponseRefused("text", f"This is too long: {len(text)} characters, and {longest} at most.")
