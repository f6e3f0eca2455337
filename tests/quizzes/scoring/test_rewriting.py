import pytest

from quizzes.scoring.rewriting import find_phrases, share_of_points, word_sequence


@pytest.mark.parametrize(
    ("text", "phrases", "found"),
    [
        pytest.param("A warning of war.", ["war"], ["war"], id="never inside a word"),
        pytest.param("The War", ["war"], ["War"], id="case"),
        pytest.param("in the café", ["cafe"], ["café"], id="accents"),
        pytest.param("It’s late", ["it's"], ["It’s"], id="apostrophes"),
        pytest.param("on 3 May, 2021", ["3 May 2021"], ["3 May, 2021"], id="signs between words"),
        pytest.param("on 3\nMay", ["3 May"], ["3\nMay"], id="a line break between words"),
        pytest.param("13 May", ["3 May"], [], id="never inside a number"),
        pytest.param("2,000 crowns", ["2000 crowns"], ["2,000 crowns"], id="groups of digits"),
        pytest.param("6’200 crowns", ["6,200 crowns"], ["6’200 crowns"], id="groups with apostrophes"),
        pytest.param("1.5 million", ["15 million"], [], id="a decimal mark stays"),
        pytest.param("a 6,200-crown plan", ["6,200"], ["6,200"], id="a sum before a hyphen"),
        pytest.param("the board’s racks", ["the board"], ["the board’s"], id="a possessive"),
        pytest.param("reckless-looking", ["reckless"], ["reckless"], id="part of a joined word"),
        pytest.param("can’t", ["can"], ["can"], id="a shortened not"),
        pytest.param("2021-05-03", ["3 May 2021"], [], id="dates as written"),
        pytest.param("a b a b", ["a b"], ["a b", "a b"], id="every place"),
        pytest.param("a b c d", ["b c", "c d"], ["b c d"], id="places that share a word"),
        pytest.param("a b c d", ["c d", "a b"], ["a b", "c d"], id="places that touch, in text order"),
        pytest.param("a b", ["a b c"], [], id="longer than the text"),
        pytest.param("a … b", ["…"], [], id="a phrase without a word"),
        pytest.param("", ["a"], [], id="no text"),
        pytest.param("cafe\u0301 noir", ["noir"], ["noir"], id="places count code points as they stand"),
        pytest.param("mid-week", ["mid week"], ["mid-week"], id="what a hyphen joins is two"),
        pytest.param("a b", [], [], id="no phrase"),
    ],
)
def test_find_phrases_finds_whole_words_in_order(text, phrases, found):
    assert [text[start:end] for start, end in find_phrases(text, phrases)] == found


def test_word_sequence_is_what_is_compared():
    assert word_sequence("“On 3 May,” he said…") == ("on", "3", "may", "he", "said")
    assert word_sequence("… —") == ()


def test_share_of_points_is_given_of_possible():
    assert share_of_points([1, 2], [2, 2]) == 0.75
    assert share_of_points([0, 0], [2, 2]) == 0
    assert share_of_points([2, 2], [2, 2]) == 1


@pytest.mark.parametrize(("given", "possible"), [([], []), ([0], [0]), ([3], [2]), ([-1], [2])])
def test_share_of_points_refuses_what_cannot_be_given(given, possible):
    with pytest.raises(ValueError, match="cannot be given"):
        share_of_points(given, possible)
