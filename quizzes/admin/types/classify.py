from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.admin.numbers import whole_number
from quizzes.admin.fields import Kept, Rows, Tick, Values, Words
from quizzes.admin.forms import Errors, QuestionForm, register
from quizzes.admin.types.parts import (
    TASK,
    accepted,
    answers_to_rows,
    judged_rows,
    judged_values,
    options,
    problem,
    refuse_gone,
    wording,
)
from quizzes.publishing import From


@register
class ClassifyForm(QuestionForm):
    type = "classify"
    label = _("Sort sentences")
    about = _("The learner puts each sentence into one of a few categories.")
    sample = _("“The mayor must now act.” Reports, explains, or says what should happen?")
    fields = (
        TASK,
        Rows(
            name="categories",
            label=_("Categories"),
            noun=_("Category"),
            add=_("Add a category"),
            fields=(wording(_("Category"), _("Name the category, or remove it.")),),
        ),
        judged_rows(
            "units",
            "categories",
            {
                "label": _("Sentences"),
                "noun": _("Sentence"),
                "add": _("Add a sentence"),
                "missing": _("Write the sentence, or remove it."),
                "accepted": _("Belongs to"),
                "most": 100,
            },
            Tick(name="contested", label=_("Readers are divided: never scored"), more=True),
        ),
        problem("categories", _("Which category means a problem in the text")),
        # Where sentences that were taken from an article stand in it, so that they follow it.
        Kept(name="article"),
        Kept(name="start"),
        Kept(name="end"),
        Kept(name="digest"),
    )

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            **self._stands(),
            "task": prompt.task,
            "problem": prompt.problem,
            "categories": [{"ref": one.ref, "text": one.text} for one in prompt.categories],
            "units": judged_values(prompt.units, key.units),
        }

    def _stands(self) -> Values:
        stored = self.sources.stored
        if stored is None or stored.article_revision is None:
            return {}
        article = stored.article_revision
        place = {"start": str(stored.start), "end": str(stored.end)}
        return {"article": str(article.pk), "digest": article.sha256, **place}

    def passage(self, values: Values) -> From | None:
        """Where the sentences were taken from, while that text is as it was then."""
        article = self.sources.article(values["article"]) if values["article"] else None
        start, end = whole_number(values["start"]), whole_number(values["end"])
        if article is None or start is None or end is None or article.sha256 != values["digest"]:
            return None
        return From(article, start, end) if start < end <= len(article.text) else None

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        units = values["units"]
        prompt = {
            "task": values["task"],
            "problem": values["problem"],
            "categories": options(values["categories"]),
            "units": options(units),
        }
        refuse_gone(units, values["categories"], "units", errors)
        for index, row in enumerate(units):
            if not (row["contested"] or accepted(row)):
                errors.add(f"units-{index}-accepted", _("Say where it belongs, or that readers are divided."))
        return prompt, {
            "units": [
                {
                    "ref": row["ref"],
                    "accepted": None if row["contested"] else accepted(row),
                    "rationale": row["rationale"],
                    "minority": row["minority"],
                }
                for row in units
            ]
        }

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        return answers_to_rows(key.units, prompt.categories)
