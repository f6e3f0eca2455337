"""What a quiz would ask, counted: signal against sound units, skills, and draws, for its author."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from pydantic_core import to_json

from articles.models import Skill
from quizzes import drawing
from quizzes.models import QuestionKey, QuestionRevision, QuestionSkill, QuizRevision, QuizSlot
from quizzes.types import registry

#: Minutes that an item of a type takes, roughly; types that are not named take one.
MINUTES = {"mark_spans": 3, "rewrite": 6, "classify": 2, "hottext": 2, "source_table": 2}


@dataclass
class Balance:
    """`signal` units hold a problem, `sound` ones none; `judged` are neither. `drawn` is not counted in them.

    `skills` says how many questions there are of each; `unread` questions have no key that fits.
    """

    questions: int = 0
    drawn: int = 0
    signal: int = 0
    sound: int = 0
    judged: int = 0
    unread: int = 0
    minutes: int = 0
    skills: Counter[str] = field(default_factory=Counter)
    short: list[drawing.Shortage] = field(default_factory=list)

    @property
    def by_skill(self) -> list[tuple[str, int]]:
        """Skills with how many questions there are of each, the most first."""
        return self.skills.most_common()

    @property
    def sound_share(self) -> int | None:
        """Per cent of the units of a problem or none that are sound; None where there are none."""
        both = self.signal + self.sound
        return round(100 * self.sound / both) if both else None


def balance(revision: QuizRevision) -> Balance:
    """Count what a revision asks; a question's own draft counts where nothing of it is published."""
    slots = list(
        revision.slots.select_related("question__published", "pinned", "draw_skill").order_by("position")
    )
    found = Balance()
    found.short = drawing.shortages(
        slots, drawing.pools(slots, drawing.bank(slots, revision.quiz.organisation))
    )
    asked = _asked(slots)
    for slot in slots:
        if slot.draw_skill:
            found.drawn += slot.draw_count or 0
            found.minutes += slot.draw_count or 0
            found.skills[slot.draw_skill.title] += slot.draw_count or 0
    found.questions = len(asked)
    titles = {skill.pk: skill.title for skill in Skill.objects.all()}
    keys = {key.revision_id: key for key in QuestionKey.objects.filter(revision__in=asked)}
    for question in asked:
        found.minutes += MINUTES.get(question.type, 1)
        ties: Iterable[QuestionSkill] = question.question_skills.all()
        found.skills.update(titles[tie.skill_id] for tie in ties)
        _count(found, question, keys.get(question.pk))
    return found


def _asked(slots: list[QuizSlot]) -> list[QuestionRevision]:
    """The revision that each slot asks now, or would ask once its question's draft is published."""
    listed = [slot.pinned_id or slot.question.published_id for slot in slots if slot.question]
    open_only = [slot.question_id for slot in slots if slot.question and slot.question.published_id is None]
    rows = QuestionRevision.objects.filter(pk__in=[pk for pk in listed if pk])
    rows |= QuestionRevision.objects.filter(question__in=open_only, published_at=None)
    return list(rows.prefetch_related(Prefetch("question_skills")))


def _count(found: Balance, question: QuestionRevision, key: QuestionKey | None) -> None:
    units = units_of(question, key)
    if units is None:
        found.unread += 1
        return
    found.signal += units["problem"]
    found.sound += units["sound"]
    found.judged += units["none"]


def units_of(question: QuestionRevision, key: QuestionKey | None) -> Counter[str] | None:
    """The units of a question by kind, as its type counts them; None where it cannot be read.

    The kinds are the key's, whatever is answered: an answer is only the way to ask for them.
    """
    if key is None:
        return None
    try:
        kind = registry.get(question.type)
        answers = registry.load(question.type, "key", key.key, question.schema_version)
        for data in _some_answers(kind, question.asked):
            outcome = kind.grade(question.asked, answers, kind.Response.model_validate_json(to_json(data)))
            if outcome.units:
                return Counter(unit.kind for unit in outcome.units)
    except (registry.UnknownType, ValueError, LookupError):
        return None
    return Counter(none=1)


def _some_answers(kind: registry.QuestionType, prompt: Any) -> Iterator[dict[str, Any]]:
    """Answers to a whole question that need no key, of the shapes that types have."""
    options = getattr(prompt, "options", ())
    sorted_all = {
        unit.ref: category.ref
        for unit in getattr(prompt, "units", ())
        for category in getattr(prompt, "categories", ())[:1]
    }
    shapes: list[dict[str, Any]] = [{"nothing_to_mark": True}, {"chosen": "true"}, {"placed": sorted_all}]
    shapes += [{"chosen": option.ref} for option in options[:1]]
    for data in shapes:
        if data.keys() <= kind.Response.model_fields.keys() and all(data.values()):
            try:
                kind.Response.model_validate_json(to_json(data))
            except ValueError:
                continue
            yield data
