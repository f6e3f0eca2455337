import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Rows, Text, Tick, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import FEEDBACK, MINORITY, TASK, options, wording

SHOWN = re.compile(r"\[gap ([0-9]{1,3})\]", re.IGNORECASE)
LEFT = re.compile(r"\[gaps-[0-9]+\]")


@register
class InlineChoiceForm(QuestionForm):
    """In its text a gap is written as [gap 1], by the number of its row; stored it is the row's ref."""

    type = "inline_choice"
    label = _("Choose the wording in place")
    about = _("The learner fills each gap of a text from a short list.")
    sample = _("The board [admitted / said] that lessons begin at nine.")
    fields = (
        TASK,
        Text(
            name="text",
            label=_("Text with gaps"),
            lines=5,
            help=_("Write [gap 1] where the first gap is, [gap 2] for the second, each of them once."),
            required=_("Write the text, with its gaps."),
        ),
        Rows(
            name="gaps",
            label=_("Gaps"),
            noun=_("Gap"),
            add=_("Add a gap"),
            fields=(
                Rows(
                    name="options",
                    label=_("Wordings to choose from"),
                    noun=_("Wording"),
                    add=_("Add a wording"),
                    fields=(
                        wording(_("Wording"), _("Write the wording, or remove it.")),
                        Tick(name="right", label=_("This is right")),
                        FEEDBACK,
                    ),
                    most=8,
                ),
                MINORITY,
            ),
            least=1,
            most=20,
            moves=False,
        ),
    )

    def initial(self, prompt: Any, key: Any) -> Values:
        keys = {gap.ref: gap for gap in key.gaps}
        return {
            "task": prompt.task,
            "text": prompt.text,
            "gaps": [_gap_values(gap, keys.get(gap.ref)) for gap in prompt.gaps],
        }

    def taken_in(self, values: Values) -> Values:
        """The text with refs where its author writes numbers."""
        refs = [gap["ref"] for gap in values["gaps"]]

        def ref(found: re.Match[str]) -> str:
            number = int(found[1])
            return f"[{refs[number - 1]}]" if 1 <= number <= len(refs) else found[0]

        return {**values, "text": SHOWN.sub(ref, values["text"])}

    def shown(self, values: Values) -> Values:
        """The text with numbers in place of refs."""
        text = values["text"]
        for number, gap in enumerate(values["gaps"], start=1):
            text = text.replace(f"[{gap['ref']}]", f"[gap {number}]")
        return {**values, "text": text}

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        text, gaps = values["text"], values["gaps"]
        refs = {gap["ref"] for gap in gaps}
        if not gaps:
            errors.add("gaps", _("Write at least one gap: what can stand there, and what is right."))
        for number, gap in enumerate(gaps, start=1):
            if text.strip() and text.count(f"[{gap['ref']}]") != 1:
                errors.add("text", _("[gap %(number)d] must stand once in the text.") % {"number": number})
            self._refuse_key(gap, f"gaps-{number - 1}-options", errors)
        unknown = [*(found[0] for found in SHOWN.finditer(text)), *LEFT.findall(text)]
        for name in unknown:
            if name.strip("[]") not in refs:
                errors.add(
                    "text", _("%(gap)s has no wordings below. Add them, or take it out.") % {"gap": name}
                )
        prompt_gaps = [{"ref": gap["ref"], "options": options(gap["options"])} for gap in gaps]
        prompt = {"task": values["task"], "text": text, "gaps": prompt_gaps}
        return prompt, {"gaps": [_gap_key(gap) for gap in gaps]}

    def _refuse_key(self, gap: Values, name: str, errors: Errors) -> None:
        right = [row for row in gap["options"] if row["right"]]
        if gap["options"] and not right:
            errors.add(name, _("Say which wording is right."))

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        right = {gap.ref: min(gap.right) for gap in key.gaps}
        wrong = {
            gap.ref: next(one.ref for one in gap.options if one.ref not in of.right)
            for gap, of in zip(prompt.gaps, key.gaps, strict=True)
        }
        return [(_("What is right"), {"chosen": right}), (_("What is wrong"), {"chosen": wrong})]


def _gap_key(gap: Values) -> Values:
    return {
        "ref": gap["ref"],
        "right": [row["ref"] for row in gap["options"] if row["right"]],
        "feedback": {row["ref"]: row["feedback"] for row in gap["options"]},
        "minority": gap["minority"],
    }


def _gap_values(gap: Any, key: Any) -> Values:
    return {
        "ref": gap.ref,
        "minority": key.minority if key else "",
        "options": [
            {
                "ref": option.ref,
                "text": option.text,
                "right": "on" if key and option.ref in key.right else "",
                "feedback": key.feedback.get(option.ref, "") if key else "",
            }
            for option in gap.options
        ],
    }
