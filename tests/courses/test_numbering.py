import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.numbering import COLUMNS, lines_at, numbered

pytestmark = pytest.mark.pure
law = settings(max_examples=100, deadline=None, derandomize=True)
LETTERS = st.text(st.sampled_from("ab c\n市é\u0301"), max_size=200)


def said(text, columns):
    return [[line.text for line in lines] for lines in numbered(text, columns)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("one two", [["one two"]]),
        ("one two three", [["one two", "three"]]),
        ("one two  three", [["one two", "three"]]),
        ("abcdefghijk", [["abcdefgh", "ijk"]]),
        ("one\n\n \ntwo", [["one"], ["two"]]),
        ("市市市市市", [["市市市市", "市"]]),
        ("e\u0301" * 9, [["e\u0301" * 8, "e\u0301"]]),
    ],
)
def test_lines_break_where_the_columns_are_full(text, expected):
    assert said(text, 8) == expected


def test_numbers_run_on_and_every_fifth_is_printed():
    lines = [line for lines in numbered("one two three four\nfive six seven", 5) for line in lines]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6, 7]
    assert [line.number for line in lines if line.shows_number] == [5]


@pytest.mark.parametrize(
    ("span", "expected"), [((0, 3), (1, 1)), ((4, 9), (1, 2)), ((8, 13), (2, 2)), ((13, 14), None)]
)
def test_a_place_is_found_by_its_lines(span, expected):
    assert lines_at(numbered("one two three", 8), span) == expected


def test_a_line_needs_room():
    with pytest.raises(ValueError, match="two columns"):
        numbered("a", 1)


@law
@given(LETTERS, st.integers(2, COLUMNS))
def test_no_letter_is_lost_or_said_twice(text, columns):
    covered = [
        at for lines in numbered(text, columns) for line in lines for at in range(line.start, line.end)
    ]
    assert covered == sorted(set(covered))
    left_out = set(range(len(text))) - set(covered)
    assert not "".join(text[at] for at in sorted(left_out)).strip()
