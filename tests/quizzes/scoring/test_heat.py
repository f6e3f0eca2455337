import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.sentences import sentences
from articles.text.words import words
from quizzes.scoring import heat
from quizzes.scoring.heat import Group, Piece, Stretch
from quizzes.scoring.layout import Layout

pytestmark = pytest.mark.pure
#       0   1    2     3      4   5  6
TEXT = "The sly mayor smiled.\n\nShe sold it."
LAYOUT = Layout.of(TEXT, sentences(TEXT), words(TEXT))
WORDS = len(LAYOUT.words)
ANSWERS = st.lists(st.frozensets(st.integers(0, WORDS - 1)), max_size=30)
law = settings(max_examples=100, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("marked", "of", "expected"),
    [
        (0, 5, 0),
        (0, 0, 0),
        (1, 24, 1),
        (4, 24, 1),
        (5, 24, 2),
        (9, 24, 2),
        (10, 24, 3),
        (14, 24, 3),
        (15, 24, 4),
        (19, 24, 4),
        (20, 24, 5),
        (24, 24, 5),
        (1, 5, 2),
    ],
)
def test_level_goes_by_fifths(marked, of, expected):
    assert heat.level(marked, of) == expected


@pytest.mark.parametrize(("marked", "of"), [(-1, 5), (6, 5), (1, 0)])
def test_level_refuses_more_marks_than_answers(marked, of):
    with pytest.raises(ValueError, match="cannot have marked"):
        heat.level(marked, of)


def test_tally_counts_a_word_once_an_answer():
    assert heat.tally([{1}, [1, 1, 2], set()], 4) == (0, 2, 1, 0)


@pytest.mark.parametrize("word", [-1, 4])
def test_tally_refuses_a_word_that_is_not_there(word):
    with pytest.raises(ValueError, match="has not"):
        heat.tally([{word}], 4)


def test_stretches_join_neighbours_of_one_level_on_one_line():
    counts = (0, 5, 4, 5, 5, 1, 0)
    assert heat.stretches(counts, 5, LAYOUT) == (
        Stretch(range(1, 4), 5, 4, 5),
        Stretch(range(4, 5), 5, 5, 5),
        Stretch(range(5, 6), 2, 1, 1),
    )


@pytest.mark.parametrize(
    ("answers", "place", "expected"),
    [
        ([{1}, {2}, {1, 2}], {1, 2}, 3),
        ([{1}, {1, 2}, set()], {1, 2, 3}, 1),
        ([{1}], set(), 0),
        ([], {1}, 0),
    ],
)
def test_a_place_is_marked_from_half_of_its_words(answers, place, expected):
    assert heat.marked_by(answers, place) == expected


def test_lines_say_what_is_warm_and_what_is_looked_at():
    found = heat.stretches((0, 5, 1, 0, 0, 0, 0), 5, LAYOUT)
    assert heat.heat_lines(TEXT, found, LAYOUT, [(4, 13)]) == [
        [
            Group(False, (Piece("The ", 0),)),
            Group(True, (Piece("sly", 5), Piece(" ", 0), Piece("mayor", 2))),
            Group(False, (Piece(" smiled.", 0),)),
        ],
        [],
        [Group(False, (Piece("She sold it.", 0),))],
    ]


@law
@given(ANSWERS)
def test_tally_adds_up(answers):
    counts = heat.tally(answers, WORDS)
    assert sum(counts) == sum(map(len, answers))
    assert max(counts) <= len(answers)


@law
@given(ANSWERS, st.randoms())
def test_the_order_of_answers_changes_nothing(answers, chance):
    other = list(answers)
    chance.shuffle(other)
    assert heat.tally(other, WORDS) == heat.tally(answers, WORDS)


@law
@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of - 1), st.just(of))))
def test_more_marks_are_never_colder(marked_of):
    marked, of = marked_of
    assert heat.level(marked, of) <= heat.level(marked + 1, of) <= heat.HOTTEST
    assert (heat.level(marked, of) == 0) == (marked == 0)


@law
@given(ANSWERS, st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)))
def test_lines_lose_no_letter_and_every_marked_word_is_warm(answers, here):
    counts = heat.tally(answers, WORDS)
    found = heat.stretches(counts, len(answers), LAYOUT)
    assert [word for stretch in found for word in stretch.words] == [w for w in range(WORDS) if counts[w]]
    lines = heat.heat_lines(TEXT, found, LAYOUT, [tuple(span) for span in here])
    said = ["".join(piece.text for group in line for piece in group.pieces) for line in lines]
    assert "\n".join(said) == TEXT
