"""An attempt's result in words: a headline, what to do next, and a sentence for each skill."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Skill
from quizzes import feedback, wording
from quizzes.models import Attempt, AttemptItem, QuestionSkill
from quizzes.skill_counts import SkillCounts, total
from quizzes.types import registry
from quizzes.types.base import Outcome


@dataclass(frozen=True)
class SkillLine:
    slug: str
    code: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Summary:
    headline: str
    deck: str
    skills: list[SkillLine]


def summary(attempt: Attempt) -> Summary:
    """What a submitted attempt says, from the scores that hold now. Three queries at most."""
    items = list(
        attempt.items.select_related("current_score", "revision")
        .defer("revision__prompt")
        .order_by("position")
    )
    practice = feedback.is_practice(attempt)
    counts = _by_skill(items, practice=practice)
    # A question of several skills counts for each of them, but once in the whole.
    overall = total(_counts(item, practice=practice) for item in items)
    skills = sorted(counts, key=lambda skill: skill.position)
    lines = [SkillLine(skill.slug, skill.code, skill.title, counts[skill].sentence) for skill in skills]
    first, *others = overall.sentences or [overall.sentence]
    return Summary(first, wording.joined([*others, _next_step(counts)]), lines)


def _counts(item: AttemptItem, skill: str | None = None, *, practice: bool) -> SkillCounts:
    kind = registry.get(item.revision.type)
    return counts_of(_outcome(item), skill, sorts_sentences=kind.sorts_sentences, practice=practice)


def counts_of(
    outcome: Outcome, skill: str | None = None, *, sorts_sentences: bool = False, practice: bool = False
) -> SkillCounts:
    """What one outcome adds, for one skill or, with none named, for all of them together.

    In practice nobody comes to what the rules cannot score.
    """
    if wording.has(outcome, wording.LEFT_OUT):
        return SkillCounts()
    if wording.has(outcome, wording.GRANTED):
        return SkillCounts(whole=1, whole_right=1)
    if outcome.fraction is None:
        return SkillCounts(unscored=1) if practice else SkillCounts(waiting=1)
    tallies = [tally for tally in outcome.tallies if skill is None or tally.skill in (None, skill)]
    if tallies and (outcome.answered or any(tally.required for tally in tallies)):
        return SkillCounts(
            passages=1,
            required=sum(tally.required for tally in tallies),
            found=sum(tally.found for tally in tallies),
            marks=sum(tally.marks for tally in tallies),
            sound_marks=sum(tally.sound_marks for tally in tallies),
        )
    parts = [finding for finding in outcome.findings if finding.code in {"right", "wrong", "missed"}]
    # A question with one gap is judged as a whole, also when it was left open.
    left_open = any(one.code == "missed" for one in parts) and (sorts_sentences or len(parts) > 1)
    if left_open or any(unit.unit for unit in outcome.units):
        right = sum(one.code == "right" for one in parts)
        if sorts_sentences:
            return SkillCounts(placed=len(parts), placed_right=right)
        return SkillCounts(parts=len(parts), parts_right=right)
    return SkillCounts(whole=1, whole_right=int(any(unit.correct for unit in outcome.units)))


def _by_skill(items: Iterable[AttemptItem], *, practice: bool) -> dict[Skill, SkillCounts]:
    by_revision = {item.revision_id: item for item in items}
    ties = QuestionSkill.objects.filter(revision__in=by_revision).select_related("skill")
    counts: dict[Skill, SkillCounts] = defaultdict(SkillCounts)
    for tie in ties:
        counts[tie.skill].add(_counts(by_revision[tie.revision_id], tie.skill.slug, practice=practice))
    return counts


def _outcome(item: AttemptItem) -> Outcome:
    if item.current_score is None:
        return Outcome(fraction=0.0, answered=False)
    return item.current_score.judged


def _next_step(counts: dict[Skill, SkillCounts]) -> str:
    """One thing to look at next: the skill with the smallest share right."""
    counts = {skill: count for skill, count in counts.items() if not count.only_waits}
    if not counts:
        return ""
    weakest = min(counts, key=lambda skill: (counts[skill].share, skill.position))
    if counts[weakest].share == 1:
        return _("Nothing was missed. Read the reasons once more: they say where readers differ.")
    return _("Look next at “%(skill)s”: open its questions below and read the reasons.") % {
        "skill": weakest.title
    }
