import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.short_answer import Accepted, Expected, Key, Prompt, Response, check, from_form

grade = get("short_answer").grade

PROMPT = Prompt(task="Answer.", longest=30)


def key(**fields):
    defaults = {
        "accepted": (
            Accepted(text="the café"),
            Accepted(text="a café", fraction=0.5),
            Accepted(text="café or bar", fraction=0.75),
        ),
        "expected_wrong": (Expected(text="the bar", feedback="Next door."),),
        "rationale": "Because.",
    }
    return Key(**defaults | fields)


@pytest.mark.parametrize(
    ("text", "fraction", "code", "ref"),
    [
        pytest.param("the café", 1, "right", "accepted-0", id="as written"),
        pytest.param(" “The  CAFÉ.” ", 1, "right", "accepted-0", id="case, blanks and signs"),
        pytest.param("the cafe", 1, "right", "accepted-0", id="without the accent"),
        pytest.param("a café", 0.5, "partly", "accepted-1", id="in part"),
        pytest.param("Café or bar", 0.75, "partly", "accepted-2", id="more in part"),
        pytest.param("the bar", 0, "wrong", "wrong-0", id="wrong, as expected"),
        pytest.param("THE BAR!", 0, "wrong", "wrong-0", id="spelt otherwise"),
        pytest.param("café", 0, "wrong", "", id="no leaving out of articles"),
        pytest.param("the café there", 0, "wrong", "", id="no matching of parts"),
        pytest.param("the cafés", 0, "wrong", "", id="no fuzzy matching"),
    ],
)
def test_grade_compares_with_what_is_accepted(text, fraction, code, ref):
    outcome = grade(PROMPT, key(), Response(text=text))
    assert (outcome.fraction, outcome.answered) == (fraction, True)
    (finding,) = outcome.findings
    assert (finding.code, finding.ref, finding.response) == (code, ref, text)
    (unit,) = outcome.units
    assert (unit.skill, unit.unit, unit.kind, unit.correct) == (None, "", "none", fraction >= 0.75)


@pytest.mark.parametrize("text", ["", "  ", "…", "?!", "“”", "\u200b", "—"])
def test_grade_of_nothing_left_is_not_answered(text):
    outcome = grade(PROMPT, key(), Response(text=text))
    assert (outcome.fraction, outcome.answered, outcome.units, outcome.findings) == (0, False, (), ())


def test_grade_minds_accents_where_the_key_says_so():
    strict = key(accents="strict")
    assert grade(PROMPT, strict, Response(text="The café")).fraction == 1
    assert grade(PROMPT, strict, Response(text="the cafe")).fraction == 0


def test_grade_gives_the_best_of_equal_answers():
    """The check refuses such a key; a score is still the better one."""
    answers = (Accepted(text="b", fraction=0.25), Accepted(text="B"), Accepted(text="b.", fraction=0.5))
    outcome = grade(PROMPT, key(accepted=answers), Response(text="b"))
    assert (outcome.fraction, outcome.findings[0].ref) == (1, "accepted-1")


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        pytest.param({}, [], id="none"),
        pytest.param(
            {"accepted": (Accepted(text="a"), Accepted(text="“…”"))}, ["accepted[1].text"], id="empty"
        ),
        pytest.param(
            {"expected_wrong": (Expected(text=" ", feedback="No."),)}, ["expected_wrong[0].text"], id="blank"
        ),
        pytest.param(
            {"accepted": (Accepted(text="a"), Accepted(text="A."))}, ["accepted"], id="the same twice"
        ),
        pytest.param(
            {"expected_wrong": (Expected(text="The cafe", feedback="No."),)},
            ["accepted"],
            id="right and wrong",
        ),
        pytest.param(
            {"accepted": (Accepted(text="cafe"), Accepted(text="café", fraction=0.5))},
            ["accepted"],
            id="an accent",
        ),
        pytest.param(
            {"accepted": (Accepted(text="cafe"), Accepted(text="café", fraction=0.5)), "accents": "strict"},
            [],
            id="an accent that counts",
        ),
        pytest.param(
            {"accepted": (Accepted(text="a", fraction=0.5),)}, ["accepted"], id="nothing scores in full"
        ),
        pytest.param(
            {"accepted": (Accepted(text="a" * 31),)}, ["accepted[0].text"], id="too long to be typed"
        ),
    ],
)
def test_check_finds_what_does_not_fit(fields, faults):
    assert [fault.field for fault in check(PROMPT, key(**fields))] == faults


@pytest.mark.parametrize("fraction", [0, -0.5, 1.01])
def test_accepted_answer_scores_above_0_up_to_1(fraction):
    with pytest.raises(ValidationError):
        Accepted(text="a", fraction=fraction)


@pytest.mark.parametrize("fields", [{"accepted": ()}, {"rationale": " "}, {"accents": "some"}])
def test_key_refuses_what_does_not_fit(fields):
    with pytest.raises(ValidationError):
        key(**fields)


@pytest.mark.parametrize("longest", [0, 201])
def test_prompt_refuses_lengths(longest):
    with pytest.raises(ValidationError):
        Prompt(task="Answer.", longest=longest)


@pytest.mark.parametrize("text", ["a" * 31, "a" * 1001, "é" * 31, 1, None, "\x00"])
def test_read_response_refuses_a_text(text):
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("short_answer"), PROMPT, {"text": text})
    assert caught.value.field == "text"


def test_read_response_says_how_long_a_text_may_be():
    with pytest.raises(ResponseRefused, match="This is too long: 31 characters, and 30 at most"):
        read_response(get("short_answer"), PROMPT, {"text": "a" * 31})
    assert read_response(get("short_answer"), PROMPT, {"text": "😀" * 30}).text == "😀" * 30


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"text": ["one"]}, "one"),
        ({"text": ["one", "two"]}, "two"),
        ({"text": ["a\r\nb\rc"]}, "a\nb\nc"),
        ({"text": ["cafe\u0301"]}, "café"),
        ({"text": []}, ""),
        ({}, ""),
    ],
)
def test_from_form_reads_the_text(form, text):
    assert from_form(PROMPT, form) == {"text": text}
