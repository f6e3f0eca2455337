import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring.text_answers import normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # step 1, and again after NFKC
        *(
            pytest.param(f"o{sign}clock", "o'clock", id=f"apostrophe U+{ord(sign):04X}")
            for sign in "’‘‚ʼ՚`´′＇"
        ),
        *(pytest.param(f"a{sign}b", 'a"b', id=f"quotation mark U+{ord(sign):04X}") for sign in "“”„‟«»″"),
        *(pytest.param(f"a{sign}b", "a-b", id=f"dash U+{ord(sign):04X}") for sign in "‐‑‒–—―−֊"),
        pytest.param("a‴b", "a'''b", id="three primes, that NFKC takes apart"),
        # step 2
        pytest.param("Ferry", "ferry", id="case"),
        pytest.param("STRASSE", "strasse", id="capitals"),
        pytest.param("Straße", "strasse", id="case folding"),
        pytest.param("ﬁsh", "fish", id="a ligature"),
        pytest.param("ｆｅｒｒｙ", "ferry", id="fullwidth letters"),
        pytest.param("x²", "x2", id="a raised digit"),
        pytest.param("ΣΑΣ", "σασ", id="both small sigmas are one"),
        # step 3
        *(
            pytest.param(f"fer{chr(code)}ry", "ferry", id=f"without width U+{code:04X}")
            for code in (0xAD, 0x200B, 0x200F, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF)
        ),
        pytest.param("fer\u2065ry", "fer\u2065ry", id="U+2065 is none of them"),
        # step 4
        pytest.param("  the \t\n ferry\u00a0 ", "the ferry", id="blanks"),
        # step 5
        pytest.param("“The ferry!”", "the ferry", id="signs around"),
        pytest.param("¿ferry?…", "ferry", id="more signs around"),
        pytest.param("- the ferry -", "the ferry", id="signs and blanks around"),
        pytest.param("the (old) ferry", "the (old) ferry", id="signs inside stay"),
        pytest.param("mid-week", "mid-week", id="a hyphen inside stays"),
        pytest.param("10 %", "10", id="a per cent sign is punctuation"),
        pytest.param("€10", "€10", id="a currency is none"),
        # nothing left
        *(
            pytest.param(text, "", id=f"nothing: {text!a}")
            for text in ("", "  ", "…", "?!", "“ ”", "\u200b", "-")
        ),
    ],
)
def test_normalised_evens_out_what_says_nothing(text, expected):
    assert normalised(text) == expected
    assert normalised(text, "strict") == expected


@pytest.mark.parametrize(
    ("text", "folded", "strict"),
    [
        pytest.param("café", "cafe", "café", id="an accent"),
        pytest.param("cafe\u0301", "cafe", "café", id="an accent of its own"),
        pytest.param("Ệ", "e", "ệ", id="two accents"),
        pytest.param(
            "ıłøđðþæœħŋ", "ilodd" + "thaeoehng", "ıłøđðþæœħŋ", id="letters without a canonical form"
        ),
        pytest.param("ǽǿ", "aeo", "ǽǿ", id="and with an accent on top"),
        pytest.param("İ", "i", "i\u0307", id="a dotted capital I"),
        pytest.param("Ἀθῆναι", "αθηναι", "ἀθῆναι", id="Greek"),
        pytest.param("ёлка", "елка", "ёлка", id="ё"),
        pytest.param("чай", "чай", "чай", id="й stays"),
        pytest.param("за\u0301мок", "за\u0301мок", "за\u0301мок", id="an accent on a Cyrillic letter stays"),
        pytest.param("їжак", "їжак", "їжак", id="ї stays"),
        pytest.param("שָׁלוֹם", "שָׁלוֹם", "שָׁלוֹם", id="Hebrew points stay"),
        pytest.param("が", "が", "が", id="a Japanese mark stays"),
    ],
)
def test_normalised_folds_accents_of_latin_and_greek_letters(text, folded, strict):
    def same(text):
        return unicodedata.normalize("NFC", text)

    assert normalised(text) == same(folded)
    assert normalised(text, "strict") == same(strict)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("the ferry", "ferry", id="an article"),
        pytest.param("ferry", "ferries", id="a plural"),
        pytest.param("ferry", "fery", id="a slip"),
        pytest.param("a ferry boat", "ferry", id="a part"),
        pytest.param("midweek", "mid-week", id="a hyphen"),
    ],
)
def test_normalised_takes_nothing_for_the_same_that_is_spelt_otherwise(one, other):
    assert normalised(one) != normalised(other)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(texts, st.sampled_from(["fold", "strict"]))
def test_normalised_has_no_blanks_or_signs_around_and_no_capitals(text, accents):
    done = normalised(text, accents)
    assert done == done.strip()
    assert not done or unicodedata.category(done[0])[0] != "P"
    assert normalised(f" “{text}”. ", accents) == done


@given(texts)
def test_normalised_does_not_mind_how_a_text_is_composed(text):
    assert normalised(unicodedata.normalize("NFD", text)) == normalised(unicodedata.normalize("NFC", text))
