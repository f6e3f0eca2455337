"""The score of an attempt from the scores of its items."""

from collections.abc import Iterable
from decimal import Decimal
from math import fsum


def attempt_fraction(items: Iterable[tuple[float | Decimal, float | None]]) -> float | None:
    """Mean of the items' fractions, weighted by their points; in [0, 1].

    `items` are pairs of points (> 0) and fraction; leave dropped items out. None while a fraction is
    None, because that item waits for a person: the attempt is ungraded, not lower. None also for no
    items at all. Raises ValueError for points that are not above 0 and fractions outside [0, 1].
    """
    pairs = [(float(points), fraction) for points, fraction in items]
    if not all(points > 0 for points, _ in pairs):
        raise ValueError("an item's points must be above 0")
    fractions = [fraction for _, fraction in pairs if fraction is not None]
    if not all(0 <= fraction <= 1 for fraction in fractions):
        raise ValueError("an item's fraction must lie in [0, 1]")
    if not pairs or len(fractions) < len(pairs):
        return None
    earned = fsum(points * fraction for (points, _), fraction in zip(pairs, fractions, strict=True))
    return min(1.0, earned / fsum(points for points, _ in pairs))
