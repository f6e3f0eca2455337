"""How far learners are, skill by skill, as plain counts: what programs are told. Reads only."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from accounts.models import Cohort
from articles.models import Skill
from quizzes import telling
from quizzes.models import Evidence, SkillResult
from quizzes.scoring.mastery import EvidenceRow, State, mastery

Of = tuple[int, int]  # primary keys of a learner and a skill
_COUNTS = ("required", "found", "marks", "sound_marks")


@dataclass(frozen=True)
class SkillMastery:
    """One skill of one learner: `right` of `tries` first tries; of marked passages, `found` of `required`.

    `sound_marks` of the `marks` stood on words that are fine as written. `last_at` is the newest try's.
    """

    skill: str
    title: str
    state: State
    tries: int
    right: int
    required: int
    found: int
    marks: int
    sound_marks: int
    last_at: datetime


def mastery_of(learners: Collection[int], cohorts: "QuerySet[Cohort]") -> dict[int, list[SkillMastery]]:
    """By learner, in the order of skills, from evidence that came of these classes; eight queries at most.

    What a learner is not told yet is not counted, as on their own page.
    """
    withheld = telling.withheld_from(learners)
    evidence = _evidence(learners, cohorts, withheld)
    marked = _marked(learners, cohorts, withheld)
    found: dict[int, list[SkillMastery]] = {learner: [] for learner in learners}
    for skill in Skill.objects.all():
        for learner in learners:
            if rows := evidence.get((learner, skill.pk)):
                found[learner].append(_of_skill(skill, rows, marked.get((learner, skill.pk), {})))
    return found


def _of_skill(skill: Skill, rows: list[EvidenceRow], marked: dict[str, int]) -> SkillMastery:
    return SkillMastery(
        skill=skill.code,
        title=skill.title,
        state=mastery(rows, polarity=skill.polarity),
        tries=len(rows),
        right=sum(row.is_right for row in rows),
        last_at=rows[-1].at,
        **{name: marked.get(name, 0) for name in _COUNTS},
    )


def _evidence(
    learners: Collection[int], cohorts: "QuerySet[Cohort]", withheld: set[int]
) -> dict[Of, list[EvidenceRow]]:
    rows = Evidence.objects.live().filter(learner__in=list(learners), cohort__in=cohorts)
    rows = rows.exclude(score__item__attempt__in=withheld).order_by("at", "ordinal", "pk")
    found: dict[Of, list[EvidenceRow]] = defaultdict(list)
    columns = ("unit", "kind", "category", "correct", "fraction", "article", "at")
    for learner, skill, *values in rows.values_list("learner", "skill", *columns):
        given: dict[str, Any] = dict(zip(columns, values, strict=True))
        found[learner, skill].append(EvidenceRow(**given))
    return found


def _marked(
    learners: Collection[int], cohorts: "QuerySet[Cohort]", withheld: set[int]
) -> dict[Of, dict[str, int]]:
    """The counts of marked passages, from the scores that hold a first try."""
    first = Evidence.objects.live().filter(score=OuterRef("score"), skill=OuterRef("skill"))
    totals: Any = (
        SkillResult.objects.filter(
            Exists(first),
            score__item__attempt__learner__in=list(learners),
            score__item__attempt__cohort__in=cohorts,
        )
        .exclude(score__item__attempt__in=withheld)
        .order_by()
        .values("score__item__attempt__learner", "skill")
        .annotate(**{f"total_{name}": Sum(name) for name in _COUNTS})
    )
    return {
        (row["score__item__attempt__learner"], row["skill"]): {name: row[f"total_{name}"] for name in _COUNTS}
        for row in totals
    }
