import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.positions import (
    Quote,
    QuoteNotFound,
    find_quote,
    from_utf16,
    normalise,
    occurrences,
    selector,
    snap,
    to_utf16,
    touched,
)
from articles.text.words import words

ASTRAL = "a😀𐐀\nԻնչո՞ւ։"


def test_normalise_composes_and_unifies_line_ends():
    assert normalise("e\u0301\r\na\rb\n") == "é\na\nb\n"


@pytest.mark.parametrize(("points", "units"), [(0, 0), (1, 1), (2, 3), (3, 5), (4, 6), (len(ASTRAL), 13)])
def test_utf16_is_converted_both_ways(points, units):
    assert to_utf16(ASTRAL, points) == units
    assert from_utf16(ASTRAL, units) == points


@pytest.mark.parametrize("index", [2, 4])
def test_from_utf16_refuses_the_inside_of_a_character(index):
    with pytest.raises(ValueError, match="inside the character"):
        from_utf16(ASTRAL, index)


@pytest.mark.parametrize(
    ("convert", "index"), [(to_utf16, -1), (to_utf16, 12), (from_utf16, -1), (from_utf16, 14)]
)
def test_utf16_refuses_what_lies_outside(convert, index):
    with pytest.raises(ValueError, match="outside the text"):
        convert(ASTRAL, index)


@given(st.text())
def test_utf16_agrees_with_the_encoding(text):
    for index in range(len(text) + 1):
        units = len(text[:index].encode("utf-16-le", "surrogatepass")) // 2
        assert to_utf16(text, index) == units
        assert from_utf16(text, units) == index


def test_selector_keeps_32_code_points_on_each_side():
    text = "😀" * 40 + "war" + "é" * 33
    assert selector(text, 40, 43) == Quote(exact="war", prefix="😀" * 32, suffix="é" * 32)


def test_selector_is_cut_at_the_ends_of_the_text():
    assert selector("a war", 2, 5) == Quote(exact="war", prefix="a ", suffix="")


@pytest.mark.parametrize("span", [(2, 2), (3, 1), (-1, 2), (0, 4)])
def test_selector_refuses_what_is_no_stretch(span):
    with pytest.raises(ValueError, match="no stretch"):
        selector("war", *span)


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [("a war, a warning", "war", (2, 9)), ("aaa", "aa", (0, 1)), ("abc", "x", ()), ("abc", "", ())],
)
def test_occurrences_finds_every_place(text, quote, found):
    assert occurrences(text, quote) == found


TEXT = "A warning of war.\nThe war was long; the war ended."


@pytest.mark.parametrize(
    ("quote", "occurrence", "span"),
    [
        pytest.param("war", 1, (13, 16), id="a whole word, never its beginning"),
        pytest.param("war", 3, (40, 43), id="a later occurrence"),
        pytest.param("of war.", 1, (10, 17), id="with its punctuation"),
        pytest.param("; the war", 1, (34, 43), id="from punctuation on"),
    ],
)
def test_find_quote_returns_the_place(quote, occurrence, span):
    assert find_quote(TEXT, quote, within=(0, len(TEXT)), occurrence=occurrence) == span


def test_find_quote_stays_within():
    assert find_quote(TEXT, "war", within=(18, len(TEXT))) == (22, 25)
    with pytest.raises(QuoteNotFound):
        find_quote(TEXT, "long", within=(0, 17))


def test_find_quote_sees_a_word_that_goes_on_behind_the_limit():
    with pytest.raises(QuoteNotFound):
        find_quote("warning", "war", within=(0, 3))


def test_find_quote_compares_in_nfc():
    assert find_quote("un café", "cafe\u0301", within=(0, 7)) == (3, 7)


@pytest.mark.parametrize(
    ("quote", "occurrence", "message"),
    [
        ("the mimister", 1, "“the mimister” is not there. Did you mean “the minister”?"),
        ("minist", 1, "“minist” does not begin and end where words do. Did you mean “minister”?"),
        ("xylophone", 1, "“xylophone” is not there."),
        ("minister", 2, "“minister” has no occurrence 2 there; the last is 1."),
        ("minister", 0, "“minister” has no occurrence 0 there; the last is 1."),
        ("…", 1, "“…” holds no word."),
        ("", 1, "“” holds no word."),
    ],
)
def test_find_quote_says_what_is_wrong(quote, occurrence, message):
    text = "… and the minister, too …"
    with pytest.raises(QuoteNotFound) as caught:
        find_quote(text, quote, within=(0, len(text)), occurrence=occurrence)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param((1, 3), (0, 3), id="one letter takes the word"),
        pytest.param((2, 5), (0, 7), id="both words touched"),
        pytest.param((3, 4), None, id="a blank takes nothing"),
        pytest.param((0, 99), (0, 7), id="trimmed to the words"),
        pytest.param((7, 8), None, id="only the full stop"),
    ],
)
def test_snap_takes_every_word_it_touches(span, expected):
    assert snap(span, words("The war.")) == expected


def test_touched_counts_the_spans():
    assert touched((2, 5), words("The war. No.")) == range(2)
    assert list(touched((3, 4), words("The war. No."))) == []
