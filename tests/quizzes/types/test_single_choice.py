import pytest
from pydantic import ValidationError

from quizzes.types import get
from quizzes.types.base import Finding, Option
from quizzes.types.single_choice import Key, Prompt, Response, check

grade, from_form = get("single_choice").grade, get("single_choice").from_form

PROMPT = Prompt(task="Choose.", options=tuple(Option(ref=ref, text=ref) for ref in "abc"))
FEEDBACK = {"a": "Yes.", "b": "Also.", "c": "No."}
KEY = Key(right=frozenset("ab"), feedback=FEEDBACK)


@pytest.mark.parametrize(
    ("chosen", "fraction", "findings"),
    [
        pytest.param("a", 1.0, [("right", "a", "chosen")], id="right; the other right one is not missed"),
        pytest.param("b", 1.0, [("right", "b", "chosen")], id="right too"),
        pytest.param(
            "c",
            0.0,
            [("right_missed", "a", ""), ("right_missed", "b", ""), ("wrong", "c", "chosen")],
            id="wrong",
        ),
    ],
)
def test_grade_gives_1_for_a_right_option(chosen, fraction, findings):
    outcome = grade(PROMPT, KEY, Response(chosen=chosen))
    assert (outcome.fraction, outcome.answered) == (fraction, True)
    assert outcome.findings == tuple(
        Finding(code=code, ref=ref, response=response) for code, ref, response in findings
    )
    (unit,) = outcome.units
    assert (unit.skill, unit.unit, unit.kind, unit.correct) == (None, "", "none", fraction == 1)


def test_grade_of_nothing_chosen_is_not_answered():
    outcome = grade(PROMPT, KEY, Response())
    assert (outcome.fraction, outcome.answered, outcome.units) == (0.0, False, ())
    assert [finding.code for finding in outcome.findings] == ["right_missed", "right_missed"]


@pytest.mark.parametrize(
    ("key", "faults"),
    [
        pytest.param(KEY, [], id="none"),
        pytest.param(Key(right=frozenset("d"), feedback=FEEDBACK), ["right"], id="an unknown right option"),
        pytest.param(Key(right=frozenset("abc"), feedback=FEEDBACK), ["right"], id="no wrong option"),
        pytest.param(
            Key(right=frozenset("a"), feedback=FEEDBACK | {"d": "?"}), ["feedback"], id="on an unknown option"
        ),
        pytest.param(
            Key(right=frozenset("a"), feedback={"a": "Yes."}), ["feedback"] * 2, id="feedback missing"
        ),
        pytest.param(
            Key(right=frozenset("a"), feedback=FEEDBACK | {"b": " "}), ["feedback"], id="feedback blank"
        ),
    ],
)
def test_check_finds_what_does_not_fit(key, faults):
    assert [fault.field for fault in check(PROMPT, key)] == faults


def test_key_needs_a_right_option():
    with pytest.raises(ValidationError):
        Key(right=frozenset(), feedback=FEEDBACK)


@pytest.mark.parametrize("refs", ["a", "aa", "abcdefghijklm"], ids=["too few", "one name twice", "too many"])
def test_prompt_refuses_options(refs):
    with pytest.raises(ValidationError):
        Prompt(task="Choose.", options=tuple(Option(ref=ref, text=ref) for ref in refs))


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ({"chosen": ["b"], "csrfmiddlewaretoken": ["x"]}, {"chosen": "b"}),
        ({"chosen": [""]}, {"chosen": None}),
        ({"chosen": []}, {"chosen": None}),
        ({}, {"chosen": None}),
    ],
)
def test_from_form_reads_the_radio_field(form, data):
    assert from_form(PROMPT, form) == data
