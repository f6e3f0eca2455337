import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.words import JOINERS, WORD, words


def cut(text):
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The minister said no.", ["The", "minister", "said", "no"], id="plain"),
        pytest.param("“war”—not «мир»!", ["war", "not", "мир"], id="punctuation stays outside"),
        pytest.param("it's it’s itʼs", ["it's", "it’s", "itʼs"], id="apostrophes join"),
        pytest.param("dogs’ and 'quoted'", ["dogs", "and", "quoted"], id="an apostrophe at an edge does not"),
        pytest.param("so-called co‐op non‑stop ա֊բ", ["so-called", "co‐op", "non‑stop", "ա֊բ"], id="hyphens"),
        pytest.param("a–b c—d", ["a", "b", "c", "d"], id="dashes part"),
        pytest.param("so--called", ["so", "called"], id="two joiners part"),
        pytest.param("U.S. said 3.5", ["U.S", "said", "3.5"], id="inner dots"),
        pytest.param("col·lega", ["col·lega"], id="the middle dot"),
        pytest.param("1,200 men,women 4,x y,5", ["1,200", "men", "women", "4", "x", "y", "5"], id="commas"),
        pytest.param("Ինչո՞ւ այո՜ ահա՛վոր", ["Ինչո՞ւ", "այո", "ահա՛վոր"], id="Armenian signs inside a word"),
        pytest.param("նա՝ այդ։", ["նա", "այդ"], id="other Armenian signs part"),
        pytest.param(
            "soft\u00adhyphen zero\u200cwidth", ["soft\u00adhyphen", "zero\u200cwidth"], id="invisible"
        ),
        pytest.param(
            "e\u0301te\u0301 x\u0301-y", ["e\u0301te\u0301", "x\u0301-y"], id="combining marks go on"
        ),
        pytest.param("\u0301abc", ["abc"], id="a mark begins no word"),
        pytest.param("a-\u0301b", ["a", "b"], id="a mark does not follow a joiner"),
        pytest.param("a1 2b Ⅳ ½", ["a1", "2b", "Ⅳ", "½"], id="numbers of any kind"),
        pytest.param("snake_case", ["snake", "case"], id="the underscore parts"),
        pytest.param("one\ntwo-\nthree", ["one", "two", "three"], id="a line break parts"),
        pytest.param("𝒜𝓑 😀 𐐀", ["𝒜𝓑", "𐐀"], id="beyond the basic plane"),
        pytest.param("", [], id="no text"),
    ],
)
def test_words_are_cut_by_the_rule(text, expected):
    assert cut(text) == expected


def test_words_counts_code_points():
    assert words("😀 so-called “war”") == ((2, 11), (13, 16))


@pytest.mark.parametrize("joiner", [joiner for joiner in JOINERS if not joiner.isalpha()])
def test_words_are_joined_by_each_joiner(joiner):
    assert cut(f"a{joiner}b a{joiner} {joiner}b a{joiner}{joiner}b") == [f"a{joiner}b", "a", "b", "a", "b"]


def test_word_classes_are_those_of_unicode():
    kinds = {chr(point): unicodedata.category(chr(point))[0] for point in range(sys.maxunicode + 1)}
    begins = set(WORD.findall("\n".join(kinds)))
    goes_on = {
        word[1] for word in WORD.findall("\n".join(f"a{character}" for character in kinds)) if word[1:]
    }
    assert begins == {character for character, kind in kinds.items() if kind in "LN"}
    assert goes_on == {character for character, kind in kinds.items() if kind in "LNM"}


@given(st.text(alphabet=st.sampled_from("aÉб1٣\u0301 .,-’_\n😀")))
def test_words_are_ordered_apart_and_cover_every_letter(text):
    spans = words(text)
    covered = {position for start, end in spans for position in range(start, end)}
    assert len(covered) == sum(end - start for start, end in spans)
    assert list(spans) == sorted(spans)
    assert {at for at, character in enumerate(text) if character.isalnum()} <= covered
