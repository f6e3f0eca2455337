from decimal import Decimal

import pytest
from pydantic import ValidationError

from quizzes.scoring.numbers import Reading
from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.number import ExpectedValue, Key, Prompt, Response, check, from_form, notice, read

grade = get("number").grade


def prompt(units=("km", "m"), **fields):
    return Prompt(task="How far?", units=units, **fields)


def key(value="4", factors=None, **fields):
    factors = {"km": "1", "m": "0.001"} if factors is None else factors
    return Key(value=value, factors=factors, rationale="Because.", **fields)


def judged(asked, answers, text):
    outcome = grade(asked, answers, Response(text=text))
    return outcome.fraction, *((finding.code, finding.ref) for finding in outcome.findings)


@pytest.mark.parametrize(
    ("text", "fraction", "code"),
    [
        pytest.param("4", 1, "right", id="without a unit that may be left out"),
        pytest.param("4 km", 1, "right", id="the key's own unit"),
        pytest.param("4,000 m", 1, "right", id="a unit with a factor"),
        pytest.param("4000", 0, "wrong", id="without a unit it is the key's own"),
        pytest.param("4 m", 0, "wrong", id="the wrong unit"),
        pytest.param("4.5 km", 1, "right", id="the upper limit"),
        pytest.param("3499.9 m", 0, "wrong", id="just below the lower limit"),
        pytest.param("٤ km", 1, "right", id="Arabic-Indic digits"),
        pytest.param("4!", 1, "right", id="with emphasis"),
        pytest.param("-4 km", 0, "wrong", id="the wrong sign"),
    ],
)
def test_grade_compares_within_the_tolerance(text, fraction, code):
    outcome = grade(prompt(), key(abs_tol="0.5"), Response(text=text))
    assert (outcome.fraction, outcome.answered) == (fraction, True)
    (finding,) = outcome.findings
    assert (finding.code, finding.ref, finding.response) == (code, "", text)
    (unit,) = outcome.units
    assert (unit.skill, unit.unit, unit.kind, unit.correct) == (None, "", "none", fraction == 1)


@pytest.mark.parametrize(
    ("value", "tolerance", "text", "fraction"),
    [
        pytest.param("0.1", {"abs_tol": "0.2"}, "0.3", 1, id="just at a limit that floats miss"),
        pytest.param("200", {"rel_tol": "0.05"}, "210", 1, id="a share of the key"),
        pytest.param("200", {"rel_tol": "0.05"}, "210.1", 0, id="beyond the share"),
        pytest.param("200", {"abs_tol": "20", "rel_tol": "0.05"}, "220", 1, id="the larger of the two"),
        pytest.param("-3", {}, "\u22123", 1, id="below nought"),
        pytest.param("0.30", {}, "0.3", 1, id="noughts behind"),
    ],
)
def test_grade_knows_two_tolerances(value, tolerance, text, fraction):
    assert judged(prompt(), key(value, **tolerance), text)[0] == fraction


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 km", (1, ("right", ""))),
        ("4000 m", (1, ("right", ""))),
        ("4", (0.5, ("unit_missing", ""))),
        ("5", (0, ("wrong", ""))),
        ("4 m", (0, ("wrong", ""))),
    ],
)
def test_grade_takes_half_for_a_missing_unit(text, expected):
    assert judged(prompt(unit_required=True), key(), text) == expected


def test_half_for_a_missing_unit_is_no_right_evidence():
    (unit,) = grade(prompt(unit_required=True), key(), Response(text="4")).units
    assert (unit.correct, unit.fraction) == (False, 0.5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("four", "unreadable"),
        ("4 or 5", "unreadable"),
        ("4. km", "unreadable"),
        ("4 miles", "unknown_unit"),
        ("4 Km", "unknown_unit"),
    ],
)
def test_grade_of_what_cannot_be_read_is_not_answered(text, code):
    outcome = grade(prompt(), key(), Response(text=text))
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert [(finding.code, finding.response) for finding in outcome.findings] == [(code, text)]
    assert notice(prompt(), Response(text=text)) == code


