"""Where lost words may stand now: the likeliest places first, and none that is like nothing."""

import pytest

from articles.text.candidates import candidates
from articles.text.words import words

pytestmark = pytest.mark.pure
TEXT = "The board voted on Monday. The mayor firmly wants a pier.\nA baker said that the board never voted."


def found(exact, prefix="", suffix=""):
    return [one.text for one in candidates(TEXT, words(TEXT), exact, prefix, suffix)]


@pytest.mark.parametrize(
    ("exact", "context", "places"),
    [
        pytest.param("the board", {}, ["the board", "The board"], id="as it was, before another letter"),
        pytest.param("The mayor wants a pier", {}, ["The mayor firmly wants a pier"], id="a word put in"),
        pytest.param(
            "admitted", {"prefix": "a baker ", "suffix": " that the board"}, ["said"], id="by its neighbours"
        ),
        pytest.param("Nine whales swam by", {}, [], id="like nothing"),
        pytest.param("…", {}, [], id="no word"),
    ],
)
def test_candidates_are_the_likeliest_places(exact, context, places):
    assert found(exact, **context) == places


def test_a_candidate_shows_what_stands_around_it_in_its_line():
    one = candidates(TEXT, words(TEXT), "a pier", "", "")[0]
    assert (one.before[-6:], one.after, TEXT[one.start : one.end]) == ("wants ", ".", "a pier")
