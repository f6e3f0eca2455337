from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring.order import places, score_order

RANKS = {"a": 1, "b": 2, "c": 3, "d": 4}
TIED = {"a": 1, "b": 2, "c": 2, "d": 3}


@pytest.mark.parametrize(
    ("order", "ranks", "score"),
    [
        pytest.param("abcd", RANKS, 1, id="the key's order: 6 pairs with it"),
        pytest.param("bacd", RANKS, 4 / 6, id="two neighbours changed: 5 with, 1 against"),
        pytest.param("cbad", RANKS, 0, id="3 with, 3 against"),
        pytest.param("badc", RANKS, 2 / 6, id="4 with, 2 against"),
        pytest.param("dcba", RANKS, 0, id="turned round: never below 0"),
        pytest.param("abcd", TIED, 1, id="tied in the key, one way"),
        pytest.param("acbd", TIED, 1, id="and the other way"),
        pytest.param("bacd", TIED, 3 / 5, id="the tied pair never counts: 4 with, 1 against"),
        pytest.param("badc", TIED, 1 / 5, id="3 with, 2 against"),
        pytest.param("ba", {"a": 7, "b": 7}, 1, id="all tied"),
        pytest.param("ba", {"a": 1, "b": 2}, 0, id="two items, the wrong way"),
        pytest.param("acb", {"a": 1, "c": 9, "b": 12}, 1, id="ranks may leave numbers out"),
    ],
)
def test_score_order_is_kendalls_tau_from_0(order, ranks, score):
    assert score_order(order, ranks) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("order", ["", "abc", "abcc", "abcde", "abcdd", "abce"])
def test_score_order_refuses_what_is_no_full_order(order):
    with pytest.raises(ValueError, match="each of the items once"):
        score_order(order, RANKS)


@pytest.mark.parametrize(
    ("item", "expected"),
    [("a", range(1)), ("b", range(1, 3)), ("c", range(1, 3)), ("d", range(3, 4))],
)
def test_places_are_those_of_some_right_order(item, expected):
    assert places(item, TIED) == expected


ranked = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 12), min_size=2)


@given(ranked)
def test_places_hold_just_what_the_right_orders_hold(ranks):
    right = [order for order in permutations(ranks) if score_order(order, ranks) == 1]
    for item in ranks:
        assert {order.index(item) for order in right} == set(places(item, ranks))


@given(ranked, st.randoms(use_true_random=False))
def test_score_order_mends_as_neighbours_are_put_right(ranks, chance):
    order = list(ranks)
    chance.shuffle(order)
    score = score_order(order, ranks)
    assert 0 <= score <= 1
    for index in range(len(order) - 1):
        if ranks[order[index]] > ranks[order[index + 1]]:
            mended = order.copy()
            mended[index : index + 2] = reversed(order[index : index + 2])
            assert score_order(mended, ranks) >= score
