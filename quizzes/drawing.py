"""Draws: questions that an attempt takes out of the bank by skill and difficulty.

The bank of a quiz is the live questions of its organisation and the shared ones. The draw from the
smaller pool chooses first, so that a draw of any difficulty never takes what a stricter one needs.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from accounts.models import Organisation
from accounts.models.organisation import SHARED
from quizzes.models import Question, QuizSlot


@dataclass(frozen=True)
class Shortage:
    """A draw that the bank cannot be sure to fill: `found` questions are left for it, of `wanted`."""

    position: int
    found: int
    wanted: int


def pools(slots: Iterable[QuizSlot], organisation: Organisation) -> dict[int, list[int]]:
    """For each draw among `slots`, by its position, the questions that it may take. One query.

    Questions that stand in the quiz by themselves are in no pool.
    """
    listed = list(slots)
    draws = [slot for slot in listed if slot.draw_skill_id]
    if not draws:
        return {}
    found = (
        Question.objects.live()
        .filter(Q(organisation=organisation) | Q(organisation__slug=SHARED))
        .filter(published__question_skills__skill__in={slot.draw_skill_id for slot in draws})
        .exclude(pk__in=[slot.question_id for slot in listed if slot.question_id])
        .order_by("pk")
        .values_list("pk", "published__difficulty", F("published__question_skills__skill"))
    )
    rows = list(found)
    return {
        slot.position: [
            pk
            for pk, difficulty, skill in rows
            if skill == slot.draw_skill_id and slot.draw_difficulty in (None, difficulty)
        ]
        for slot in draws
    }


def drawn(
    slots: Sequence[QuizSlot], bank: Mapping[int, list[int]], chance: random.Random
) -> dict[int, list[int]]:
    """What each draw takes, by its position: never one question twice; fewer, where the bank has shrunk."""
    taken: set[int] = set()
    chosen: dict[int, list[int]] = {}
    for slot in _smallest_pool_first(slots, bank):
        left = [pk for pk in bank[slot.position] if pk not in taken]
        chosen[slot.position] = chance.sample(left, min(slot.draw_count or 0, len(left)))
        taken.update(chosen[slot.position])
    return chosen


def shortages(slots: Sequence[QuizSlot], bank: Mapping[int, list[int]]) -> list[Shortage]:
    """The draws that could come out too small, whatever the others take."""
    found = []
    before: list[QuizSlot] = []
    for slot in _smallest_pool_first(slots, bank):
        pool = set(bank[slot.position])
        lost = sum(
            min(other.draw_count or 0, len(pool.intersection(bank[other.position]))) for other in before
        )
        left = max(0, len(pool) - lost)
        if left < (slot.draw_count or 0):
            found.append(Shortage(slot.position, left, slot.draw_count or 0))
        before.append(slot)
    return sorted(found, key=lambda shortage: shortage.position)


def _smallest_pool_first(slots: Sequence[QuizSlot], bank: Mapping[int, list[int]]) -> list[QuizSlot]:
    draws = [slot for slot in slots if slot.position in bank]
    return sorted(draws, key=lambda slot: (len(bank[slot.position]), slot.position))
