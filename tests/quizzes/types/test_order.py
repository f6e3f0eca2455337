import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option
from quizzes.types.order import Key, Prompt, Response, check, from_form

grade = get("order").grade

PROMPT = Prompt(task="Order.", options=tuple(Option(ref=ref, text=ref) for ref in "dacb"))
RANKS = {"a": 1, "b": 2, "c": 2, "d": 3}


def key(ranks=RANKS, **fields):
    return Key(ranks=ranks, rationale="Because.", **fields)


@pytest.mark.parametrize(
    ("order", "fraction", "codes"),
    [  # the findings in the order of the prompt: d a c b
        pytest.param("abcd", 1, "right right right right", id="the key's order"),
        pytest.param("acbd", 1, "right right right right", id="tied items either way"),
        pytest.param("bacd", 3 / 5, "right wrong right wrong", id="one pair against"),
        pytest.param("abdc", 3 / 5, "wrong right wrong right", id="another pair against"),
        pytest.param("dcba", 0, "wrong wrong right right", id="turned round"),
    ],
)
def test_grade_is_kendalls_tau_from_0(order, fraction, codes):
    outcome = grade(PROMPT, key(), Response(order=tuple(order)))
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)
    assert outcome.answered
    assert " ".join(finding.code for finding in outcome.findings) == codes
    assert [(finding.ref, finding.response) for finding in outcome.findings] == [
        (ref, str(order.index(ref) + 1)) for ref in "dacb"
    ]
    (unit,) = outcome.units
    assert (unit.skill, unit.unit, unit.kind, unit.correct) == (None, "", "none", fraction >= 0.75)


def test_grade_where_all_are_tied_is_1():
    outcome = grade(PROMPT, key(dict.fromkeys("abcd", 5)), Response(order=tuple("bdca")))
    assert outcome.fraction == 1
    assert {finding.code for finding in outcome.findings} == {"right"}


def test_grade_of_no_order_is_not_answered():
    outcome = grade(PROMPT, key(), Response())
    assert (outcome.fraction, outcome.answered, outcome.units, outcome.findings) == (0, False, (), ())


def test_grade_measures_from_the_key_not_from_the_order_shown():
    assert grade(PROMPT, key(), Response(order=tuple("dacb"))).fraction == pytest.approx(0, abs=1e-9)


FEEDBACK = dict.fromkeys("abcd", "Here.")


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        pytest.param(key(), [], id="none"),
        pytest.param(key(feedback=FEEDBACK), [], id="a sentence about each"),
        pytest.param(key({"a": 1, "b": 2, "c": 3}), ["ranks"], id="an item without a rank"),
        pytest.param(key(RANKS | {"q": 4}), ["ranks"], id="an unknown item"),
        pytest.param(key(feedback=FEEDBACK | {"q": "?"}), ["feedback"], id="on an unknown item"),
        pytest.param(key(feedback={"a": "First."}), ["feedback"] * 3, id="about one item only"),
        pytest.param(key(feedback=FEEDBACK | {"b": " "}), ["feedback"], id="a blank sentence"),
        pytest.param(key({"d": 1, "a": 2, "c": 3, "b": 4}), ["ranks"], id="written in the right order"),
        pytest.param(key({"d": 1, "a": 2, "c": 2, "b": 3}), ["ranks"], id="written in a right order"),
        pytest.param(key(dict.fromkeys("abcd", 1)), [], id="all tied: no order is wrong"),
    ],
)
def test_check_finds_what_does_not_fit(answers, faults):
    assert [fault.field for fault in check(PROMPT, answers)] == faults


@pytest.mark.parametrize("ranks", [{"a": 0}, {"a": 13}, {"a": 1.5}])
def test_key_refuses_ranks(ranks):
    with pytest.raises(ValidationError):
        key(ranks)


@pytest.mark.parametrize("refs", ["a", "aa", "abcdefghijklm"], ids=["too few", "one name twice", "too many"])
def test_prompt_refuses_items(refs):
    with pytest.raises(ValidationError):
        Prompt(task="Order.", options=tuple(Option(ref=ref, text=ref) for ref in refs))


@pytest.mark.parametrize("order", ["a", "abc", "abcc", "abcq", "abcdd"])
def test_read_response_refuses_what_is_no_full_order(order):
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("order"), PROMPT, {"order": list(order)})
    assert (caught.value.field, caught.value.message) == (
        "order",
        "Put all the items in order, each of them once.",
    )


def places(**given):
    return {f"place-{ref}": [value] for ref, value in given.items()}


@pytest.mark.parametrize(
    ("form", "order"),
    [
        pytest.param(places(a="2", b="1", c="4", d="3"), ["b", "a", "d", "c"], id="a place each"),
        pytest.param(places(a=" 1 ", b="2", c="3", d="4"), ["a", "b", "c", "d"], id="blanks around"),
        pytest.param(places(a="", b="", c=" ", d=""), [], id="all blank"),
        pytest.param({}, [], id="no field"),
        pytest.param({"place-a": [], "place-q": ["1"]}, [], id="no value, and another field"),
    ],
)
def test_from_form_reads_a_place_an_item(form, order):
    assert from_form(PROMPT, form) == {"order": order}


@pytest.mark.parametrize(
    ("form", "field", "message"),
    [
        pytest.param(
            places(a="1", b="2", c="3"),
            "place-d",
            "An item has no place yet. Give each item a place, or none at all.",
            id="one blank",
        ),
        pytest.param(
            places(a="1", b="2", c="2", d="4"),
            "place-c",
            "Place 2 is taken twice. Give each item a place of its own.",
            id="a place twice",
        ),
        *(
            pytest.param(
                places(a=value, b="2", c="3", d="4"),
                "place-a",
                "A place is a number from 1 to 4.",
                id=repr(value),
            )
            for value in ("0", "5", "-1", "01", "1.0", "one", "١", "9" * 5000, "\x00")
        ),
    ],
)
def test_from_form_refuses_what_is_no_order(form, field, message):
    with pytest.raises(ResponseRefused) as caught:
        from_form(PROMPT, form)
    assert (caught.value.field, caught.value.message) == (field, message)
