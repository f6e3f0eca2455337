"""Advice on a key, and how two keyers agree: what is said of which rows."""

import pytest

from articles.advice import Row, advise
from articles.agreement import Agreement, agreement, marked_words

pytestmark = pytest.mark.pure

#: Ten words of one letter: positions 0, 2, 4 … 18.
WORDS = [(at, at + 1) for at in range(0, 20, 2)]
WHY = {"rationale": "Because.", "readings": 2}


def row(ref: str, kind: str, first: int, last: int, skill: str = "attribution", **given) -> Row:
    return Row(ref, skill, kind, first * 2, last * 2 + 1, **{**WHY, **given})


FOIL = row("f", "foil", 9, 9)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], [], id="nothing yet"),
        pytest.param([row("a", "required", 0, 1), FOIL], [], id="a find and a foil"),
        pytest.param([row("a", "required", 0, 1)], [("no-foils", ()), ("share", ())], id="no foil"),
        pytest.param(
            [row("a", "required", 0, 2), row("b", "required", 2, 4), FOIL, row("g", "foil", 7, 7)],
            [("overlap", ("a", "b"))],
            id="finds share a word",
        ),
        pytest.param(
            [row("a", "required", 0, 1), row("b", "required", 2, 4), FOIL, row("g", "foil", 7, 7)],
            [],
            id="finds that touch stay two",
        ),
        pytest.param(
            [
                row("a", "required", 0, 2),
                row("b", "required", 1, 1, skill="certainty"),
                FOIL,
                row("g", "foil", 8, 8, skill="certainty"),
            ],
            [],
            id="skills never meet",
        ),
        pytest.param(
            [row("a", "acceptable", 0, 2), row("g", "foil", 2, 2), row("b", "required", 5, 5)],
            [("foil-taken", ("a", "g"))],
            id="a foil in a margin",
        ),
        pytest.param(
            [row("a", "required", 0, 2, rationale=" "), row("f", "foil", 9, 9, rationale="")],
            [("no-reason", ("a", "f"))],
            id="no reasons",
        ),
        pytest.param(
            [row("a", "required", 0, 2), FOIL, row("c", "acceptable", 5, 6, rationale="", minority="")],
            [("no-minority", ("c",))],
            id="readers differ, and nobody says how",
        ),
        pytest.param(
            [
                row("a", "required", 3, 4, skill="loaded-language"),
                row("g", "foil", 8, 8, skill="loaded-language"),
            ],
            [("no-margin", ("a",))],
            id="a short key without a margin",
        ),
        pytest.param(
            [
                row("a", "required", 3, 5, skill="loaded-language"),
                row("g", "foil", 8, 8, skill="loaded-language"),
            ],
            [],
            id="three words need no margin",
        ),
        pytest.param(
            [
                row("a", "required", 3, 4, skill="loaded-language", readings=1),
                row("m", "acceptable", 2, 4, skill="loaded-language"),
                row("g", "foil", 8, 8, skill="loaded-language"),
            ],
            [("one-reading", ("a",))],
            id="one reading, with a margin",
        ),
        pytest.param(
            [row("a", "required", 0, 1), row("f", "foil", 9, 9, party="b")],
            [("foil-hits", ("f",)), ("swap-test", ())],
            id="a foil that hits",
        ),
    ],
)
def test_advice_names_what_to_mend(rows, said):
    assert [(one.code, one.refs) for one in advise(rows, WORDS)] == said


@pytest.mark.parametrize(
    ("parties", "told"),
    [
        (["a", "a", "a", "b", "b"], False),  # 60 % is not beyond it
        (["a", "a", "b"], True),
        (["a"], True),
        (["a", "b"], False),
        (["", "", "a", "b"], False),
        (["", ""], False),
    ],
)
def test_at_most_six_faults_of_ten_hit_one_party(parties, told):
    rows = [row(str(at), "required", at, at, party=party) for at, party in enumerate(parties)]
    rows.append(row("m", "acceptable", 8, 8, party="a"))  # no fault
    said = [one for one in advise(rows, WORDS) if one.code == "one-sided"]
    assert len(said) == told
    if told:
        assert said[0].text.startswith(
            f"{parties.count('a')} of {len([p for p in parties if p])} faults hit “a”"
        )


@pytest.mark.parametrize(
    ("party", "tested", "told"), [("a", False, True), ("a", True, False), ("", False, False)]
)
def test_the_swap_test_is_asked_for_where_a_party_is_named(party, tested, told):
    codes = [one.code for one in advise([row("a", "required", 0, 1, party=party)], WORDS, swap_tested=tested)]
    assert ("swap-test" in codes) == told


@pytest.mark.parametrize(
    ("words", "one", "other", "expected"),
    [
        # n = 8 values, n1 = 3, n0 = 5, one unit apart: alpha = 1 - 2*1*7 / (2*3*5).
        pytest.param(4, {0, 1}, {1}, Agreement(4, 1, 1, 0, 1 - 14 / 30), id="by hand"),
        pytest.param(4, {0, 1}, {0, 1}, Agreement(4, 2, 0, 0, 1.0), id="alike"),
        pytest.param(2, {0}, {1}, Agreement(2, 0, 1, 1, -0.5), id="opposite"),
        pytest.param(3, set(), set(), Agreement(3, 0, 0, 0, None), id="nothing marked"),
        pytest.param(2, {0, 1}, {0, 1}, Agreement(2, 2, 0, 0, None), id="everything marked"),
        pytest.param(0, set(), set(), Agreement(0, 0, 0, 0, None), id="no words"),
    ],
)
def test_agreement_is_nominal_alpha_word_by_word(words, one, other, expected):
    found = agreement(words, frozenset(one), frozenset(other))
    assert (found.words, found.both, found.one, found.other) == (
        expected.words,
        expected.both,
        expected.one,
        expected.other,
    )
    assert found.alpha == (None if expected.alpha is None else pytest.approx(expected.alpha, abs=1e-9))


def test_agreement_refuses_words_that_are_not_there():
    with pytest.raises(ValueError, match="not among the 2"):
        agreement(2, frozenset({2}), frozenset())


def test_a_span_marks_every_word_that_it_touches():
    assert marked_words([(0, 3), (5, 7), (19, 20)], WORDS) == {0, 1, 3}
