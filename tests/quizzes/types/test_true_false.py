import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Finding
from quizzes.types.true_false import Key, Prompt, Response, check

grade, from_form = get("true_false").grade, get("true_false").from_form

FEEDBACK = {"true": "Yes.", "false": "No."}


def prompt(problem=""):
    return Prompt(task="Judge.", statement="It is so.", problem=problem)


def key(right="true", feedback=FEEDBACK):
    return Key(right=right, feedback=feedback)


@pytest.mark.parametrize(
    ("right", "chosen", "fraction", "findings"),
    [
        pytest.param("true", "true", 1, [("right", "true", "chosen")], id="true, rightly"),
        pytest.param("false", "false", 1, [("right", "false", "chosen")], id="false, rightly"),
        pytest.param(
            "true",
            "false",
            0,
            [("right_missed", "true", ""), ("wrong", "false", "chosen")],
            id="false, wrongly",
        ),
        pytest.param(
            "false",
            "true",
            0,
            [("wrong", "true", "chosen"), ("right_missed", "false", "")],
            id="true, wrongly",
        ),
    ],
)
def test_grade_is_1_for_the_right_answer(right, chosen, fraction, findings):
    outcome = grade(prompt(), key(right), Response(chosen=chosen))
    assert (outcome.fraction, outcome.answered) == (fraction, True)
    assert outcome.findings == tuple(
        Finding(code=code, ref=ref, response=response) for code, ref, response in findings
    )
    (unit,) = outcome.units
    assert (unit.skill, unit.unit, unit.ordinal, unit.correct) == (None, "", 0, fraction == 1)


def test_grade_of_nothing_chosen_is_not_answered():
    outcome = grade(prompt(), key(), Response())
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert [(finding.code, finding.ref) for finding in outcome.findings] == [("right_missed", "true")]


@pytest.mark.parametrize(
    ("problem", "right", "kind"),
    [
        ("", "true", "none"),
        ("true", "true", "problem"),
        ("true", "false", "sound"),
        ("false", "true", "sound"),
        ("false", "false", "problem"),
    ],
)
def test_grade_takes_the_right_answer_for_a_problem_or_sound(problem, right, kind):
    for chosen in ("true", "false"):
        (unit,) = grade(prompt(problem), key(right), Response(chosen=chosen)).units
        assert unit.kind == kind


@pytest.mark.parametrize(
    ("feedback", "faults"),
    [
        pytest.param(FEEDBACK, [], id="none"),
        pytest.param({"true": "Yes."}, ["feedback"], id="nothing said about false"),
        pytest.param({"true": " ", "false": "\n"}, ["feedback"] * 2, id="blank"),
        pytest.param({}, ["feedback"] * 2, id="nothing said"),
    ],
)
def test_check_finds_silence(feedback, faults):
    assert [fault.field for fault in check(prompt(), key(feedback=feedback))] == faults


def test_words_may_be_written_without_quotes():
    """YAML makes truth values of them."""
    assert Key.model_validate_json('{"right": true, "feedback": {"true": "Yes.", "false": "No."}}') == key()
    assert prompt(problem=False) == prompt("false")


@pytest.mark.parametrize("fields", [{"right": "yes"}, {"right": 1}, {"feedback": {"maybe": "Hm."}}])
def test_key_refuses_other_words(fields):
    with pytest.raises(ValidationError):
        key(**fields)


@pytest.mark.parametrize("fields", [{"statement": " "}, {"problem": "yes"}, {"task": ""}])
def test_prompt_refuses_what_does_not_fit(fields):
    with pytest.raises(ValidationError):
        Prompt(**{"task": "Judge.", "statement": "It is so.", **fields})


@pytest.mark.parametrize("chosen", ["yes", "True", True, 1, ""])
def test_read_response_refuses_other_words(chosen):
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("true_false"), prompt(), {"chosen": chosen})
    assert caught.value.field == "chosen"


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ({"chosen": ["false"], "csrfmiddlewaretoken": ["x"]}, {"chosen": "false"}),
        ({"chosen": [""]}, {"chosen": None}),
        ({"chosen": []}, {"chosen": None}),
        ({}, {"chosen": None}),
    ],
)
def test_from_form_reads_the_radio_field(form, data):
    assert from_form(prompt(), form) == data
