from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Pick, Text, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import MINORITY, SPECIMEN, TASK

VERDICTS = (("true", _("True")), ("false", _("False")))


@register
class TrueFalseForm(QuestionForm):
    type = "true_false"
    label = _("True or false")
    about = _("The learner judges one statement.")
    sample = _("“The report names its source.” True or false?")
    fields = (
        TASK,
        Text(name="statement", label=_("Statement"), lines=2, required=_("Write the statement.")),
        Pick(
            name="right",
            label=_("It is"),
            choices=(("", _("Choose…")), *VERDICTS),
            required=_("Say whether it is true or false."),
        ),
        Text(
            name="feedback_true",
            label=_("Said to “true”"),
            lines=2,
            required=_("Say why “true” is right or wrong."),
        ),
        Text(
            name="feedback_false",
            label=_("Said to “false”"),
            lines=2,
            required=_("Say why “false” is right or wrong."),
        ),
        SPECIMEN,
        Pick(
            name="problem",
            label=_("Which answer means a problem in the text"),
            choices=(("", _("Neither")), *VERDICTS),
            more=True,
        ),
        MINORITY,
    )
    places = {
        ("key", "feedback"): "right",
        ("key", "feedback", "true"): "feedback_true",
        ("key", "feedback", "false"): "feedback_false",
    }

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "statement": prompt.statement,
            "problem": prompt.problem,
            "right": key.right,
            "feedback_true": key.feedback.get("true", ""),
            "feedback_false": key.feedback.get("false", ""),
            "minority": key.minority,
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        prompt = {name: values[name] for name in ("task", "specimen", "statement", "problem")}
        return prompt, {
            "right": values["right"],
            "feedback": {"true": values["feedback_true"], "false": values["feedback_false"]},
            "minority": values["minority"],
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        words = dict(VERDICTS)
        order = sorted(words, key=lambda verdict: verdict != key.right)
        return [(words[verdict], {"chosen": verdict}) for verdict in order]
