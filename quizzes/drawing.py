"""Draws: questions that an attempt takes out of the bank by skill and difficulty.

The bank of a quiz is the live questions of its organisation and the shared ones. The draw from the
smaller pool chooses first, so that a draw of any difficulty never takes what a stricter one needs.
"""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Organisation
from accounts.models.organisation import SHARED
from quizzes.models import Question, QuizSlot


@dataclass(frozen=True)
class Shortage:
    """A draw that the bank cannot be sure to fill: `found` questions are left for it, of `wanted`."""

    position: int
    found: int
    wanted: int


class BankRow(NamedTuple):
    """A live question under one of its skills."""

    question: int
    difficulty: int | None
    skill: int


def bank(
    slots: Iterable[QuizSlot], organisation: Organisation, left_out: Collection[int] = ()
) -> list[BankRow]:
    """Every question that some draw among `slots` might take, but for those about articles that are `left_out`.

    One query; none where nothing is drawn.
    """
    skills = {slot.draw_skill_id for slot in slots if slot.draw_skill_id}
    if not skills:
        return []
    found = (
        Question.objects.live()
        .filter(Q(organisation=organisation) | Q(organisation__slug=SHARED))
        .filter(published__question_skills__skill__in=skills)
        .exclude(published__article_revision__article__in=left_out)
        .order_by("pk")
        .values_list("pk", "published__difficulty", "published__question_skills__skill")
    )
    return [BankRow(*row) for row in found]


def pools(slots: Sequence[QuizSlot], rows: Iterable[BankRow]) -> dict[int, list[int]]:
    """For each draw of a quiz, by its position, the questions that it may take.

    Questions that stand in the quiz by themselves are in no pool.
    """
    fixed = {slot.question_id for slot in slots}
    left = [row for row in rows if row.question not in fixed]
    return {
        slot.position: [
            row.question
            for row in left
            if row.skill == slot.draw_skill_id and slot.draw_difficulty in (None, row.difficulty)
        ]
        for slot in slots
        if slot.draw_skill_id
    }


def drawn(
    slots: Sequence[QuizSlot], pool_of: Mapping[int, list[int]], chance: random.Random
) -> dict[int, list[int]]:
    """What each draw takes, by its position: never one question twice; fewer, where the bank has shrunk."""
    taken: set[int] = set()
    chosen: dict[int, list[int]] = {}
    for slot in _smallest_pool_first(slots, pool_of):
        left = [pk for pk in pool_of[slot.position] if pk not in taken]
        chosen[slot.position] = chance.sample(left, min(slot.draw_count or 0, len(left)))
        taken.update(chosen[slot.position])
    return chosen


def shortages(slots: Sequence[QuizSlot], pool_of: Mapping[int, list[int]]) -> list[Shortage]:
    """The draws that could come out too small, whatever the others take."""
    found = []
    before: list[QuizSlot] = []
    for slot in _smallest_pool_first(slots, pool_of):
        pool = set(pool_of[slot.position])
        lost = sum(
            min(other.draw_count or 0, len(pool.intersection(pool_of[other.position]))) for other in before
        )
        left = max(0, len(pool) - lost)
        if left < (slot.draw_count or 0):
            found.append(Shortage(slot.position, left, slot.draw_count or 0))
        before.append(slot)
    return sorted(found, key=lambda shortage: shortage.position)


def _smallest_pool_first(slots: Sequence[QuizSlot], pool_of: Mapping[int, list[int]]) -> list[QuizSlot]:
    draws = [slot for slot in slots if slot.position in pool_of]
    return sorted(draws, key=lambda slot: (len(pool_of[slot.position]), slot.position))
