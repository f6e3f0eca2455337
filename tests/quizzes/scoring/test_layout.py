import pytest

from articles.text.sentences import sentences
from articles.text.words import words
from quizzes.scoring.layout import Layout

#       0   1     2    3      4   5    6
TEXT = "The tram came. Nobody saw.\nIt left."
LAYOUT = Layout.of(TEXT, sentences(TEXT), words(TEXT))


def test_layout_places_each_word():
    assert LAYOUT.sentence_of == (0, 0, 0, 1, 1, 2, 2)
    assert LAYOUT.sentence_words == (range(3), range(3, 5), range(5, 7))
    assert LAYOUT.line_of == (0, 0, 0, 0, 0, 1, 1)
    assert LAYOUT.line_words == (range(5), range(5, 7))


def test_layout_puts_a_word_into_the_sentence_it_begins_in():
    assert Layout.of("so-called", [(0, 3), (3, 9)], [(0, 9)]).sentence_words == (range(1), range(1, 1))


def test_layout_of_no_words():
    layout = Layout.of("…", [(0, 1)], [])
    assert layout.sentence_words == (range(0),)
    assert not layout.words_touched((0, 1))


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((0, 3), range(1)),
        ((2, 5), range(2)),
        ((3, 4), range(1, 1)),
        ((13, 16), range(3, 4)),
        ((0, 99), range(7)),
    ],
)
def test_layout_finds_the_words_touched(span, expected):
    assert LAYOUT.words_touched(span) == expected


def test_layout_cuts_at_line_breaks():
    assert LAYOUT.cut_at_line_breaks(range(4, 7)) == (range(4, 5), range(5, 7))
    assert LAYOUT.cut_at_line_breaks(range(2, 2)) == ()


def test_layout_widens_to_whole_sentences():
    assert LAYOUT.whole_sentences(range(2, 4)) == range(5)


def test_layout_gives_the_span_of_a_run():
    assert LAYOUT.span(range(1, 3)) == (4, 13)
