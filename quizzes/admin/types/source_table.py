from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Field, Rows, Values, Words
from quizzes.admin.forms import Errors, register
from quizzes.admin.types.parts import SPECIMEN, TASK, answers_to_rows, judged_rows, problem, wording
from quizzes.admin.types.passages import PassageForm
from quizzes.admin.types.rows import initial_rows, written_rows


@register
class SourceTableForm(PassageForm):
    type = "source_table"
    label = _("Who says what")
    about = _("The learner says of each claim who makes it; “nobody is named” is one of the speakers.")
    sample = _("“The lift is out of order.” The caretaker, a note at the door, or nobody?")
    needs_passage = False
    places = {("prompt", "passage"): "article"}

    @cached_property
    def fields(self) -> tuple[Field, ...]:  # type: ignore[override]
        return (
            TASK,
            Rows(
                name="speakers",
                label=_("Speakers"),
                noun=_("Speaker"),
                add=_("Add a speaker"),
                help=_("Write one for “Nobody is named” too."),
                fields=(wording(_("Speaker"), _("Name the speaker, or remove the row.")),),
            ),
            judged_rows(
                "rows",
                "speakers",
                {
                    "label": _("Claims"),
                    "noun": _("Claim"),
                    "add": _("Add a claim"),
                    "missing": _("Write the claim, or remove it."),
                    "accepted": _("Made by"),
                },
            ),
            SPECIMEN,
            *self.passage_fields,
            problem("speakers", _("Which speaker means a problem in the text")),
        )

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            **initial_rows(prompt, key),
            **self.initial_passage(prompt.passage),
            "speakers": [{"ref": one.ref, "text": one.text} for one in prompt.speakers],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        prompt, key = written_rows(values, "speakers", errors)
        passage = self.read_passage(values, errors)
        return {**prompt, "passage": passage.model_dump(mode="json") if passage else None}, key

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        return answers_to_rows(key.rows, prompt.targets)
