import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from articles.text import abbreviations
from articles.text.sentences import sentences

NBSP = "\u00a0"


def cut(text):
    return [text[start:end] for start, end in sentences(text)]


def check(*expected):
    """The sentences, set side by side, are cut apart again."""
    assert cut(" ".join(expected)) == list(expected)


def test_sentences_counts_code_points_without_the_blanks_around():
    assert sentences("  😀 Go.  Stop! \n\n  Now ") == ((2, 7), (9, 14), (19, 22))


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \n\t\n"])
def test_sentences_gives_none_for_blank_lines(text):
    assert sentences(text) == ()


def test_sentences_ends_at_every_line_break():
    assert cut("A headline\nBy Mr.\nSmith of the\nU.S. press, 1.\nThe end") == [
        "A headline",
        "By Mr.",
        "Smith of the",
        "U.S. press, 1.",
        "The end",
    ]


@pytest.mark.parametrize("mark", [".", "!", "?", "…", "։", "?!", "...", "!!!", "….", "?…"])
def test_sentences_ends_after_each_mark_and_run_of_marks(mark):
    check(f"He left{mark}", "She stayed.")


@pytest.mark.parametrize("mark", ["՞", "՜", "՛", "՝", ";", ":", ",", "–", "—", "-"])
def test_sentences_never_ends_after_other_marks(mark):
    check(f"He left{mark} She stayed.")


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(["Նա գնաց:", "Ես մնացի:"], id="between an Armenian letter and capital"),
        pytest.param(["Նա գնաց: ես մնացի:"], id="no capital"),
        pytest.param(["Նա գնաց 5: Ես մնացի:"], id="no letter before"),
        pytest.param(["Նա գնաց: He stayed."], id="another script after"),
        pytest.param(["He left: Ես մնացի:"], id="another script before"),
        pytest.param(["Նա գնաց:Ես մնացի:"], id="no blank"),
        pytest.param(["Նա գնաց: «Ես մնացի»:"], id="a quote between"),
    ],
)
def test_sentences_ends_at_an_armenian_colon(expected):
    check(*expected)


@pytest.mark.parametrize(
    "closing", ["”", "’", '"', "'", "»", ")", "]", "›", "’”", '")', f"{NBSP}»", "\u202f»)"]
)
def test_sentences_keeps_closing_marks(closing):
    check(f"He left.{closing}", "She stayed.")
    check(f"He left?{closing}", "She stayed.")


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(["Go.Stop"], id="no blank"),
        pytest.param(["It cost 3.5 or 1,200.50 in all."], id="inside a number"),
        pytest.param(["See caveat.example for more."], id="inside an address"),
        pytest.param(["He left.[1] She stayed."], id="a bracket right after"),
        pytest.param(["“Why?” he asked."], id="a small letter after a quotation"),
        pytest.param(["Wait… and see."], id="a small letter"),
        pytest.param(["“Go!” (he said)."], id="a small letter in brackets"),
        pytest.param(["“Go!” — “not now,” he said."], id="a small letter after dash and quote"),
        pytest.param(["Он ушёл. (в пять)"], id="a small Cyrillic letter"),
        pytest.param(["Go!", "“Not now.”"], id="a capital after a quote"),
        pytest.param(["Go!", "— (Now."], id="a capital after dash and bracket"),
        pytest.param(["Ten left.", "5 stayed."], id="a digit"),
        pytest.param(["They left.", "גם היא."], id="a letter without case"),
        pytest.param(["მოვიდა.", "წავიდა."], id="Georgian, which has no capitals"),
        pytest.param(["He left .", "She stayed"], id="a blank before the mark"),
    ],
)
def test_sentences_needs_a_blank_and_no_small_letter(expected):
    check(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "“He left. She stayed. They wept.",
        "He left.” She stayed. They wept.",
        "“He left. She “stayed. They wept.",
        "‘He left. She stayed.’ They wept.",
    ],
)
def test_sentences_never_pairs_quotation_marks(text):
    assert len(cut(text)) == 3


@pytest.mark.parametrize("title", sorted(abbreviations.LEAD_INS - abbreviations.BEFORE_A_DIGIT))
def test_sentences_goes_on_after_a_lead_in(title):
    check(f"We met {title}. The Hague.")
    check(f"We met {title}. “Smith” there.")


