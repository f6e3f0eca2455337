import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option
from quizzes.types.classify import Key, Prompt, Response, UnitKey, check, from_form

grade = get("classify").grade


def options(refs):
    return tuple(Option(ref=ref, text=ref) for ref in refs)


def prompt(problem="", units="uvw"):
    return Prompt(task="Sort.", categories=options("xyz"), problem=problem, units=options(units))


def unit(ref, accepted, rationale="Because."):
    return UnitKey(ref=ref, accepted=accepted and tuple(accepted), rationale=rationale)


KEY = Key(units=(unit("u", "x"), unit("v", "yz"), unit("w", None)))


@pytest.mark.parametrize(
    ("placed", "fraction", "codes"),
    [
        pytest.param({"u": "x", "v": "y"}, 1, "right right differ", id="the majority's reading"),
        pytest.param(
            {"u": "x", "v": "z", "w": "z"}, 1, "right right differ", id="an accepted minority reading"
        ),
        pytest.param({"u": "y", "v": "y"}, 1 / 2, "wrong right differ", id="one wrong"),
        pytest.param({"u": "x"}, 1 / 2, "right missed differ", id="blank is wrong"),
        pytest.param({"w": "x"}, 0, "missed missed differ", id="only the contested unit"),
    ],
)
def test_grade_is_the_share_of_right_units(placed, fraction, codes):
    outcome = grade(prompt(), KEY, Response(placed=placed))
    assert (outcome.fraction, outcome.answered) == (fraction, True)
    assert " ".join(finding.code for finding in outcome.findings) == codes
    assert {finding.ref: finding.response for finding in outcome.findings} == {
        "u": "",
        "v": "",
        "w": "",
    } | placed


def test_grade_of_all_blank_is_not_answered():
    outcome = grade(prompt(), KEY, Response())
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())


@pytest.mark.parametrize(
    ("problem", "kinds"),
    [
        ("", ["none", "none"]),
        ("x", ["problem", "sound"]),
        ("y", ["sound", "problem"]),
        ("z", ["sound", "sound"]),
    ],
)
def test_grade_takes_each_scored_unit_for_evidence(problem, kinds):
    units = grade(prompt(problem), KEY, Response(placed={"u": "x", "v": "x", "w": "x"})).units
    assert [unit.kind for unit in units] == kinds
    assert [
        (unit.skill, unit.unit, unit.ordinal, unit.category, unit.correct, unit.fraction) for unit in units
    ] == [
        (None, "u", 0, "x", True, 1.0),
        (None, "v", 1, "y", False, 0.0),
    ]


def test_grade_takes_a_blank_unit_for_no_evidence():
    assert [unit.unit for unit in grade(prompt(), KEY, Response(placed={"v": "y"})).units] == ["v"]


@pytest.mark.parametrize(
    ("units", "faults"),
    [
        pytest.param(KEY.units, [], id="none"),
        pytest.param(KEY.units[:2], ["units"], id="a unit missing"),
        pytest.param((*KEY.units, unit("q", "x")), ["units[3].ref"], id="an unknown unit"),
        pytest.param((*KEY.units, unit("u", "x")), ["units"], id="a unit twice"),
        pytest.param(tuple(unit(ref, None) for ref in "uvw"), ["units"], id="no unit scored"),
        pytest.param((*KEY.units[:2], unit("w", "q")), ["units[2].accepted"], id="an unknown category"),
        pytest.param((*KEY.units[:2], unit("w", "xx")), ["units[2].accepted"], id="a category twice"),
        pytest.param((*KEY.units[:2], unit("w", ())), ["units[2].accepted"], id="nothing accepted"),
        pytest.param((*KEY.units[:2], unit("w", "x", " ")), ["units[2].rationale"], id="no reason"),
    ],
)
def test_check_finds_what_does_not_fit(units, faults):
    assert [fault.field for fault in check(prompt(), Key(units=units))] == faults


@pytest.mark.parametrize(
    "fields",
    [{"problem": "q"}, {"units": "uu"}, {"units": ""}],
    ids=["an unknown problem", "a name twice", "no units"],
)
def test_prompt_refuses_what_does_not_fit(fields):
    with pytest.raises(ValidationError):
        prompt(**fields)


@pytest.mark.parametrize("placed", [{"q": "x"}, {"u": "q"}], ids=["unit", "category"])
def test_read_response_refuses_what_is_not_offered(placed):
    with pytest.raises(ResponseRefused, match="“q” is not offered"):
        read_response(get("classify"), prompt(), {"placed": placed})


def test_from_form_reads_a_field_a_unit():
    form = {"place-u": ["x"], "place-v": [""], "place-q": ["x"], "csrfmiddlewaretoken": ["x"]}
    assert from_form(prompt(), form) == {"placed": {"u": "x"}}


placements = st.dictionaries(st.sampled_from("uvw"), st.sampled_from("xyz"))


@given(placements)
def test_scores_lie_in_range_and_one_more_right_unit_never_lowers_them(placed):
    def fraction(placed):
        return grade(prompt(), KEY, Response(placed=placed)).fraction

    assert (
        0 <= fraction(placed) <= fraction(placed | {"u": "x"}) <= fraction(placed | {"u": "x", "v": "y"}) == 1
    )
