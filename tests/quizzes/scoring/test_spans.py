"""The span score, clause by clause, then its laws, then the traps of the scorer it is modelled on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.sentences import sentences
from articles.text.words import words
from quizzes.scoring.layout import Layout
from quizzes.scoring.spans import SpanKey, merge, score_spans, snap


def lay(text):
    return Layout.of(text, sentences(text), words(text))


def key(*required, acceptable=(), foils=()):
    return SpanKey(
        required=tuple(map(frozenset, required)),
        acceptable=frozenset(acceptable),
        foils=tuple(map(frozenset, foils)),
    )


# Two sentences on one line, a third on the next; four words each, counted from 0 to 11.
TEXT = "One two three four. Five six seven eight.\nNine ten eleven twelve."
LAYOUT = lay(TEXT)


# Snapping


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([(0, 1)], (range(1),), id="one code point takes the word"),
        pytest.param([(2, 5)], (range(2),), id="every word it shares a code point with"),
        pytest.param([(3, 4)], (), id="between words it vanishes"),
        pytest.param([(18, 20)], (), id="punctuation and blank alone vanish"),
        pytest.param([(14, 25)], (range(3, 5),), id="across a sentence it stays one"),
        pytest.param([(36, 46)], (range(7, 8), range(8, 9)), id="cut at a line break"),
        pytest.param([(4, 7), (0, 3)], (range(1, 2), range(1)), id="each by itself"),
    ],
)
def test_snap_takes_words(spans, expected):
    assert snap(spans, LAYOUT) == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([(4, 7)], (range(4),), id="the sentence of a word"),
        pytest.param([(18, 20)], (), id="a full stop is no word of it"),
        pytest.param([(14, 25)], (range(8),), id="both sentences"),
        pytest.param([(36, 46)], (range(4, 8), range(8, 12)), id="cut at a line break"),
    ],
)
def test_snap_takes_whole_sentences(spans, expected):
    assert snap(spans, LAYOUT, "sentences") == expected


# Merging


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param([], (), id="none"),
        pytest.param([{0, 1}, {1, 2}], (range(3),), id="overlapping"),
        pytest.param([{0}, {1}], (range(2),), id="touching"),
        pytest.param([{3}, {4}], (range(3, 5),), id="touching across a full stop"),
        pytest.param([{7}, {8}], (range(7, 8), range(8, 9)), id="not across a line break"),
        pytest.param([{2}, {0}], (range(1), range(2, 3)), id="a word between, and in order"),
        pytest.param([range(4), {1}], (range(4),), id="one inside another"),
    ],
)
def test_merge_joins_what_overlaps_or_touches(marks, expected):
    assert merge(marks, LAYOUT) == expected


def test_span_key_joins_required_spans_that_share_a_word_only():
    assert key({4, 5}, {0, 1}, {1, 2}, {3}).required == ({0, 1, 2}, {3}, {4, 5})


def test_span_key_joins_required_spans_through_a_third():
    assert key({0, 1}, {3, 4}, {1, 2, 3}).required == ({0, 1, 2, 3, 4},)


def test_span_key_takes_required_words_out_of_the_acceptable_ones():
    assert key({1, 2}, acceptable={0, 1, 3}).acceptable == {0, 3}


@pytest.mark.parametrize("foil", [{1}, {2}], ids=["required", "acceptable"])
def test_span_key_refuses_a_foil_that_shares_a_word(foil):
    with pytest.raises(ValueError, match="foil"):
        key({0, 1}, acceptable={2}, foils=[foil])


@pytest.mark.parametrize("kind", ["required", "foils"])
def test_span_key_refuses_a_span_without_a_word(kind):
    with pytest.raises(ValueError, match="at least one word"):
        SpanKey(**{"required": (), kind: (frozenset(),)})


# The score


@pytest.mark.parametrize(
    ("marks", "spans", "precision", "recall", "f1"),
    [
        pytest.param([{0, 1}], key({0, 1}), 1, 1, 1, id="the key itself"),
        pytest.param([{0}], key({0, 1}), 1, 1 / 2, 2 / 3, id="half a span"),
        pytest.param([{0, 1, 2}], key({0, 1}), 2 / 3, 1, 4 / 5, id="a word too many"),
        pytest.param([{0}, {5}], key({0}), 1 / 2, 1, 2 / 3, id="P by sentence: 1 and 0"),
        pytest.param(
            [{0}, {5, 6, 7}], key({0}), 1 / 2, 1, 2 / 3, id="P: longer is no worse in a lost sentence"
        ),
        pytest.param([{0, 1}, {4, 5, 6}], key({0}, {4}), 5 / 12, 1, 10 / 17, id="P: mean of 1/2 and 1/3"),
        pytest.param([{0}], key({0}, {4, 5, 6}), 1, 1 / 2, 2 / 3, id="R by span, not by word"),
        pytest.param([{3, 4}], key({3, 4}), 1, 1, 1, id="a span across two sentences"),
        pytest.param([{5}], key({0}), 0, 0, 0, id="beside it"),
        pytest.param([{5}], key(), 0, 0, 0, id="a mark where nothing is required"),
        pytest.param([{0, 1, 2}], key({1}, acceptable={0, 2}), 1, 1, 1, id="acceptable words cost nothing"),
        pytest.param([{1}], key({1}, acceptable={0, 2}), 1, 1, 1, id="and are not missed"),
        pytest.param([{0, 4}], key({0}, foils=[{4}]), 1 / 2, 1, 2 / 3, id="a foil is an ordinary wrong word"),
    ],
)
def test_score_spans_is_f1_of_words(marks, spans, precision, recall, f1):
    score = score_spans(marks, spans, LAYOUT)
    assert (score.precision, score.recall, score.f1) == pytest.approx((precision, recall, f1), abs=1e-9)
    assert score.answered


def test_score_spans_puts_a_word_into_the_sentence_it_begins_in():
    layout = Layout.of("so-called war", [(0, 3), (3, 13)], [(0, 9), (10, 13)])
    assert score_spans([{0, 1}], key({0}), layout).precision == 0.5


@pytest.mark.parametrize(
    ("spans", "score"), [pytest.param(key(), 1, id="right"), pytest.param(key({0}), 0, id="wrong")]
)
def test_score_spans_takes_nothing_to_mark_for_an_answer(spans, score):
    result = score_spans([], spans, LAYOUT, nothing_to_mark=True)
    assert (result.precision, result.recall, result.f1, result.answered) == (score, score, score, True)


@pytest.mark.parametrize("spans", [key(acceptable={2}), key({0}, acceptable={2})], ids=["empty key", "key"])
@pytest.mark.parametrize("marks", [[], [{2}]], ids=["none", "acceptable only"])
def test_score_spans_without_a_mark_left_is_not_answered(spans, marks):
    result = score_spans(marks, spans, LAYOUT)
    assert (result.f1, result.answered, result.marks) == (0, False, 0)


def test_score_spans_refuses_marks_together_with_nothing_to_mark():
    with pytest.raises(ValueError, match="exclude"):
        score_spans([{0}], key(), LAYOUT, nothing_to_mark=True)


# Counts


def test_score_spans_counts_key_spans():
    score = score_spans([{0, 1}, {4}, {8}], key({0, 1, 2, 3}, {4, 5, 6}, {8}, {10}), LAYOUT)
    assert score.shares == pytest.approx((1 / 2, 1 / 3, 1, 0))
    assert (score.found, score.partly, score.missed) == (2, 1, 1)


@pytest.mark.parametrize(
    ("mark", "verdict"),
    [
        pytest.param({0, 1}, "right", id="half"),
        pytest.param({0, 1, 2}, "wide", id="below half"),
        pytest.param({1, 2}, "sound", id="none required"),
        pytest.param({8}, "neutral", id="acceptable only"),
        pytest.param({8, 9}, "sound", id="an acceptable word and a wrong one"),
        pytest.param({10, 11}, "right", id="half, of what is left"),
        pytest.param({4, 5, 6}, "right", id="cut in two by an acceptable word"),
    ],
)
def test_score_spans_counts_marks(mark, verdict):
    score = score_spans([mark], key({0}, {10}, {4}, acceptable={8, 11, 5}), LAYOUT)
    counts = {"right": 0, "wide": 0, "sound": 0, "neutral": 0} | {verdict: 1}
    assert {name: getattr(score, name) for name in counts} == counts
    assert score.marks == (verdict != "neutral")


def test_score_spans_counts_joined_marks():
    score = score_spans([{0}, {1}, {3}, {2}, {7}, {8}], key({0}), LAYOUT)
    assert (score.marks, score.wide, score.sound) == (3, 1, 2)


def test_score_spans_names_the_foils_taken():
    score = score_spans([{0}, {4, 5}, {8}], key(foils=[{0, 1}, {4, 5}, {8, 9, 10}, {11}]), LAYOUT)
    assert score.foils_taken == (0, 1)


# The laws: 30 words, six sentences of five on three lines.

LONG = "\n".join(" ".join("Aa bb cc dd ee." for _ in range(2)) for _ in range(3))
FIELD = lay(LONG)
some_words = st.frozensets(st.integers(0, 29), max_size=12)
runs_of_words = st.builds(
    lambda start, length: frozenset(range(start, min(30, start + length))),
    st.integers(0, 29),
    st.integers(1, 5),
)


@st.composite
def keys(draw):
    required = draw(st.lists(runs_of_words, max_size=4))
    acceptable = draw(some_words)
    taken = acceptable.union(*required)
    foils = [span for span in draw(st.lists(runs_of_words, max_size=3)) if not span & taken]
    return SpanKey(tuple(required), acceptable, tuple(foils))


@given(keys(), st.lists(some_words, max_size=5), st.randoms(use_true_random=False))
def test_order_cutting_joining_and_repeating_marks_change_nothing(spans, marks, random):
    score = score_spans(marks, spans, FIELD)
    word_by_word = [{word} for mark in marks for word in mark] * 2
    random.shuffle(word_by_word)
    assert score_spans(word_by_word, spans, FIELD) == score
    assert score_spans([frozenset().union(*marks)], spans, FIELD) == score
    assert score_spans(merge(marks, FIELD), spans, FIELD) == score


@given(keys(), some_words, st.integers(0, 29))
def test_a_right_word_never_lowers_and_a_wrong_word_never_raises_the_score(spans, marked, word):
    before = score_spans([marked], spans, FIELD).f1
    after = score_spans([marked | {word}], spans, FIELD).f1
    if word in spans.words_to_find:
        assert after >= before - 1e-12
    elif word in spans.acceptable:
        assert after == before
    else:
        assert after <= before + 1e-12


@given(keys(), some_words)
def test_every_figure_keeps_its_range(spans, marked):
    score = score_spans([marked], spans, FIELD)
    assert all(0 <= figure <= 1 for figure in (score.precision, score.recall, score.f1, *score.shares))
    assert score.found + score.partly + score.missed == len(spans.required)
    assert score.right + score.wide + score.sound == score.marks
    assert score.marks + score.neutral == len(merge([marked], FIELD))
    assert score.answered or score.f1 == 0


@given(keys())
def test_the_key_as_response_scores_1(spans):
    score = score_spans(spans.required, spans, FIELD, nothing_to_mark=not spans.required)
    assert (score.f1, score.found, score.sound) == (1, len(spans.required), 0)


@given(st.lists(st.integers(0, 5), max_size=6, unique=True))
def test_marking_everything_scores_low(sentences_with_a_problem):
    # At most one word in five is required, so P is at most 1/5 and F1 at most 1/3.
    spans = key(*({5 * sentence + 2} for sentence in sentences_with_a_problem))
    assert score_spans([range(30)], spans, FIELD).f1 <= 1 / 3 + 1e-12


# Traps of the official scorer of SemEval-2020 task 11


def test_overlapping_gold_never_lifts_precision_above_1():
    score = score_spans([{0, 1, 2}], key({0, 1, 2}, {1, 2}, {0, 1, 2}), LAYOUT)
    assert (score.precision, score.recall, score.f1, len(score.shares)) == (1, 1, 1, 1)


def test_recall_is_not_computed_from_the_precision_sum():
    score = score_spans([{0, 1, 2}, {4}], key({0}, {4, 5, 6, 7}), LAYOUT)
    assert score.precision == pytest.approx((1 / 3 + 1) / 2)
    assert score.recall == pytest.approx((1 + 1 / 4) / 2)


def test_overlapping_marks_are_no_error():
    assert score_spans([{0, 1}, {1, 2}], key({0, 1, 2}), LAYOUT).f1 == 1


def test_a_wrong_word_that_bridges_two_marks_does_not_raise_the_score():
    # The mean over joined marks would rise here: from marks of 1 and 0 to one of 3/4 or so.
    spans = key({0, 1, 2})
    apart = score_spans([{0, 1, 2}, {4}], spans, LAYOUT)
    bridged = score_spans([{0, 1, 2}, {3}, {4}], spans, LAYOUT)
    assert (apart.marks, bridged.marks) == (2, 1)
    assert bridged.f1 <= apart.f1


def test_no_answer_is_never_full_marks():
    assert score_spans([], key(), LAYOUT).f1 == 0
    assert score_spans([], key(), LAYOUT, nothing_to_mark=True).f1 == 1
