"""Passages cut for marking, and findings laid on them: positions in, pieces of text out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.segments import Group, Segment, line_spans, segment_lines, sentence_lines
from quizzes.overlay import Laid, Own, overlay_lines

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


def test_sentence_lines_keep_a_sentence_together_with_its_punctuation():
    text = "No. “Yes,” he said.\n\nEnd"
    units = [(0, 2), (5, 8), (11, 13), (14, 18), (21, 24)]
    assert sentence_lines(text, units, [(0, 3), (4, 19), (21, 24)]) == [
        [
            Group(0, [Segment("No", 0, 0), Segment(".")]),
            Group(None, [Segment(" ")]),
            Group(
                1,
                [
                    Segment("“"),
                    Segment("Yes", 1, 1),
                    Segment(",” "),
                    Segment("he", 2, 1),
                    Segment(" "),
                    Segment("said", 3, 1),
                    Segment("."),
                ],
            ),
        ],
        [],
        [Group(2, [Segment("End", 4, 2)])],
    ]


def drawn(text, findings, mine):
    """Each line as one writes it by hand: [1*…] is a box, * what the learner marked, | where a finding ends."""

    def piece_drawn(piece):
        opens = "".join(
            f"[{'' if part.first else '…'}{part.number}{'*' * part.mine}:" for part in piece.opens
        )
        closes = "".join("]" for _part in piece.closes)
        refs = "".join(f"|{part.number}" for part in piece.refs)
        return f"{opens}{'*' * piece.mine}{piece.text}{closes}{refs}"

    return ["".join(map(piece_drawn, line)) for line in overlay_lines(text, findings, mine)]


FOUND = Laid(1, "found", ((3, 6),))


@pytest.mark.parametrize(
    ("findings", "mine", "line"),
    [
        pytest.param([], [], "0123456789", id="nothing"),
        pytest.param([], [(2, 4)], "01*23456789", id="a mark without a finding"),
        pytest.param(
            [FOUND, Laid(2, "missed", ((8, 10),))], [(3, 6)], "012[1*:345]|167[2:89]|2", id="one of two found"
        ),
        pytest.param([FOUND], [(4, 8)], "012[1:3][…1*:45]|1*6789", id="a mark over the end of a finding"),
        pytest.param(
            [FOUND, Laid(2, "fine", ((5, 8),))], [], "012[1:34[2:5]]|1[…2:67]|289", id="findings that cross"
        ),
        pytest.param(
            [Laid(1, "found", ((0, 8),)), Laid(2, "missed", ((2, 4),))], [], "[1:01[2:23]|24567]|189", id="nested"
        ),
        pytest.param([FOUND, Laid(2, "missed", ((3, 6),))], [], "012[1:[2:345]]|1|26789", id="on the same words"),
        pytest.param(
            [Laid(1, "missed", ((2, 4),)), Laid(2, "found", ((2, 8),))], [], "01[2:[1:23]|14567]|289", id="outside"
        ),
        pytest.param([Laid(1, "found", ((0, 2), (4, 6)))], [], "[1:01]23[…1:45]|16789", id="in two places"),
        pytest.param([], [(0, 3), (3, 5)], "*0123456789", id="marks that touch"),
    ],
)  # fmt: skip
def test_overlay_lines_box_every_finding(findings, mine, line):
    assert drawn("0123456789", findings, [Own(span) for span in mine]) == [line]


def test_overlay_lines_know_for_which_skill_a_place_was_marked():
    both = [Laid(1, "found", ((0, 4),), "a"), Laid(2, "missed", ((1, 3),), "b")]
    assert drawn("01234", both, [Own((0, 4), "a")]) == ["[1*:0[2:12]|23]|14"]
    assert drawn("01234", both, [Own((0, 4), "b")]) == ["[1:0[2*:12]|23]|14"]


def test_overlay_lines_begin_a_finding_on_one_line_and_end_it_on_another():
    assert drawn("ab\ncd", [Laid(1, "found", ((1, 2), (3, 4)))], [Own((3, 5))]) == ["a[1:b]", "[…1*:c]|1*d"]


def test_overlay_lines_keep_empty_lines():
    assert drawn("a\n\nb", [], []) == ["a", "", "b"]


TEXTS = st.text(alphabet="ab .\n😀", max_size=40)


@st.composite
def laid_texts(draw):
    """A text, findings anywhere in it in text order, and marks."""
    text = draw(TEXTS)
    spans = st.tuples(st.integers(0, len(text)), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))
    findings = [
        Laid(n, "found", (span,)) for n, span in enumerate(sorted(draw(st.lists(spans, max_size=5))), 1)
    ]
    return text, findings, [Own(span) for span in draw(st.lists(spans, max_size=4))]


@given(laid_texts())
def test_pieces_of_all_lines_are_the_text_again_and_boxes_nest(drawn):
    text, findings, mine = drawn
    lines = overlay_lines(text, findings, mine)
    assert "\n".join("".join(piece.text for piece in line) for line in lines) == text
    assert all(piece.text for line in lines for piece in line)
    for line in lines:
        standing = []
        for piece in line:
            standing += piece.opens
            for part in piece.closes:
                assert standing.pop() == part
        assert standing == []


@given(laid_texts())
def test_every_finding_with_letters_on_the_page_begins_and_ends_once(drawn):
    text, findings, mine = drawn
    pieces = [piece for line in overlay_lines(text, findings, mine) for piece in line]
    for finding in findings:
        start, end = finding.spans[0]
        parts = [part for piece in pieces for part in piece.opens if part.number == finding.number]
        assert bool(parts) == bool(text[start:end].replace("\n", ""))
        assert [part.first for part in parts] == [True] * bool(parts) + [False] * (len(parts) - 1)
        if end <= len(text) and text[end - 1] != "\n":
            assert sum(part.last for part in parts) == 1


@given(TEXTS)
def test_segments_of_all_lines_are_the_text_again(text):
    units = [(at, at + 1) for at, letter in enumerate(text) if letter in "ab"]
    lines = segment_lines(text, units, [])
    assert "\n".join("".join(segment.text for segment in line) for line in lines) == text
    cut = [segment for line in lines for segment in line if segment.index is not None]
    assert [segment.index for segment in cut] == list(range(len(units)))
    assert [segment.text for segment in cut] == [text[start:end] for start, end in units]
