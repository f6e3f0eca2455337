from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import OneRow, Rows, Tick, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import FEEDBACK, MINORITY, SPECIMEN, TASK, options, wording


@register
class SingleChoiceForm(QuestionForm):
    type = "single_choice"
    label = _("One answer of several")
    about = _("The learner chooses one of several answers.")
    sample = _("Who makes the claim? The reporter, the mayor, or nobody?")
    fields = (
        TASK,
        Rows(
            name="options",
            label=_("Options"),
            noun=_("Option"),
            add=_("Add an option"),
            fields=(
                wording(_("Option"), _("Write the option, or remove it.")),
                OneRow(name="right", label=_("This is right")),
                FEEDBACK,
                Tick(name="also", label=_("Accept this one too"), more=True),
            ),
        ),
        SPECIMEN,
        MINORITY,
    )
    places = {("key", "right"): "options", ("key", "feedback"): "options-*-feedback"}

    def initial(self, prompt: Any, key: Any) -> Values:
        first = next((ref for ref in prompt.refs if ref in key.right), "")
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "minority": key.minority,
            "options": [
                {
                    "ref": option.ref,
                    "text": option.text,
                    "right": "on" if option.ref == first else "",
                    "also": "on" if option.ref in key.right and option.ref != first else "",
                    "feedback": key.feedback.get(option.ref, ""),
                }
                for option in prompt.options
            ],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        rows = values["options"]
        right = [row["ref"] for row in rows if row["right"] or row["also"]]
        if rows and not right:
            errors.add("options", _("Say which option is right."))
        prompt = {"task": values["task"], "specimen": values["specimen"], "options": options(rows)}
        feedback = {row["ref"]: row["feedback"] for row in rows}
        return prompt, {"right": right, "feedback": feedback, "minority": values["minority"]}

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        options = sorted(prompt.options, key=lambda option: option.ref not in key.right)
        return [(option.text, {"chosen": option.ref}) for option in options]
