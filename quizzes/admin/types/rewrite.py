from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Number, Rows, Text, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import MINORITY, RATIONALE, TASK, lines_of, options, whole, wording

PHRASES = Text(
    name="any_of",
    label=_("Wordings by which it is found, one a line"),
    lines=2,
    required=_("Write at least one wording."),
)


@register
class RewriteForm(QuestionForm):
    type = "rewrite"
    label = _("Write it anew")
    about = _("The learner rewrites a text; a person judges it by the criteria that you set.")
    sample = _("Write the sentence so that it reports and does not judge. Keep every fact.")
    fields = (
        TASK,
        Text(name="specimen", label=_("Text to rewrite"), lines=3, required=_("Write the text to rewrite.")),
        Rows(
            name="criteria",
            label=_("Criteria"),
            noun=_("Criterion"),
            add=_("Add a criterion"),
            fields=(
                wording(_("Criterion"), _("Name the criterion, or remove it.")),
                Rows(
                    name="levels",
                    label=_("Levels, the lowest first"),
                    noun=_("Level"),
                    add=_("Add a level"),
                    help=_("The first is worth 0 points, each other more than the one before."),
                    fields=(
                        Number(name="points", label=_("Points"), required=_("Write its points.")),
                        wording(_("What such a text is like"), _("Say what such a text is like.")),
                    ),
                    most=6,
                ),
            ),
            most=5,
        ),
        Text(
            name="sample",
            label=_("One good way to write it"),
            lines=3,
            required=_("Write one good text: learners see it afterwards."),
        ),
        RATIONALE,
        Rows(
            name="self_check",
            label=_("What the learner looks over"),
            noun=_("Point"),
            add=_("Add a point"),
            fields=(wording(_("Point"), _("Write the point, or remove it.")),),
            least=0,
            most=8,
            more=True,
        ),
        Rows(
            name="keep",
            label=_("Facts to keep"),
            noun=_("Fact"),
            add=_("Add a fact"),
            fields=(wording(_("Fact"), _("Name the fact, or remove it.")), PHRASES),
            least=0,
            most=20,
            more=True,
        ),
        Rows(
            name="drop",
            label=_("Words that should go"),
            noun=_("Words"),
            add=_("Add words that should go"),
            fields=(PHRASES, Text(name="instead", label=_("What could stand instead"))),
            least=0,
            most=20,
            more=True,
        ),
        Number(name="longest", label=_("At most so many characters"), default="600", more=True),
        MINORITY,
    )

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "specimen": prompt.specimen,
            "longest": str(prompt.longest),
            "criteria": [
                {
                    "ref": one.ref,
                    "text": one.text,
                    "levels": [{"points": str(level.points), "text": level.text} for level in one.levels],
                }
                for one in prompt.criteria
            ],
            "self_check": [{"ref": one.ref, "text": one.text} for one in prompt.self_check],
            "keep": [{"ref": one.ref, "text": one.text, "any_of": "\n".join(one.any_of)} for one in key.keep],
            "drop": [
                {"ref": one.ref, "any_of": "\n".join(one.any_of), "instead": one.instead} for one in key.drop
            ],
            "sample": key.sample,
            "rationale": key.rationale,
            "minority": key.minority,
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        prompt = {
            "task": values["task"],
            "specimen": values["specimen"],
            "longest": whole(values["longest"] or "600"),
            "self_check": options(values["self_check"]),
            "criteria": [
                {
                    "ref": row["ref"],
                    "text": row["text"],
                    "levels": [
                        {"points": whole(level["points"]), "text": level["text"]} for level in row["levels"]
                    ],
                }
                for row in values["criteria"]
            ],
        }
        return prompt, {
            "keep": [
                {"ref": row["ref"], "text": row["text"], "any_of": lines_of(row["any_of"])}
                for row in values["keep"]
            ],
            "drop": [
                {"ref": row["ref"], "any_of": lines_of(row["any_of"]), "instead": row["instead"]}
                for row in values["drop"]
            ],
            "sample": values["sample"],
            "rationale": values["rationale"],
            "minority": values["minority"],
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        return [
            (_("Your good text"), {"text": key.sample}),
            (_("The text as it stood"), {"text": prompt.specimen[: prompt.longest]}),
        ]
