import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option
from quizzes.types.rewrite import (
    Criterion,
    Fact,
    Judging,
    Key,
    Level,
    Prompt,
    Response,
    check,
    from_form,
    graded,
)

grade = get("rewrite").grade


def criterion(ref, *points):
    return Criterion(ref=ref, text=ref, levels=tuple(Level(points=each, text="So.") for each in points))


CRITERIA = (criterion("facts", 0, 1, 2), criterion("words", 0, 3))


def prompt(**fields):
    defaults = {
        "specimen": "On 3 May the foolish mayor wasted money.",
        "criteria": CRITERIA,
        "self_check": (Option(ref="read", text="I read it."), Option(ref="facts", text="All there.")),
        "longest": 60,
    }
    return Prompt(task="Rewrite.", **defaults | fields)


DAY = Fact(ref="day", text="the day", any_of=("3 May", "May 3"))
FOOLISH = Judging(ref="foolish", any_of=("foolish", "fool"))
WASTED = Judging(ref="wasted", any_of=("wasted", "waste of"), instead="“spent”")


def key(**fields):
    defaults = {
        "keep": (DAY,),
        "drop": (FOOLISH, WASTED),
        "sample": "The mayor spent money on 3 May.",
        "rationale": "Because.",
    }
    return Key(**defaults | fields)


def hints(text):
    outcome = grade(prompt(), key(), Response(text=text))
    return [(f.code, f.ref, [text[start:end] for start, end in f.spans]) for f in outcome.findings]


@pytest.mark.parametrize("text", ["The mayor spent money on 3 May.", "fool", "."])
def test_grade_leaves_the_score_to_a_person(text):
    outcome = grade(prompt(), key(), Response(text=text))
    assert (outcome.fraction, outcome.answered, outcome.units, outcome.tallies) == (None, True, (), ())


@pytest.mark.parametrize("text", ["", " ", "\n\n\u00a0"])
def test_grade_of_a_blank_text_is_not_answered(text):
    outcome = grade(prompt(), key(), Response(text=text, checked=frozenset({"read"})))
    assert (outcome.fraction, outcome.answered, outcome.findings) == (0, False, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "On May 3 the mayor spent money.",
            [("fact_kept", "day", ["May 3"]), ("word_gone", "foolish", []), ("word_gone", "wasted", [])],
            id="all well",
        ),
        pytest.param(
            "A FOOL, a foolish waste of it",
            [
                ("fact_missing", "day", []),
                ("word_remains", "foolish", ["FOOL", "foolish"]),
                ("word_remains", "wasted", ["waste of"]),
            ],
            id="nothing done",
        ),
        pytest.param(
            "On 13 May foolishly",
            [("fact_missing", "day", []), ("word_gone", "foolish", []), ("word_gone", "wasted", [])],
            id="never inside a word",
        ),
        pytest.param(
            "😀 3 May",
            [("fact_kept", "day", ["3 May"]), ("word_gone", "foolish", []), ("word_gone", "wasted", [])],
            id="places in code points of the text typed",
        ),
    ],
)
def test_findings_are_hints_on_the_learners_own_text(text, expected):
    assert hints(text) == expected


@pytest.mark.parametrize(
    ("levels", "score"),
    [
        ({"facts": 0, "words": 0}, 0),
        ({"facts": 2, "words": 1}, 1),
        ({"facts": 1, "words": 0}, 1 / 5),
        ({"facts": 1, "words": 1}, 4 / 5),
    ],
)
def test_graded_is_points_of_points_possible(levels, score):
    assert graded(prompt(), levels) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param({}, id="none"),
        pytest.param({"facts": 0}, id="a criterion left out"),
        pytest.param({"facts": 0, "words": 0, "style": 0}, id="an unknown criterion"),
        pytest.param({"facts": 3, "words": 0}, id="an unknown level"),
        pytest.param({"facts": -1, "words": 0}, id="a level below the first"),
    ],
)
def test_graded_refuses_other_levels(levels):
    with pytest.raises(ValueError, match=r"level"):
        graded(prompt(), levels)


@pytest.mark.parametrize("points", [(0,), (1, 2), (0, 2, 2), (0, 3, 2), (0, 11), (0, 1, 2, 3, 4, 5, 6)])
def test_criterion_rises_from_0(points):
    with pytest.raises(ValidationError):
        criterion("facts", *points)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"criteria": CRITERIA[:1]}, id="one criterion"),
        pytest.param({"criteria": tuple(criterion(ref, 0, 1) for ref in "abcdef")}, id="six criteria"),
        pytest.param({"criteria": CRITERIA[:1] * 2}, id="a criterion twice"),
        pytest.param({"self_check": (Option(ref="a", text="A."),) * 2}, id="a point of self-check twice"),
        pytest.param({"specimen": " "}, id="nothing to rewrite"),
        pytest.param({"longest": 19}, id="too short a text"),
        pytest.param({"longest": 5001}, id="too long a text"),
    ],
)
def test_prompt_refuses_what_does_not_fit(fields):
    with pytest.raises(ValidationError):
        prompt(**fields)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"keep": (), "drop": ()}, [], id="nothing is looked for"),
        pytest.param(
            {"keep": (Fact(ref="day", text="the day", any_of=("3 May", "…")),)},
            ["keep[0].any_of"],
            id="a phrase without a word",
        ),
        pytest.param({"drop": (FOOLISH, FOOLISH)}, ["keep"], id="a name twice"),
        pytest.param(
            {"drop": (Judging(ref="day", any_of=("foolish",)),)}, ["keep"], id="a name in both lists"
        ),
        pytest.param(
            {"drop": (Judging(ref="mad", any_of=("mad",)),)},
            ["drop[0].any_of"],
            id="a word that is not there",
        ),
        pytest.param({"sample": "The mayor spent money."}, ["sample"], id="a sample without the fact"),
        pytest.param({"sample": "On 3 May a fool spent money."}, ["sample"], id="a sample with the word"),
        pytest.param({"sample": "On 3 May " + "the mayor " * 6}, ["sample"], id="a sample that is too long"),
    ],
)
def test_check_finds_what_does_not_fit(fields, faults):
    assert [fault.field for fault in check(prompt(), key(**fields))] == faults


@pytest.mark.parametrize("fields", [{"sample": " "}, {"rationale": ""}])
def test_key_refuses_what_is_blank(fields):
    with pytest.raises(ValidationError):
        key(**fields)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({"text": "a" * 61}, "text", id="longer than the prompt allows"),
        pytest.param({"text": "a" * 5001}, "text", id="longer than anything"),
        pytest.param({"text": "\x00"}, "text", id="NUL"),
        pytest.param({"text": "a", "checked": ["other"]}, "checked", id="an unknown point"),
    ],
)
def test_read_response_refuses(data, field):
    with pytest.raises(ResponseRefused) as caught:
        read_response(get("rewrite"), prompt(), data)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (
            {"text": ["a\r\nb"], "checked": ["read", "", "facts"]},
            {"text": "a\nb", "checked": ["read", "facts"]},
        ),
        ({"text": [""]}, {"text": "", "checked": []}),
        ({}, {"text": "", "checked": []}),
    ],
)
def test_from_form_reads_text_and_checkboxes(form, data):
    assert from_form(prompt(), form) == data
