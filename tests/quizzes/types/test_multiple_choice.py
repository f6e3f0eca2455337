import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option
from quizzes.types.multiple_choice import Key, Prompt, Response, check, from_form

grade = get("multiple_choice").grade

PROMPT = Prompt(task="Choose.", options=tuple(Option(ref=ref, text=ref) for ref in "abcd"))
FEEDBACK = {"a": "Yes.", "b": "Also.", "c": "No.", "d": "Nor this."}


def key(right):
    return Key(right=frozenset(right), feedback=FEEDBACK)


def choose(refs="", *, none_of_these=False):
    return Response(chosen=frozenset(refs), none_of_these=none_of_these)


@pytest.mark.parametrize(
    ("right", "response", "fraction", "findings"),
    [
        pytest.param("ab", choose("ab"), 1, "right:a right:b", id="the right ones"),
        pytest.param("ab", choose("a"), 1 / 2, "right:a right_missed:b", id="one of two"),
        pytest.param("ab", choose("abc"), 1 / 2, "right:a right:b wrong:c", id="a wrong one too"),
        pytest.param("ab", choose("abcd"), 0, "right:a right:b wrong:c wrong:d", id="everything"),
        pytest.param(
            "ab", choose(none_of_these=True), 0, "right_missed:a right_missed:b wrong:", id="none, wrongly"
        ),
        pytest.param("", choose(none_of_these=True), 1, "right:", id="none, rightly"),
        pytest.param("", choose("a"), 0, "wrong:a right_missed:", id="one where none is right"),
        pytest.param(
            "abcd", choose("ab"), 1 / 2, "right:a right:b right_missed:c right_missed:d", id="no wrong ones"
        ),
    ],
)
def test_grade_takes_the_share_of_wrong_options_off(right, response, fraction, findings):
    outcome = grade(PROMPT, key(right), response)
    assert (outcome.fraction, outcome.answered, len(outcome.units)) == (fraction, True, 1)
    assert " ".join(f"{finding.code}:{finding.ref}" for finding in outcome.findings) == findings


@pytest.mark.parametrize("right", ["ab", ""])
def test_grade_of_nothing_chosen_is_not_answered(right):
    outcome = grade(PROMPT, key(right), choose())
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())


def test_response_refuses_none_of_these_together_with_options():
    with pytest.raises(ValidationError, match="not both"):
        choose("a", none_of_these=True)


def test_read_response_refuses_an_option_that_is_not_offered():
    with pytest.raises(ResponseRefused, match="“e” is not offered"):
        read_response(get("multiple_choice"), PROMPT, {"chosen": ["a", "e"]})


def test_check_finds_what_does_not_fit():
    assert check(PROMPT, key("")) == check(PROMPT, key("abcd")) == []
    assert [fault.field for fault in check(PROMPT, key("ae"))] == ["right"]
    assert [fault.field for fault in check(PROMPT, Key(right=frozenset(), feedback={}))] == ["feedback"] * 4


@pytest.mark.parametrize(
    ("form", "chosen", "none_of_these"),
    [
        ({"chosen": ["a", "b"], "csrfmiddlewaretoken": ["x"]}, ["a", "b"], False),
        ({"none_of_these": ["on"], "chosen": [""]}, [], True),
        ({"none_of_these": [""]}, [], False),
        ({}, [], False),
    ],
)
def test_from_form_reads_the_checkboxes(form, chosen, none_of_these):
    assert from_form(PROMPT, form) == {"chosen": chosen, "none_of_these": none_of_these}


@given(right=st.frozensets(st.sampled_from("abcd")), chosen=st.frozensets(st.sampled_from("abcd")))
def test_the_key_as_response_scores_1_and_all_scores_lie_in_range(right, chosen):
    assert grade(PROMPT, key(right), choose(right, none_of_these=not right)).fraction == 1
    assert 0 <= grade(PROMPT, key(right), choose(chosen)).fraction <= 1
