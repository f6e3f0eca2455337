import pytest
from pydantic import ValidationError

from quizzes.types import ResponseRefused, get, read_response
from quizzes.types.base import Option, Passage
from quizzes.types.rows import Key, Response, RowKey
from quizzes.types.source_table import Prompt

TABLE = get("source_table")
grade = TABLE.grade


def options(refs):
    return tuple(Option(ref=ref, text=ref) for ref in refs)


def prompt(**fields):
    fields = {"rows": options("uv"), "speakers": options(("mayor", "nobody")), "problem": "nobody"} | fields
    return Prompt(task="Who says so?", **fields)


KEY = Key(
    rows=(
        RowKey(ref="u", accepted=("mayor",), rationale="Because."),
        RowKey(ref="v", accepted=("nobody", "mayor"), rationale="Because."),
    )
)


@pytest.mark.parametrize(
    ("placed", "fraction"),
    [
        ({"u": "mayor", "v": "nobody"}, 1),
        ({"u": "mayor", "v": "mayor"}, 1),
        ({"u": "nobody", "v": "nobody"}, 1 / 2),
        ({"v": "nobody"}, 1 / 2),
        ({"u": "nobody"}, 0),
    ],
)
def test_grade_is_the_share_of_right_claims(placed, fraction):
    outcome = grade(prompt(), KEY, Response(placed=placed))
    assert (outcome.fraction, outcome.answered) == (fraction, True)


def test_grade_takes_nobody_named_for_a_problem():
    units = grade(prompt(), KEY, Response(placed={"u": "nobody", "v": "mayor"})).units
    assert [(unit.unit, unit.kind, unit.category, unit.correct) for unit in units] == [
        ("u", "sound", "mayor", False),
        ("v", "problem", "nobody", True),
    ]


def test_prompt_may_carry_the_text_of_the_claims():
    passage = Passage.of("The mayor said so. It is so.")
    assert prompt().passage is None
    assert prompt(passage=passage).passage == passage


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"speakers": options("xx")}, "two speakers are named “x”"),
        ({"rows": options("uu")}, "two rows are named “u”"),
        ({"problem": "council"}, "“council” is none of the speakers"),
        ({"speakers": options("x"), "problem": ""}, "at least 2"),
    ],
)
def test_prompt_refuses_what_does_not_fit(fields, reason):
    with pytest.raises(ValidationError, match=reason):
        prompt(**fields)


def test_speakers_keep_their_order_where_options_are_shuffled():
    assert "options" not in Prompt.model_fields
    assert [speaker.ref for speaker in prompt().targets] == ["mayor", "nobody"]


@pytest.mark.parametrize("placed", [{"q": "mayor"}, {"u": "q"}], ids=["claim", "speaker"])
def test_read_response_refuses_what_is_not_there(placed):
    with pytest.raises(ResponseRefused, match="“q” is not offered"):
        read_response(TABLE, prompt(), {"placed": placed})


def test_from_form_reads_a_field_a_claim():
    assert TABLE.from_form(prompt(), {"place-u": ["mayor"], "place-v": [""]}) == {"placed": {"u": "mayor"}}
