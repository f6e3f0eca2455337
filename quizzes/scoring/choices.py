"""Scores of choosing among options and of sorting units. Each is in [0, 1]; not answered scores 0."""

from collections.abc import Sequence, Set


def score_single(chosen: str | None, right: Set[str]) -> float:
    """1 for a right option, of which there may be several; else 0, nothing chosen included."""
    return float(chosen is not None and chosen in right)


def score_multiple(
    chosen: Set[str], *, right: Set[str], wrong: Set[str], none_of_these: bool = False
) -> float:
    """Share of the right options chosen less the share of the wrong ones chosen, never below 0.

    Where no option is right, only "none of these" scores, and it scores 1. Where one is, "none of
    these" scores 0. Raises ValueError for "none of these" together with options.
    """
    if none_of_these and chosen:
        raise ValueError("options and “none of these” exclude each other")
    if not right:
        return float(none_of_these)
    score = len(chosen & right) / len(right)
    if wrong:
        score -= len(chosen & wrong) / len(wrong)
    return max(0.0, score)


def score_parts(verdicts: Sequence[bool | None]) -> float:
    """Right parts / scored parts. A blank part is wrong; None is a contested one: shown, not scored.

    Raises ValueError if no part is scored.
    """
    scored = [verdict for verdict in verdicts if verdict is not None]
    if not scored:
        raise ValueError("at least one part must be scored")
    return sum(scored) / len(scored)
