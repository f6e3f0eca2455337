"""Passages cut for marking, and findings laid on them: positions in, pieces of text out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.overlay import Laid, Piece, Segment, line_spans, overlay_lines, segment_lines

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", [(0, 0)]),
        ("one", [(0, 3)]),
        ("one\ntwo", [(0, 3), (4, 7)]),
        ("one\n\ntwo\n", [(0, 3), (4, 4), (5, 8), (9, 9)]),
        ("😀\né", [(0, 1), (2, 3)]),
    ],
)
def test_line_spans_leave_the_breaks_out(text, spans):
    assert line_spans(text) == spans


def test_segment_lines_cut_words_and_what_is_between():
    text = "No, he said.\n“Yes”"
    units = [(0, 2), (4, 6), (7, 11), (14, 17)]
    assert segment_lines(text, units, [(0, 12), (13, 18)]) == [
        [
            Segment("No", 0, 0),
            Segment(", "),
            Segment("he", 1, 0),
            Segment(" "),
            Segment("said", 2, 0),
            Segment("."),
        ],
        [Segment("“"), Segment("Yes", 3, 1), Segment("”")],
    ]


def test_segment_lines_number_the_sentence_of_each_unit():
    text = "A b. C d. E."
    sentences = [(0, 4), (5, 9), (10, 12)]
    [line] = segment_lines(text, [(0, 1), (2, 3), (5, 6), (7, 8), (10, 11)], sentences)
    assert [segment.sentence for segment in line if segment.index is not None] == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    ("text", "units", "lines"),
    [
        ("", [], [[]]),
        ("a\n\nb", [], [[Segment("a")], [], [Segment("b")]]),
        ("a b", [(0, 3)], [[Segment("a b", 0)]]),
    ],
)
def test_segment_lines_of_little(text, units, lines):
    assert segment_lines(text, units, []) == lines


FOUND = Laid(1, "found", ((3, 6),))
MISSED = Laid(2, "missed", ((8, 10),))


@pytest.mark.parametrize(
    ("findings", "mine", "line"),
    [
        pytest.param([], [], [Piece("0123456789")], id="nothing"),
        pytest.param(
            [],
            [(2, 4)],
            [Piece("01"), Piece("23", mine=True), Piece("456789")],
            id="a mark without a finding",
        ),
        pytest.param(
            [FOUND, MISSED],
            [(3, 6)],
            [
                Piece("012"),
                Piece("345", "found", 1, mine=True, first=True, last=True),
                Piece("67"),
                Piece("89", "missed", 2, first=True, last=True),
            ],
            id="one found, one missed",
        ),
        pytest.param(
            [FOUND],
            [(4, 8)],
            [
                Piece("012"),
                Piece("3", "found", 1, first=True),
                Piece("45", "found", 1, mine=True, last=True),
                Piece("67", mine=True),
                Piece("89"),
            ],
            id="a mark over the end of a finding",
        ),
        pytest.param(
            [FOUND, Laid(2, "fine", ((5, 8),))],
            [],
            [
                Piece("012"),
                Piece("345", "found", 1, first=True, last=True),
                Piece("67", "fine", 2, first=True, last=True),
                Piece("89"),
            ],
            id="findings that overlap",
        ),
        pytest.param(
            [Laid(1, "found", ((0, 2), (4, 6)))],
            [],
            [
                Piece("01", "found", 1, first=True),
                Piece("23"),
                Piece("45", "found", 1, last=True),
                Piece("6789"),
            ],
            id="a finding in two places",
        ),
        pytest.param(
            [], [(0, 3), (3, 5)], [Piece("01234", mine=True), Piece("56789")], id="marks that touch"
        ),
    ],
)
def test_overlay_lines_cut_a_line_under_its_verdicts(findings, mine, line):
    assert overlay_lines("0123456789", findings, mine) == [line]


def test_overlay_lines_begin_a_finding_on_one_line_and_end_it_on_another():
    text = "ab\ncd"
    assert overlay_lines(text, [Laid(1, "found", ((1, 2), (3, 4)))], [(3, 5)]) == [
        [Piece("a"), Piece("b", "found", 1, first=True)],
        [Piece("c", "found", 1, mine=True, last=True), Piece("d", mine=True)],
    ]


def test_overlay_lines_keep_empty_lines():
    assert overlay_lines("a\n\nb", [], []) == [[Piece("a")], [], [Piece("b")]]


TEXTS = st.text(alphabet="ab .\n😀", max_size=40)


@st.composite
def laid_texts(draw):
    """A text, findings anywhere in it in text order, and marks."""
    text = draw(TEXTS)
    spans = st.tuples(st.integers(0, len(text)), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))
    findings = [
        Laid(n, "found", (span,)) for n, span in enumerate(sorted(draw(st.lists(spans, max_size=5))), 1)
    ]
    return text, findings, draw(st.lists(spans, max_size=4))


@given(laid_texts())
def test_pieces_of_all_lines_are_the_text_again(drawn):
    text, findings, mine = drawn
    lines = overlay_lines(text, findings, mine)
    assert "\n".join("".join(piece.text for piece in line) for line in lines) == text
    pieces = [piece for line in lines for piece in line]
    assert all(piece.text for piece in pieces)
    for finding in findings:
        shown = [piece for piece in pieces if piece.number == finding.number]
        assert [piece.first for piece in shown] == [True] * bool(shown) + [False] * (len(shown) - 1)


@given(TEXTS)
def test_segments_of_all_lines_are_the_text_again(text):
    units = [(at, at + 1) for at, letter in enumerate(text) if letter in "ab"]
    lines = segment_lines(text, units, [])
    assert "\n".join("".join(segment.text for segment in line) for line in lines) == text
    cut = [segment for line in lines for segment in line if segment.index is not None]
    assert [segment.index for segment in cut] == list(range(len(units)))
    assert [segment.text for segment in cut] == [text[start:end] for start, end in units]
