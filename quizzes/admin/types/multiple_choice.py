from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Rows, Tick, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import FEEDBACK, MINORITY, SPECIMEN, TASK, options, wording


@register
class MultipleChoiceForm(QuestionForm):
    type = "multiple_choice"
    label = _("Several answers of several")
    about = _("The learner ticks every answer that fits, or “None of these”.")
    sample = _("Which of these does the report leave out? The cost, the date, those who live there.")
    fields = (
        TASK,
        Rows(
            name="options",
            label=_("Options"),
            noun=_("Option"),
            add=_("Add an option"),
            help=_("Where no option is right, “None of these” is the answer."),
            fields=(
                wording(_("Option"), _("Write the option, or remove it.")),
                Tick(name="right", label=_("This is right")),
                FEEDBACK,
            ),
            least=3,
        ),
        SPECIMEN,
        MINORITY,
    )
    places = {("key", "right"): "options", ("key", "feedback"): "options-*-feedback"}

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "minority": key.minority,
            "options": [
                {
                    "ref": option.ref,
                    "text": option.text,
                    "right": "on" if option.ref in key.right else "",
                    "feedback": key.feedback.get(option.ref, ""),
                }
                for option in prompt.options
            ],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        rows = values["options"]
        prompt = {"task": values["task"], "specimen": values["specimen"], "options": options(rows)}
        return prompt, {
            "right": [row["ref"] for row in rows if row["right"]],
            "feedback": {row["ref"]: row["feedback"] for row in rows},
            "minority": values["minority"],
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        right = sorted(key.right)
        best = (_("What is right"), {"chosen": right} if right else {"none_of_these": True})
        rest: list[tuple[Words, Values]] = [(_("Everything"), {"chosen": list(prompt.refs)})]
        if right:
            rest.append((_("None of these"), {"none_of_these": True}))
        return [best, *rest]
