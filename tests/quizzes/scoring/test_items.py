"""Item statistics beside a slow second implementation, and by hand."""

import statistics
from fractions import Fraction
from math import atanh, nan, sqrt, tanh

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizzes.scoring.choice_tables import BLANK, Chosen, Offered
from quizzes.scoring.items import analyse

pytestmark = pytest.mark.pure

HALVES = st.sampled_from([0.0, 1 / 3, 0.5, 0.75, 1.0])
MAYBE = st.one_of(HALVES, HALVES, HALVES, st.none())


@st.composite
def matrices(draw, value=MAYBE, most=30):
    count = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(value, min_size=count, max_size=count), min_size=1, max_size=most))


def exact(value):
    """The score that is meant by a float: thirds and the like, without the rounding."""
    return None if value is None else Fraction(value).limit_denominator(1000)


def slow_rest(row, j):
    others = [exact(value) for i, value in enumerate(row) if i != j and value is not None]
    return sum(others) / len(others) if others and row[j] is not None else None


def slow_item(rows, j):
    """One item's figures in plain Python, from exact fractions."""
    given_to = [exact(row[j]) for row in rows if row[j] is not None]
    pairs = [(exact(row[j]), slow_rest(row, j)) for row in rows]
    pairs = [(x, y) for x, y in pairs if y is not None]
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    r = interval = None
    if len(pairs) >= 3 and len(set(xs)) > 1 and len(set(ys)) > 1:
        mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
        xy = sum((x - mx) * (y - my) for x, y in pairs)
        xx, yy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
        r = float(xy) / (sqrt(xx) * sqrt(yy))
        if len(pairs) > 3 and xy * xy != xx * yy:
            off = 1.6448536269514722 / sqrt(len(pairs) - 3)
            interval = (tanh(atanh(r) - off), tanh(atanh(r) + off))
    facility = float(sum(given_to) / len(given_to)) if given_to else None
    return len(given_to), facility, r, interval


def slow_reliability(rows):
    k = len(rows[0])
    if any(value is None for row in rows for value in row):
        return None, "learners saw different items", None
    if k < 2:
        return None, "fewer than two items", None
    if len(rows) < 2:
        return None, "fewer than two learners", None
    rows = [[exact(value) for value in row] for row in rows]
    total = statistics.variance([sum(row) for row in rows])
    if total == 0:
        return None, "the totals do not vary", None
    items = sum(statistics.variance([row[j] for row in rows]) for j in range(k))
    alpha = Fraction(k, k - 1) * (1 - items / total)
    return float(alpha), "", sqrt(total) * sqrt(1 - alpha)


def near(value):
    return pytest.approx(value, abs=1e-9)


@given(matrices())
@example([[1.0, 1.0], [0.0, 0.0], [1.0, 1.0], [0.5, 0.5]])  # |r| = 1
@example([[None, 1.0], [1.0, None], [0.5, 0.5]])
@example([[1.0], [0.0]])
def test_figures_are_those_of_the_slow_reading(rows):
    figures = analyse(rows)
    assert figures.learners == len(rows)
    for j, item in enumerate(figures.items):
        n, facility, r, interval = slow_item(rows, j)
        assert (item.n, item.facility, item.item_rest_r) == (n, near(facility), near(r))
        assert item.item_rest_ci90 == (None if interval is None else near(interval))
    alpha, reason, sem = slow_reliability(rows)
    assert (figures.alpha, figures.alpha_reason, figures.sem) == (near(alpha), reason, near(sem))


@given(matrices(value=HALVES, most=12))
def test_alpha_is_never_above_1_and_kr20_for_right_and_wrong(rows):
    rows = [[float(value > 0.5) for value in row] for row in rows]
    alpha = analyse(rows).alpha
    if alpha is None:
        return
    n, k = len(rows), len(rows[0])
    shares = [sum(row[j] for row in rows) / n for j in range(k)]
    total = statistics.variance([sum(row) for row in rows])
    kr20 = k / (k - 1) * (1 - sum(p * (1 - p) * n / (n - 1) for p in shares) / total)
    assert alpha == near(kr20)
    assert alpha <= 1 + 1e-12


