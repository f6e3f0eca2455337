from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from quizzes.admin.fields import Field, Rows, Values, Words
from quizzes.admin.forms import Errors, register
from quizzes.admin.types.mark_spans import INSTEAD, KIND, PRAISE, WHY
from quizzes.admin.types.parts import MINORITY, TASK
from quizzes.admin.types.passages import PLACE_FIELDS, WHICH, PassageForm
from quizzes.admin.types.picked import place_values, read_places

BEYOND = 10**9  # what is found nowhere stands last


@register
class HottextForm(PassageForm):
    type = "hottext"
    label = _("Choose among offered places")
    about = _("Some places of a passage are offered; the learner chooses those that are to be found.")
    sample = _("The club moved into the [old] boathouse. Its [stubborn] neighbours had asked for quiet.")
    picks = "offered"
    places = {("prompt", "passage"): "article", ("key", "spans"): "offered"}

    @cached_property
    def fields(self) -> tuple[Field, ...]:  # type: ignore[override]
        return (
            TASK,
            *self.passage_fields,
            Rows(
                name="offered",
                label=_("Places offered"),
                noun=_("Place"),
                add=_("Add a place by typing"),
                help=_("They are kept in the order of the text."),
                fields=(*PLACE_FIELDS, KIND, WHY, INSTEAD, MINORITY, WHICH),
                least=0,
                most=100,
                moves=False,
            ),
            PRAISE,
        )

    def initial(self, prompt: Any, key: Any) -> Values:
        keys = {span.ref: span for span in key.spans}
        return {
            "task": prompt.task,
            "praise": key.praise,
            **self.initial_passage(prompt.passage),
            "offered": [
                {
                    "ref": place.ref,
                    **(
                        {
                            name: getattr(keys[place.ref], name)
                            for name in ("kind", "rationale", "instead", "minority")
                        }
                        if place.ref in keys
                        else {}
                    ),
                    **place_values(prompt.passage.text, place.span),
                }
                for place in prompt.offered
            ],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        passage = self.read_passage(values, errors)
        rows = values["offered"]
        # In text order first, so that what is said of a place is said beside its own row.
        found = read_places(rows, passage, "offered", Errors())
        order = sorted(range(len(rows)), key=lambda at: place[0] if (place := found[at]) else BEYOND)
        rows[:] = [rows[at] for at in order]
        places = read_places(rows, passage, "offered", errors)
        if passage and not rows:
            errors.add("offered", _("Offer at least one place."))
        prompt = {
            "task": values["task"],
            "passage": passage.model_dump(mode="json") if passage else None,
            "offered": [
                {"ref": row["ref"], "start": place[0], "end": place[1]}
                for row, place in zip(rows, places, strict=True)
                if place
            ],
        }
        names = ("ref", "kind", "rationale", "instead", "minority")
        spans = [{name: row[name] for name in names} for row in rows]
        return prompt, {"spans": spans, "praise": values["praise"]}

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        required = sorted(key.refs("required"))
        best = {"chosen": required} if required else {"nothing_to_mark": True}
        everything = [place.ref for place in prompt.offered]
        found = [(_("What is to be found"), best), (_("Everything"), {"chosen": everything})]
        return [*found, (_("Nothing to mark"), {"nothing_to_mark": True})]
