from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring.attempts import attempt_fraction


@pytest.mark.parametrize(
    ("items", "fraction"),
    [
        pytest.param([(1, 1.0), (1, 0.0)], 0.5, id="a plain mean"),
        pytest.param([(3, 1.0), (1, 0.0)], 0.75, id="weighted by points"),
        pytest.param([(Decimal("0.5"), 1.0), (Decimal("1.5"), 0.5)], 0.625, id="decimal points"),
        pytest.param([(1, 1.0), (1, None)], None, id="one waits for a person"),
        pytest.param([], None, id="no items"),
    ],
)
def test_attempt_fraction_is_the_weighted_mean(items, fraction):
    assert attempt_fraction(items) == fraction


@pytest.mark.parametrize(
    "item", [(0, 1.0), (-1, 1.0), (float("nan"), 1.0), (1, 1.5), (1, -0.1), (1, float("nan"))]
)
def test_attempt_fraction_refuses_what_is_out_of_range(item):
    with pytest.raises(ValueError, match="an item's"):
        attempt_fraction([item])


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0, 1)), min_size=1))
def test_attempt_fraction_lies_between_the_items(items):
    fractions = [fraction for _, fraction in items]
    assert min(fractions) - 1e-9 <= attempt_fraction(items) <= min(1, max(fractions) + 1e-9)
