"""What may be told of a response before any feedback: that it cannot be judged as it stands. No key is read."""

from html import unescape
from typing import Any

from django.template.loader import render_to_string

from quizzes.models import QuestionRevision
from quizzes.types import registry


def notice_of(revision: QuestionRevision, response: Any) -> str:
    """A sentence, in the words of quizzes/types/<slug>_notice.html; "" for nothing. `response` is the type's own."""
    code = registry.get(revision.type).notice(revision.asked, response)
    if not code:
        return ""
    words = render_to_string(
        f"quizzes/types/{revision.type}_notice.html", {"code": code, "prompt": revision.asked}
    )
    return unescape(words.strip())