def test_four_learners_by_hand():
    figures = analyse([[1, 1, 0], [1, 0, 0], [0, 0, 1], [1, 1, 1]])
    first = figures.items[0]
    # Rest scores .5, 0, .5, 1; deviations of the item .25 .25 -.75 .25, of the rest 0 -.5 0 .5.
    assert first.facility == 0.75
    assert first.item_rest_r == near(0)
    assert first.item_rest_ci90 == near((-tanh(1.6448536269514722), tanh(1.6448536269514722)))
    # Totals 2, 1, 1, 3: variance 11/12; items 1/4, 1/3, 1/3: 11/12.
    assert figures.alpha == near(0)
    assert figures.sem == near(sqrt(11 / 12))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[1, nan], [1, 0]], "learners saw different items"),
        ([[1], [0], [1]], "fewer than two items"),
        ([[1, 0]], "fewer than two learners"),
        ([[1, 0], [0, 1]], "the totals do not vary"),
        ([[0.1, 0.2, 0.3], [0.3, 0.1, 0.2]], "the totals do not vary"),
    ],
)
def test_alpha_says_why_there_is_none(rows, reason):
    figures = analyse(rows)
    assert (figures.alpha, figures.alpha_reason, figures.sem) == (None, reason, None)


@pytest.mark.parametrize(
    ("rows", "r", "interval"),
    [
        pytest.param([[1, 1], [0, 0]], None, False, id="two pairs"),
        pytest.param([[1, 1], [0, 0], [1, 0]], 0.5, False, id="three pairs have no interval"),
        pytest.param([[1, 1], [1, 0], [1, 1], [1, 0]], None, False, id="the item does not vary"),
        pytest.param([[1, 1], [0, 1], [1, 1], [0, 1]], None, False, id="the rest does not vary"),
        pytest.param([[1, 1], [0, 0], [0.1, 0.1], [0.7, 0.7]], 1, False, id="r is 1"),
        pytest.param([[1, 0], [0, 1], [0.1, 0.9], [0.7, 0.3]], -1, False, id="r is -1"),
        pytest.param([[1, 1], [0, 0], [1, 0], [0, 1]], 0, True, id="no relation"),
        pytest.param([[1, None], [0, None], [1, None], [0, 1]], None, False, id="nothing to compare with"),
    ],
)
def test_item_rest_r_is_null_where_there_is_none(rows, r, interval):
    item = analyse(rows).items[0]
    assert item.item_rest_r == near(r)
    assert (item.item_rest_ci90 is not None) == interval


def test_nobody_at_all_gives_empty_figures():
    figures = analyse(np.zeros((0, 2)))
    assert [(item.n, item.facility, item.flags) for item in figures.items] == [
        (0, None, ("too few attempts",))
    ] * 2
    assert (figures.alpha, figures.alpha_reason) == (None, "fewer than two learners")
    assert analyse([]).items == ()


@pytest.mark.parametrize("bad", [[[1.5]], [[-0.1]], [1, 0], [[[1]]]])
def test_what_is_no_matrix_of_scores_is_refused(bad):
    with pytest.raises(ValueError):
        analyse(bad)


def test_seconds_are_the_median_of_those_that_are_known():
    figures = analyse([[1, 0], [1, 0], [0, None]], seconds=[[10, None], [40, None], [20, 99]])
    assert [item.median_seconds for item in figures.items] == [20, None]
    assert analyse([[1], [0]], seconds=[[10], [15]]).items[0].median_seconds == 12.5


def twenty(scores):
    """An item of these 20 scores, beside one that half of the learners get right."""
    return [[score, float(row < 10)] for row, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "flags"),
    [
        pytest.param([1] * 19 + [0], ("too easy",), id="19 of 20"),
        pytest.param([0] * 9 + [1] * 3 + [0] * 8, ("too hard",), id="3 of 20"),
        pytest.param([1] * 2 + [0] * 8 + [1] * 2 + [0] * 8, ("too hard",), id="4 of 20"),
        pytest.param(
            [0] * 10 + [1] * 9 + [0],
            ("better learners get it wrong: check the key",),
            id="the better half gets it wrong",
        ),
        pytest.param(
            [0] * 10 + [1] * 4 + [0] * 6,
            ("too hard", "better learners get it wrong: check the key"),
            id="two flags, in order",
        ),
        pytest.param([1] * 9 + [0] * 11, (), id="nothing"),
    ],
)
def test_flags_stand_in_the_order_of_the_rules(scores, flags):
    assert analyse(twenty(scores)).items[0].flags == flags


