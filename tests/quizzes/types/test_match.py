import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option
from quizzes.types.match import Prompt
from quizzes.types.rows import Key, Response, RowKey, check, from_form

grade = get("match").grade


def options(refs):
    return tuple(Option(ref=ref, text=ref) for ref in refs)


def prompt(problem="", rows="uvw", targets="xyz"):
    return Prompt(task="Match.", rows=options(rows), options=options(targets), problem=problem)


def row(ref, accepted, rationale="Because."):
    return RowKey(ref=ref, accepted=tuple(accepted), rationale=rationale)


KEY = Key(rows=(row("u", "x"), row("v", "yz"), row("w", "x")))


@pytest.mark.parametrize(
    ("placed", "fraction", "codes"),
    [
        pytest.param({"u": "x", "v": "y", "w": "x"}, 1, "right right right", id="a target may serve twice"),
        pytest.param({"u": "x", "v": "z", "w": "x"}, 1, "right right right", id="an accepted second target"),
        pytest.param({"u": "y", "v": "y", "w": "x"}, 2 / 3, "wrong right right", id="one wrong"),
        pytest.param({"u": "x", "w": "x"}, 2 / 3, "right missed right", id="blank is wrong"),
        pytest.param({"u": "x", "v": "x", "w": "z"}, 1 / 3, "right wrong wrong", id="no further penalty"),
        pytest.param({"u": "y"}, 0, "wrong missed missed", id="nothing right"),
    ],
)
def test_grade_is_the_share_of_right_rows(placed, fraction, codes):
    outcome = grade(prompt(), KEY, Response(placed=placed))
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)
    assert outcome.answered
    assert " ".join(finding.code for finding in outcome.findings) == codes
    assert [(finding.ref, finding.response) for finding in outcome.findings] == [
        (ref, placed.get(ref, "")) for ref in "uvw"
    ]


def test_grade_takes_what_is_unknown_for_wrong():
    """A regrade may meet a response to an older revision, whose names are gone."""
    assert grade(prompt(), KEY, Response(placed={"q": "x", "u": "q", "v": "y"})).fraction == 1 / 3


def test_grade_of_all_blank_is_not_answered():
    outcome = grade(prompt(), KEY, Response())
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert [finding.code for finding in outcome.findings] == ["missed"] * 3


@pytest.mark.parametrize(
    ("problem", "kinds"),
    [
        ("", ["none", "none"]),
        ("x", ["problem", "sound"]),
        ("y", ["sound", "problem"]),
        ("z", ["sound", "sound"]),
    ],
)
def test_grade_takes_each_row_that_was_placed_for_evidence(problem, kinds):
    units = grade(prompt(problem), KEY, Response(placed={"u": "x", "v": "x"})).units
    assert [unit.kind for unit in units] == kinds
    assert [
        (unit.skill, unit.unit, unit.ordinal, unit.category, unit.correct, unit.fraction) for unit in units
    ] == [
        (None, "u", 0, "x", True, 1.0),
        (None, "v", 1, "y", False, 0.0),
    ]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        pytest.param(KEY.rows, [], id="none"),
        pytest.param(KEY.rows[:2], ["rows"], id="a row missing"),
        pytest.param((*KEY.rows, row("q", "x")), ["rows[3].ref"], id="an unknown row"),
        pytest.param((*KEY.rows, row("u", "x")), ["rows"], id="a row twice"),
        pytest.param((*KEY.rows[:2], row("w", "q")), ["rows[2].accepted"], id="an unknown target"),
        pytest.param((*KEY.rows[:2], row("w", "xx")), ["rows[2].accepted"], id="a target twice"),
        pytest.param((*KEY.rows[:2], row("w", "")), ["rows[2].accepted"], id="nothing accepted"),
        pytest.param((*KEY.rows[:2], row("w", "x", " ")), ["rows[2].rationale"], id="no reason"),
    ],
)
def test_check_finds_what_does_not_fit(rows, faults):
    assert [fault.field for fault in check(prompt(), Key(rows=rows))] == faults


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"problem": "q"}, id="an unknown problem"),
        pytest.param({"rows": "uu"}, id="a row twice"),
        pytest.param({"targets": "xx"}, id="an option twice"),
        pytest.param({"targets": "x"}, id="one option"),
        pytest.param({"targets": "abcdefghijklm"}, id="thirteen options"),
        pytest.param({"rows": ""}, id="no rows"),
        pytest.param({"rows": [f"r{number}" for number in range(41)]}, id="41 rows"),
    ],
)
def test_prompt_refuses_what_does_not_fit(fields):
    with pytest.raises(ValidationError):
        prompt(**fields)


@pytest.mark.parametrize("placed", [{"q": "x"}, {"u": "q"}], ids=["row", "target"])
def test_read_response_refuses_what_is_not_offered(placed):
    with pytest.raises(ResponseRefused, match="“q” is not offered") as caught:
        read_response(get("match"), prompt(), {"placed": placed})
    assert caught.value.field == "placed"


def test_from_form_reads_a_field_a_row():
    form = {"place-u": ["", "x"], "place-v": [""], "place-q": ["x"], "csrfmiddlewaretoken": ["x"]}
    assert from_form(prompt(), form) == {"placed": {"u": "x"}}
