import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring.choices import score_multiple, score_parts, score_single


@pytest.mark.parametrize(
    ("chosen", "right", "score"),
    [("a", {"a"}, 1), ("b", {"a", "b"}, 1), ("b", {"a"}, 0), (None, {"a"}, 0)],
)
def test_score_single_is_1_for_a_right_option(chosen, right, score):
    assert score_single(chosen, right) == score


@pytest.mark.parametrize(
    ("chosen", "right", "wrong", "score"),
    [
        pytest.param("ab", "ab", "cd", 1, id="all right ones"),
        pytest.param("a", "ab", "cd", 1 / 2, id="one of two"),
        pytest.param("abc", "ab", "cd", 1 / 2, id="a wrong one too"),
        pytest.param("ac", "ab", "cde", 1 / 2 - 1 / 3, id="one of each"),
        pytest.param("cd", "ab", "cd", 0, id="never below 0"),
        pytest.param("abcd", "ab", "cd", 0, id="all options"),
        pytest.param("", "ab", "cd", 0, id="nothing"),
        pytest.param("a", "ab", "", 1 / 2, id="no wrong ones to choose"),
        pytest.param("a", "", "abc", 0, id="an option where none is right"),
    ],
)
def test_score_multiple_takes_wrong_shares_off(chosen, right, wrong, score):
    assert score_multiple(set(chosen), right=set(right), wrong=set(wrong)) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(("right", "score"), [("", 1), ("a", 0)])
def test_score_multiple_none_of_these_scores_only_where_none_is_right(right, score):
    assert score_multiple(set(), right=set(right), wrong={"b"}, none_of_these=True) == score


def test_score_multiple_refuses_none_of_these_together_with_options():
    with pytest.raises(ValueError, match="exclude"):
        score_multiple({"a"}, right={"a"}, wrong={"b"}, none_of_these=True)


@pytest.mark.parametrize(
    ("verdicts", "score"),
    [
        pytest.param([True, True], 1, id="all right"),
        pytest.param([True, False], 1 / 2, id="one wrong, or blank"),
        pytest.param([True, None, True], 1, id="a contested part is not scored"),
        pytest.param([None, False, True, False], 1 / 3, id="and is not counted"),
        pytest.param([False, False], 0, id="nothing right"),
    ],
)
def test_score_parts_is_the_share_of_right_parts(verdicts, score):
    assert score_parts(verdicts) == score


@pytest.mark.parametrize("verdicts", [[], [None], [None, None]])
def test_score_parts_needs_a_scored_part(verdicts):
    with pytest.raises(ValueError, match="at least one part"):
        score_parts(verdicts)


options = st.sets(st.sampled_from("abcdef"))


@given(chosen=options, right=options, wrong=options)
def test_score_multiple_is_in_range_and_a_wrong_option_never_raises_it(chosen, right, wrong):
    wrong = wrong - right
    score = score_multiple(chosen, right=right, wrong=wrong)
    assert 0 <= score <= 1
    for option in right:
        assert score_multiple(chosen | {option}, right=right, wrong=wrong) >= score
    for option in wrong:
        assert score_multiple(chosen | {option}, right=right, wrong=wrong) <= score


@given(right=options, wrong=options)
def test_score_multiple_of_the_key_is_1(right, wrong):
    assert score_multiple(right, right=right, wrong=wrong - right, none_of_these=not right) == 1