def test_19_learners_are_too_few_for_any_other_flag():
    rows = twenty([1] * 20)[:19]
    figures = analyse(rows)
    assert figures.items[0].flags == ("too few attempts",)
    assert not figures.items[0].figures_shown
    assert not figures.reliability_shown
    assert analyse(twenty([1] * 20)).reliability_shown


OFFERED = [Offered("a", True), Offered("b", False), Offered("c", False), Offered("d", False)]


def test_a_distractor_is_unused_below_one_in_twenty():
    answers = [{"a"}] * 38 + [{"b"}] * 2 + [{"c"}]
    rows = [[float("a" in answer), float(row % 2)] for row, answer in enumerate(answers)]
    figures = analyse(rows[:40], chosen=[Chosen.of(OFFERED, answers[:40]), None])
    assert figures.items[0].flags[1:] == ("a distractor nobody takes: c", "a distractor nobody takes: d")
    figures = analyse(rows, chosen=[Chosen.of(OFFERED, answers), None])  # 2 of 41 are fewer than 5 %
    assert figures.items[0].flags == (
        "a distractor nobody takes: b",
        "a distractor nobody takes: c",
        "a distractor nobody takes: d",
    )


def test_table_counts_thirds_by_rest_score_and_breaks_ties_by_row():
    #       rest: .5     1      .5     0      1      .5     .5     -      not given
    rest = [0.5, 1, 0.5, 0, 1, 0.5, 0.5, None, 1]
    answers = [{"a"}, {"b"}, {"c"}, {"d"}, {"a", "b"}, set(), {"a"}, {"b"}, None]
    rows = [[None if answer is None else 0, value] for answer, value in zip(answers, rest, strict=True)]
    table = analyse(rows, chosen=[Chosen.of(OFFERED, answers), None]).items[0].table
    # Order of rows: 1 4 | 0 2 5 | 6 3; row 7 has no rest score, row 8 was not given the item.
    assert [tuple(row) for row in table] == [
        ("a", True, 3, 1, 1, 1),
        ("b", False, 3, 2, 0, 0),
        ("c", False, 1, 0, 1, 0),
        ("d", False, 1, 0, 0, 1),
        (BLANK, None, 1, 0, 1, 0),
    ]


def test_equal_rest_scores_are_equal_however_they_are_added_up():
    # 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in floats.
    rows = [[0, 0.3, 0.2, 0.1], [0, 0.1, 0.2, 0.3], [0, 0.2, 0.3, 0.1]]
    answers = [{"a"}, {"b"}, {"c"}]
    table = analyse(rows, chosen=[Chosen.of(OFFERED, answers), None, None, None]).items[0].table
    assert [tuple(row)[3:] for row in table[:3]] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


@given(st.lists(st.tuples(st.sets(st.sampled_from("abcd")), HALVES), max_size=25))
def test_thirds_add_up_to_all(drawn):
    answers = [set(answer) for answer, _rest in drawn]
    rows = [[0.5, rest] for _answer, rest in drawn] or np.zeros((0, 2))
    table = analyse(rows, chosen=[Chosen.of(OFFERED, answers), None]).items[0].table
    assert all(row.top + row.middle + row.bottom == row.all for row in table)
    assert [row.all for row in table] == [
        *(sum(ref in answer for answer in answers) for ref in "abcd"),
        answers.count(set()),
    ]


def test_quarters_are_mean_scores_of_the_best_to_the_last():
    rows = [[1, 0.9], [0.5, 0.8], [0, 0.1], [1, 0.2], [1, 0.5]]
    assert analyse(rows).items[0].quarters == (1.0, 0.5, 1.0, 0.5)
    assert analyse([[1, 0.5]]).items[0].quarters == (None, None, None, 1.0)