@pytest.mark.parametrize("text", ["", " ", "\u00a0\n"])
def test_grade_of_nothing_typed_is_not_answered(text):
    outcome = grade(prompt(), key(), Response(text=text))
    assert (outcome.fraction, outcome.answered, outcome.findings) == (0, False, ())
    assert notice(prompt(), Response(text=text)) == ""


def test_notice_says_nothing_of_what_can_be_judged():
    assert notice(prompt(), Response(text="99 km")) == ""
    assert notice(prompt(unit_required=True), Response(text="4")) == ""


def test_read_goes_by_the_decimal_mark():
    assert read(prompt(), Response(text="1,500 m")) == Reading(Decimal(1500), "m")
    assert read(prompt(decimal_mark=","), Response(text="1,500 m")) == Reading(Decimal("1.5"), "m")


EXPECTED = (
    ExpectedValue(value="10", feedback="Both ways."),
    ExpectedValue(value="11", feedback="And the walk."),
)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        pytest.param("10", "wrong-0", id="the first"),
        pytest.param("11 km", "wrong-1", id="the second"),
        pytest.param("10500 m", "wrong-0", id="within the tolerance of both: the first"),
        pytest.param("11.6", "", id="none of them"),
    ],
)
def test_grade_names_a_wrong_value_that_was_expected(text, ref):
    answers = key(abs_tol="0.5", expected_wrong=EXPECTED)
    assert judged(prompt(), answers, text) == (0, ("wrong", ref))


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"expected_wrong": EXPECTED}, [], id="wrong values"),
        pytest.param({"factors": {"km": "1"}}, ["factors"], id="a unit without a factor"),
        pytest.param({"factors": {"km": "1", "m": "1", "mi": "1"}}, ["factors"], id="an unknown unit"),
        pytest.param({"factors": {"km": "1", "m": "0"}}, ["factors"], id="a factor of 0"),
        pytest.param({"factors": {"km": "1", "m": "-1"}}, ["factors"], id="a factor below 0"),
        pytest.param({"abs_tol": "-1"}, ["abs_tol"], id="a tolerance below 0"),
        pytest.param({"rel_tol": "-0.1"}, ["rel_tol"], id="another tolerance below 0"),
        pytest.param({"abs_tol": "6", "expected_wrong": EXPECTED}, ["expected_wrong[0].value"], id="right"),
    ],
)
def test_check_finds_what_does_not_fit(fields, faults):
    assert [fault.field for fault in check(prompt(), key(**fields))] == faults


@pytest.mark.parametrize(
    "value", ["", "four", "1e3", "1,000", "1.", ".5", "+1", "NaN", "Infinity", "٤", "1" * 31, 4]
)
def test_key_refuses_what_is_no_decimal_number(value):
    with pytest.raises(ValidationError):
        key(value)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"units": ("km", "km")}, "stands here twice"),
        ({"units": ("",)}, "is no unit"),
        ({"units": ("2m",)}, "is no unit"),
        ({"units": ("-",)}, "is no unit"),
        ({"units": ("km ",)}, "is no unit"),
        ({"units": (), "unit_required": True}, "name the units"),
        ({"decimal_mark": ";"}, "Input should be"),
    ],
)
def test_prompt_refuses_what_does_not_fit(fields, reason):
    with pytest.raises(ValidationError, match=reason):
        prompt(**fields)


@pytest.mark.parametrize("text", ["1" * 101, 4, None, "\x00"])
def test_read_response_refuses_a_text(text):
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("number"), prompt(), {"text": text})
    assert caught.value.field == "text"


def test_longest_text_is_judged_exactly():
    outcome = grade(
        prompt(), key("1", {"km": "9" * 30 + "." + "9" * 30, "m": "1"}), Response(text="9" * 98 + "km")
    )
    assert outcome.fraction == 0


@pytest.mark.parametrize(("form", "text"), [({"text": ["4 km"]}, "4 km"), ({"text": [""]}, ""), ({}, "")])
def test_from_form_reads_the_text(form, text):
    assert from_form(prompt(), form) == {"text": text}
