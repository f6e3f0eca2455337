"""Each rule of re-anchoring by a table, and what holds whatever the texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.anchoring import Anchored, Lost, Quoted, reanchor, reanchor_all
from articles.text.distance import levenshtein
from articles.text.positions import snap
from articles.text.words import words

pytestmark = pytest.mark.pure


def moved(old: str, new: str, quote: str, **context: str) -> object:
    """The words that `quote` (its first place in `old`) became, how, and whether to confirm; or why it is lost."""
    start = old.index(quote)
    found = reanchor(old, new, start, start + len(quote), **context)
    if isinstance(found, Lost):
        return found.reason
    return new[found.start : found.end], found.how, found.changed


def place(old: str, new: str, quote: str) -> object:
    start = old.index(quote)
    return reanchor(old, new, start, start + len(quote))


HEAD = "Alpha one.\nBeta two.\nGamma three."


@pytest.mark.parametrize(
    ("old", "new", "quote", "found"),
    [
        pytest.param(HEAD, HEAD, "Beta", Anchored(11, 15, False, "edge"), id="nothing changed"),
        pytest.param(HEAD, HEAD + " More.", "three", Anchored(27, 32, False, "edge"), id="text added behind"),
        pytest.param(HEAD, "New. " + HEAD, "Alpha", Anchored(5, 10, False, "edge"), id="text added before"),
        pytest.param("ab cat", "ab cats", "ab", Anchored(0, 2, False, "edge"), id="ends before the change"),
        pytest.param(
            "a a b", "a a a b", "b", Anchored(6, 7, False, "edge"), id="the tail after a repeated head"
        ),
        pytest.param("x cat y", "x cats y", "y", Anchored(7, 8, False, "edge"), id="starts after the change"),
    ],
)
def test_an_untouched_head_or_tail_keeps_its_spans(old, new, quote, found):
    assert place(old, new, quote) == found


@pytest.mark.parametrize(
    ("old", "new", "quote", "found"),
    [
        pytest.param(
            "A a.\nB b.\nC c.", "C c.\nB b.\nA a.", "B b", ("B b", "line", False), id="lines swapped"
        ),
        pytest.param(
            "one.\nsame x.\ntwo.\nsame x.\nthree.",
            "ONE.\nsame x.\nTWO.\nsame x.\nTHREE.",
            "same x",
            ("same x", "line", False),
            id="the first of two stays the first",
        ),
        pytest.param(
            "P one.\nsame x.\ntwo. Q",
            "R one.\nsame x.\nsame x.\ntwo. S",
            "same x",
            "several",
            id="now there are two",
        ),
    ],
)
def test_an_unchanged_paragraph_keeps_its_spans(old, new, quote, found):
    assert moved(old, new, quote) == found


def test_the_second_of_equal_paragraphs_stays_the_second():
    old, new = "one.\nsame x.\ntwo.\nsame x.\nthree.", "ONE.\nsame x.\nTWO2.\nsame x.\nTHREE."
    start = old.rindex("same")
    assert reanchor(old, new, start, start + 6) == Anchored(
        new.rindex("same"), new.rindex("same") + 6, False, "line"
    )


OLD = "X. The mayor said that “work” begins. Y."


@pytest.mark.parametrize(
    ("old", "new", "quote", "found"),
    [
        pytest.param(
            "Q. The big mayor said so then. Z.",
            "K! The big mayor said so then! W?",
            "mayor",
            ("mayor", "quote", False),
            id="one place with context",
        ),
        pytest.param(
            OLD,
            'A. The mayor said that "work" begins. B.',
            "“work”".strip("“”"),
            ("work", "quote", False),
            id="context is compared folded",
        ),
        pytest.param(
            "K a ‘b’ c d. M",
            "L a 'b' c d. N",
            "a ‘b’ c",
            ("a 'b' c", "quote", True),
            id="words folded: to confirm",
        ),
        pytest.param(
            "K pre–war days. M", "L pre-war days. N", "war", "gone", id="folded into the middle of a word"
        ),
        pytest.param(
            "K ten\u00a0thousand days. M",
            "L ten thousand days. N",
            "ten\u00a0thousand",
            ("ten thousand", "quote", True),
            id="blanks fold",
        ),
        pytest.param(
            "1234567890 abcdef one two three four five ghijkl.",
            "zz one two three four five yy",
            "one two three four five",
            ("one two three four five", "quote", False),
            id="five words need no context",
        ),
        pytest.param(
            "1234567890 abcdef one two three four ghijkl.",
            "zz one two three four yy",
            "one two three four",
            "gone",
            id="four words do",
        ),
        pytest.param(
            "K. warn him now. M",
            "L. warning warn him now. N",
            "warn",
            ("warn", "quote", False),
            id="a piece of a word is no place",
        ),
        pytest.param(
            "K big dog ran. M",
            "L big dog ran. P big dog ran. N",
            "dog",
            "several",
            id="two alike stop the search",
        ),
    ],
)
def test_a_quote_is_found_by_its_context(old, new, quote, found):
    assert moved(old, new, quote) == found


@pytest.mark.parametrize(
    ("prefix", "suffix", "new", "found"),
    [
        # .4 in all: four fifths of one side.
        pytest.param("abcd ", "zzzzz", "xbcd cat qq", ("cat", "quote", False), id="exactly .4"),
        pytest.param("abcd ", "zzzzz", "xxcd cat qq", "gone", id="below .4"),
        pytest.param("abcd ", "", "xxxx cat", ("cat", "quote", False), id="no suffix counts 1 at the end"),
        pytest.param("abcd ", "", "xxcd cat q", "gone", id="no suffix counts 0 elsewhere"),
        pytest.param("", " zz", "cat qq", ("cat", "quote", False), id="no prefix counts 1 at the start"),
        # Best 1 and second .75: just far enough. Best 1 and second .875: not.
        pytest.param(
            "ab ", " cde", "qab cat cde, ab cat cxx", ("cat", "quote", False), id="too near no more"
        ),
        pytest.param("abc ", " def", "qabc cat def xabc cat dex", "several", id="too near"),
        pytest.param("abc ", " def", "q cat x cat y", "gone", id="several and none fits"),
    ],
)
def test_the_share_of_the_context_decides(prefix, suffix, new, found):
    old = "####cat####\n????"
    assert moved(old.replace("#", " "), new, "cat", prefix=prefix, suffix=suffix) == found


BEFORE, AFTER = "K said the whole of it was ", " when they came in. L"


@pytest.mark.parametrize(
    ("old", "new", "quote", "found"),
    [
        pytest.param(
            BEFORE + "a dark secret" + AFTER,
            "M" + BEFORE[1:] + "a dark secrets" + AFTER + "M",
            "a dark secret",
            ("a dark secrets", "inside", True),
            id="one letter",
        ),
        pytest.param(
            BEFORE + "abcde" + AFTER,
            "M" + BEFORE[1:] + "abcxy" + AFTER + "M",
            "abcde",
            ("abcxy", "inside", True),
            id="exactly .6",
        ),
        pytest.param(
            BEFORE + "abcde" + AFTER, "M" + BEFORE[1:] + "abxyz" + AFTER + "M", "abcde", "gone", id="below .6"
        ),
        pytest.param(
            BEFORE + "a dark secret" + AFTER,
            "M" + BEFORE[1:] + "a dark, secrets" + AFTER + " " + BEFORE + "x" + AFTER,
            "a dark secret",
            "gone",
            id="two pairs",
        ),
        pytest.param(
            BEFORE + "a dark secret" + AFTER,
            "M" + BEFORE[1:] + "“a dark secrets”" + AFTER + "M",
            "a dark secret",
            ("a dark secrets", "inside", True),
            id="trimmed to words",
        ),
        pytest.param(
            BEFORE + "a dark secret" + AFTER,
            "M" + BEFORE[1:] + "a dark\nsecret" + AFTER + "M",
            "a dark secret",
            "gone",
            id="a line break inside",
        ),
        pytest.param(
            BEFORE + "he said ‘no’" + AFTER,
            "M" + BEFORE[1:] + "he said 'now'" + AFTER + "M",
            "he said ‘no",
            ("he said 'now", "inside", True),
            id="compared folded",
        ),
        pytest.param(
            "a dark secret" + AFTER,
            "dark secret" + AFTER + "M",
            "a dark secret",
            ("dark secret", "inside", True),
            id="no prefix is the start of the text",
        ),
        pytest.param(
            BEFORE + "a dark secret",
            "M" + BEFORE[1:] + "dark secret.",
            "a dark secret",
            ("dark secret", "inside", True),
            id="no suffix is the end of the text",
        ),
    ],
)
def test_words_changed_inside_are_found_between_their_neighbours(old, new, quote, found):
    assert moved(old, new, quote) == found


def test_what_lies_too_far_apart_is_no_pair():
    """At most 2 x 5 + 16 code points: 26 are near enough, 27 are not. The words must be alike, too."""
    for blanks, found in ((21, ("abcde", "inside", True)), (22, "gone")):
        old = BEFORE + "abcdE" + AFTER
        assert moved(old, "M" + BEFORE[1:] + "abcde" + "," * blanks + AFTER + "M", "abcdE") == found


def test_a_place_outside_the_text_is_refused():
    with pytest.raises(ValueError):
        reanchor("one", "one", 0, 4)


alphabet = st.text(alphabet="ab “”'-\n.", max_size=30)


def spans_of(text: str) -> list[Quoted]:
    cut = words(text)
    drawn = [(first[0], last[1]) for at, first in enumerate(cut) for last in cut[at : at + 3]]
    return [Quoted(*span) for span in drawn if "\n" not in text[slice(*span)]]


@given(alphabet)
def test_the_same_text_keeps_every_span(text):
    spans = spans_of(text)
    assert reanchor_all(text, text, spans) == [Anchored(one.start, one.end, False, "edge") for one in spans]


@given(alphabet, alphabet, alphabet)
def test_no_span_is_dropped_and_every_place_is_valid(old, middle, new):
    new = old[: len(old) // 2] + middle + new
    spans = spans_of(old)
    found = reanchor_all(old, new, spans)
    assert len(found) == len(spans)
    cut = words(new)
    for span, one in zip(spans, found, strict=True):
        assert one == reanchor(old, new, span.start, span.end)
        if isinstance(one, Anchored):
            assert snap((one.start, one.end), cut) == (one.start, one.end)
            assert "\n" not in new[one.start : one.end]
            assert one.changed or new[one.start : one.end] == old[span.start : span.end]


def slow_distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        corner, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (a != b))
    return row[-1]


@given(st.text(alphabet="abc", max_size=90), st.text(alphabet="abc", max_size=20))
def test_the_distance_is_that_of_the_plain_table(one, other):
    assert levenshtein(one, other) == levenshtein(other, one) == slow_distance(one, other)
