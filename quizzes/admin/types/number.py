from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Number, Pick, Rows, Text, Tick, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import MINORITY, RATIONALE, SPECIMEN, TASK
from quizzes.templatetags.answers import amount


@register
class NumberForm(QuestionForm):
    type = "number"
    label = _("A number")
    about = _("The learner types a number, with a unit perhaps.")
    sample = _("How many of the nine members voted against the loan?")
    tries = True
    fields = (
        TASK,
        Number(
            name="value",
            label=_("Right answer"),
            help=_("With a point: 12.5."),
            required=_("Write the number that is right."),
        ),
        RATIONALE,
        Number(
            name="abs_tol",
            label=_("Right if off by at most"),
            help=_("In the same unit."),
            default="0",
            more=True,
        ),
        Number(
            name="rel_tol",
            label=_("Or by at most this share"),
            help=_("0.05 is 5 per cent."),
            default="0",
            more=True,
        ),
        Rows(
            name="units",
            label=_("Units that may be typed"),
            noun=_("Unit"),
            add=_("Add a unit"),
            fields=(
                Text(name="text", label=_("Unit"), required=_("Write the unit, or remove it.")),
                Number(
                    name="factor",
                    label=_("Times"),
                    help=_("What makes it the unit of the right answer: 1, or 1000 from km to m."),
                    required=_("Write what a value in this unit is multiplied by."),
                ),
            ),
            least=0,
            more=True,
        ),
        Tick(name="unit_required", label=_("Half the points without a unit"), more=True),
        Pick(
            name="decimal_mark",
            label=_("Decimals are typed with"),
            choices=((".", _("a point")), (",", _("a comma"))),
            default=".",
            more=True,
        ),
        Rows(
            name="expected_wrong",
            label=_("Wrong numbers that many give"),
            noun=_("Wrong number"),
            add=_("Add a wrong number"),
            fields=(
                Number(name="value", label=_("Number"), required=_("Write the number, or remove it.")),
                Text(name="feedback", label=_("Said to it"), lines=2, required=_("Say why it is wrong.")),
            ),
            least=0,
            most=40,
            more=True,
        ),
        SPECIMEN,
        MINORITY,
    )
    places = {("key", "factors"): "units", ("prompt", "unit_required"): "unit_required"}

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "decimal_mark": prompt.decimal_mark,
            "unit_required": "on" if prompt.unit_required else "",
            "units": [{"text": unit, "factor": key.factors.get(unit, "")} for unit in prompt.units],
            "value": key.value,
            "abs_tol": key.abs_tol,
            "rel_tol": key.rel_tol,
            "rationale": key.rationale,
            "minority": key.minority,
            "expected_wrong": [{"value": one.value, "feedback": one.feedback} for one in key.expected_wrong],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        units = values["units"]
        prompt = {
            "task": values["task"],
            "specimen": values["specimen"],
            "decimal_mark": values["decimal_mark"],
            "units": [row["text"] for row in units],
            "unit_required": bool(values["unit_required"]),
        }
        return prompt, {
            "value": values["value"],
            "abs_tol": values["abs_tol"] or "0",
            "rel_tol": values["rel_tol"] or "0",
            "factors": {row["text"]: row["factor"] for row in units},
            "expected_wrong": [
                {"value": row["value"], "feedback": row["feedback"]} for row in values["expected_wrong"]
            ],
            "rationale": values["rationale"],
            "minority": values["minority"],
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        right = amount(prompt, key)
        best = f"{right.value} {right.unit}".strip()
        others = [one.value.replace(".", prompt.decimal_mark) for one in key.expected_wrong]
        bare = [right.value] if right.unit else []
        return [(text, {"text": text}) for text in (best, *bare, *others)]
