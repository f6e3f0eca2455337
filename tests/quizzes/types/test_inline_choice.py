import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option
from quizzes.types.inline_choice import Gap, GapKey, Key, Prompt, Response, check, from_form

grade = get("inline_choice").grade

TEXT = "He [u] it [v],\n\n[w] again [sic] [1]."


def gap(ref, options="xyz"):
    return Gap(ref=ref, options=tuple(Option(ref=option, text=option) for option in options))


def prompt(text=TEXT, gaps="uvw"):
    return Prompt(task="Fill.", text=text, gaps=tuple(map(gap, gaps)))


def gap_key(ref, right, feedback="xyz"):
    return GapKey(ref=ref, right=frozenset(right), feedback=dict.fromkeys(feedback, "Because."))


KEY = Key(gaps=(gap_key("u", "x"), gap_key("v", "xy"), gap_key("w", "z")))
ONE = prompt("He [u] it.", "u")
ONE_KEY = Key(gaps=KEY.gaps[:1])


@pytest.mark.parametrize(
    ("chosen", "fraction", "codes"),
    [
        pytest.param({"u": "x", "v": "y", "w": "z"}, 1, "right right right", id="all right"),
        pytest.param({"u": "x", "v": "x", "w": "z"}, 1, "right right right", id="another right one"),
        pytest.param({"u": "y", "v": "y", "w": "z"}, 2 / 3, "wrong right right", id="one wrong"),
        pytest.param({"u": "x"}, 1 / 3, "right missed missed", id="blank is wrong"),
        pytest.param({"v": "z"}, 0, "missed wrong missed", id="nothing right"),
    ],
)
def test_grade_is_the_share_of_right_gaps(chosen, fraction, codes):
    outcome = grade(prompt(), KEY, Response(chosen=chosen))
    assert outcome.fraction == pytest.approx(fraction, abs=1e-9)
    assert outcome.answered
    assert " ".join(finding.code for finding in outcome.findings) == codes
    assert [(finding.ref, finding.response) for finding in outcome.findings] == [
        (ref, chosen.get(ref, "")) for ref in "uvw"
    ]


@pytest.mark.parametrize(("asked", "key"), [(prompt(), KEY), (ONE, ONE_KEY)], ids=["several gaps", "one gap"])
def test_grade_of_no_gap_filled_is_not_answered(asked, key):
    outcome = grade(asked, key, Response())
    assert (outcome.fraction, outcome.answered, outcome.units) == (0, False, ())
    assert {finding.code for finding in outcome.findings} == {"missed"}


def test_grade_takes_each_gap_that_was_filled_for_evidence():
    units = grade(prompt(), KEY, Response(chosen={"w": "z", "u": "y"})).units
    assert [
        (unit.skill, unit.unit, unit.ordinal, unit.kind, unit.category, unit.correct, unit.fraction)
        for unit in units
    ] == [
        (None, "u", 0, "none", "", False, 0.0),
        (None, "w", 2, "none", "", True, 1.0),
    ]


@pytest.mark.parametrize(("chosen", "correct"), [("x", True), ("z", False)])
def test_grade_takes_the_only_gap_for_the_whole_item(chosen, correct):
    (unit,) = grade(ONE, ONE_KEY, Response(chosen={"u": chosen})).units
    assert (unit.unit, unit.correct, unit.fraction) == ("", correct, float(correct))


def test_lines_are_the_text_cut_at_its_gaps():
    u, v, w = prompt().gaps
    assert prompt().lines == (("He ", u, " it ", v, ","), (w, " again [sic] [1]."))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("[u]", [["u"]], id="a gap alone"),
        pytest.param("[u][v]", [["u", "v"]], id="gaps that touch"),
        pytest.param("[[u]]\n[U] [v]", [["[", "u", "]"], ["[U] ", "v"]], id="other brackets"),
    ],
)
def test_lines_leave_out_nothing_but_blank_lines(text, lines):
    cut = prompt(text, [ref for ref in "uv" if f"[{ref}]" in text]).lines
    assert [[piece if isinstance(piece, str) else piece.ref for piece in line] for line in cut] == lines


@pytest.mark.parametrize(
    ("text", "gaps", "reason"),
    [
        pytest.param("[u] [u]", "u", "it stands there 2 times", id="a gap twice in the text"),
        pytest.param("[v]", "uv", "it stands there 0 times", id="a gap that is not in the text"),
        pytest.param("[u]", "uu", "two gaps are named “u”", id="a name twice"),
        pytest.param("[u]", "", "at least 1", id="no gap"),
        pytest.param(" \n", "u", "must not be blank", id="no text"),
    ],
)
def test_prompt_refuses_what_does_not_fit(text, gaps, reason):
    with pytest.raises(ValidationError, match=reason):
        prompt(text, gaps)


@pytest.mark.parametrize("options", ["x", "xx", "abcdefghi"], ids=["too few", "one name twice", "too many"])
def test_gap_refuses_options(options):
    with pytest.raises(ValidationError):
        gap("u", options)


@pytest.mark.parametrize(
    ("gaps", "faults"),
    [
        pytest.param(KEY.gaps, [], id="none"),
        pytest.param(KEY.gaps[:2], ["gaps"], id="a gap missing"),
        pytest.param((*KEY.gaps, gap_key("u", "x")), ["gaps"], id="a gap twice"),
        pytest.param((*KEY.gaps, gap_key("q", "x")), ["gaps[3].ref"], id="an unknown gap"),
        pytest.param((*KEY.gaps[:2], gap_key("w", "q")), ["gaps[2].right"], id="an unknown option"),
        pytest.param((*KEY.gaps[:2], gap_key("w", "xyz")), ["gaps[2].right"], id="no wrong option"),
        pytest.param((*KEY.gaps[:2], gap_key("w", "z", "xz")), ["gaps[2].feedback"], id="silence"),
        pytest.param((*KEY.gaps[:2], gap_key("w", "z", "wxyz")), ["gaps[2].feedback"], id="an unknown name"),
    ],
)
def test_check_finds_what_does_not_fit(gaps, faults):
    assert [fault.field for fault in check(prompt(), Key(gaps=gaps))] == faults


def test_key_needs_a_right_option():
    with pytest.raises(ValidationError):
        gap_key("u", "")


@pytest.mark.parametrize(
    ("chosen", "field"), [({"q": "x"}, "chosen"), ({"u": "x", "v": "q"}, "chosen.v")], ids=["gap", "option"]
)
def test_read_response_refuses_what_is_not_offered(chosen, field):
    with pytest.raises(ResponseRefused, match="“q” is not offered") as caught:
        read_response(get("inline_choice"), prompt(), {"chosen": chosen})
    assert caught.value.field == field


def test_from_form_reads_a_field_a_gap():
    form = {"gap-u": ["x"], "gap-v": [""], "gap-q": ["x"], "csrfmiddlewaretoken": ["x"]}
    assert from_form(prompt(), form) == {"chosen": {"u": "x"}}
