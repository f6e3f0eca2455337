from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Number, Rows, Text, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import MINORITY, RATIONALE, SPECIMEN, TASK, options, whole, wording


@register
class OrderForm(QuestionForm):
    type = "order"
    label = _("Put in order")
    about = _("The learner puts things in order, first to last.")
    sample = _("From the surest to the least sure: is, is likely to be, may be.")
    fields = (
        TASK,
        Rows(
            name="options",
            label=_("Items, as they are shown"),
            noun=_("Item"),
            add=_("Add an item"),
            help=_("Do not write them in their right order. Items of one rank may stand either way."),
            fields=(
                wording(_("Item"), _("Write the item, or remove it.")),
                Number(
                    name="rank",
                    label=_("Rank, 1 first"),
                    required=_("Give the item a rank: 1 for the first."),
                ),
                Text(name="feedback", label=_("Why it stands there"), lines=2, more=True),
            ),
            least=3,
        ),
        RATIONALE,
        SPECIMEN,
        MINORITY,
    )
    places = {
        ("key", "ranks"): "options-*-rank",
        ("key", "feedback"): "options-*-feedback",
    }

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "rationale": key.rationale,
            "minority": key.minority,
            "options": [
                {
                    "ref": option.ref,
                    "text": option.text,
                    "rank": str(key.ranks.get(option.ref, "")),
                    "feedback": key.feedback.get(option.ref, ""),
                }
                for option in prompt.options
            ],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        rows = values["options"]
        told = [row for row in rows if row["feedback"].strip()]
        if told:
            for index, row in enumerate(rows):
                if row not in told:
                    errors.add(
                        f"options-{index}-feedback", _("Say it about each item, or about none of them.")
                    )
        prompt = {"task": values["task"], "specimen": values["specimen"], "options": options(rows)}
        return prompt, {
            "ranks": {row["ref"]: whole(row["rank"]) for row in rows},
            "rationale": values["rationale"],
            "feedback": {row["ref"]: row["feedback"] for row in told},
            "minority": values["minority"],
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        right = sorted(prompt.refs, key=key.ranks.__getitem__)
        return [
            (_("The right order"), {"order": right}),
            (_("The other way round"), {"order": right[::-1]}),
            (_("As it is shown"), {"order": list(prompt.refs)}),
        ]
