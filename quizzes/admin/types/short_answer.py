from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Number, Pick, Rows, Text, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import MINORITY, RATIONALE, SPECIMEN, TASK, decimal, plain, whole, wording


@register
class ShortAnswerForm(QuestionForm):
    type = "short_answer"
    label = _("A few words")
    about = _("The learner types a few words, which are compared with what you accept.")
    sample = _("Which party to the dispute does the report leave out?")
    tries = True
    fields = (
        TASK,
        Rows(
            name="accepted",
            label=_("Accepted answers"),
            noun=_("Answer"),
            add=_("Add an accepted answer"),
            help=_("Capitals, blanks and full stops make no difference."),
            fields=(
                wording(_("Answer"), _("Write the answer, or remove it.")),
                Number(
                    name="fraction",
                    label=_("Scores"),
                    help=_("1 in full, 0.5 half."),
                    default="1",
                    more=True,
                ),
                Text(name="feedback", label=_("Said to it"), lines=2, more=True),
            ),
            least=2,
            most=40,
        ),
        RATIONALE,
        Rows(
            name="expected_wrong",
            label=_("Wrong answers that many give"),
            noun=_("Wrong answer"),
            add=_("Add a wrong answer"),
            fields=(
                wording(_("Wrong answer"), _("Write the answer, or remove it.")),
                Text(
                    name="feedback",
                    label=_("Said to it"),
                    lines=2,
                    required=_("Say why it is wrong."),
                ),
            ),
            least=0,
            most=40,
            more=True,
        ),
        SPECIMEN,
        Pick(
            name="accents",
            label=_("Accents"),
            choices=(("fold", _("make no difference")), ("strict", _("must be right"))),
            default="fold",
            more=True,
        ),
        Number(name="longest", label=_("At most so many characters"), default="60", more=True),
        MINORITY,
    )

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "longest": str(prompt.longest),
            "accents": key.accents,
            "rationale": key.rationale,
            "minority": key.minority,
            "accepted": [
                {"text": one.text, "fraction": plain(one.fraction), "feedback": one.feedback}
                for one in key.accepted
            ],
            "expected_wrong": [{"text": one.text, "feedback": one.feedback} for one in key.expected_wrong],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        if not values["accepted"]:
            errors.add("accepted", _("Write at least one answer that is right."))
        prompt = {
            "task": values["task"],
            "specimen": values["specimen"],
            "longest": whole(values["longest"] or "60"),
        }
        return prompt, {
            "accepted": [
                {
                    "text": row["text"],
                    "fraction": decimal(row["fraction"] or "1"),
                    "feedback": row["feedback"],
                }
                for row in values["accepted"]
            ],
            "expected_wrong": [
                {"text": row["text"], "feedback": row["feedback"]} for row in values["expected_wrong"]
            ],
            "accents": values["accents"],
            "rationale": values["rationale"],
            "minority": values["minority"],
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        full = sorted(key.accepted, key=lambda one: -one.fraction)
        return [(one.text, {"text": one.text}) for one in (*full, *key.expected_wrong)]
