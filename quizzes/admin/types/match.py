from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Rows, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import SPECIMEN, TASK, answers_to_rows, judged_rows, problem, wording
from quizzes.admin.types.rows import initial_rows, written_rows


@register
class MatchForm(QuestionForm):
    type = "match"
    label = _("Find the pairs")
    about = _("The learner gives each row its partner; a partner may serve several rows, or none.")
    sample = _("What would check each claim? The minutes, the ticket office, or nothing?")
    fields = (
        TASK,
        Rows(
            name="options",
            label=_("Partners"),
            noun=_("Partner"),
            add=_("Add a partner"),
            fields=(wording(_("Partner"), _("Write the partner, or remove it.")),),
        ),
        judged_rows(
            "rows",
            "options",
            {
                "label": _("Rows"),
                "noun": _("Row"),
                "add": _("Add a row"),
                "missing": _("Write the row, or remove it."),
                "accepted": _("Its partner"),
            },
        ),
        SPECIMEN,
        problem("options", _("Which partner means a problem")),
    )

    def initial(self, prompt: Any, key: Any) -> Values:
        partners = [{"ref": one.ref, "text": one.text} for one in prompt.options]
        return {**initial_rows(prompt, key), "options": partners}

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        return written_rows(values, "options", errors)

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        return answers_to_rows(key.rows, prompt.targets)
