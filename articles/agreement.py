"""Agreement between two keyers, word by word: nominal Krippendorff alpha. Pure.

A word counts as marked where a required or an acceptable span of the skill touches it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.text.positions import Span, touched


@dataclass(frozen=True)
class Agreement:
    """How two keyers marked `words` words. `one` and `other`: words that only that one marked.

    `alpha` is at most 1, and None where it is not defined: nobody marked anything, or both everything.
    """

    words: int
    both: int
    one: int
    other: int
    alpha: float | None


def marked_words(spans: Iterable[Span], words: Sequence[Span]) -> frozenset[int]:
    """The indices of the words that the spans touch."""
    return frozenset(index for span in spans for index in touched(span, words))


def agreement(words: int, one: frozenset[int], other: frozenset[int]) -> Agreement:
    """Compare the words that two keyers marked among `words`; raises ValueError for a word that is not there."""
    if any(not 0 <= word < words for word in one | other):
        raise ValueError(f"a word is marked that is not among the {words}")
    both, apart = len(one & other), len(one ^ other)
    values = 2 * words
    ones = len(one) + len(other)
    expected = 2 * ones * (values - ones)
    # 1 - D_o / D_e with D_o = 2 apart / n and D_e = 2 n_0 n_1 / (n (n - 1)).
    alpha = 1 - 2 * apart * (values - 1) / expected if expected else None
    return Agreement(words, both, len(one - other), len(other - one), alpha)