@pytest.mark.parametrize("title", sorted(abbreviations.BEFORE_A_DIGIT))
def test_sentences_goes_on_after_some_lead_ins_only_before_a_digit(title):
    check(f"We saw {title}. 5 there.")
    check(f"We saw {title}.", "Smith was there.")


@pytest.mark.parametrize(
    "short", [*sorted(abbreviations.MAY_END), "J", "Ж", "Ա", "U.N.E.S.C.O", "т.е", "y.o"]
)
def test_sentences_goes_on_after_an_abbreviation_unless_an_opener_follows(short):
    check(f"It was {short}. Officials came.")
    check(f"It was {short}. 5 came.")
    check(f"It was {short}. — Officials came.")
    check(f"It was {short}.", "The officials came.")
    check(f"It was {short}.", "— The officials came.")
    check(f"It was {short}.", "“Officials” came.")
    check(f"It was {short}.", "(Officials came.)")


@pytest.mark.parametrize("opener", sorted(abbreviations.OPENERS))
def test_sentences_knows_each_usual_opener(opener):
    check("He left the U.S.", f"{opener} that is so.")


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(["He left the U.S.", "It’s over."], id="an opener contracted"),
        pytest.param(["He left the U.S. Therefore she stayed."], id="only the whole word opens"),
        pytest.param(["He left the U.S. THE END."], id="as it is written"),
        pytest.param(["He left at 9p.m. Police came."], id="letters with dots after a digit"),
        pytest.param(["It runs on 5G.", "Officials came."], id="no single capital"),
        pytest.param(["He spoke to Sam.", "Officials came."], id="only the end of a word"),
        pytest.param(["He left on mr.", "Smith came."], id="lead-ins as they are written"),
        pytest.param(["Maj.-Gen. Smith came."], id="after a hyphen"),
        pytest.param(["He left the U.S.!", "Officials came."], id="not before another mark"),
        pytest.param(["He left the U.S...", "Officials came."], id="not before a run"),
        pytest.param(["He left (in the U.S.)", "Officials came."], id="not before a closing mark"),
        pytest.param(["He met “the Dr.”", "Smith came."], id="no lead-in before a closing mark either"),
        pytest.param(["Mr. J. K. Rowling Jr. came."], id="several"),
    ],
)
def test_sentences_judges_a_single_full_stop(expected):
    check(*expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. The first.", ["1. The first."]),
        ("  12. The first.", ["12. The first."]),
        ("2.1. The first.", ["2.1. The first."]),
        ("1.) The first.", ["1.) The first."]),
        ("1! The first.", ["1!", "The first."]),
        ("In 1. The first.", ["In 1.", "The first."]),
        ("Go.\n1. The first.", ["Go.", "1. The first."]),
    ],
)
def test_sentences_goes_on_after_a_number_that_opens_the_line(text, expected):
    assert cut(text) == expected


PLAIN = [
    "The council met on Monday.",
    "Nine members voted for the tram, four against it.",
    "Will it be built?",
    "Nobody knows!",
    "Dr. Petrosyan, who leads the project, said that work begins in May.",
    "The first line will be 3.5 kilometres long.",
    "Prices rose by 4 percent last year.",
    "She told reporters that the plan was “not ready”.",
]


def test_sentences_agrees_with_a_second_opinion():
    text = " ".join(PLAIN)
    assert cut(text) == [sentence.strip() for sentence in sentencex.segment("en", text)] == PLAIN


@given(st.text(alphabet=st.sampled_from("aBé1 .?…:”»“(\n\u00a0։ԱաU.S")))
def test_sentences_are_ordered_apart_and_cover_all_but_blanks(text):
    spans = sentences(text)
    covered = {position for start, end in spans for position in range(start, end)}
    assert len(covered) == sum(end - start for start, end in spans)
    assert list(spans) == sorted(spans)
    assert {at for at, character in enumerate(text) if not character.isspace()} <= covered
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert not any("\n" in text[start:end] for start, end in spans)


@given(st.lists(st.text(alphabet=st.sampled_from("aB1 .?”U.S")), max_size=4))
def test_sentences_segments_every_line_by_itself(lines):
    assert cut("\n".join(lines)) == [sentence for line in lines for sentence in cut(line)]
