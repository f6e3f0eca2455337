"""What a key makes of answers that its author did not think of: the right one, none, everything."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic_core import to_json

from quizzes import wording
from quizzes.admin.forms import QuestionForm
from quizzes.types.registry import QuestionType


@dataclass(frozen=True)
class Sample:
    """An answer in words, its score in per cent (None: a person gives it), and what the learner is told."""

    label: str
    percent: int | None
    headline: str
    is_key: bool = False

    @property
    def is_off(self) -> bool:
        """The key's own answer must score in full."""
        return self.is_key and self.percent not in {100, None}


def samples(form: QuestionForm, kind: QuestionType, prompt: Any, key: Any) -> list[Sample]:
    """Each answer that the form thinks of, the key's own first, and none."""
    found: list[Sample] = []
    judge = kind.grader(prompt, key)
    for index, (label, data) in enumerate([*form.answers(prompt, key), (_("Nothing"), {})]):
        response = kind.Response.model_validate_json(to_json(data))
        outcome = judge(response)
        percent = None if outcome.fraction is None else round(outcome.fraction * 100)
        headline = wording.headline(outcome, sorts_sentences=kind.sorts_sentences, practice=True)
        found.append(Sample(str(label), percent, headline, is_key=index == 0 and bool(data)))
    return found
