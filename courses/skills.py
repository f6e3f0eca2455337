"""What a learner can do so far, skill by skill: counts of first tries, slots, and a state."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles.models import Skill
from quizzes import telling
from quizzes.models import Evidence, SkillResult
from quizzes.scoring.mastery import EvidenceRow, latest, mastery
from quizzes.skill_counts import SkillCounts
from quizzes.types import registry

STATES: dict[str, Promise] = {
    "new": gettext_lazy("Not met yet"),
    "developing": gettext_lazy("On its way"),
    "secure": gettext_lazy("Steady"),
}
#: Of each kind the latest six count, at most four of one article (rules.md, "Mastery").
SLOTS, PER_ARTICLE = 6, 4


@dataclass(frozen=True)
class SlotRow:
    """Six boxes under one label: True right at the first try, False not, None still empty."""

    label: str
    slots: list[bool | None]

    @property
    def tried(self) -> int:
        return sum(slot is not None for slot in self.slots)

    @property
    def right(self) -> int:
        return sum(slot is True for slot in self.slots)


@dataclass(frozen=True)
class SkillLine:
    slug: str
    code: str
    title: str
    sentence: str
    state: str
    label: str | Promise
    rows: list[SlotRow]


def skill_lines(learner: User) -> tuple[list[SkillLine], list[Skill]]:
    """The skills that `learner` has evidence for, and those still to come; four queries.

    What their teacher has not released, or is told only after closing, is not counted yet.
    """
    withheld = telling.withheld(learner)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    judged_by_parts = ~Exists(SkillResult.objects.filter(score=OuterRef("score"), skill=OuterRef("skill")))
    rows = (
        Evidence.objects.live()
        .filter(learner=learner)
        .exclude(score__item__attempt__in=withheld)
        .annotate(by_parts=judged_by_parts, type=F("question_revision__type"))
    )
    for row in rows.order_by("at", "ordinal", "pk"):
        evidence[row.skill_id].append(row)
    marked = _marked(learner, withheld)
    skills = list(Skill.objects.all())
    met = [_line(skill, evidence[skill.pk], marked.get(skill.pk)) for skill in skills if skill.pk in evidence]
    return met, [skill for skill in skills if skill.pk not in evidence]


def _marked(learner: User, withheld: set[int]) -> dict[int, SkillCounts]:
    """The counts of marked passages, from the scores that hold a first try."""
    first = Evidence.objects.live().filter(score=OuterRef("score"), skill=OuterRef("skill"), learner=learner)
    totals = (
        SkillResult.objects.filter(Exists(first), score__item__attempt__learner=learner)
        .exclude(score__item__attempt__in=withheld)
        .order_by()
        .values("skill")
        .annotate(
            required=Sum("required"), found=Sum("found"), marks=Sum("marks"), sound_marks=Sum("sound_marks")
        )
    )
    return {
        row["skill"]: SkillCounts(
            passages=1,
            required=row["required"],
            found=row["found"],
            marks=row["marks"],
            sound_marks=row["sound_marks"],
        )
        for row in totals
    }


def _line(skill: Skill, evidence: list[Evidence], marked: SkillCounts | None) -> SkillLine:
    counts = marked or SkillCounts()
    for row in evidence:
        if not row.unit:
            counts.whole += 1
            counts.whole_right += row.correct
        elif row.by_parts and registry.get(row.type).sorts_sentences:  # type: ignore[attr-defined]
            counts.placed += 1
            counts.placed_right += row.correct
        elif row.by_parts:  # type: ignore[attr-defined]
            counts.parts += 1
            counts.parts_right += row.correct
    rows = [
        EvidenceRow(
            unit=row.unit,
            kind=row.kind,  # type: ignore[arg-type]
            category=row.category,
            correct=row.correct,
            fraction=row.fraction,
            article=row.article_id,
            at=row.at,
        )
        for row in evidence
    ]
    state = mastery(rows, polarity=skill.polarity)
    slots = _slots(skill, rows)
    return SkillLine(skill.slug, skill.code, skill.title, counts.sentence, state, STATES[state], slots)


def _slots(skill: Skill, rows: list[EvidenceRow]) -> list[SlotRow]:
    if skill.polarity:
        labels = {"problem": _("To find"), "sound": _("Fine as written")}
        return [
            _row(label, latest([row for row in rows if row.kind == kind], SLOTS, per_article=PER_ARTICLE))
            for kind, label in labels.items()
        ]
    newest = latest([row for row in rows if row.unit], 2 * SLOTS, per_article=SLOTS)[::-1]
    return [_row(_("First six"), newest[:SLOTS]), _row(_("Last six"), newest[SLOTS:])]


def _row(label: str, taken: list[EvidenceRow]) -> SlotRow:
    slots: list[bool | None] = [row.is_right for row in taken]
    return SlotRow(label, slots + [None] * (SLOTS - len(slots)))
