from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.models import Annotation
from articles.text.positions import Span
from quizzes.admin.fields import Field, Number, Pick, Rows, Text, Values, Words
from quizzes.admin.forms import Errors, register
from quizzes.admin.types.parts import MINORITY, TASK, whole
from quizzes.admin.types.passages import PLACE_FIELDS, WHICH, PassageForm
from quizzes.admin.types.picked import place_values, read_places

KIND = Pick(name="kind", label=_("It is"), choices=tuple(Annotation.Kind.choices), default="required")
WHY = Text(name="rationale", label=_("Why"), lines=2)
INSTEAD = Text(name="instead", label=_("Sound reporting would say"), lines=2, more=True)
PRAISE = Text(
    name="praise",
    label=_("Said where nothing is to be marked"),
    help=_("Why it is right to mark nothing: needed where a skill has nothing to find."),
    lines=2,
    more=True,
)


@register
class MarkSpansForm(PassageForm):
    type = "mark_spans"
    label = _("Mark words in a passage")
    about = _("The learner marks words, or whole sentences, of a passage; perhaps there is nothing to mark.")
    sample = _("Mark every word with which the report itself judges.")
    picks = "spans"
    places = {("prompt", "passage"): "article", ("prompt", "skills"): "skill"}

    @cached_property
    def fields(self) -> tuple[Field, ...]:  # type: ignore[override]
        skills = [(skill.slug, str(skill)) for skill in self.sources.skills]
        return (
            TASK,
            *self.passage_fields,
            Pick(
                name="granularity",
                label=_("A mark takes"),
                choices=(("words", _("words")), ("sentences", _("whole sentences"))),
                default="words",
            ),
            Rows(
                name="spans",
                label=_("Places"),
                noun=_("Place"),
                add=_("Add a place by typing"),
                fields=(
                    *PLACE_FIELDS,
                    KIND,
                    WHY,
                    Pick(
                        name="skill",
                        label=_("Skill"),
                        choices=[("", _("The question’s first skill")), *skills],
                        more=True,
                    ),
                    INSTEAD,
                    MINORITY,
                    Number(
                        name="readings",
                        label=_("Independent readings"),
                        help=_("How many readers found it by themselves."),
                        default="1",
                        more=True,
                    ),
                    WHICH,
                ),
                least=0,
                most=200,
            ),
            PRAISE,
        )

    def initial(self, prompt: Any, key: Any) -> Values:
        return {
            "task": prompt.task,
            "granularity": prompt.granularity,
            "praise": key.praise,
            **self.initial_passage(prompt.passage),
            "spans": [
                {
                    "ref": span.ref,
                    "kind": span.kind,
                    "rationale": span.rationale,
                    "instead": span.instead,
                    "minority": span.minority,
                    "readings": str(span.readings),
                    "skill": "" if span.skill == prompt.skills[0] else span.skill,
                    **place_values(prompt.passage.text, span.span),
                }
                for span in key.spans
            ],
        }

    def write(self, values: Values, skills: Sequence[str], errors: Errors) -> tuple[Values, Values]:
        passage = self.read_passage(values, errors)
        rows = values["spans"]
        places = read_places(rows, passage, "spans", errors)
        prompt = {
            "task": values["task"],
            "skills": list(skills),
            "granularity": values["granularity"],
            "passage": passage.model_dump(mode="json") if passage else None,
        }
        spans = [
            {
                "ref": row["ref"],
                "skill": row["skill"] or next(iter(skills), ""),
                "kind": row["kind"],
                "start": place[0],
                "end": place[1],
                "rationale": row["rationale"],
                "instead": row["instead"],
                "minority": row["minority"],
                "readings": whole(row["readings"] or "1"),
            }
            for row, place in zip(rows, places, strict=True)
            if place
        ]
        return prompt, {"spans": spans, "praise": values["praise"]}

    def answers(self, prompt: Any, key: Any) -> list[tuple[Words, Values]]:
        required = [_mark(span.skill, span.span) for span in key.spans if span.kind == "required"]
        foils = [_mark(span.skill, span.span) for span in key.spans if span.kind == "foil"]
        everything = [_mark(skill, (0, len(prompt.passage.text))) for skill in prompt.skills]
        best = {"marks": required} if required else {"nothing_to_mark": True}
        found: list[tuple[Words, Values]] = [(_("What is to be found"), best)]
        if foils:
            found.append((_("What is fine as written"), {"marks": foils}))
        found.append((_("Everything"), {"marks": everything}))
        found.append((_("Nothing to mark"), {"nothing_to_mark": True}))
        return found


def _mark(skill: str, span: Span) -> Values:
    return {"skill": skill, "start": span[0], "end": span[1]}
