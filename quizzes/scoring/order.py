"""The score of putting items in order: Kendall's tau, floored at 0.

Kendall, M. G. (1938), A new measure of rank correlation, Biometrika 30. Items that the key puts on
one rank may stand either way, so their pair never counts.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations


def score_order(order: Sequence[str], ranks: Mapping[str, int]) -> float:
    """(C - D)/(C + D) over the pairs of different rank, never below 0; in [0, 1]; all tied: 1.

    C counts the pairs that stand in the key's order, D those that stand against it. Raises ValueError
    unless `order` holds each item of `ranks` once.
    """
    if sorted(order) != sorted(ranks):
        raise ValueError("an order must hold each of the items once")
    placed = [ranks[item] for item in order]
    concordant = sum(earlier < later for earlier, later in combinations(placed, 2))
    discordant = sum(earlier > later for earlier, later in combinations(placed, 2))
    if not concordant + discordant:
        return 1.0
    return max(0.0, (concordant - discordant) / (concordant + discordant))


def places(item: str, ranks: Mapping[str, int]) -> range:
    """The places, from 0, at which some right order puts `item`: several if others share its rank."""
    rank = ranks[item]
    before = sum(other < rank for other in ranks.values())
    return range(before, before + sum(other == rank for other in ranks.values()))
